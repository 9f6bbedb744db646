// Reads a chart: the value at the pointer or the arrow keys, a period by dragging, the explanation by a click.
// Every value and every link stands in the table below the chart: without this script nothing is lost.
"use strict";
(() => {
  const SLEEP_PX = 8; // a shorter drag is a click
  const RAND = 0.985; // whoever drags to the edge wants all that follows
  const UUR = 3_600_000;
  const UITLEG = "Wijs een moment aan of gebruik de pijltjes. Klik of Enter geeft de verklaring, slepen een periode.";

  const maak = (naam, klasse, ...kinderen) => {
    const deel = document.createElement(naam);
    if (klasse) deel.className = klasse;
    deel.append(...kinderen);
    return deel;
  };

  // A number as it stands in the table; null for words.
  function getal(tekst) {
    const waarde = parseFloat(tekst.replaceAll(".", "").replace(",", "."));
    if (Number.isNaN(waarde)) return null;
    return tekst.includes("%") ? waarde / 100 : waarde;
  }

  function gegevens(figuur) {
    const [van, tot] = [Date.parse(figuur.dataset.van), Date.parse(figuur.dataset.tot)];
    const rijen = [...figuur.querySelectorAll("tbody tr")].map((rij) => {
      const [kop, ...cellen] = rij.children;
      const koppeling = kop.querySelector("a");
      const op = koppeling ? new URL(koppeling.href).searchParams.get("geldigOp") : kop.firstElementChild.dateTime;
      return { op: Date.parse(op), moment: kop.textContent, cellen: cellen.map((cel) => cel.textContent), koppeling };
    });
    return { van, tot, rijen: rijen.filter(({ op }) => op >= van && op <= tot) };
  }

  function lezer(figuur) {
    const vak = figuur.querySelector(".g-vak");
    const bestaand = vak.querySelector(".g-lezer");
    if (bestaand) { bestaand.dispatchEvent(new Event("vernieuw")); return; }
    let stand = gegevens(figuur);
    if (!stand.rijen.length) return;
    let plek = -1;
    let begin = null;
    let weg = 0;
    const kruis = maak("div", "g-kruis");
    const sleep = maak("div", "g-sleep");
    const doel = maak("div", "g-lezer", kruis, sleep);
    const zin = maak("p", "g-lees");
    for (const deel of [doel, zin]) deel.dataset.eigen = "";
    zin.setAttribute("role", "status");
    doel.tabIndex = 0;
    doel.setAttribute("role", "slider");
    doel.setAttribute("aria-label", `Waarden door de tijd: ${figuur.querySelector("figcaption strong").textContent}`);
    doel.setAttribute("aria-valuemin", 1);
    sleep.hidden = true;
    vak.append(doel);
    vak.after(zin);

    const breed = () => stand.tot - stand.van;
    const deelBij = ({ clientX }) => {
      const { left, width } = doel.getBoundingClientRect();
      return Math.min(1, Math.max(0, (clientX - left) / width));
    };
    const rijBij = (moment) => stand.rijen.reduce(
      (beste, { op }, nummer) => (Math.abs(op - moment) < Math.abs(stand.rijen[beste].op - moment) ? nummer : beste), 0,
    );

    function zegStand(nummer, moment) {
      doel.setAttribute("aria-valuemax", stand.rijen.length);
      doel.setAttribute("aria-valuenow", nummer);
      doel.setAttribute("aria-valuetext", moment);
    }

    function wacht() {
      plek = -1;
      kruis.hidden = true;
      zin.textContent = UITLEG;
      zegStand(stand.rijen.length, `tot en met ${stand.rijen.at(-1).moment}`);
    }

    function toon(nummer) {
      plek = Math.min(stand.rijen.length - 1, Math.max(0, nummer));
      const { op, moment, cellen, koppeling } = stand.rijen[plek];
      const { onder, boven } = figuur.dataset;
      const namen = figuur.querySelectorAll("thead th");
      const stalen = figuur.querySelectorAll(".g-legenda .g-staal");
      const punten = [];
      const delen = [maak("b", "", koppeling ? koppeling.cloneNode(true) : moment)];
      cellen.forEach((tekst, lijn) => {
        if (tekst === "–") return; // nothing was counted at this moment
        const waarde = getal(tekst);
        if (waarde !== null) {
          const soort = stalen[lijn].querySelector(".g-pad").classList.value.replace("g-pad", "g-punt");
          punten.push(maak("div", soort));
          punten.at(-1).style.top = `${(100 * (boven - waarde)) / (boven - onder)}%`;
        }
        delen.push(stalen[lijn].cloneNode(true), `${namen[lijn + 1].textContent} `, maak("b", "", tekst));
      });
      const erbij = [...document.querySelectorAll(".g-gebeurd li")].filter(
        ({ dataset }) => Math.abs(Date.parse(dataset.op) - op) <= breed() / 100,
      );
      if (erbij.length) delen.push(` · ${erbij.slice(0, 3).map((een) => een.textContent.trim()).join("; ")}`);
      if (erbij.length > 3) delen.push(`; en nog ${erbij.length - 3}`);
      kruis.hidden = false;
      kruis.style.left = `${(100 * (op - stand.van)) / breed()}%`;
      kruis.replaceChildren(...punten);
      zin.replaceChildren(...delen);
      zegStand(plek + 1, moment);
    }

    function verklaar() {
      const koppeling = plek >= 0 && stand.rijen[plek].koppeling;
      if (koppeling) location.assign(koppeling.href);
    }

    function kies(eerste, laatste) {
      if (!document.querySelector(".g-periode")) return; // this page has one period
      const uur = (deel) => Math.round((stand.van + deel * breed()) / UUR);
      const bij = (uren) => `${new Date(uren * UUR).toISOString().slice(0, 19)}Z`;
      const adres = new URL(location.href);
      adres.searchParams.delete("periode");
      adres.searchParams.set("van", bij(uur(eerste)));
      if (laatste < RAND) adres.searchParams.set("tot", bij(Math.max(uur(laatste), uur(eerste) + 1)));
      wissel.ga(adres.pathname + adres.search);
    }

    doel.addEventListener("vernieuw", () => {
      const toen = plek < 0 ? null : stand.rijen[plek].op;
      stand = gegevens(figuur);
      if (toen === null || toen < stand.van || toen > stand.tot) wacht();
      else toon(rijBij(toen));
    });
    doel.addEventListener("keydown", (toets) => {
      const eind = stand.rijen.length - 1;
      const hier = plek < 0 ? eind + 1 : plek;
      const naar = {
        ArrowLeft: hier - 1, ArrowDown: hier - 1, ArrowRight: hier + 1, ArrowUp: hier + 1,
        PageDown: hier - 10, PageUp: hier + 10, Home: 0, End: eind,
      }[toets.key];
      if (toets.key === "Enter") verklaar();
      else if (toets.key === "Escape") wacht();
      else if (naar !== undefined) toon(naar);
      else return;
      toets.preventDefault();
    });
    doel.addEventListener("pointerdown", (wijzer) => {
      if (wijzer.button) return;
      [begin, weg] = [deelBij(wijzer), 0];
      doel.setPointerCapture(wijzer.pointerId);
    });
    doel.addEventListener("pointermove", (wijzer) => {
      const hier = deelBij(wijzer);
      toon(rijBij(stand.van + hier * breed()));
      if (begin === null || wijzer.pointerType === "touch") return; // a finger reads; the links below zoom
      weg = Math.abs(hier - begin) * doel.clientWidth;
      sleep.hidden = weg < SLEEP_PX;
      sleep.style.left = `${100 * Math.min(begin, hier)}%`;
      sleep.style.width = `${100 * Math.abs(hier - begin)}%`;
    });
    doel.addEventListener("pointerup", (wijzer) => {
      if (begin === null) return;
      const [eerste, laatste] = [begin, deelBij(wijzer)].sort((een, ander) => een - ander);
      begin = null;
      sleep.hidden = true;
      toon(rijBij(stand.van + deelBij(wijzer) * breed()));
      if (weg >= SLEEP_PX) kies(eerste, laatste);
      else if (wijzer.pointerType !== "touch") verklaar();
    });
    doel.addEventListener("pointercancel", () => { begin = null; sleep.hidden = true; });
    doel.addEventListener("pointerleave", () => { if (document.activeElement !== doel && begin === null) wacht(); });
    wacht();
  }

  const lees = () => document.querySelectorAll("figure.grafiek[data-van]").forEach(lezer);
  document.addEventListener("bijgewerkt", lees);
  lees();
})();
