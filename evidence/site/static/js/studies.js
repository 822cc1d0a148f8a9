"use strict";
// The list of studies: searchable and sortable once the page has been painted.
requestAnimationFrame(() => setTimeout(async () => {
  const root = document.documentElement.dataset.root || "";
  await Explore.download.script(`${root}assets/vendor/datatables.js`);
  Explore.table.start(document.getElementById("studies"), { searched: true });
  document.getElementById("table").classList.add("ready");
  document.documentElement.dataset.ready = "1";
}));
