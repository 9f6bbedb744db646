// A hint that was closed stays away in this browser.
{
  const kept = (name) => `opvangpeil-hint-${name}`;
  const remembered = (name) => {
    try { return localStorage.getItem(kept(name)) !== null; } catch { return false; }
  };
  const look = () => {
    for (const hint of document.querySelectorAll("details.hint")) {
      if (remembered(hint.dataset.hint)) hint.hidden = true;
    }
  };
  document.addEventListener("toggle", (event) => {
    const hint = event.target;
    if (!(hint instanceof HTMLElement) || !hint.matches("details.hint") || hint.open) return;
    try { localStorage.setItem(kept(hint.dataset.hint), "gesloten"); } catch { /* a browser may refuse to remember */ }
  }, true);
  document.addEventListener("bijgewerkt", look);
  look();
}
