"use strict";
// The page that puts it together: form, address, charts, numbers and table follow the view.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("explore-data").textContent);
  const { words, statistics } = Explore;
  const { NOT, ANY } = Explore.view;
  const form = $("filters");
  const root = document.documentElement.dataset.root || "";
  let view = Explore.view.read(location.hash, data);
  let found = null; // selection, balance and drawings of the present view
  let drawable = false;
  const SLIDE = { width: 1120, k: 1.45 }; // pixels, and how much larger its letters are

  // --- form and view ---

  function toForm() {
    for (const box of document.querySelectorAll("input[type=checkbox][data-column]")) box.checked = view.chosen[box.dataset.column].includes(box.value);
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

  const toAddress = () => history.replaceState(null, "", `#${Explore.view.write(view, data)}`);

  // --- from view to page ---

  function update() {
    const selection = Explore.selection.select(data, view);
    const balance = Explore.balance.count(data, view, selection.rows);
    const picked = view.picked && balance.rows.find((row) => row.key === view.picked.key);
    const members = picked ? new Set(picked.members[view.picked.word] || []) : null;
    found = { selection, balance, members, parts: Explore.balance.parts(data, view, selection.rows) };
    say(selection, balance);
    showOffers();
    showNumbers(balance);
    showTable();
    draw();
  }

  function say({ rows, steps }, { by }) {
    const { parts } = found;
    const one = parts.length === 1 ? words.tookPart(parts[0].studies, parts[0].participants, parts[0].sizeUnknown) : words.counted(rows.length, "study", "studies");
    $("status").textContent = rows.length ? one : "No study meets all conditions.";
    $("heard").textContent = $("status").textContent;
    $("parts").textContent = parts.length > 1 ? `${words.parts(parts)}.` : "";
    const unit = words.unit(data, view, by);
    $("how-counted").textContent = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}. ${data.lenses[view.lens].meaning}`;
    const list = $("steps");
    list.replaceChildren(...steps.map((step) => {
      const item = document.createElement("li");
      item.append(`${step.said}: ${step.kept} kept, ${step.removed} left out` + (step.unknown ? `, of them ${step.unknown} because not known` : "") + " ");
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "Remove";
      remove.dataset.step = step.name;
      remove.setAttribute("aria-label", `Remove the condition ${step.said}`);
      item.append(remove);
      return item;
    }));
    $("steps-empty").hidden = steps.length > 0;
    $("python").textContent = words.python(data, view, by);
    const domains = view.chosen[data.domain].length > 0;
    form.elements.by.disabled = domains;
    $("by-domain").hidden = !domains;
    showPicked();
  }

  function showPicked() {
    const row = view.picked && found.balance.rows.find((line) => line.key === view.picked.key);
    $("picked").hidden = !row;
    if (row) $("picked-said").textContent = `Shown in the table: ${words.counted(found.members.size, "study", "studies")}, ${row.label}, ${words.small(data.looks[view.picked.word].label)}.`;
  }

  // Studies that were ticked out stay in the table, so that they can be ticked in again.
  function showTable() {
    const left = new Set(leftOut());
    const rows = found.members ? [...found.members] : [...found.selection.rows, ...left];
    Explore.table.keep(rows);
    for (const box of document.querySelectorAll("#studies [data-study]")) {
      const away = left.has(data.studies.id.indexOf(box.dataset.study));
      box.checked = !away;
      box.closest("tr").classList.toggle("out", away);
    }
  }

  const leftOut = () => view.chosen.study_id.filter((value) => value.startsWith(NOT)).map((value) => data.studies.id.indexOf(value.slice(NOT.length)));

  function tick(box) {
    const mark = NOT + box.dataset.study;
    view.chosen.study_id = view.chosen.study_id.filter((value) => value !== mark).concat(box.checked ? [] : [mark]);
    view.picked = null;
    toAddress();
    update();
    heard(`${data.studies.name[data.studies.id.indexOf(box.dataset.study)]} ${box.checked ? "is in again" : "is left out"}. ${$("status").textContent}`);
  }

  function heard(text) {
    $("heard").textContent = text;
  }

  // --- words that are looked for ---

  async function seek() {
    await Explore.find.load(root);
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
    toAddress();
    update();
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
    const chosen = found.selection.steps.length;
    $("filters-chosen").textContent = chosen ? ` (${chosen} on)` : "";
  }

  function cell(tag, content, attributes = {}) {
    const element = document.createElement(tag);
    element.append(content);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function showNumbers({ rows }) {
    const head = ["Studies of", ...words.shown(data, view.lens).map((word) => data.looks[word].label), "In all", "Took part", "Share that points to benefit", "Sign test"];
    $("numbers-head").replaceChildren(...head.map((title) => cell("th", title, { scope: "col" })));
    $("numbers-body").replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      line.append(cell("th", row.label, { scope: "row" }));
      for (const word of words.shown(data, view.lens)) line.append(cell("td", countButton(row, word), { class: "number" }));
      const { n, share, low, high } = row.test;
      const took = words.number(row.participants) + (row.sizeUnknown ? ` + ${row.sizeUnknown} unknown` : "");
      const said = n ? `${statistics.percent(share)} (${statistics.percent(low)} to ${statistics.percent(high)}) of ${n}` : "none has one";
      line.append(cell("td", String(row.units), { class: "number" }), cell("td", took, { class: "number" }));
      line.append(cell("td", said), cell("td", statistics.tested(row.test)));
      return line;
    }));
  }

  function countButton(row, word) {
    const n = row.counts[word];
    if (!n) return "0";
    const button = cell("button", String(n), { type: "button", class: "count", "data-key": row.key, "data-word": word });
    button.setAttribute("aria-pressed", String(Boolean(view.picked && view.picked.key === row.key && view.picked.word === word)));
    button.setAttribute("aria-label", `${n}: ${row.label}, ${words.small(data.looks[word].label)}. List these studies`);
    return button;
  }

  // --- charts ---

  function given(name, width, k, members) {
    const { balance } = found;
    if (name === "balance") return Explore.charts.balance(data, view.lens, balance.rows, width, k);
    if (name === "share") return Explore.charts.share(data, balance.rows, width, k);
    return Explore.charts.studies(data, balance.rows, members, width, k);
  }

  function draw() {
    const any = found.balance.rows.length > 0;
    $("charts").hidden = !any;
    $("nothing").hidden = any;
    for (const button of document.querySelectorAll("[data-picture], #save-rows")) button.disabled = !any;
    if (!any) return;
    const shown = [];
    for (const name of ["balance", "share", "studies"]) {
      const element = $(`chart-${name}`);
      const width = Math.floor(element.clientWidth);
      const needed = given(name, width, 1, found.members);
      if (name === "balance") needed.signals.picked = view.picked ? `${view.picked.key}~${view.picked.word}` : "";
      // The height is kept free before the chart is there, so that nothing moves.
      element.style.height = `${Math.ceil(needed.height)}px`;
      element.setAttribute("aria-label", Explore.captions.alt(data, view, found, name));
      if (drawable) shown.push(Explore.charts.show(name, element.firstElementChild, data, needed, width, (datum) => clicked(name, datum)));
    }
    Explore.drawing = Promise.all(shown);
  }

  function clicked(name, datum) {
    if (name === "balance" && datum.key && datum.n) pick(...datum.key.split("~"));
    if (name === "studies" && datum.i !== undefined) location.href = `${root}studies/${data.studies.id[datum.i].split("/").map(encodeURIComponent).join("/")}.html`;
  }

  function pick(key, word) {
    const again = view.picked && view.picked.key === key && view.picked.word === word;
    view.picked = again ? null : { key, word };
    toAddress();
    update();
    if (again) unpicked(key, word);
    else {
      $("picked").scrollIntoView({ block: "start" });
      $("picked").focus({ preventScroll: true });
    }
  }

  // A second click undoes the first, says so, and leads back to the number.
  function unpicked(key, word) {
    heard("All studies of the selection are shown again.");
    $("numbers-body").querySelector(`[data-key="${key}"][data-word="${word}"]`)?.focus();
  }

  async function savePicture(name, kind) {
    const needed = given(name, SLIDE.width, SLIDE.k, null);
    const texts = Explore.captions.slide(data, view, found, name);
    const made = await Explore.charts.picture(name, data, needed, SLIDE.width, texts, kind);
    Explore.download.drawing(name, made, kind, texts.title.join(" "), `${Explore.captions.alt(data, view, found, name)} ${texts.notes.join(" ")}`);
  }

  // --- events ---

  let resized = 0;
  let waiting = 0;
  function listen() {
    document.addEventListener("change", (event) => {
      if (event.target.form !== form) return;
      fromForm();
      toAddress();
      update();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => { view = Explore.view.read(location.hash, data); toForm(); update(); });
    addEventListener("resize", () => { cancelAnimationFrame(resized); resized = requestAnimationFrame(draw); });
    addEventListener("beforeprint", Explore.charts.forPaper);
    addEventListener("afterprint", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    for (const button of document.querySelectorAll("[data-picture]")) button.addEventListener("click", () => savePicture(...button.dataset.picture.split(".")));
    $("save-rows").addEventListener("click", () => Explore.download.rows(data, found.members ? [...found.members] : found.selection.rows, root));
    $("copy-address").addEventListener("click", copyAddress);
    for (const button of document.querySelectorAll("[data-clear]")) button.addEventListener("click", () => { view = Explore.view.empty(data); toForm(); toAddress(); update(); });
    $("unpick").addEventListener("click", () => { const { key, word } = view.picked; pick(key, word); });
    $("studies").addEventListener("change", (event) => { if (event.target.dataset.study) tick(event.target); });
    $("seek").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(seek, 80); });
    $("seek").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); seekOnly(); } });
    $("only").addEventListener("click", seekOnly);
    $("numbers-body").addEventListener("click", (event) => {
      const { key, word } = event.target.dataset;
      if (key) pick(key, word);
    });
    $("steps").addEventListener("click", (event) => { if (event.target.dataset.step) remove(event.target.dataset.step); });
  }

  function remove(step) {
    if (step in view.chosen) view.chosen[step] = [];
    else view[step] = { cited: false, retracted: false, cohorts: "" }[step] ?? null;
    view.picked = null;
    toForm();
    toAddress();
    update();
    $("status").focus();
  }

  async function copyAddress() {
    const said = $("copied");
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Copy it from the address line of the browser.";
    }
  }

  // --- start: words and numbers at once, then tables and charts once the page has been painted ---

  async function loadRest() {
    await Explore.download.script(`${root}assets/vendor/datatables.js`);
    Explore.table.start($("studies"), { order: view.order, onChange: (changed) => { Object.assign(view, changed); toAddress(); } });
    $("table").classList.add("ready");
    showTable();
    await Explore.download.script(`${root}assets/vendor/vega.js`);
    drawable = true;
    draw();
    await Explore.drawing;
    document.documentElement.dataset.ready = "1";
  }

  if (matchMedia("(max-width: 60rem)").matches) $("filters-box").open = false;
  toForm();
  update();
  listen();
  document.documentElement.classList.add("shown");
  requestAnimationFrame(() => setTimeout(loadRest));
})();
