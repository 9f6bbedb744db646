// The control of the moment in the header: a slider with two hands, each in words. The fields stay what is sent.
// Days are counted by their dates and never by instants: a field holds a moment on the Dutch clock, as the server reads it.
"use strict";
(() => {
  const DAY_MS = 86_400_000;
  const vak = document.getElementById("tijd");
  if (!vak) return;
  document.documentElement.dataset.script = "";
  const van = (id) => document.getElementById(id);
  const dagnummer = (datum) => Date.parse(`${datum}T00:00Z`) / DAY_MS;
  const datum = (nummer) => new Date(nummer * DAY_MS).toISOString().slice(0, 10);
  const NAMEN = ["geldigOp", "bekendOp"];

  const laatste = () => Number(van("schuif-geldigOp").max);
  const samen = () => van("samen").checked;

  // The hand at the end is now, and one before that is the beginning of a day.
  const waardeVan = (plek) => plek >= laatste() ? "" : `${datum(dagnummer(van("wijzers").dataset.van) + plek)}T00:00`;
  function plekVan(waarde) {
    if (!waarde) return laatste();
    return Math.min(Math.max(dagnummer(waarde.slice(0, 10)) - dagnummer(van("wijzers").dataset.van), 0), laatste());
  }

  function inWoorden(waarde) {
    if (!waarde) return "nu";
    const dag = new Date(`${waarde.slice(0, 10)}T00:00Z`).toLocaleDateString("nl-NL", {
      weekday: "long", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
    }).replace(".", "");
    const uur = waarde.slice(11, 16);
    return uur === "00:00" ? dag : `${dag} ${uur}`;
  }

  // What a hand says, and where it stands, follows from its field.
  function toon() {
    if (!van("wijzers")) return;
    const { van: eerste, tot } = van("wijzers").dataset;
    for (const naam of NAMEN) {
      const wijzer = van(`schuif-${naam}`);
      wijzer.max = dagnummer(tot) - dagnummer(eerste) + 1;
      wijzer.value = plekVan(van(naam).value);
      wijzer.setAttribute("aria-valuetext", inWoorden(van(naam).value));
    }
    van("tijd-woorden").textContent = zin(...NAMEN.map((naam) => inWoorden(van(naam).value)));
  }

  function zin(stand, bekend) {
    if (stand === bekend) return stand === "nu" ? "Stand van nu" : `Stand van ${stand}, zoals toen bekend`;
    const met = bekend === "nu" ? "met wat nu bekend is" : `zoals bekend op ${bekend}`;
    return `Stand van ${stand} (wijzer boven), ${met} (wijzer onder)`;
  }

  // Nobody knows yet what will be known: the knowledge never goes past now.
  function volg(naam) {
    const ander = NAMEN[1 - NAMEN.indexOf(naam)];
    if (samen()) van(ander).value = van(naam).value && van(naam).value < van("wijzers").dataset.nu ? van(naam).value : "";
    else if (naam === "bekendOp" && van(naam).value && !van("geldigOp").value) van("geldigOp").value = van("wijzers").dataset.nu;
    toon();
  }

  function begin() {
    const wijzers = van("wijzers");
    if (!wijzers) return;
    if (!van("tijd-woorden")) {
      const zin = document.createElement("p");
      zin.id = "tijd-woorden";
      zin.className = "woorden";
      zin.dataset.eigen = "";
      wijzers.prepend(zin);
    }
    toon();
  }

  function sluit() {
    if (!vak.open) return;
    const binnen = vak.contains(document.activeElement) || document.activeElement === document.body;
    vak.open = false;
    if (binnen) van("tijd-knop").focus({ preventScroll: true });
  }

  vak.addEventListener("input", ({ target }) => {
    const naam = target.id.replace("schuif-", "");
    if (target.type === "range") van(naam).value = waardeVan(Number(target.value));
    if (target.id === "samen") volg("geldigOp");
    else if (NAMEN.includes(naam) && van("wijzers")) volg(naam);
  });
  vak.addEventListener("keydown", (toets) => {
    if (toets.key === "Enter" && toets.target.type === "range") { toets.preventDefault(); toets.target.form.requestSubmit(); }
  });
  document.addEventListener("keydown", (toets) => { if (toets.key === "Escape" && vak.open) { toets.preventDefault(); sluit(); } });
  document.addEventListener("pointerdown", ({ target }) => { if (!vak.contains(target)) vak.open = false; });
  document.addEventListener("bijgewerkt", begin);
  document.addEventListener("gewisseld", () => { begin(); sluit(); });
  begin();
})();
