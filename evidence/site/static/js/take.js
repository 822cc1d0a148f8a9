"use strict";
// What is taken along of a view: each chart as a picture, its numbers, and its words with alt text and source; all of it in one archive.
window.Explore = window.Explore || {};

Explore.take = (data, suffix, { given, now, address, rows }) => {
  const { words, captions, download } = Explore;
  const SLIDE = { width: 1120, k: 1.45 }; // pixels, and how much larger its letters are
  const file = (name, kind) => `${name}${suffix}.${kind}`;

  async function picture(name, kind) {
    const { view, found } = now();
    const texts = captions.slide(data, view, found, name);
    const made = await Explore.charts.picture(name, data, given(name, SLIDE.width, SLIDE.k), SLIDE.width, texts, kind);
    return kind === "svg" ? download.described(made, texts.title.join(" "), `${captions.alt(data, view, found, name)} ${texts.notes.join(" ")}`) : made;
  }

  // --- numbers ---

  function numbers(name) {
    const { view, found } = now();
    const { balance, sizes } = found;
    if (name === "balance") {
      const shown = words.shown(data, view.lens);
      return download.csv(["row", ...shown, "units", "participants", "size_unknown"], balance.rows.map((row) => [row.label, ...shown.map((word) => row.counts[word]), row.units, row.participants, row.sizeUnknown]));
    }
    if (name === "share") {
      const tests = balance.rows.map(({ label, test }) => [label, test.benefit, test.harm, test.silent, test.n, test.share, test.low, test.high, test.p, test.pWorst]);
      return download.csv(["row", "benefit", "harm", "no_printed_direction", "directional", "share", "ci_low", "ci_high", "p_value", "p_worst"], tests);
    }
    if (name === "studies") {
      const { id, name: names, year, n } = data.studies;
      const lines = balance.rows.flatMap((row) => Object.entries(row.members).flatMap(([word, members]) => members.map((i) => [id[i], names[i], row.label, word, year[i], n[i]])));
      return download.csv(["study_id", "study", "row", "vote", "year", "sample_size"], lines);
    }
    return forest(sizes);
  }

  function forest({ pool, rows, result }) {
    const { study, finding, outcome, estimate, low, high, se } = pool.rows;
    const printed = (value) => Explore.pool.printed(pool, value);
    const lines = rows.map((row, r) => ["study", data.studies.id[study[row]], finding[row], outcome[row], pool.measure, printed(estimate[row]), low[row], high[row], se[row], result ? result.weights[r] : null, null, null, null]);
    if (result) lines.push(["pooled", null, null, pool.title, pool.measure, printed(result.estimate), printed(result.guardedLow), printed(result.guardedHigh), result.se, 1, printed(result.hkPredictionLow), printed(result.hkPredictionHigh), result.tau2]);
    return download.csv(["kind", "study_id", "finding_id", "outcome", "measure", "estimate", "ci_low", "ci_high", "se", "weight", "prediction_low", "prediction_high", "tau2"], lines);
  }

  // --- words ---

  const code = (text) => `import evidence\n${data.code.load}\n${text}\n`;

  function python() {
    const { view, found } = now();
    return code(words.python(data, view, found.balance.by, found.sizes ? found.sizes.pool.id : ""));
  }

  function text(name) {
    const { view, found } = now();
    const { title, subtitle } = captions.slide(data, view, found, name);
    const parts = [title.join(" "), subtitle.join(" "), `Alt text: ${captions.alt(data, view, found, name)}`, captions.notes(data, found, name).join("\n"), `Address: ${address()}`, python()];
    return parts.join("\n\n");
  }

  // --- files ---

  async function one(name, kind) {
    if (kind === "csv") download.saveText(file(name, "csv"), numbers(name), "text/csv;charset=utf-8");
    else if (kind === "txt") download.saveText(file(name, "txt"), text(name), "text/plain;charset=utf-8");
    else if (kind === "svg") download.saveText(file(name, "svg"), await picture(name, "svg"), "image/svg+xml");
    else download.save(file(name, "png"), await picture(name, "png"));
  }

  const chosen = () => { const { found } = now(); return found.members ? [...found.members] : found.selection.rows; };

  async function studies() {
    download.saveText(file("studies", "csv"), download.rows(data, chosen(), await rows()), "text/csv;charset=utf-8");
  }

  async function everything() {
    const files = [];
    for (const name of Explore.CHARTS.filter((chart) => chart !== "forest" || now().found.sizes)) {
      for (const kind of ["png", "svg"]) files.push([`${name}.${kind}`, await picture(name, kind)]);
      files.push([`${name === "studies" ? "each-study" : name}.csv`, numbers(name)], [`${name}.txt`, text(name)]);
    }
    files.push(["studies.csv", download.rows(data, chosen(), await rows())], ["view.py", python()]);
    download.saveBytes(file("view", "zip"), download.zip(files), "application/zip");
  }

  return { one, studies, everything };
};
