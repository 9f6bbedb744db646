// The arrow keys walk the map.
"use strict";
(() => {
  // One stop for the tab key, the arrow keys from there; else a keyboard needs 342 steps to get past the map.
  function wandelkaart() {
    const kaart = document.getElementById("kaart");
    if (!kaart) return;
    const vakken = [...kaart.querySelectorAll("a.vak")];
    if (vakken.some((vak) => vak.getAttribute("tabindex") === "0")) {
      for (const vak of vakken) if (!vak.hasAttribute("tabindex")) vak.setAttribute("tabindex", "-1");
      return;
    }
    vakken.forEach((vak, nummer) => vak.setAttribute("tabindex", nummer === 0 ? "0" : "-1"));
    kaart.onkeydown = (toets) => {
      const richting = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[toets.key];
      const hier = toets.target.closest("a.vak");
      if (!richting || !hier) return;
      toets.preventDefault();
      const naar = dichtstbij([...kaart.querySelectorAll("a.vak")], hier, richting);
      if (!naar) return;
      kaart.querySelector('a.vak[tabindex="0"]').setAttribute("tabindex", "-1"); // not always here: one can also click
      naar.setAttribute("tabindex", "0");
      naar.focus();
    };
  }

  function dichtstbij(vakken, hier, [dx, dy]) {
    const plek = (vak) => ["x", "y"].map((as) => Number(vak.querySelector("use").getAttribute(as)));
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

  wandelkaart();
  document.addEventListener("bijgewerkt", wandelkaart);
})();
