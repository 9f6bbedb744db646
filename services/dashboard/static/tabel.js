// The keys of a table: one searches, the arrows go over its rows, and a help says which there are.
"use strict";
(() => {
  const PAGE = 10;
  const UIT = "opvangpeil-toetsen-uit";
  const TOETSEN = [
    ["/", "naar het zoekveld"],
    ["↓ ↑", "een rij verder of terug; vanuit het zoekveld naar de eerste rij"],
    ["Page Down, Page Up", "tien rijen verder of terug"],
    ["Home, End", "de eerste en de laatste rij"],
    ["Enter", "de bladzijde van de rij openen"],
    ["?", "deze uitleg"],
  ];
  const VLAK = ".lijst-vlak, .alarmvlak";
  let uitleg = null;

  const zoekveld = () => document.getElementById("zoek");
  const naarZoeken = () => {
    zoekveld().closest("details").open = true; // it may be folded
    zoekveld().focus();
  };
  const rijen = () => [...document.querySelectorAll(`:is(${VLAK}) .lijst tbody th a`)].filter((link) => !link.closest("details:not([open])"));
  const aan = () => { try { return localStorage.getItem(UIT) === null; } catch { return true; } };

  function element(naam, tekst, eigenschappen = {}) {
    const gemaakt = Object.assign(document.createElement(naam), eigenschappen);
    gemaakt.textContent = tekst;
    return gemaakt;
  }

  function toonUitleg() {
    if (!uitleg) {
      uitleg = document.createElement("dialog");
      uitleg.dataset.eigen = "";
      uitleg.setAttribute("aria-labelledby", "toetsen-kop");
      const lijst = document.createElement("dl");
      for (const [toets, wat] of TOETSEN) {
        const term = document.createElement("dt");
        term.append(element("kbd", toets));
        lijst.append(term, element("dd", wat));
      }
      // A key without Ctrl or Alt must be able to be switched off: speech input types such letters by itself.
      const vak = element("input", "", { type: "checkbox", id: "toetsen-aan", checked: aan() });
      vak.onchange = () => {
        try { if (vak.checked) localStorage.removeItem(UIT); else localStorage.setItem(UIT, "1"); } catch { /* not kept */ }
      };
      const keuze = document.createElement("p");
      keuze.append(vak, " ", element("label", "De toetsen / en ? gebruiken", { htmlFor: "toetsen-aan" }));
      const sluit = element("button", "Sluiten", { type: "button" });
      sluit.onclick = () => uitleg.close();
      uitleg.append(element("h2", "Toetsen in een tabel", { id: "toetsen-kop" }), lijst, keuze, sluit);
      document.body.append(uitleg);
    }
    if (!uitleg.open) uitleg.showModal();
  }

  function regel() {
    const laatste = [...document.querySelectorAll(VLAK)].at(-1);
    const onder = laatste?.closest("details") ?? laatste; // a group may be folded
    if (!onder || !zoekveld() || onder.nextElementSibling?.classList.contains("toetsen")) return;
    const knop = element("button", "Toetsen (?)", { type: "button" });
    knop.onclick = toonUitleg;
    const zin = element("p", "", { className: "toetsen stil" });
    zin.dataset.eigen = "";
    zin.append("Zoeken: ", element("kbd", "/"), " Rijen: ", element("kbd", "↓"), " ", element("kbd", "↑"), " Openen: ", element("kbd", "Enter"), " ", knop);
    onder.after(zin);
  }

  function naarRij(toets) {
    const links = rijen();
    const hier = links.indexOf(document.activeElement);
    const zoekt = document.activeElement === zoekveld();
    if (hier < 0 && !(zoekt && toets.key === "ArrowDown")) return;
    const naar = {
      ArrowDown: hier + 1, ArrowUp: hier - 1, PageDown: hier + PAGE, PageUp: hier - PAGE, Home: 0, End: links.length - 1,
    }[toets.key];
    if (naar === undefined || !links.length) return;
    toets.preventDefault();
    if (naar < 0 && toets.key === "ArrowUp") { naarZoeken(); return; }
    links[Math.max(0, Math.min(naar, links.length - 1))].focus();
  }

  document.addEventListener("keydown", (toets) => {
    if (toets.ctrlKey || toets.metaKey || toets.altKey || document.querySelector("dialog[open]")) return;
    const typt = toets.target.matches?.("input, select, textarea, [contenteditable]");
    if (toets.key === "/" && !typt && zoekveld() && aan()) {
      toets.preventDefault();
      naarZoeken();
      zoekveld().select();
    } else if (toets.key === "?" && !typt && zoekveld() && aan()) {
      toets.preventDefault();
      toonUitleg();
    } else if (!toets.shiftKey) naarRij(toets);
  });
  document.addEventListener("bijgewerkt", regel);
  regel();
})();
