// One view on the page: words, charts, numbers, sizes of effect and code. A second one, beside it, has the same parts; their ids end in "-b".

Explore.CHARTS = ["balance", "share", "forest", "studies"];

Explore.panel = (host, suffix, act) => {
  const { data } = host;
  const $ = (name) => host.part(name + suffix);
  const { words, statistics, captions, charts, made } = Explore;
  const { STUDY, LEAN } = Explore.view;
  let found = null; // the view with its selection, balance, sizes of effect, and what is picked

  function count(view) {
    const selection = Explore.selection.select(data, view);
    const { rows } = selection;
    const balance = Explore.balance.count(data, view, rows);
    const pools = Explore.pool.all(data, view, rows, selection.reports);
    const sizes = Explore.pool.shown(pools, view.pool);
    if (sizes) sizes.said = captions.pooled(data, sizes);
    return { data, view, selection, balance, picked: pickedOf(view, rows, balance), pools, sizes, parts: Explore.balance.parts(data, view, rows) };
  }

  // The studies behind a number, or the one behind a mark, with words for them; null where nothing is picked, or where it is no longer there.
  function pickedOf(view, rows, balance) {
    if (!view.picked) return null;
    const { key, word } = view.picked;
    if (key === STUDY) {
      const study = data.studies.id.indexOf(word);
      return rows.includes(study) ? { members: new Set([study]), said: data.studies.name[study] } : null;
    }
    const row = balance.rows.find((line) => line.key === key);
    const what = word === LEAN ? "results that point one way" : row?.called(word);
    return row ? { members: new Set(word === LEAN ? row.pointing : row.members[word]), said: `${row.label}, ${what}` } : null;
  }

  // --- words and numbers ---

  function show(view) {
    found = count(view);
    const { parts, selection: { rows, steps }, balance: { by, beside }, sizes, pools } = found;
    const one = parts.length === 1 ? words.tookPart(parts[0]) : words.counted(rows.length, "study", "studies");
    const unit = words.unit(data, view, by);
    say({
      status: rows.length ? one : "No study meets all conditions.",
      parts: parts.length > 1 ? `${words.parts(parts)}.` : "",
      conditions: steps.map((step) => step.said).join("; ") || "No condition",
      "how-counted": `${words.capital(unit)}. ${data.lenses[view.lens].meaning}${beside}`,
      python: words.python(data, view, by, sizes?.pool.id),
      "pool-said": words.bound(sizes?.said ?? `None of these comparisons has ${data.pools.fewest} studies: nothing is pooled. Choose one to see its studies.`),
    });
    reveal({
      "steps-empty": !steps.length,
      sizes: pools.length, "no-sizes": !pools.length && data.pools.list.length, "pool-drawn": sizes, "pool-pooled": sizes?.result,
    });
    $("steps").replaceChildren(...steps.map(condition));
    const options = pools.map(({ pool, k }) => made("option", `${pool.title}: ${words.counted(k, "study", "studies")}`, { value: pool.id }));
    if (!sizes) options.unshift(made("option", "Choose one", { value: "" }));
    $("pool").replaceChildren(...options);
    $("pool").value = sizes?.pool.id ?? "";
    showNumbers();
    showLegend();
  }

  // What the marks of single studies are called in the questions that are shown.
  function showLegend() {
    const { shown } = data.lenses[found.view.lens];
    for (const one of $("legend").children) {
      const { called } = one.dataset;
      one.hidden = !shown.includes(called);
      if (found.balance.rows.length) one.textContent = words.capital(Explore.balance.callings(found.balance.rows, called));
    }
  }

  const each = (parts, act) => Object.entries(parts).forEach(([name, value]) => act($(name), value));
  const say = (texts) => each(texts, (one, text) => { one.textContent = text; });
  const reveal = (shown) => each(shown, (one, is) => { one.hidden = !is; });

  function condition({ name, said, kept, removed, unknown, what }) {
    const text = `${said}: ${kept} kept, ${removed} left out${unknown ? `, of them ${unknown} with no ${what} stated` : ""} `;
    const button = act.remove && made("button", "Remove", { type: "button", "data-step": name, "aria-label": `Remove the condition ${said}` });
    return made("li", button ? [text, button] : text);
  }

  function showNumbers() {
    const { shown } = data.lenses[found.view.lens];
    const callings = (word) => Explore.balance.callings(found.balance.rows, word);
    const head = ["Studies of", ...shown.map((word) => words.capital(callings(word))), "In all", "Took part", `Share that points to ${callings("benefit")}`, "Sign test"];
    $("numbers-head").replaceChildren(...head.map((title) => made("th", title, { scope: "col" })));
    $("numbers-body").replaceChildren(...found.balance.rows.map((row) => {
      const { n, share, low, high } = row.test;
      const { percent } = statistics;
      const counts = shown.map((word) => button(row, word, row.counts[word], row.called(word)));
      const took = words.tookPartCell(row);
      const lean = n ? button(row, LEAN, words.bound(`${percent(share)} (${percent(low)} to ${percent(high)}) of ${n}`), "results that point one way") : "none has one";
      return made("tr", [
        made("th", row.label, { scope: "row" }),
        ...[...counts, row.units, took].map((content) => made("td", content, { class: "number" })),
        made("td", lean), made("td", statistics.tested(row.test)),
      ]);
    }));
  }

  // A number whose studies can be listed.
  function button({ key, label }, word, said, what) {
    if (!said) return "0";
    const { picked } = found.view;
    return made("button", said, {
      type: "button", class: word === LEAN ? "lean" : "count", "data-key": key, "data-word": word,
      "aria-pressed": picked?.key === key && picked.word === word, "aria-label": `${said}: ${label}, ${what}. List these studies`,
    });
  }

  // --- charts ---

  const drawnNow = () => Explore.CHARTS.filter((name) => name !== "forest" || found.sizes);

  // The largest number of a bar, and from end to end of the sizes: what two views have in common.
  function scale() {
    const { balance, sizes, view } = found;
    const counts = balance.rows.flatMap((row) => data.lenses[view.lens].shown.map((word) => row.counts[word]));
    return { most: Math.max(0, ...counts), pool: sizes?.pool.id, domain: sizes && charts.limits(sizes) };
  }

  // All scales in one, where they can be.
  function common(scales) {
    const ends = scales.filter(({ pool }) => pool === found.sizes?.pool.id).flatMap(({ domain }) => domain);
    return { most: Math.max(...scales.map(({ most }) => most)), domain: [Math.min(...ends), Math.max(...ends)] };
  }

  function draw(drawable, scales) {
    const any = found.balance.rows.length > 0;
    reveal({ charts: any, nothing: !any });
    reveal({ sideways: $("numbers").scrollWidth > $("numbers").clientWidth });
    for (const one of $("view").querySelectorAll("[data-picture], [data-all], [data-rows]")) one.disabled = !any;
    const width = any ? Math.floor($("view").clientWidth) : 0;
    if (!width) return []; // nothing to draw, or not on the page yet
    const shared = common(scales);
    return drawnNow().map((name) => {
      const [element, needed] = [$(`chart-${name}`), charts[name]({ ...found, shared, width, k: 1 })];
      // The height is kept free before the chart is there, so that nothing moves.
      element.style.height = `${Math.ceil(needed.height)}px`;
      element.setAttribute("aria-label", captions.alt(found, name));
      return drawable && charts.show(name + suffix + host.mark, name, element.firstElementChild, needed, width, clicked);
    });
  }

  function clicked({ key, n, i }) {
    if (!key && i !== undefined) act.pick(panel, STUDY, data.studies.id[i]);
    if (key && n) act.pick(panel, ...key.split("~"));
  }

  // --- events ---

  const take = Explore.take(host, suffix, () => found, drawnNow);

  function listen() {
    $("view").addEventListener("click", ({ target: { dataset: { key, word, picture, step, all, rows } } }) => {
      if (key) act.pick(panel, key, word);
      if (picture) take.one(...picture.split("."));
      if (all !== undefined) take.everything();
      if (rows !== undefined) take.studies();
      if (step) act.remove(step);
    });
    $("pool").addEventListener("change", () => act.pool(found.view, $("pool").value));
    $("copy-address").addEventListener("click", async () => {
      const copying = navigator.clipboard?.writeText(host.link()) ?? Promise.reject();
      $("copied").textContent = await copying.then(() => "Copied.", () => `Copy it from here: ${host.link()}`);
    });
  }

  // The number that was pressed last, for the keyboard to go back to.
  const focus = (key, word) => $("numbers-body").querySelector(`[data-key="${CSS.escape(key)}"][data-word="${CSS.escape(word)}"]`)?.focus();

  const panel = { show, draw, scale, listen, focus, found: () => found, said: () => $("status").textContent };
  return panel;
};
