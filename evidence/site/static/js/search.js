// The page to search: what is typed is looked for at once, and the address keeps it.
(async () => {
  const $ = (id) => document.getElementById(id);
  const { root } = document.documentElement.dataset;
  const { made } = Explore;
  const MOST = 60; // rows that are listed
  Explore.find.use(await Explore.download.later("search"));

  function line({ table, id, name, counted, foundIn, title, finding, note }) {
    const study = table === "studies";
    const kind = study ? (counted ? "" : "not counted, ") : "review, ";
    const parts = { meta: `${kind}found in: ${foundIn}`, title, "": finding, small: note };
    return made("li", [
      study ? made("a", name, { href: `${root}studies/${encodeURIComponent(id)}.html` }) : made("strong", name),
      ...Object.entries(parts).filter(([, text]) => text).map(([look, text]) => made("span", text, { class: look })),
    ]);
  }

  function show() {
    const found = Explore.find.find($("asked").value);
    const rows = found?.rows ?? [];
    $("said").textContent = found?.said ?? "";
    $("found").replaceChildren(...rows.slice(0, MOST).map(line));
    if (rows.length > MOST) $("found").append(made("li", `and ${rows.length - MOST} more`));
    const ids = rows.filter((row) => row.table === "studies" && row.counted).map((row) => row.id);
    const [link] = $("only").children;
    $("only").hidden = !ids.length;
    link.href = `${root}explore.html#study_id=${ids.map(encodeURIComponent).join(",")}`;
    link.textContent = `Explore the ${ids.length} that are counted`;
  }

  function asked() {
    $("asked").value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
    show();
  }

  let waiting = 0;
  $("asked").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { history.replaceState(null, "", `#q=${encodeURIComponent($("asked").value)}`); show(); }, 60);
  });
  $("search").addEventListener("submit", (event) => event.preventDefault());
  $("search").addEventListener("click", ({ target }) => {
    if (target.dataset.try) location.hash = `q=${encodeURIComponent(target.dataset.try)}`;
  });
  addEventListener("hashchange", asked);
  asked();
  document.documentElement.dataset.ready = "1";
})();
