// The map: the arrow keys walk it, and a card tells of the gemeente that is pointed at or has the focus.
"use strict";
(() => {
  const STAY_MS = 200; // long enough to move onto the card
  const PASS_MS = 100; // a hexagon on the way to the card is passed in less
  let wijzer = null;
  let van = null; // the hexagon of which the card tells
  let wekker = 0;
  let getikt = null;

  const vakVan = (gebeurtenis) => gebeurtenis.target.closest?.("#kaart a.vak");

  // One stop for the tab key, the arrow keys from there; else a keyboard needs 342 steps to get past the map.
  function wandelkaart() {
    const kaart = document.getElementById("kaart");
    if (!kaart) return;
    const vakken = [...kaart.querySelectorAll("a.vak")];
    const stop = vakken.find((vak) => vak.getAttribute("tabindex") === "0") ?? vakken[0];
    for (const vak of vakken) {
      const wil = vak === stop ? "0" : "-1";
      if (vak.getAttribute("tabindex") !== wil) vak.setAttribute("tabindex", wil);
    }
  }

  function loop(toets) {
    const richting = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[toets.key];
    const hier = vakVan(toets);
    if (!richting || !hier || toets.ctrlKey || toets.metaKey || toets.altKey) return;
    toets.preventDefault();
    const vakken = [...hier.ownerSVGElement.querySelectorAll("a.vak")];
    const naar = dichtstbij(vakken, hier, richting);
    if (!naar) return;
    for (const vak of vakken) if (vak.getAttribute("tabindex") === "0") vak.setAttribute("tabindex", "-1");
    naar.setAttribute("tabindex", "0");
    naar.focus();
  }

  function dichtstbij(vakken, hier, [dx, dy]) {
    const plek = (vak) => { const { e, f } = vak.transform.baseVal[0].matrix; return [e, f]; };
    const [x, y] = plek(hier);
    let beste = null;
    let minst = Infinity;
    for (const vak of vakken) {
      const [vx, vy] = plek(vak);
      const vooruit = (vx - x) * dx + (vy - y) * dy;
      const opzij = Math.abs((vx - x) * dy) + Math.abs((vy - y) * dx);
      if (vooruit > 1 && vooruit + 2 * opzij < minst) [beste, minst] = [vak, vooruit + 2 * opzij];
    }
    return beste;
  }

  function element(naam, tekst) {
    const gemaakt = document.createElement(naam);
    gemaakt.textContent = tekst;
    return gemaakt;
  }

  function vul(vak) {
    const namen = vak.ownerSVGElement.dataset.regels.split("|");
    const [provincie, ...zinnen] = vak.dataset.kaart.split("|");
    const lijst = document.createElement("dl");
    namen.forEach((naam, nummer) => { if (zinnen[nummer]) lijst.append(element("dt", naam), element("dd", zinnen[nummer])); });
    const [naam] = vak.getAttribute("aria-label").split(": ", 1);
    const delen = [element("strong", naam), element("span", `Provincie ${provincie}`), lijst];
    if (vak.classList.contains("uit")) delen.push(element("p", "Niet in de keuze op deze bladzijde."));
    if (vak === getikt) delen.push(element("p", "Tik nog eens voor de bladzijde van de gemeente."));
    wijzer.replaceChildren(...delen);
  }

  function toon(vak) {
    if (!wijzer) {
      wijzer = document.createElement("div");
      wijzer.id = "kaart-wijzer";
      wijzer.className = "wijzer";
      wijzer.setAttribute("role", "tooltip");
      wijzer.dataset.eigen = "";
    }
    if (van && van !== vak) van.removeAttribute("aria-describedby");
    van = vak;
    const vlak = document.getElementById("kaart-vlak");
    if (wijzer.parentNode !== vlak) vlak.append(wijzer);
    vul(vak);
    wijzer.hidden = false;
    vak.setAttribute("aria-describedby", wijzer.id);
    const om = vlak.getBoundingClientRect();
    const [links, boven] = onder(om) ?? tegen(om, vak.querySelector("use").getBoundingClientRect());
    wijzer.style.left = `${links}px`;
    wijzer.style.top = `${boven}px`;
  }

  // Below a map that is hardly wider than the card, where it would hide half of it.
  function onder(om) {
    const past = om.bottom + wijzer.offsetHeight <= innerHeight;
    return past && om.width < 1.2 * wijzer.offsetWidth ? [om.width - wijzer.offsetWidth, om.height] : null;
  }

  // Against its hexagon, on the side where least of the map is, so that the other hexagons can be pointed at.
  function tegen(om, bij) {
    const [hoog, laag] = [bij.top - om.top >= wijzer.offsetHeight, bij.bottom + wijzer.offsetHeight <= innerHeight];
    const boven = hoog ? !laag || bij.top < (om.top + om.bottom) / 2 : !laag && bij.top >= wijzer.offsetHeight;
    const links = (bij.left + bij.right) / 2 - om.left - wijzer.offsetWidth / 2;
    const over = om.width - wijzer.offsetWidth;
    return [Math.max(0, Math.min(links, over)), (boven ? bij.top - wijzer.offsetHeight : bij.bottom) - om.top];
  }

  function weg() {
    clearTimeout(wekker);
    if (!van) return;
    van.removeAttribute("aria-describedby");
    wijzer.hidden = true;
    van = getikt = null;
  }

  document.addEventListener("pointerover", (over) => {
    const vak = vakVan(over);
    if (vak || wijzer?.contains(over.target)) clearTimeout(wekker);
    if (!vak || vak === van || over.pointerType === "touch") return;
    if (van) wekker = setTimeout(() => { if (vak.isConnected) toon(vak); }, PASS_MS); // it may be on the way to the card
    else toon(vak);
  });
  document.addEventListener("pointerout", (uit) => {
    if (!van || !(vakVan(uit) || wijzer.contains(uit.target))) return;
    clearTimeout(wekker);
    wekker = setTimeout(() => { if (van && document.activeElement !== van) weg(); }, STAY_MS);
  });
  document.addEventListener("focusin", (focus) => {
    if (!vakVan(focus)) return;
    clearTimeout(wekker);
    toon(vakVan(focus));
  });
  document.addEventListener("focusout", (focus) => { if (vakVan(focus) === van) weg(); });
  document.addEventListener("keydown", (toets) => { if (toets.key === "Escape") weg(); else loop(toets); });
  document.addEventListener("click", (klik) => {
    // A finger does not point: its first tap shows the card, and the second one opens the page.
    const vak = vakVan(klik);
    if (klik.pointerType !== "touch" || !vak || vak === getikt) return;
    klik.preventDefault();
    getikt = vak;
    toon(vak);
  });
  document.addEventListener("bijgewerkt", () => {
    wandelkaart();
    if (van && van.isConnected) toon(van);
    else weg();
  });
  wandelkaart();
})();
