// Charts by Vega, from the specifications of the package; here is only what they are given: rows, widths and colours of the page.

Explore.charts = (() => {
  const NARROW = 600;
  const MANY = 400; // marks beyond which they are painted, not parts of the page
  const views = {};
  // Expressions are interpreted, so that the page needs no permission to run text as code.
  const options = { mode: "vega", ast: true, actions: false, defaultStyle: false, tooltip: false, renderer: "svg", logLevel: 1 };

  function colors(element) {
    const style = getComputedStyle(element);
    return Object.fromEntries(["ink", "soft", "faint"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }
  const ON_PAPER = { ink: "#222222", soft: "#444444", faint: "#d9d9d9", paper: "#ffffff" };

  // --- what each chart is given: signals and data, for a width in pixels and a size of letters ---

  function labelled(rows, width, k, narrow, share) {
    const labelWidth = narrow ? 0 : Math.min(share * width, Math.max(90 * k, 24 * k + 7.2 * k * Math.max(...rows.map((row) => row.label.length))));
    const most = Math.floor((narrow ? width : labelWidth - 16 * k) / (7.2 * k));
    const lines = rows.map((row) => (narrow ? [row.label] : Explore.words.wrap(row.label, Math.max(8, most))));
    return { labelWidth, lines, most: Math.max(1, ...lines.map((line) => line.length)) };
  }

  // `shared`: the largest number, and the ends, beside which it is drawn, so that two views have one scale.
  function balance({ data, view, balance: { rows }, width, k, shared: { most = 0 }, picked }) {
    const narrow = width < NARROW;
    const words = data.lenses[view.lens].shown;
    const label = labelled(rows, width, k, narrow, 0.3);
    const columns = words.map((word) => ({ word, ...data.looks[word], reverse: word === "harm", max: Math.max(0, ...rows.map((row) => row.counts[word])) }));
    const signals = { narrow, k, line: 22 * k, picked: keyOf(view, picked, false) };
    if (narrow) {
      signals.labelWidth = 24 + 7.4 * Math.max(...columns.map((column) => column.label.length));
      signals.unit = (width - signals.labelWidth - 40) / Math.max(1, most, ...columns.map((column) => column.max));
      signals.rowHeight = signals.line * (words.length + 1) + 16;
      signals.top = 4;
    } else {
      signals.labelWidth = label.labelWidth;
      signals.rowHeight = Math.max(42, 16 * label.most + 16) * k;
      signals.unit = place(columns, label.labelWidth, width, k);
      signals.top = (26 + 14 * (Math.max(...columns.map((column) => column.name.length)) - 1)) * k;
    }
    const cells = rows.flatMap((row, r) => columns.map((column, i) => {
      const n = row.counts[column.word];
      return { ...column, row: r, i, n, name: column.label, key: `${row.key}~${column.word}`, said: `${row.label}: ${column.label}, ${n} of ${row.units}` };
    }));
    return {
      signals, height: signals.top + rows.length * signals.rowHeight + 6,
      tables: { rows: rows.map((row, r) => ({ row: r, label: label.lines[r] })), columns: narrow ? [] : columns, cells },
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
    const room = 34 * k;
    for (const column of columns) {
      column.name = Explore.words.wrap(column.label, 11);
      column.least = (34 + 7.4 * Math.max(...column.name.map((line) => line.length))) * k;
    }
    let unit = 0;
    let fixed = [];
    for (let turn = 0; turn <= columns.length; turn++) {
      const free = columns.filter((column) => !fixed.includes(column));
      const left = width - start - fixed.reduce((sum, column) => sum + column.least, 0) - free.length * room;
      unit = Math.max(0.2, left / Math.max(1, free.reduce((sum, column) => sum + column.max, 0)));
      const more = free.filter((column) => column.max * unit + room < column.least);
      if (!more.length) break;
      fixed = [...fixed, ...more];
    }
    let x = start;
    for (const column of columns) {
      column.w = Math.max(column.max * unit + room, column.least) - (column.reverse ? 0 : 6 * k);
      column.x = x;
      x += column.w + (column.reverse ? 0 : 6 * k);
    }
    return unit;
  }

  function share({ data, view, balance: { rows }, width, k, picked }) {
    const narrow = width < NARROW;
    const label = labelled(rows, width, k, narrow, 0.3);
    const rowHeight = narrow ? 64 : Math.max(36, 16 * label.most + 12) * k;
    const { percent, pText, verdict } = Explore.statistics;
    const said = ({ n, benefit, tooFew, p, pWorst, silent }) => (n === 0 ? "no printed direction" : `${benefit} of ${n}, ${tooFew ? "too few to test" : pText(p)}${silent && !tooFew ? `; worst ${pText(pWorst)}` : ""}`);
    const lean = (share) => (share > 0.5 ? "benefit" : share < 0.5 ? "harm" : "no_clear_difference");
    return {
      signals: { narrow, k, rowHeight, labelWidth: label.labelWidth, saidWidth: 235 * k, picked: keyOf(view, picked, true) }, height: rows.length * rowHeight + 48 * k,
      tables: {
        rows: rows.map(({ key, test }, r) => ({
          row: r, key: `${key}~${Explore.view.LEAN}`, n: test.n, label: label.lines[r], share: test.share, low: test.low, high: test.high, said: narrow && test.n ? `${percent(test.share)}: ${said(test)}` : said(test),
          verdict: verdict(test), color: data.looks[lean(test.share)].color, shape: data.looks[lean(test.share)].shape,
        })),
      },
    };
  }

  function studies({ data, balance: rows, picked, k }) {
    const { year, n, name } = data.studies;
    const points = Explore.balance.votes(rows).map(({ i, word }) => {
      const { color, shape, small } = data.looks[word];
      const said = `${name[i]}: ${small}, ${n[i] === null ? "size not known" : `${Explore.words.number(n[i])} took part`}`;
      return { i, year: year[i], n: n[i], color, shape, picked: Boolean(picked?.members.has(i)), said };
    });
    const shown = points.filter((point) => point.year !== null);
    // Marks of unknown size stand on each other, year by year.
    const stacks = new Map();
    for (const point of shown) {
      if (point.n !== null) continue;
      const key = point.year;
      point.stack = stacks.get(key) || 0;
      stacks.set(key, point.stack + 1);
    }
    const most = Math.max(1, ...stacks.values());
    const step = Math.min(12, 120 / most) * k;
    const largest = Math.max(1, ...shown.map((point) => point.n || 0));
    const powers = Array.from({ length: Math.ceil(Math.log10(largest)) + 1 }, (_, i) => 10 ** i);
    return { signals: { k, step, most, powers, picked: Boolean(picked) }, height: 310 * k + step * (most - 1), tables: { points: shown } };
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
    if (!log) {
      const rough = (high - low) / most;
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) || 10);
      const first = Math.ceil(low / step);
      return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => ({ at: (first + i) * step, label: String(Number(((first + i) * step).toPrecision(6))).replace("-", "−") }));
    }
    const powers = Array.from({ length: 40 }, (_, i) => i - 20);
    const all = (steps) => powers.flatMap((power) => steps.map((step) => Number((step * 10 ** power).toPrecision(3)))).filter((value) => Math.log(value) >= low && Math.log(value) <= high);
    const found = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map(all).find((values) => values.length <= most) || [1];
    return found.map((value) => ({ at: Math.log(value), label: String(value) }));
  }

  // Which side of no difference is benefit, where the directions of the studies say so with one voice.
  function benefitSide({ pool, rows }) {
    const known = rows.filter((row) => pool.rows.direction[row] && pool.rows.estimate[row]);
    const sides = new Set(known.map((row) => (pool.rows.estimate[row] > 0 === pool.rows.direction[row] > 0 ? "right" : "left")));
    return sides.size === 1 ? [...sides][0] : "";
  }

  function forest({ data, sizes, width, k, shared }) {
    const { pool, rows, result } = sizes;
    const domain = shared.domain || limits(sizes);
    const narrow = width < NARROW;
    const on = (value) => (pool.log ? Math.log(value) : value);
    const names = [...rows.map((row) => ({ label: data.studies.name[pool.rows.study[row]] })), { label: narrow ? "Pooled" : "Pooled (REML, Hartung-Knapp)" }];
    const label = labelled(names, width, k, narrow, 0.28);
    const lines = rows.map((row, r) => {
      const { study, low, high, estimate, printed, outcome, direction } = pool.rows;
      const said = Explore.pool.said(printed[row], low[row], high[row]);
      const look = direction[row] > 0 ? "benefit" : direction[row] < 0 ? "harm" : "no_clear_difference";
      return {
        row: r, i: study[row], label: label.lines[r], estimate: estimate[row], low: on(low[row]), high: on(high[row]), weight: result ? result.weights[r] : 1 / rows.length,
        said, words: `${data.studies.name[study[row]]}: ${pool.measure} ${said}; ${outcome[row]}`, color: data.looks[look].color, pooled: false,
      };
    });
    if (result) {
      const { estimate, low, high } = result.printed;
      lines.push({
        row: lines.length, label: label.lines.at(-1), estimate: result.estimate, low: result.guardedLow, high: result.guardedHigh, pooled: true,
        predictionLow: result.hkPredictionLow, predictionHigh: result.hkPredictionHigh, said: Explore.pool.said(estimate, low, high),
      });
    }
    const rowHeight = narrow ? 48 : Math.max(30, 16 * label.most + 10) * k;
    const saidWidth = 170 * k;
    const room = narrow ? width - 16 : width - label.labelWidth - saidWidth;
    const side = benefitSide(sizes);
    const sides = side ? ["left", "right"].map((end) => ({ left: end === "left", label: pool.sides[end === side ? "benefit" : "harm"] })) : [];
    return {
      signals: { narrow, k, rowHeight, labelWidth: label.labelWidth, saidWidth, domain, none: pool.log ? 0 : pool.null, axis: `${pool.label}, 95\u00a0% interval; ${pool.null} is no difference` },
      height: lines.length * rowHeight + 64 * k,
      tables: { rows: lines, ticks: ticks(pool.log, domain, Math.max(2, Math.floor(room / (58 * k)))), sides: sides.map((one) => ({ ...one, label: `${one.left ? "← " : ""}${one.label}${one.left ? "" : " →"}` })) },
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
    view.width(width).height(given.height);
    for (const [name, value] of Object.entries({ ...given.signals, ...look })) view.signal(name, value);
    for (const [name, rows] of Object.entries(given.tables)) view.data(name, rows);
    return view;
  }

  // Colours for paper, at once: a browser does not wait for what comes later.
  function forPaper() {
    const { ink, soft, faint } = ON_PAPER;
    for (const { view } of Object.values(views)) view.signal("ink", ink).signal("soft", soft).signal("faint", faint).run();
  }

  // A picture of its own for a slide or a page: white, with title, number of studies, lens, what could not be placed, and source.
  async function picture(name, given, width, texts, kind) {
    const holder = document.createElement("div");
    const spec = { ...EVIDENCE_SPECS[name], autosize: "pad", padding: 28 * given.signals.k };
    const { view } = await vegaEmbed(holder, spec, { ...options, renderer: "none" });
    const look = { ...ON_PAPER, font: "'DejaVu Sans', Verdana, sans-serif", ...texts };
    await filled(view, given, width, look).runAsync();
    const made = kind === "svg" ? await view.toSVG() : await view.toImageURL("png", 1.5);
    view.finalize();
    return made;
  }

  return { balance, share, studies, forest, limits, show, forPaper, picture };
})();
