"use strict";
// The explorer on a page of its own: the address line keeps the view, and what is needed later is loaded later.
(() => {
  const page = document.documentElement;
  const root = page.dataset.root || "";
  const data = JSON.parse(document.getElementById("explore-data").textContent);
  const { script } = Explore.download;
  Explore.mount({
    data,
    element: document,
    mark: "",
    start: "",
    part: (id) => document.getElementById(id),
    address: () => location.hash,
    keep: (address) => history.replaceState(null, "", `#${address}`),
    onAddress: (changed) => addEventListener("hashchange", changed),
    onSize: (changed) => addEventListener("resize", changed),
    narrow: () => matchMedia("(max-width: 60rem)").matches,
    link: () => location.href,
    copied: "Copy it from the address line of the browser.",
    script: (name) => script(`${root}assets/vendor/${name}.js`),
    rows: async () => window.EVIDENCE_ROWS || (await script(`${root}assets/rows.js`), window.EVIDENCE_ROWS),
    search: async () => window.EVIDENCE_SEARCH || (await script(`${root}assets/search.js`), window.EVIDENCE_SEARCH),
    shown: () => page.classList.add("shown"),
    ready: () => { page.dataset.ready = "1"; },
  });
})();
