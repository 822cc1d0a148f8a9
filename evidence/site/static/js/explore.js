"use strict";
// What puts it together: form, address, one view or two side by side, and the table of studies follow each other. The host says where it stands, and keeps its address: the web page, or an output of JupyterLab.
window.Explore = window.Explore || {};

Explore.mount = (host) => {
  const { data, element } = host;
  const $ = host.part;
  const all = (selector) => element.querySelectorAll(selector);
  const { words } = Explore;
  const { NOT, ANY } = Explore.view;
  const form = $("filters");
  let table = null; // once it can be sorted
  let view = null; // the view that the form changes
  let other = null; // a view that was put beside it and stays as it is; null when there is none
  let drawable = false;

  // --- form and view ---

  function read() {
    view = Explore.view.read(host.address(), data);
    other = Explore.view.beside(host.address(), data);
  }

  function toForm() {
    for (const box of all("input[type=checkbox][data-column]")) box.checked = view.chosen[box.dataset.column].includes(box.value);
    for (const name of ["from", "to", "n"]) form.elements[name].value = view[name] === null ? "" : view[name];
    form.elements.retracted && (form.elements.retracted.checked = view.retracted);
    form.elements.cited && (form.elements.cited.checked = view.cited);
    form.elements.cohorts.value = view.cohorts;
    form.elements.lens.value = view.lens;
    form.elements.by.value = view.by;
  }

  function fromForm() {
    for (const name of data.filters) {
      const others = view.chosen[name].filter((value) => value === ANY || value.startsWith(NOT));
      view.chosen[name] = [...form.querySelectorAll(`input[data-column="${name}"]:checked`)].map((box) => box.value).concat(others);
    }
    for (const name of ["from", "to", "n"]) view[name] = form.elements[name].value === "" ? null : Math.max(0, Math.floor(Number(form.elements[name].value)));
    view.cited = Boolean(form.elements.cited && form.elements.cited.checked);
    view.retracted = Boolean(form.elements.retracted && form.elements.retracted.checked);
    view.cohorts = form.elements.cohorts.value;
    view.lens = form.elements.lens.value;
    view.by = form.elements.by.value;
    view.picked = null;
  }

  const toAddress = () => host.keep(Explore.view.write(view, data, other));

  // What a reader does: the address and all that is shown follow.
  function changed() {
    toAddress();
    update();
  }

  // --- from view to page ---

  const first = Explore.panel(host, "", { remove, pick: (key, word) => pick(key, word, false), pool: (id) => { view.pool = id; changed(); } });
  const second = Explore.panel(host, "-b", { pick: (key, word) => pick(key, word, true), pool: (id) => { other.pool = id; changed(); } });

  function update() {
    first.count(view);
    if (other) second.count(other);
    $("views").classList.toggle("two", Boolean(other));
    for (const element of all("[data-two]")) element.hidden = !other;
    first.show();
    if (other) second.show();
    form.elements.by.disabled = view.chosen[data.domain].length > 0;
    heard(first.said());
    showBoth();
    showOffers();
    showPicked();
    showTable();
    draw();
  }

  function showBoth() {
    $("compare").textContent = other ? "Stop comparing" : "Compare with another view";
    if (!other) return;
    const [here, there] = [new Set(first.found().selection.rows), second.found().selection.rows];
    const both = there.filter((i) => here.has(i)).length;
    $("both").textContent = `${words.counted(both, "study is", "studies are")} in both views, ${words.number(here.size - both)} in A alone, ${words.number(there.length - both)} in B alone.`;
  }

  // The panel whose number is picked: of two at most one.
  const pickedPanel = () => [first, ...(other ? [second] : [])].find((panel) => panel.found().picked) || null;

  function showPicked() {
    const panel = pickedPanel();
    $("picked").hidden = !panel;
    if (!panel) return;
    const { picked } = panel.found();
    const where = other ? ` of view ${panel === second ? "B" : "A"}` : "";
    $("picked-said").textContent = `Shown in the table${where}: ${words.counted(picked.members.size, "study", "studies")}, ${picked.said}.`;
  }

  // Studies that were ticked out stay in the table, so that they can be ticked in again; those of the view beside are for reading.
  function showTable() {
    const panel = pickedPanel();
    const left = new Set(leftOut());
    table?.keep(panel ? [...panel.found().members] : [...first.found().selection.rows, ...left]);
    for (const box of $("studies").querySelectorAll("[data-study]")) {
      const away = left.has(data.studies.id.indexOf(box.dataset.study));
      box.checked = !away;
      box.disabled = Boolean(other) && panel === second;
      box.closest("tr").classList.toggle("out", away && panel !== second);
    }
  }

  const leftOut = () => view.chosen.study_id.filter((value) => value.startsWith(NOT)).map((value) => data.studies.id.indexOf(value.slice(NOT.length)));

  function tick(box) {
    const mark = NOT + box.dataset.study;
    view.chosen.study_id = view.chosen.study_id.filter((value) => value !== mark).concat(box.checked ? [] : [mark]);
    view.picked = null;
    changed();
    heard(`${data.studies.name[data.studies.id.indexOf(box.dataset.study)]} ${box.checked ? "is in again" : "is left out"}. ${first.said()}`);
  }

  function heard(text) {
    $("heard").textContent = text;
  }

  function draw() {
    const scales = other ? [first.scale(), second.scale()] : [null, null];
    Explore.drawing = Promise.all([...first.draw(drawable, scales[1]), ...(other ? second.draw(drawable, scales[0]) : [])]);
  }

  // --- two views ---

  function compare() {
    other = other ? null : structuredClone({ ...view, picked: null });
    changed();
    heard(other ? "View B is now beside view A and stays as it is. The filters change view A." : "One view is shown again.");
  }

  function swap() {
    [view, other] = [other, view];
    toForm();
    changed();
    heard(`A and B have changed places. The filters change view A: ${first.said()}`);
  }

  // --- words that are looked for ---

  async function seek() {
    Explore.find.use(await host.search());
    const sought = Explore.find.find($("seek").value);
    const ids = sought ? sought.rows.filter((row) => row.table === "studies" && row.counted).map((row) => row.id) : [];
    $("sought").textContent = sought ? (ids.length ? `${words.counted(ids.length, "counted study speaks", "counted studies speak")} of it.` : sought.said) : "";
    $("only").hidden = !ids.length;
    return ids;
  }

  async function seekOnly() {
    const ids = await seek();
    if (!ids.length) return;
    view.chosen.study_id = data.studies.id.filter((id) => ids.includes(id)).concat(view.chosen.study_id.filter((value) => value.startsWith(NOT)));
    view.picked = null;
    changed();
    $("status").focus();
  }

  function showOffers() {
    const offers = Explore.selection.offers(data, view);
    for (const count of form.querySelectorAll("[data-offer]")) {
      const n = offers[count.dataset.offer][count.dataset.place];
      count.textContent = n;
      count.closest(".option").classList.toggle("none", n === 0 && !count.parentElement.querySelector("input").checked);
    }
    for (const note of form.querySelectorAll("[data-chosen]")) {
      const n = view.chosen[note.dataset.chosen].length;
      note.textContent = n ? ` (${n} chosen)` : "";
    }
    const chosen = first.found().selection.steps.length;
    $("filters-chosen").textContent = chosen ? ` (${chosen} on)` : "";
  }

  // --- numbers and bars that are clicked ---

  function pick(key, word, beside) {
    const [one, rest] = beside ? [other, view] : [view, other];
    const again = one.picked && one.picked.key === key && one.picked.word === word;
    one.picked = again ? null : { key, word };
    if (rest) rest.picked = null;
    changed();
    if (again) unpicked(key, word, beside);
    else {
      $("picked").scrollIntoView({ block: "start" });
      $("picked").focus({ preventScroll: true });
    }
  }

  // A second click undoes the first, says so, and leads back to the number.
  function unpicked(key, word, beside) {
    heard("All studies of the selection are shown again.");
    (beside ? second : first).focus(key, word);
  }

  function unpick() {
    const panel = pickedPanel();
    const { key, word } = panel.view().picked;
    pick(key, word, panel === second);
  }

  // --- events ---

  let resized = 0;
  let waiting = 0;
  function listen() {
    element.addEventListener("change", (event) => {
      if (event.target.form !== form) return;
      fromForm();
      changed();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    host.onAddress(() => { read(); toForm(); update(); });
    host.onSize(() => { cancelAnimationFrame(resized); resized = requestAnimationFrame(draw); });
    addEventListener("beforeprint", Explore.charts.forPaper);
    addEventListener("afterprint", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    first.listen();
    second.listen();
    $("compare").addEventListener("click", compare);
    $("swap").addEventListener("click", swap);
    for (const button of all("[data-clear]")) button.addEventListener("click", () => { view = Explore.view.read(host.start, data); toForm(); changed(); });
    $("unpick").addEventListener("click", unpick);
    $("studies").addEventListener("change", (event) => { if (event.target.dataset.study) tick(event.target); });
    $("seek").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(seek, 80); });
    $("seek").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); seekOnly(); } });
    $("only").addEventListener("click", seekOnly);
  }

  function remove(step) {
    if (step in view.chosen) view.chosen[step] = [];
    else view[step] = { cited: false, retracted: false, cohorts: "" }[step] ?? null;
    view.picked = null;
    toForm();
    changed();
    $("status").focus();
  }

  // --- start: words and numbers at once, then tables and charts once the page has been painted ---

  async function loadRest() {
    await host.script("datatables");
    table = Explore.table.start($("studies"), { order: view.order, onChange: (given) => { Object.assign(view, given); toAddress(); } });
    $("table").classList.add("ready");
    showTable();
    await host.script("vega");
    drawable = true;
    draw();
    await Explore.drawing;
    host.ready();
  }

  if (host.narrow()) $("filters-box").open = false;
  read();
  toForm();
  update();
  listen();
  host.shown();
  requestAnimationFrame(() => setTimeout(loadRest));
};
