// The page to search: what is typed is looked for at once, and the address keeps it.
(async () => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement.dataset.root || "";
  const MOST = 60; // rows that are listed
  await Explore.find.load(root);

  const page = (row) => (row.table === "studies" ? `${root}studies/${encodeURIComponent(row.id)}.html` : "");

  function line(row) {
    const item = document.createElement("li");
    const name = document.createElement(page(row) ? "a" : "strong");
    if (page(row)) name.href = page(row);
    name.textContent = row.name;
    item.append(name);
    const kind = row.table === "studies" ? (row.counted ? "" : "not counted, ") : "review, ";
    const add = (text, look) => {
      const part = document.createElement("span");
      part.className = look;
      part.textContent = text;
      if (text) item.append(part);
    };
    add(`${kind}found in: ${row.foundIn}`, "meta");
    add(row.title, "title");
    add(row.finding, "");
    add(row.note, "small");
    return item;
  }

  function show() {
    const found = Explore.find.find($("asked").value);
    $("said").textContent = found ? found.said : "";
    const rows = found ? found.rows : [];
    $("found").replaceChildren(...rows.slice(0, MOST).map(line));
    if (rows.length > MOST) $("found").append(Object.assign(document.createElement("li"), { textContent: `and ${rows.length - MOST} more` }));
    const ids = rows.filter((row) => row.table === "studies" && row.counted).map((row) => row.id);
    $("only").hidden = !ids.length;
    $("only").firstElementChild.href = `${root}explore.html#study_id=${ids.map(encodeURIComponent).join(",")}`;
    $("only").firstElementChild.textContent = `Explore the ${ids.length} that are counted`;
  }

  function asked() {
    $("asked").value = new URLSearchParams(location.hash.slice(1)).get("q") || "";
    show();
  }

  let waiting = 0;
  $("asked").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { history.replaceState(null, "", `#q=${encodeURIComponent($("asked").value)}`); show(); }, 60);
  });
  $("search").addEventListener("submit", (event) => event.preventDefault());
  $("search").addEventListener("click", (event) => {
    if (!event.target.dataset.try) return;
    location.hash = `q=${encodeURIComponent(event.target.dataset.try)}`;
  });
  addEventListener("hashchange", asked);
  asked();
  document.documentElement.dataset.ready = "1";
})();
