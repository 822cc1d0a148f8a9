// What puts it together: form, address, one view or two side by side, and the table of studies follow each other. The host says where it stands, and keeps its address: the web page, or an output of JupyterLab.

Explore.mount = (given) => {
  const { data, element } = given;
  const $ = (id) => element.querySelector(`#${CSS.escape(id + given.mark)}`);
  const host = { ...given, part: $ };
  const all = (selector) => [...element.querySelectorAll(selector)];
  const { words } = Explore;
  const { read, unknown, write, beside, NOT, ANY } = Explore.view;
  const form = $("filters");
  // Fields beside the form name it, but know it only once the page holds them, which JupyterLab may do later.
  const fields = all("[name]").filter((field) => field.getAttribute("form") === form.id || form.contains(field));
  const by = fields.find((field) => field.name === "by");
  const place = new Map(data.studies.id.map((id, i) => [id, i]));
  let view = null; // the view that the form changes
  let other = null; // a view that was put beside it and stays as it is; null when there is none
  let drawable = false;

  // --- form and view ---

  function readAddress() {
    view = read(host.address(), data);
    other = beside(host.address(), data);
    const lost = unknown(host.address(), data);
    $("unknown").textContent = lost.length ? `Left out, as these data know nothing of it: ${lost.join(", ")}.` : "";
    toForm();
  }

  function toForm() {
    for (const field of fields) {
      const values = view.chosen[field.name] ?? [view[field.name] ?? ""].map(String);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else [field.value] = values;
    }
  }

  // A form says itself as an address does. What it has no field for stays: values that are ruled out, or any value.
  function fromForm() {
    by.disabled = false; // what is disabled a form does not say
    const said = read(new URLSearchParams(new FormData(form)).toString(), data);
    for (const { name } of fields) if (name in said) view[name] = said[name];
    for (const name of data.filters) {
      const others = view.chosen[name].filter((value) => value === ANY || value.startsWith(NOT));
      view.chosen[name] = [...said.chosen[name], ...others];
    }
  }

  // What a reader does: the address and all that is shown follow. Other conditions have other numbers, none of which is picked.
  function changed(picked = null) {
    view.picked = picked;
    $("unknown").textContent = "";
    keep();
    update();
  }

  const keep = () => host.keep(write(view, data, other));

  function start(next) {
    view = next;
    toForm();
    changed();
  }

  function remove(step) {
    if (step === "study_id") view.search = "";
    if (step in view.chosen) view.chosen[step] = [];
    else view[step] = read("", data)[step];
    start(view);
    $("status").focus();
  }

  // --- from view to page ---

  readAddress();
  const act = { pick, pool: (own, id) => { own.pool = id; changed(view.picked); } };
  const first = Explore.panel(host, "", { ...act, remove });
  const second = Explore.panel(host, "-b", act);
  const panels = () => (other ? [first, second] : [first]);
  // The panel whose number is picked: of two at most one.
  const pickedPanel = () => panels().find((panel) => panel.found().picked);

  function update() {
    first.show(view);
    if (other) second.show(other);
    $("views").classList.toggle("two", Boolean(other));
    for (const one of all("[data-two]")) one.hidden = !other;
    by.disabled = view.chosen[data.domain].length > 0;
    heard(first.said());
    showBoth();
    showOffers();
    showTable();
    draw();
  }

  function showBoth() {
    $("compare").textContent = other ? "Stop comparing" : "Compare with another view";
    if (!other) return;
    const [here, there] = panels().map((panel) => new Set(panel.found().selection.rows));
    const both = [...there].filter((i) => here.has(i)).length;
    $("both").textContent = `${words.counted(both, "study is", "studies are")} in both views, ${words.number(here.size - both)} in A alone, ${words.number(there.size - both)} in B alone.`;
  }

  function showOffers() {
    const offers = Explore.selection.offers(data, view);
    for (const box of fields.filter(({ name }) => data.filters.includes(name))) {
      const { name, value, checked, parentElement } = box;
      const n = offers[name][data.columns[name].values.indexOf(value)];
      parentElement.lastElementChild.textContent = n;
      parentElement.classList.toggle("none", n === 0 && !checked);
    }
    const said = (n, word) => (n ? ` (${n} ${word})` : "");
    for (const note of all("[data-chosen]")) note.textContent = said(view.chosen[note.dataset.chosen].length, "chosen");
    $("filters-chosen").textContent = said(first.found().selection.steps.length, "on");
  }

  const heard = (text) => { $("heard").textContent = text; };

  function draw() {
    const scales = panels().map((panel) => panel.scale());
    Explore.drawing = Promise.all(panels().flatMap((panel) => panel.draw(drawable, scales)));
  }

  // --- the table of studies ---

  const ruledOut = () => view.chosen.study_id.filter((value) => value.startsWith(NOT));
  const leftOut = () => new Set(ruledOut().map((value) => place.get(value.slice(NOT.length))));
  const [studyRows, [means]] = [[...$("studies").tBodies[0].rows], all("[data-table=means]")];
  const [usual, lensed] = [means.textContent, all("th[data-lens]").map((head) => [head.cellIndex, head.dataset.lens])];
  const whole = new Map(); // cells as they were
  const table = Explore.table($("studies"), {
    order: view.order,
    onOrder: (order) => { view.order = order; keep(); },
    onRow: (row, i) => {
      const box = row.querySelector("[data-study]");
      box.checked = !leftOut().has(i);
      box.disabled = pickedPanel() === second;
      row.classList.toggle("out", !box.checked && !box.disabled);
    },
  });

  // Where outcomes are asked for, the table says what each study concludes on them, and which way it leans there.
  function showOutcomes({ view: shown, selection: { rows } }) {
    const asked = shown.chosen[data.domain].length > 0;
    means.textContent = asked ? "What authors conclude, and which way numbers lean, are those on the chosen outcomes: a study can have several." : usual;
    for (const [cell, markup] of whole) cell.innerHTML = markup;
    if (!asked) return whole.clear();
    for (const [at, lens] of lensed) {
      const votes = Map.groupBy(Explore.balance.votes(Explore.balance.count(data, { ...shown, lens }, rows)), ({ i }) => i);
      for (const i of rows) {
        const cell = studyRows[i].cells[at];
        whole.set(cell, whole.get(cell) ?? cell.innerHTML);
        const said = (votes.get(i) ?? []).map(({ row, word }) => Explore.made("span", words.capital(row.called(word)), { class: `look ${word}` }));
        cell.replaceChildren(...(said.length ? said.flatMap((one) => [one, " "]) : "–"));
      }
    }
  }

  // Studies that were ticked out stay in the table, so that they can be ticked in again; those of the view beside are for reading.
  function showTable() {
    const panel = pickedPanel();
    showOutcomes((panel ?? first).found());
    $("picked").hidden = !panel;
    if (!panel) return table.keep([...first.found().selection.rows, ...leftOut()], view.order);
    const { members, said } = panel.found().picked;
    const where = other ? ` of view ${panel === second ? "B" : "A"}` : "";
    $("picked-said").textContent = `Shown in the table${where}: ${words.counted(members.size, "study", "studies")}, ${said}.`;
    return table.keep(members, view.order);
  }

  function tick({ dataset: { study }, checked }) {
    view.chosen.study_id = view.chosen.study_id.filter((value) => value !== NOT + study).concat(checked ? [] : [NOT + study]);
    changed();
    heard(`${data.studies.name[place.get(study)]} ${checked ? "is in again" : "is left out"}. ${first.said()}`);
  }

  // --- two views ---

  function compare() {
    other = other ? null : structuredClone({ ...view, picked: null });
    changed(view.picked);
    heard(other ? "View B is now beside view A and stays as it is. The filters change view A." : "One view is shown again.");
  }

  function swap() {
    [view, other] = [other, view];
    toForm();
    changed(view.picked);
    heard(`A and B have changed places. The filters change view A: ${first.said()}`);
  }

  // --- words that are looked for ---

  async function seek() {
    Explore.find.use(await host.load("search"));
    const sought = Explore.find.find($("seek").value);
    const ids = (sought?.rows ?? []).filter((row) => row.table === "studies" && row.counted).map((row) => row.id);
    $("sought").textContent = ids.length ? `${words.counted(ids.length, "counted study speaks", "counted studies speak")} of it.` : sought?.said ?? "";
    $("only").hidden = !ids.length;
    return ids;
  }

  async function seekOnly() {
    const ids = await seek();
    if (!ids.length) return;
    view.search = $("seek").value.trim();
    view.chosen.study_id = [...data.studies.id.filter((id) => ids.includes(id)), ...ruledOut()];
    changed();
    $("status").focus();
  }

  // --- numbers and marks that are clicked ---

  // A second click undoes the first, says so, and leads back to the number.
  function pick(panel, key, word) {
    const [one, rest] = panel === second ? [other, view] : [view, other];
    const again = one.picked?.key === key && one.picked.word === word;
    if (rest) rest.picked = null;
    one.picked = again ? null : { key, word };
    changed(view.picked);
    if (again) {
      heard("All studies of the selection are shown again.");
      panel.focus(key, word);
    } else {
      $("picked").scrollIntoView({ block: "start" });
      $("picked").focus({ preventScroll: true });
    }
  }

  function unpick() {
    const panel = pickedPanel();
    const { key, word } = panel.found().view.picked;
    pick(panel, key, word);
  }

  // --- events ---

  let [waiting, width] = [0, 0];
  function listen() {
    for (const [name, act] of Object.entries({ compare, swap, unpick, only: seekOnly })) $(name).addEventListener("click", act);
    for (const button of all("[data-clear]")) button.addEventListener("click", () => start(read(host.start, data)));
    element.addEventListener("change", ({ target }) => {
      if (target.dataset.study) tick(target);
      if (!fields.includes(target)) return;
      fromForm();
      changed();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    $("seek").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(seek, 80); });
    $("seek").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); seekOnly(); } });
    host.onAddress?.(() => { readAddress(); update(); });
    new ResizeObserver(([{ contentRect }]) => {
      if (width !== contentRect.width) requestAnimationFrame(draw);
      width = contentRect.width;
    }).observe($("views"));
    addEventListener("beforeprint", Explore.charts.forPaper);
    addEventListener("afterprint", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    first.listen();
    second.listen();
  }

  // --- start: words and numbers at once, then charts once the page has been painted ---

  async function loadCharts() {
    if (!window.vegaEmbed) await Promise.all(["specs", "vendor/vega"].map(Explore.download.later));
    drawable = true;
    draw();
    await Explore.drawing;
    element.dataset.ready = "1";
  }

  // Where the filters stand above the results, not beside them, they are closed.
  if (/^[\d.]+px$/.test(getComputedStyle(form.parentElement).gridTemplateColumns)) $("filters-box").open = false;
  update();
  listen();
  element.classList.add("shown");
  requestAnimationFrame(() => setTimeout(loadCharts));
};
