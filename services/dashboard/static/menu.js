// Closes the rest of the menu with Escape, and when somebody goes on elsewhere. Without it a second press closes it.
"use strict";
(() => {
  const meer = () => document.getElementById("meer");

  function sluit(terug) {
    const open = meer()?.open;
    if (!open) return;
    if (terug) meer().querySelector("summary").focus();
    meer().open = false;
  }

  document.addEventListener("keydown", (toets) => { if (toets.key === "Escape") sluit(meer()?.contains(toets.target)); });
  for (const soort of ["pointerdown", "focusin"]) {
    document.addEventListener(soort, (hier) => { if (!meer()?.contains(hier.target)) sluit(false); });
  }
})();
