// The table of studies: its rows sorted, searched and turned page by page. Without scripts the whole table stands on the page.

Explore.table = (element, { order = "", onOrder = () => {}, onRow = () => {} } = {}) => {
  const part = (name) => element.closest("section").querySelector(`[data-table="${name}"]`);
  const [body] = element.tBodies;
  const rows = [...body.rows];
  const heads = [...element.tHead.rows[0].cells];
  const letters = new Intl.Collator("en", { numeric: true });
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const none = Explore.made("tr", Explore.made("td", "No study meets the conditions.", { colspan: heads.length }));
  let sorted = [...rows.keys()]; // places of the rows, in their order
  let kept = new Set(sorted);
  let place = 0; // of the page that is shown
  let paper = false; // on paper there are no pages to turn

  function sort(given) {
    const [, number, way] = /^(\d+)(asc|desc)$/.exec(given) || [];
    order = heads[number] ? given : "";
    heads.forEach((head, i) => { head.ariaSort = order && i === Number(number) ? `${way}ending` : "none"; });
    sorted = [...rows.keys()];
    if (!order) return;
    const values = rows.map(({ cells: { [number]: cell } }) => cell.dataset.order ?? cell.textContent.replaceAll(",", "")); // of thousands
    sorted.sort((a, b) => letters.compare(values[a], values[b]) * (way === "asc" ? 1 : -1));
  }

  function found() {
    const words = folded(part("seek")?.value || "").split(" ").filter(Boolean);
    if (!words.length) return sorted.filter((i) => kept.has(i));
    const speaks = (i) => {
      const text = folded([...rows[i].cells].map((cell) => cell.textContent).join(" "));
      return words.every((word) => text.includes(word));
    };
    return sorted.filter((i) => kept.has(i) && speaks(i));
  }

  // Only rows that are looked at stand on the page.
  function show() {
    const all = found();
    const size = paper ? rows.length : Number(part("size").value) || rows.length;
    const last = Math.max(0, Math.ceil(all.length / size) - 1);
    place = Math.min(place, last);
    const start = place * size;
    const shown = all.slice(start, start + size);
    const { activeElement } = document;
    const inside = body.contains(activeElement);
    body.replaceChildren(...(shown.length ? shown.map((i) => rows[i]) : [none]));
    if (inside) activeElement.focus({ preventScroll: true }); // a row that was taken out loses the keyboard
    for (const i of shown) onRow(rows[i], i);
    part("said").textContent = shown.length ? `${start + 1} to ${start + shown.length} of ${all.length} studies` : "No studies";
    const away = { first: !place, back: !place, next: place === last, last: place === last };
    for (const [name, off] of Object.entries(away)) part(name).disabled = off;
  }

  function turn(to) {
    place = to;
    show();
  }

  const NEXT = { none: "asc", ascending: "desc", descending: "" };
  heads.forEach((head, i) => {
    if (head.classList.contains("needs-js")) return;
    head.innerHTML = `<button type="button">${head.innerHTML}</button>`;
    head.addEventListener("click", () => {
      const way = NEXT[head.ariaSort];
      sort(way && `${i}${way}`);
      turn(0);
      onOrder(order);
    });
  });
  part("size").addEventListener("change", () => turn(0));
  part("seek")?.addEventListener("input", () => turn(0));
  const turns = { first: () => 0, back: () => place - 1, next: () => place + 1, last: () => Infinity };
  for (const [name, to] of Object.entries(turns)) part(name).addEventListener("click", () => turn(to()));
  for (const printing of [true, false]) addEventListener(printing ? "beforeprint" : "afterprint", () => { paper = printing; show(); });
  sort(order);
  element.closest("section").classList.add("ready");

  // Shows the rows with these numbers alone, in an order.
  return { show, keep: (places, given = order) => { kept = new Set(places); sort(given); show(); } };
};
