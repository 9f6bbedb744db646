// Reads a chart: the value at the pointer or the arrow keys, a period by dragging, and the explanation by a click.
// Every value stands in the table below the chart, and every link too, so without this nothing is lost.
"use strict";
(() => {
  const SLEEP_PX = 8; // a shorter drag is a click
  const RAND = 0.985; // who drags to the edge wants all that follows
  const UUR = 3_600_000;
  const maak = (naam, klasse, kind) => {
    const deel = document.createElement(naam);
    deel.className = klasse;
    if (kind) deel.append(kind);
    return deel;
  };
  const getal = (tekst) => {
    const waarde = Number(tekst.replace(/[.\u00a0 %]/g, "").replace(",", "."));
    return tekst.trim() === "" || Number.isNaN(waarde) ? null : tekst.includes("%") ? waarde / 100 : waarde;
  };
  const gelezen = new Map(); // id of a chart → the moment that somebody reads there

  function gegevens(figuur) {
    const van = Date.parse(figuur.dataset.van);
    const tot = Date.parse(figuur.dataset.tot);
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
    const titel = figuur.querySelector("figcaption strong").textContent;
    const doel = maak("div", "g-lezer");
    const kruis = maak("div", "g-kruis");
    const sleep = maak("div", "g-sleep");
    const zin = maak("p", "g-lees");
    let stand = gegevens(figuur);
    let plek = -1;
    let begin = null;
    let weg = 0;
    if (!stand.rijen.length) return;
    for (const deel of [doel, zin]) deel.setAttribute("data-eigen", "");
    doel.tabIndex = 0;
    doel.setAttribute("role", "slider");
    doel.setAttribute("aria-label", `Waarden door de tijd: ${titel}`);
    doel.setAttribute("aria-valuemin", "1");
    zin.setAttribute("role", "status");
    kruis.hidden = sleep.hidden = true;
    doel.append(kruis, sleep);
    vak.append(doel);
    vak.after(zin);

    const deelVan = (moment) => (moment - stand.van) / (stand.tot - stand.van);
    const deelBij = ({ clientX }) => {
      const { left, width } = doel.getBoundingClientRect();
      return Math.min(1, Math.max(0, (clientX - left) / width));
    };
    const momentBij = (deel) => stand.van + deel * (stand.tot - stand.van);
    const dichtstBij = (moment) => stand.rijen.reduce(
      (beste, { op }, nummer) => (Math.abs(op - moment) < Math.abs(stand.rijen[beste].op - moment) ? nummer : beste), 0,
    );

    function wacht() {
      kruis.hidden = true;
      plek = -1;
      gelezen.delete(figuur.id);
      doel.setAttribute("aria-valuemax", stand.rijen.length);
      doel.setAttribute("aria-valuenow", stand.rijen.length);
      doel.setAttribute("aria-valuetext", `tot ${stand.rijen.at(-1).moment}`);
      zin.textContent = "Wijs een moment aan of gebruik de pijltjes; klik of Enter geeft de verklaring, slepen een periode.";
    }

    function toon(nummer) {
      plek = Math.min(stand.rijen.length - 1, Math.max(0, nummer));
      const { op, moment, cellen, koppeling } = stand.rijen[plek];
      const { onder, boven } = figuur.dataset;
      gelezen.set(figuur.id, op);
      kruis.hidden = false;
      kruis.style.left = `${100 * deelVan(op)}%`;
      kruis.replaceChildren();
      zin.replaceChildren(maak("b", "", koppeling ? koppeling.cloneNode(true) : moment));
      const namen = [...figuur.querySelectorAll("thead th")].slice(1);
      const stalen = figuur.querySelectorAll(".g-legenda .g-staal");
      cellen.forEach((tekst, lijn) => {
        if (tekst === "–") return;
        const waarde = getal(tekst);
        if (waarde !== null) {
          const punt = maak("div", `g-punt ${stalen[lijn].querySelector(".g-pad").classList.value.replace("g-pad", "")}`);
          punt.style.top = `${100 * (boven - waarde) / (boven - onder)}%`;
          kruis.append(punt);
        }
        zin.append(stalen[lijn].cloneNode(true), `${namen[lijn].textContent} `, maak("b", "", tekst));
      });
      const half = (stand.tot - stand.van) / 100;
      const gebeurd = [...document.querySelectorAll(".g-gebeurd li")].filter(
        ({ dataset }) => Math.abs(Date.parse(dataset.op) - op) <= half,
      );
      if (gebeurd.length) zin.append(maak("span", "g-toen", ` · ${gebeurd.slice(0, 3).map((een) => een.textContent).join("; ")}`));
      if (gebeurd.length > 3) zin.append(` en nog ${gebeurd.length - 3}`);
      doel.setAttribute("aria-valuenow", plek + 1);
      doel.setAttribute("aria-valuetext", moment);
    }

    const ga = () => { if (plek >= 0 && stand.rijen[plek].koppeling) location.assign(stand.rijen[plek].koppeling.href); };

    function kies(eerste, laatste) {
      const heel = (deel) => `${new Date(Math.round(momentBij(deel) / UUR) * UUR).toISOString().slice(0, 19)}Z`;
      const adres = new URL(location.href);
      adres.searchParams.delete("periode");
      adres.searchParams.set("van", heel(eerste));
      if (laatste > RAND && !adres.searchParams.has("tot")) adres.searchParams.delete("tot");
      else adres.searchParams.set("tot", heel(laatste));
      haal(adres.href, figuur.id);
    }

    doel.addEventListener("vernieuw", () => {
      const toen = plek >= 0 && stand.rijen[plek].op;
      stand = gegevens(figuur);
      if (toen !== false && stand.rijen.length) toon(dichtstBij(toen));
      else wacht();
    });
    doel.addEventListener("keydown", (toets) => {
      const laatste = stand.rijen.length - 1;
      const nu = plek < 0 ? laatste + 1 : plek;
      const naar = {
        ArrowLeft: nu - 1, ArrowDown: nu - 1, ArrowRight: nu + 1, ArrowUp: nu + 1,
        PageUp: nu + 10, PageDown: nu - 10, Home: 0, End: laatste,
      }[toets.key];
      if (toets.key === "Enter") ga();
      else if (toets.key === "Escape") wacht();
      else if (naar !== undefined) toon(naar);
      else return;
      toets.preventDefault();
    });
    doel.addEventListener("pointerdown", (wijzer) => {
      if (wijzer.button) return;
      begin = deelBij(wijzer);
      weg = 0;
      doel.setPointerCapture(wijzer.pointerId);
    });
    doel.addEventListener("pointermove", (wijzer) => {
      const hier = deelBij(wijzer);
      toon(dichtstBij(momentBij(hier)));
      if (begin === null || wijzer.pointerType === "touch") return; // a finger reads; the buttons zoom
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
      toon(dichtstBij(momentBij(deelBij(wijzer))));
      if (weg >= SLEEP_PX) kies(eerste, laatste);
      else if (wijzer.pointerType !== "touch") ga();
    });
    doel.addEventListener("pointercancel", () => { begin = null; sleep.hidden = true; });
    doel.addEventListener("pointerleave", () => { if (document.activeElement !== doel && begin === null) wacht(); });
    wacht();
    if (gelezen.has(figuur.id)) toon(dichtstBij(gelezen.get(figuur.id)));
  }

  // Another period is the same page: only what it draws is put in place, so whoever looks stays where they are.
  async function haal(adres, focus) {
    const antwoord = await fetch(adres, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!antwoord || !antwoord.ok || antwoord.redirected) { location.assign(adres); return; }
    const nieuw = new DOMParser().parseFromString(await antwoord.text(), "text/html").querySelector("[data-grafieken]");
    const oud = document.querySelector("[data-grafieken]");
    if (!nieuw || !oud) { location.assign(adres); return; }
    const naam = document.activeElement.closest(".g-periode a")?.textContent;
    history.pushState(null, "", adres);
    oud.replaceWith(document.importNode(nieuw, true));
    lees();
    const knop = [...document.querySelectorAll(".g-periode a")].find((een) => naam && een.textContent === naam);
    (knop ?? document.getElementById(focus)?.querySelector(".g-lezer"))?.focus({ preventScroll: true });
  }

  function lees() {
    for (const figuur of document.querySelectorAll("figure.grafiek[data-van]")) lezer(figuur);
  }

  document.addEventListener("click", (klik) => {
    const koppeling = klik.target.closest?.(".g-periode a");
    if (!koppeling || klik.button || klik.ctrlKey || klik.metaKey || klik.shiftKey) return;
    klik.preventDefault();
    haal(koppeling.href.split("#")[0]);
  });
  addEventListener("popstate", () => { if (document.querySelector("[data-grafieken]")) location.reload(); });
  document.addEventListener("bijgewerkt", lees);
  lees();
})();
