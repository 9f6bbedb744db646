// A file can be dropped anywhere on the page. The profile that goes with its name is chosen, and one that is too large
// is told before it is sent.
"use strict";
(() => {
  const invoer = document.getElementById("inlezen-bestand");
  if (!invoer) return;
  const profiel = document.getElementById("inlezen-profiel");
  const zegt = document.getElementById("bestand-zegt");
  const MB = 1024 * 1024;
  let zelf = profiel.value !== ""; // what a person chose stays chosen

  // Patterns as the server reads them: * is any text, ? one sign.
  const past = (patroon, naam) =>
    new RegExp(`^${patroon.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "i").test(naam);

  function gekozen() {
    const bestand = invoer.files[0];
    const max = Number(invoer.dataset.bytes);
    const teGroot = bestand && bestand.size > max;
    const fout = teGroot ? `${bestand.name} is ${Math.ceil(bestand.size / MB)} MB; hier past hoogstens ${max / MB} MB.` : "";
    invoer.setCustomValidity(fout);
    zegt.textContent = fout;
    if (!bestand || zelf) return;
    const passen = [...profiel.options].filter((keuze) =>
      (keuze.dataset.namen ?? "").split("|").some((patroon) => patroon && past(patroon, bestand.name)));
    profiel.value = passen.length === 1 ? passen[0].value : "";
    if (!fout && passen.length === 1) zegt.textContent = `Profiel ${profiel.value} past bij deze naam.`;
  }

  profiel.addEventListener("change", () => { zelf = profiel.value !== ""; });
  invoer.addEventListener("change", gekozen);
  for (const soort of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(soort, (sleep) => {
      if (!sleep.dataTransfer?.types.includes("Files")) return;
      sleep.preventDefault();
      invoer.classList.toggle("boven", soort === "dragover");
      if (soort !== "drop") return;
      invoer.files = sleep.dataTransfer.files;
      invoer.dispatchEvent(new Event("change"));
      invoer.focus();
    });
  }
})();
