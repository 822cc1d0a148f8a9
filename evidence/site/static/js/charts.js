// Charts by Vega, from the specifications of the package; here is only what they are given: rows, widths and colours of the page.

Explore.charts = (() => {
  const NARROW = 600;
  const MANY = 400; // marks beyond which they are painted, not parts of the page
  const views = {};
  // Expressions are interpreted, so that the page needs no permission to run text as code.
  const options = { mode: "vega", ast: true, actions: false, defaultStyle: false, tooltip: false, renderer: "svg", logLevel: 1 };

  const ON_PAPER = { ink: "#222222", soft: "#444444", faint: "#d9d9d9" };
  function colors(element) {
    const style = getComputedStyle(element);
    return Object.fromEntries(Object.keys(ON_PAPER).map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  // --- what each chart is given: signals and data, for a width in pixels and a size of letters ---

  const longest = (texts) => Math.max(...texts.map((text) => text.length));

  // Labels in lines, beside what is drawn, or above it where there is no room; how wide they are, and how many lines the longest has.
  function labelled(labels, width, k, share = 0.3) {
    const narrow = width < NARROW;
    const labelWidth = narrow ? 0 : Math.min(share * width, Math.max(90 * k, 24 * k + 7.2 * k * longest(labels)));
    const most = Math.floor((narrow ? width : labelWidth - 16 * k) / (7.2 * k));
    const lines = labels.map((label) => (narrow ? [label] : Explore.words.wrap(label, Math.max(8, most))));
    return { narrow, labelWidth, lines, tallest: Math.max(1, longest(lines)) };
  }

  // `shared`: the largest number, and the ends, beside which it is drawn, so that two views have one scale.
  function balance({ data, view, balance: { rows }, width, k, shared: { most = 0 }, picked }) {
    const words = data.lenses[view.lens].shown;
    const { narrow, labelWidth, lines, tallest } = labelled(rows.map((row) => row.label), width, k);
    const columns = words.map((word) => ({ word, ...data.looks[word], label: Explore.words.capital(Explore.balance.callings(rows, word)), reverse: word === "harm", max: Math.max(0, ...rows.map((row) => row.counts[word])) }));
    const signals = { narrow, k, line: 22 * k, picked: keyOf(view, picked, false) };
    if (narrow) {
      signals.labelWidth = 24 + 7.4 * longest(columns.map((column) => column.label));
      signals.unit = (width - signals.labelWidth - 40) / Math.max(1, most, ...columns.map((column) => column.max));
      signals.rowHeight = signals.line * (words.length + 1) + 16;
      signals.top = 4;
    } else {
      signals.labelWidth = labelWidth;
      signals.rowHeight = Math.max(42, 16 * tallest + 16) * k;
      signals.unit = place(columns, labelWidth, width, k);
      signals.top = (12 + 14 * longest(columns.map((column) => column.name))) * k;
    }
    const cells = rows.flatMap((row, r) => columns.map((column, i) => {
      const n = row.counts[column.word];
      return { ...column, row: r, i, n, name: column.label, key: `${row.key}~${column.word}`, said: `${row.label}: ${row.called(column.word)}, ${n} of ${row.units}` };
    }));
    return {
      signals, height: signals.top + rows.length * signals.rowHeight + 6,
      tables: { rows: lines.map((label, row) => ({ row, label })), columns: narrow ? [] : columns, cells },
    };
  }

  // The bar, or the mark of a share, that is picked; a slide has none.
  function keyOf(view, picked, leans) {
    const { STUDY, LEAN } = Explore.view;
    const { key, word } = view.picked || {};
    return picked && key !== STUDY && (word === LEAN) === leans ? `${key}~${word}` : "";
  }

  // Places the columns beside each other, all on one scale; returns the pixels of a study. A column is at least as wide as its name.
  function place(columns, start, width, k) {
    for (const column of columns) {
      column.name = Explore.words.wrap(column.label, 11);
      column.least = (34 + 7.4 * longest(column.name)) * k;
    }
    const wide = ({ max, least }, unit) => Math.max(max * unit + 34 * k, least);
    const fits = (unit) => columns.reduce((sum, column) => sum + wide(column, unit), start) <= width;
    let [unit, most] = [0.2, width];
    for (let turn = 0; turn < 50; turn++) {
      const middle = (unit + most) / 2;
      if (fits(middle)) unit = middle;
      else most = middle;
    }
    let x = start;
    for (const column of columns) {
      const all = wide(column, unit);
      Object.assign(column, { x, w: all - (column.reverse ? 0 : 6 * k) });
      x += all;
    }
    return unit;
  }

  // How it looks: 1 is benefit, -1 harm.
  const lookOf = (data, direction) => data.looks[["no_clear_difference", "benefit", "harm"].at(direction)];

  function share({ data, view, balance: { rows }, width, k, picked }) {
    const { narrow, labelWidth, lines, tallest } = labelled(rows.map((row) => row.label), width, k);
    const rowHeight = narrow ? 64 : Math.max(36, 16 * tallest + 12) * k;
    const { percent, pText, verdict, bears } = Explore.statistics;
    const said = (test) => {
      const { n, benefit, tooFew, p, pWorst, silent, once } = test;
      if (n === 0) return "no printed direction";
      if (bears(test)) return `${benefit} of ${n}; groups once: ${once.tooFew ? "too few" : once.silent ? `worst ${pText(once.pWorst)}` : pText(once.p)}`;
      return `${benefit} of ${n}, ${tooFew ? "too few to test" : pText(p)}${silent && !tooFew ? `; worst ${pText(pWorst)}` : ""}`;
    };
    return {
      signals: { narrow, k, rowHeight, labelWidth, saidWidth: 235 * k, axis: `Share of ${Explore.balance.callings(rows, "benefit")}`, picked: keyOf(view, picked, true) }, height: rows.length * rowHeight + 48 * k,
      tables: {
        rows: rows.map(({ key, test, called }, r) => ({
          ...lookOf(data, Math.sign(test.share - 0.5)), ...test, row: r, key: `${key}~${Explore.view.LEAN}`, label: lines[r],
          said: narrow && test.n ? `${percent(test.share)}: ${said(test)}` : said(test), verdict: verdict(test, called("benefit")),
        })),
      },
    };
  }

  function studies({ data, balance: rows, picked, k }) {
    const { year, n, name } = data.studies;
    const points = Explore.balance.votes(rows).map(({ i, row, word }) => {
      const { color, shape } = data.looks[word];
      const said = `${name[i]}: ${row.called(word)}, ${n[i] === null ? "size not known" : `${Explore.words.number(n[i])} took part`}`;
      return { i, year: year[i], n: n[i], color, shape, picked: Boolean(picked?.members.has(i)), said };
    });
    const shown = points.filter((point) => point.year !== null);
    // Marks of unknown size stand on each other, year by year.
    const stacks = [...Map.groupBy(shown.filter((point) => point.n === null), (point) => point.year).values()];
    for (const stack of stacks) stack.forEach((point, i) => { point.stack = i; });
    const most = Math.max(1, longest(stacks));
    const step = Math.min(12, 120 / most) * k;
    return { signals: { k, step, most, picked: Boolean(picked) }, height: 310 * k + step * (most - 1), tables: { points: shown } };
  }

  // --- sizes of effect, on the scale of pooling ---

  // From end to end of what is drawn; intervals that are very much wider are cut off.
  function limits(one) {
    const { pool, rows, result } = one;
    const none = pool.log ? 0 : pool.null;
    const on = (values) => rows.map((row) => (pool.log ? Math.log(values[row]) : values[row]));
    const middle = [none, ...rows.map((row) => pool.rows.estimate[row]), ...(result ? [result.guardedLow, result.guardedHigh] : [])];
    const [least, most] = [Math.min(...middle), Math.max(...middle)];
    const more = Math.max(0.5 * (most - least), 1e-6);
    const ends = [...on(pool.rows.low), ...on(pool.rows.high), ...(result ? [result.hkPredictionLow, result.hkPredictionHigh] : [])].filter(Number.isFinite);
    const [low, high] = [Math.max(Math.min(least, ...ends), least - more), Math.min(Math.max(most, ...ends), most + more)];
    const margin = 0.02 * (high - low);
    return [low - margin, high + margin];
  }

  // Round numbers as printed, with their places; no more than fit.
  function ticks(log, [low, high], most) {
    const powers = Array.from({ length: 40 }, (_, i) => i - 20);
    const all = (steps) => powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
    if (!log) {
      const step = all([1, 2, 5]).find((one) => one * most >= high - low);
      const first = Math.ceil(low / step);
      const places = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
      return places.map((at) => ({ at, label: String(Number(at.toPrecision(6))).replace("-", "−") }));
    }
    const fitting = (steps) => all(steps).filter((value) => Math.log(value) >= low && Math.log(value) <= high);
    const found = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map(fitting).find((values) => values.length <= most) || [1];
    return found.map((value) => ({ at: Math.log(value), label: String(value) }));
  }

  // What the sides of no difference are called, where the directions of the studies say so with one voice.
  function sides({ pool, rows }) {
    const { direction, estimate } = pool.rows;
    const known = rows.filter((row) => direction[row] && estimate[row]);
    const found = new Set(known.map((row) => estimate[row] > 0 === direction[row] > 0));
    if (found.size !== 1) return [];
    const [left, right] = found.has(true) ? ["harm", "benefit"] : ["benefit", "harm"];
    return [{ left: true, label: `← ${pool.sides[left]}` }, { left: false, label: `${pool.sides[right]} →` }];
  }

  function forest({ data, sizes, width, k, shared }) {
    const { pool, rows, result } = sizes;
    const domain = shared.domain || limits(sizes);
    const on = (value) => (pool.log ? Math.log(value) : value);
    const names = rows.map((row) => data.studies.name[pool.rows.study[row]]);
    const labels = [...names, width < NARROW ? "Pooled" : "Pooled (REML, Hartung-Knapp)"];
    const { narrow, labelWidth, lines, tallest } = labelled(labels, width, k, 0.28);
    const shown = rows.map((row, r) => {
      const { study, low, high, estimate, printed, outcome, direction } = pool.rows;
      const said = Explore.words.sized(printed[row], low[row], high[row]);
      return {
        row: r, i: study[row], label: lines[r], estimate: estimate[row], low: on(low[row]), high: on(high[row]), weight: result ? result.weights[r] : 1 / rows.length,
        said, words: `${names[r]}: ${pool.measure} ${said}; ${outcome[row]}`, color: lookOf(data, direction[row]).color, pooled: false,
      };
    });
    if (result) {
      const { estimate, low, high } = result.printed;
      shown.push({
        row: shown.length, label: lines.at(-1), estimate: result.estimate, low: result.guardedLow, high: result.guardedHigh, pooled: true,
        predictionLow: result.hkPredictionLow, predictionHigh: result.hkPredictionHigh, said: Explore.words.sized(estimate, low, high),
      });
    }
    const rowHeight = narrow ? 48 : Math.max(30, 16 * tallest + 10) * k;
    const saidWidth = 170 * k;
    const room = narrow ? width - 16 : width - labelWidth - saidWidth;
    return {
      signals: { narrow, k, rowHeight, labelWidth, saidWidth, domain, none: pool.log ? 0 : pool.null, axis: `${pool.label}${pool.scale ? `, ${pool.scale}` : ""}, 95\u00a0% interval; ${pool.null} is no difference` },
      height: shown.length * rowHeight + 64 * k,
      tables: { rows: shown, ticks: ticks(pool.log, domain, Math.max(2, Math.floor(room / (58 * k)))), sides: sides(sizes) },
    };
  }

  // --- drawing ---

  // Each chart of the page is kept under its key, and filled anew.
  async function show(key, name, element, given, width, onClick) {
    const renderer = Object.values(given.tables).flat().length > MANY ? "canvas" : "svg";
    if (views[key]?.renderer !== renderer) {
      views[key]?.view.finalize();
      const { view } = await vegaEmbed(element, EVIDENCE_SPECS[name], { ...options, renderer });
      view.addEventListener("click", (event, item) => item?.datum && onClick(item.datum));
      views[key] = { view, renderer };
    }
    await filled(views[key].view, given, width, colors(element)).runAsync();
  }

  function filled(view, given, width, look) {
    for (const [name, rows] of Object.entries(given.tables)) view.data(name, rows);
    return signalled(view.width(width).height(given.height), { ...given.signals, ...look });
  }

  function signalled(view, signals) {
    for (const [name, value] of Object.entries(signals)) view.signal(name, value);
    return view;
  }

  // Colours for paper, at once: a browser does not wait for what comes later.
  function forPaper() {
    for (const { view } of Object.values(views)) signalled(view, ON_PAPER).run();
  }

  // A picture of its own for a slide or a page: white, with title, number of studies, lens, what could not be placed, and source.
  async function picture(name, given, width, texts, kind) {
    const spec = { ...EVIDENCE_SPECS[name], autosize: "pad", padding: 28 * given.signals.k };
    const { view } = await vegaEmbed(Explore.made("div"), spec, { ...options, renderer: "none" });
    const look = { ...ON_PAPER, paper: "#ffffff", font: "'DejaVu Sans', Verdana, sans-serif", ...texts };
    await filled(view, given, width, look).runAsync();
    const made = await (kind === "svg" ? view.toSVG() : view.toCanvas(1.5));
    view.finalize();
    return made;
  }

  return { balance, share, studies, forest, limits, show, forPaper, picture };
})();
