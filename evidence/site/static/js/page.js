// The explorer on a page of its own: the address line keeps the view, and what is needed later is loaded later.
Explore.mount({
  element: document.documentElement,
  data: JSON.parse(document.getElementById("explore-data").textContent),
  mark: "",
  start: "",
  address: () => location.hash,
  keep: (address) => history.replaceState(null, "", `#${address}`),
  onAddress: (changed) => addEventListener("hashchange", changed),
  link: () => location.href,
  load: Explore.download.later,
});
