// On the wall: shows in turn what has no room beside the rest. Not for whoever wants less motion, and it can be paused.
"use strict";
(() => {
  const TURN_MS = 20_000;
  const stil = matchMedia("(prefers-reduced-motion: reduce)");

  function volgende() {
    const panelen = document.querySelectorAll(".draai > *").length;
    if (!panelen) return;
    const gepauzeerd = document.getElementById("stroom").dataset.stand === "gepauzeerd";
    const hier = document.documentElement.dataset;
    if (stil.matches) delete hier.paneel;
    else if (!gepauzeerd) hier.paneel = String((Number(hier.paneel ?? 0) + 1) % panelen);
  }

  setInterval(volgende, TURN_MS);
})();
