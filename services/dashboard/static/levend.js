// Keeps a page that shows now up to date. Without it every page works, but stands still.
// The page itself is fetched again when something changed, and only what differs is put in place: one way for every page.
"use strict";
(() => {
  const QUIET_MS = 25_000; // the stream says something every 15 s at least
  const GRACE_MS = 4_000; // it ends now and then by itself, and comes back after 2 s
  const RETRY_MS = 3_000;
  const FETCH_MS = 15_000;
  const ZONE = "Europe/Amsterdam";
  const REST_MS_MAX = 5_000;
  const MARKED_MS = 6_000;
  const UNITS = [[86_400, "dag", "dagen"], [3_600, "uur", "uur"], [60, "minuut", "minuten"], [1, "seconde", "seconden"]];
  const balk = document.getElementById("stroom");
  const stand = document.getElementById("stroom-stand");
  const tijd = document.getElementById("stroom-tijd");
  const knop = document.getElementById("stroom-knop");
  const melding = document.getElementById("stroom-melding");
  let bron = null;
  let stil = 0;
  let verbroken = 0;
  let opnieuw = 0;
  let bezig = false;
  let nogEens = false;
  let gepauzeerd = false;
  let laatste = document.body.dataset.levend;
  let verschil = 0; // how far the clock of the server is ahead of the one here

  function klok(moment, seconden) {
    const vorm = { day: "numeric", month: "short", year: "numeric", timeZone: ZONE };
    const dag = (waarvan) => waarvan.toLocaleDateString("nl-NL", vorm).replace(".", "");
    const toen = new Date(moment);
    const tijdstip = toen.toLocaleTimeString("nl-NL", {
      hour: "2-digit", minute: "2-digit", second: seconden ? "2-digit" : undefined, timeZone: ZONE,
    });
    return dag(toen) === dag(new Date()) ? tijdstip : `${dag(toen)} ${tijdstip}`; // on a wall it may be of yesterday
  }

  function toon(soort, zin) {
    balk.dataset.stand = soort;
    if (stand.textContent !== zin) stand.textContent = zin;
    tik();
  }

  // As long as the stream is there, what is shown is still so: the clock and the ages go on by themselves.
  function tik() {
    const live = balk.dataset.stand === "live";
    const nu = Math.max(Date.now() + verschil, Date.parse(laatste));
    const zin = live ? klok(nu, true) : "";
    if (tijd.textContent !== zin) tijd.textContent = zin;
    if (!live) return;
    for (const een of document.querySelectorAll("time[data-leeftijd]")) {
      const oud = lengte((nu - Date.parse(een.dateTime)) / 1_000);
      if (een.textContent !== oud) een.textContent = oud;
    }
  }

  function lengte(seconden) { // as `length` in core/dutch.py
    const [maat, een, meer] = UNITS.find(([grootte]) => seconden >= 2 * grootte) ?? UNITS.at(-1);
    const aantal = Math.max(0, Math.floor(seconden / maat));
    return `${aantal.toLocaleString("nl-NL")} ${aantal === 1 ? een : meer}`;
  }

  function gelezen() {
    laatste = document.body.dataset.levend;
    if (laatste !== undefined) verschil = Date.parse(laatste) - Date.now();
  }

  const toonVerbroken = () => toon("verbroken", `Verbinding verbroken — cijfers van ${klok(laatste)}`);

  function levend() {
    clearTimeout(verbroken);
    verbroken = 0;
    bewaak();
  }

  function bewaak() {
    clearTimeout(stil);
    stil = setTimeout(() => { toonVerbroken(); luister(); }, QUIET_MS);
  }

  function luister() {
    sluit();
    bewaak(); // it may also stay quiet from the beginning
    bron = new EventSource("/v1/stroom?alleen=seinen");
    bron.onopen = () => { levend(); ververs(); };
    bron.onerror = () => {
      if (!verbroken) verbroken = setTimeout(toonVerbroken, GRACE_MS);
      if (bron && bron.readyState === EventSource.CLOSED) opnieuw = setTimeout(luister, RETRY_MS);
    };
    bron.addEventListener("hartslag", levend);
    for (const soort of ["gewijzigd", "opnieuw"]) bron.addEventListener(soort, () => { levend(); ververs(); });
    bron.addEventListener("alarm", (bericht) => {
      levend();
      zegAlarm(JSON.parse(bericht.data));
      ververs();
    });
  }

  function sluit() {
    for (const wekker of [stil, opnieuw]) clearTimeout(wekker);
    if (bron) bron.close();
    bron = null;
  }

  function zegAlarm({ type, data }) {
    if (type.includes("alarm-geactiveerd")) melding.textContent = `Nieuw alarm: ${data.toelichting || data.regel}`;
  }

  async function ververs() {
    if (gepauzeerd) return;
    if (bezig) { nogEens = true; return; }
    bezig = true;
    const begin = performance.now();
    const adres = location.href;
    try {
      const [antwoord, tekst] = await gehaald(adres);
      if (!gepauzeerd && adres === location.href) verwerk(antwoord, tekst); // else it changed since it was asked
    } finally {
      // A page that takes long to make is asked for less often, so that who watches does not hold up the others.
      setTimeout(weerVrij, Math.min(performance.now() - begin, REST_MS_MAX));
    }
  }

  async function gehaald(adres) {
    try {
      const antwoord = await fetch(adres, {
        headers: { Accept: "text/html" }, redirect: "manual", signal: AbortSignal.timeout(FETCH_MS),
      });
      return [antwoord, await antwoord.text()];
    } catch (fout) {
      if (!["TypeError", "TimeoutError", "AbortError"].includes(fout.name)) throw fout;
      return [null, ""];
    }
  }

  function verwerk(antwoord, tekst) {
    if (antwoord === null) {
      toonVerbroken(); // not reached: what is shown stays, with its time
    } else if (antwoord.type === "opaqueredirect" || antwoord.status === 401) {
      gepauzeerd = true;
      sluit();
      knop.hidden = true;
      toon("verbroken", `U bent uitgelogd — cijfers van ${klok(laatste)}. Laad de bladzijde opnieuw.`);
    } else if ([403, 404].includes(antwoord.status)) {
      location.reload(); // it may no longer be shown: so it goes, and the page says why
    } else if (antwoord.ok) {
      plaats(new DOMParser().parseFromString(tekst, "text/html"));
    } else {
      toonVerbroken();
    }
  }

  function weerVrij() {
    bezig = false;
    if (nogEens) { nogEens = false; ververs(); }
  }

  function plaats(nieuw) {
    wissel.gewijzigd.clear();
    if (!wissel.plaats(nieuw, ["main", "footer", ".papier", ...(document.querySelector(".tijd:not([open])") ? [".tijd"] : [])])) return;
    document.body.dataset.levend = nieuw.body.dataset.levend;
    gelezen();
    toon("live", "Live");
    markeer();
    document.dispatchEvent(new Event("bijgewerkt"));
  }

  // Shows for a while what just changed, apart from what only time changes. Who wants no motion sees it change, no more.
  function markeer() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const een of wissel.gewijzigd) {
      if (!een.isConnected || een.closest("time, footer, svg, .tijd")) continue;
      const plek = een.closest("li, dd, td, th, .groot, .tegelgetal, p") ?? een;
      plek.dataset.net = "";
      setTimeout(() => delete plek.dataset.net, MARKED_MS);
    }
  }

  // Another address may be of another moment, which does not change, or of now.
  function gewisseld() {
    const was = laatste;
    gelezen();
    balk.hidden = laatste === undefined;
    if (balk.hidden) { sluit(); clearTimeout(verbroken); verbroken = 0; return; }
    if (gepauzeerd) { toonGepauzeerd(); return; }
    if (!verbroken) toon("live", "Live");
    if (was === undefined && !document.hidden) luister();
  }

  const toonGepauzeerd = () => toon("gepauzeerd", `Gepauzeerd — cijfers van ${klok(laatste, true)}`);

  document.addEventListener("gewisseld", gewisseld);
  knop.onclick = () => {
    gepauzeerd = !gepauzeerd;
    knop.textContent = gepauzeerd ? "Hervat" : "Pauzeer";
    if (!gepauzeerd) { luister(); return; }
    sluit();
    clearTimeout(verbroken);
    verbroken = 0;
    toonGepauzeerd();
  };
  document.addEventListener("visibilitychange", () => {
    if (gepauzeerd || laatste === undefined) return;
    if (document.hidden) sluit(); // a browser allows a host few connections over HTTP/1.1: who does not look keeps none
    else luister();
  });
  setInterval(() => { if (laatste !== undefined) tik(); }, 1_000);
  gelezen();
  if (laatste === undefined) return;
  balk.hidden = false;
  toon("live", "Live");
  if (!document.hidden) luister(); // opened behind another: when it is seen
})();
