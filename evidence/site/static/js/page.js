// The explorer on a page of its own: the address line keeps the view, and what is needed later is loaded later.
(() => {
  const element = document.documentElement;
  const script = (name) => Explore.download.script(`${element.dataset.root || ""}assets/${name}.js`);
  Explore.mount({
    element,
    script,
    data: JSON.parse(document.getElementById("explore-data").textContent),
    mark: "",
    start: "",
    address: () => location.hash,
    keep: (address) => history.replaceState(null, "", `#${address}`),
    onAddress: (changed) => addEventListener("hashchange", changed),
    link: () => location.href,
    rows: async () => window.EVIDENCE_ROWS || (await script("rows"), window.EVIDENCE_ROWS),
    search: async () => window.EVIDENCE_SEARCH || (await script("search"), window.EVIDENCE_SEARCH),
  });
})();
