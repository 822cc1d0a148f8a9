"use strict";
// One view on the page: words, charts, numbers, sizes of effect and code. A second one, beside it, has the same parts; their ids end in "-b".
window.Explore = window.Explore || {};

Explore.CHARTS = ["balance", "share", "forest", "studies"];

Explore.panel = (host, suffix, act) => {
  const { data } = host;
  const $ = (name) => host.part(name + suffix);
  const { words, statistics } = Explore;
  let view = null;
  let found = null; // selection, balance, sizes of effect and what is picked of the present view

  function count(next) {
    view = next;
    const selection = Explore.selection.select(data, view);
    const balance = Explore.balance.count(data, view, selection.rows);
    const picked = pickedOf(selection, balance);
    const pools = Explore.pool.all(data, view, selection.rows);
    const sizes = Explore.pool.shown(pools, view.pool);
    if (sizes) sizes.said = Explore.captions.pooled(data, sizes);
    found = { selection, balance, members: picked && picked.members, picked, pools, sizes, parts: Explore.balance.parts(data, view, selection.rows) };
    return found;
  }

  // The studies behind a number, or the one behind a mark, with words for them; null where nothing is picked, or where it is no longer there.
  function pickedOf(selection, balance) {
    if (!view.picked) return null;
    const { key, word } = view.picked;
    if (key === Explore.view.STUDY) {
      const study = data.studies.id.indexOf(word);
      return selection.rows.includes(study) ? { members: new Set([study]), said: data.studies.name[study] } : null;
    }
    const row = balance.rows.find((line) => line.key === key);
    return row ? { members: new Set(row.members[word] || []), said: `${row.label}, ${words.small(data.looks[word].label)}` } : null;
  }

  // --- words and numbers ---

  function show() {
    say();
    showPools();
    showNumbers();
  }

  function say() {
    const { parts, selection: { rows, steps }, balance: { by } } = found;
    const one = parts.length === 1 ? words.tookPart(parts[0].studies, parts[0].participants, parts[0].sizeUnknown) : words.counted(rows.length, "study", "studies");
    $("status").textContent = rows.length ? one : "No study meets all conditions.";
    $("parts").textContent = parts.length > 1 ? `${words.parts(parts)}.` : "";
    $("conditions").textContent = steps.length ? steps.map((step) => step.said).join("; ") : "No condition";
    const unit = words.unit(data, view, by);
    $("how-counted").textContent = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}. ${data.lenses[view.lens].meaning}`;
    $("steps").replaceChildren(...steps.map(condition));
    $("steps-empty").hidden = steps.length > 0;
    $("python").textContent = words.python(data, view, by, found.sizes ? found.sizes.pool.id : "");
    const domains = view.chosen[data.domain].length > 0;
    $("by-domain").hidden = !domains;
  }

  function condition(step) {
    const item = cell("li", `${step.said}: ${step.kept} kept, ${step.removed} left out` + (step.unknown ? `, of them ${step.unknown} because not known` : "") + " ");
    if (act.remove) item.append(cell("button", "Remove", { type: "button", "data-step": step.name, "aria-label": `Remove the condition ${step.said}` }));
    return item;
  }

  function showPools() {
    const { pools, sizes } = found;
    $("sizes").hidden = !sizes;
    $("no-sizes").hidden = Boolean(sizes) || !data.pools.list.length;
    if (!sizes) return;
    $("pool").replaceChildren(...pools.map((one) => cell("option", `${one.pool.title}: ${words.counted(one.k, "study", "studies")}`, { value: one.pool.id })));
    $("pool").value = sizes.pool.id;
    $("pool-said").textContent = sizes.said;
  }

  function cell(tag, content, attributes = {}) {
    const element = document.createElement(tag);
    element.append(content);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function showNumbers() {
    const head = ["Studies of", ...words.shown(data, view.lens).map((word) => data.looks[word].label), "In all", "Took part", "Share that points to benefit", "Sign test"];
    $("numbers-head").replaceChildren(...head.map((title) => cell("th", title, { scope: "col" })));
    $("numbers-body").replaceChildren(...found.balance.rows.map((row) => {
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

  // The largest number of a bar, and from end to end of the sizes: what two views have in common.
  function scale() {
    const counts = found.balance.rows.flatMap((row) => words.shown(data, view.lens).map((word) => row.counts[word]));
    return { most: Math.max(0, ...counts), pool: found.sizes && found.sizes.pool.id, domain: found.sizes && Explore.charts.limits(found.sizes) };
  }

  // Both scales in one, where they can be.
  function common(own, other) {
    if (!other) return own;
    const domain = own.pool && own.pool === other.pool ? [Math.min(own.domain[0], other.domain[0]), Math.max(own.domain[1], other.domain[1])] : own.domain;
    return { most: Math.max(own.most, other.most), domain };
  }

  function given(name, width, k, members, shared) {
    const { balance, sizes } = found;
    if (name === "balance") return Explore.charts.balance(data, view.lens, balance.rows, width, k, shared.most);
    if (name === "share") return Explore.charts.share(data, balance.rows, width, k);
    if (name === "forest") return Explore.charts.forest(data, sizes, width, k, shared.domain || undefined);
    return Explore.charts.studies(data, balance.rows, members, width, k);
  }

  function draw(drawable, other = null) {
    const any = found.balance.rows.length > 0;
    $("charts").hidden = !any;
    $("nothing").hidden = any;
    for (const button of $("view").querySelectorAll("[data-picture], [data-all], [data-rows]")) button.disabled = !any;
    if (!any) return [];
    const shared = common(scale(), other);
    const drawn = [];
    for (const name of Explore.CHARTS.filter((one) => one !== "forest" || found.sizes)) {
      const element = $(`chart-${name}`);
      const width = Math.floor(element.clientWidth);
      if (!width) continue; // not on the page yet
      const needed = given(name, width, 1, found.members, shared);
      if (name === "balance") needed.signals.picked = view.picked ? `${view.picked.key}~${view.picked.word}` : "";
      // The height is kept free before the chart is there, so that nothing moves.
      element.style.height = `${Math.ceil(needed.height)}px`;
      element.setAttribute("aria-label", Explore.captions.alt(data, view, found, name));
      if (drawable) drawn.push(Explore.charts.show(name + suffix + host.mark, name, element.firstElementChild, data, needed, width, (datum) => clicked(name, datum)));
    }
    return drawn;
  }

  function clicked(name, datum) {
    if (name === "balance" && datum.key && datum.n) act.pick(...datum.key.split("~"));
    if (["studies", "forest"].includes(name) && datum.i !== undefined) act.pick(Explore.view.STUDY, data.studies.id[datum.i]);
  }

  // --- events ---

  const take = Explore.take(data, suffix, { given: (name, width, k) => given(name, width, k, null, {}), now: () => ({ view, found }), address: host.link, rows: host.rows });

  function listen() {
    $("view").addEventListener("click", (event) => {
      const { key, word, picture, step, all, rows } = event.target.dataset;
      if (key) act.pick(key, word);
      if (picture) take.one(...picture.split("."));
      if (all !== undefined) take.everything();
      if (rows !== undefined) take.studies();
      if (step && act.remove) act.remove(step);
    });
    $("pool").addEventListener("change", () => act.pool($("pool").value));
    $("copy-address").addEventListener("click", copyAddress);
  }

  async function copyAddress() {
    const said = $("copied");
    try {
      await navigator.clipboard.writeText(host.link());
      said.textContent = "Copied.";
    } catch {
      said.textContent = host.copied;
    }
  }

  // The number that was pressed last, for the keyboard to go back to.
  const focus = (key, word) => [...$("numbers-body").querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && one.dataset.word === word)?.focus();

  return { count, show, draw, scale, listen, focus, found: () => found, view: () => view, said: () => $("status").textContent };
};
