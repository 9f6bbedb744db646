// Puts another page in the place of the one that is shown: only what differs, so nothing jumps and focus stays.
// A link or form with `data-zacht` asks its address this way. Without this script they are plain links and forms.
// Afterwards `document` hears "bijgewerkt", and before that "gewisseld" where the address is another one.
// What a script added to a page has `data-eigen`: that is left as it is.
"use strict";
const wissel = (() => {
  const FETCH_MS = 15_000;
  const TYPING_MS = 200; // after the last key
  let bezig = null;
  let wekker = 0;
  const gewijzigd = new Set(); // the elements whose text is another one than before
  let adres = location.pathname + location.search;

  // What people opened or where they are on the map is theirs.
  const eigen = (naam) => naam === "open" || naam === "tabindex" || naam === "data-net";

  // What a script added, and what only the live page itself knows, is not in the page that was fetched.
  const vanScript = (knoop) => knoop.nodeType === Node.ELEMENT_NODE && knoop.hasAttribute("data-eigen");

  const overslaan = (plek) => {
    while (plek && vanScript(plek)) plek = plek.nextSibling;
    return plek;
  };

  function gelijk(oud, nieuw) {
    if (oud.isEqualNode(nieuw) || oud.id === "stroom") return;
    for (const { name, value } of nieuw.attributes) {
      if (!eigen(name) && oud.getAttribute(name) !== value) oud.setAttribute(name, value);
    }
    for (const { name } of [...oud.attributes]) {
      if (!eigen(name) && !nieuw.hasAttribute(name)) oud.removeAttribute(name);
    }
    const blijft = new Set([...nieuw.children].map((kind) => kind.id));
    const verdwenen = [...oud.children].filter((kind) => kind.id && !blijft.has(kind.id) && !vanScript(kind));
    for (const kind of verdwenen) kind.remove();
    if (verdwenen.length) oud.normalize(); // two texts where one was would shift all that follows
    let plek = overslaan(oud.firstChild);
    for (const kind of [...nieuw.childNodes]) {
      const zelfde = vind(oud, plek, kind);
      if (zelfde === null) {
        const erbij = oud.insertBefore(document.importNode(kind, true), plek);
        if (erbij.nodeType === Node.ELEMENT_NODE) gewijzigd.add(erbij);
        continue;
      }
      if (zelfde === plek) plek = overslaan(plek.nextSibling);
      else oud.insertBefore(zelfde, plek);
      if (kind.nodeType === Node.ELEMENT_NODE) gelijk(zelfde, kind);
      else if (zelfde.nodeValue !== kind.nodeValue) {
        if (zelfde.nodeValue.trim() !== kind.nodeValue.trim()) gewijzigd.add(oud);
        zelfde.nodeValue = kind.nodeValue;
      }
    }
    while (plek) {
      const weg = plek;
      plek = overslaan(plek.nextSibling);
      weg.remove();
    }
  }

  function vind(ouder, plek, kind) {
    if (kind.id) {
      const zelfde = document.getElementById(kind.id);
      return zelfde && zelfde.parentNode === ouder && zelfde.nodeName === kind.nodeName ? zelfde : null;
    }
    return plek && !plek.id && plek.nodeName === kind.nodeName ? plek : null;
  }

  // Places these parts of a page. Says false when the page has to be loaded whole.
  function plaats(nieuw, delen) {
    const script = (blad) => blad.querySelector("script[src]").getAttribute("src");
    if (script(nieuw) !== script(document)) { location.reload(); return false; } // another version runs there now
    const focus = document.activeElement;
    for (const deel of delen) gelijk(document.querySelector(deel), nieuw.querySelector(deel));
    if (document.activeElement !== focus && focus.isConnected) focus.focus({ preventScroll: true }); // its row moved
    document.title = nieuw.title;
    return true;
  }

  async function ga(naar, { vervang = false, terug = false } = {}) {
    clearTimeout(wekker);
    if (bezig) bezig.abort();
    const mijn = bezig = new AbortController();
    const laad = () => { if (terug) location.reload(); else location.assign(naar); };
    let nieuw;
    try {
      const signal = AbortSignal.any([mijn.signal, AbortSignal.timeout(FETCH_MS)]);
      const antwoord = await fetch(naar, { headers: { Accept: "text/html" }, redirect: "manual", signal });
      if (!antwoord.ok) { laad(); return; } // it says there what is wrong
      nieuw = new DOMParser().parseFromString(await antwoord.text(), "text/html");
    } catch (fout) {
      if (mijn.signal.aborted) return; // something else was asked since
      if (!["TypeError", "TimeoutError"].includes(fout.name)) throw fout;
      laad();
      return;
    }
    if (mijn !== bezig) return;
    bezig = null;
    if (!terug) history[vervang ? "replaceState" : "pushState"](null, "", naar);
    adres = location.pathname + location.search;
    if (!plaats(nieuw, ["body"])) return;
    invullen();
    document.dispatchEvent(new Event("gewisseld"));
    document.dispatchEvent(new Event("bijgewerkt"));
  }

  // What stands in a field is what the address says, but for the field in which somebody types.
  function invullen() {
    for (const veld of document.querySelectorAll("form[data-zacht] :is(input, select)")) {
      if (veld === document.activeElement) continue;
      if (veld.type === "checkbox") veld.checked = veld.defaultChecked;
      else if (veld.nodeName === "INPUT") veld.value = veld.defaultValue;
      else veld.selectedIndex = Math.max(0, [...veld.options].findIndex((keuze) => keuze.defaultSelected));
    }
  }

  function adresVan(formulier) {
    const gevraagd = new URLSearchParams();
    for (const [naam, waarde] of new FormData(formulier)) if (waarde.trim()) gevraagd.append(naam, waarde.trim());
    const vraag = gevraagd.toString();
    return new URL(formulier.action).pathname + (vraag ? `?${vraag}` : "");
  }

  const formulierVan = (gebeurtenis) => gebeurtenis.target.closest("form[data-zacht]");

  document.addEventListener("click", (klik) => {
    const link = klik.target.closest("a[data-zacht]");
    if (!link || klik.button || klik.ctrlKey || klik.metaKey || klik.shiftKey || klik.altKey) return;
    klik.preventDefault();
    ga(link.pathname + link.search);
  });
  document.addEventListener("submit", (verstuurd) => {
    const formulier = formulierVan(verstuurd);
    if (!formulier) return;
    verstuurd.preventDefault();
    ga(adresVan(formulier));
  });
  document.addEventListener("change", (keuze) => {
    if (formulierVan(keuze) && keuze.target.nodeName === "SELECT") ga(adresVan(formulierVan(keuze)));
  });
  document.addEventListener("input", (getypt) => {
    const formulier = formulierVan(getypt);
    if (!formulier || getypt.target.type !== "search") return;
    clearTimeout(wekker);
    wekker = setTimeout(() => ga(adresVan(formulier), { vervang: true }), TYPING_MS);
  });
  window.addEventListener("popstate", () => {
    if (location.pathname + location.search !== adres) ga(location.href, { terug: true }); // else only to a place in it
  });
  return { plaats, ga, gewijzigd };
})();
