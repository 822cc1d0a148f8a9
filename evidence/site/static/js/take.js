// What is taken along of a view: each chart as a picture, its numbers, and its words with alt text and source; all of it in one archive.

Explore.take = (host, suffix, now, drawnNow) => {
  const { words, captions, charts, download } = Explore;
  const { data } = host;
  const SLIDE = { width: 1120, k: 1.45, picked: null, shared: {} }; // pixels, and how much larger its letters are
  const TYPES = { csv: "text/csv;charset=utf-8", txt: "text/plain;charset=utf-8", svg: "image/svg+xml", png: "image/png", zip: "application/zip" };

  async function picture(name, kind) {
    const found = now();
    const texts = captions.slide(found, name);
    const made = await charts.picture(name, charts[name]({ ...found, ...SLIDE }), SLIDE.width, texts, kind);
    if (kind === "png") return new Promise((done) => made.toBlob(done));
    return download.described(made, texts.title.join(" "), `${captions.alt(found, name)} ${texts.notes.join(" ")}`);
  }

  // --- numbers: the head of a table, and its rows ---

  const tables = {
    balance({ balance, view }) {
      const { shown } = data.lenses[view.lens];
      const rows = balance.rows.map((row) => [row.label, ...shown.map((word) => row.counts[word]), row.units, row.participants, row.sizeUnknown]);
      return [["row", ...shown, "units", "participants", "size_unknown"], rows];
    },
    share({ balance }) {
      const rows = balance.rows.map(({ label, test }) => [label, test.benefit, test.harm, test.silent, test.n, test.share, test.low, test.high, test.p, test.pWorst, test.once?.shared, test.once?.p, test.once?.pWorst]);
      return [["row", "benefit", "harm", "no_printed_direction", "directional", "share", "ci_low", "ci_high", "p_value", "p_worst", "shared_reports", "p_once", "p_once_worst"], rows];
    },
    studies({ balance }) {
      const { id, name, year, n } = data.studies;
      const rows = Explore.balance.votes(balance).map(({ i, row, word }) => [id[i], name[i], row.label, word, year[i], n[i]]);
      return [["study_id", "study", "row", "vote", "year", "sample_size"], rows];
    },
    forest({ sizes: { pool, rows, result } }) {
      const { study, finding, outcome, printed, low, high, se, main } = pool.rows;
      const lines = rows.map((row, r) => ["study", data.studies.id[study[row]], finding[row], outcome[row], pool.measure, printed[row], low[row], high[row], se[row], result?.weights[r], null, null, null, main[row]]);
      const { estimate, low: least, high: most, predictionLow, predictionHigh } = result?.printed || {};
      if (result) lines.push(["pooled", null, null, pool.title, pool.measure, estimate, least, most, result.se, 1, predictionLow, predictionHigh, result.tau2, null]);
      return [["kind", "study_id", "finding_id", "outcome", "measure", "estimate", "ci_low", "ci_high", "se", "weight", "prediction_low", "prediction_high", "tau2", "main_result"], lines];
    },
  };
  const numbers = (name) => download.csv(...tables[name](now()));

  // --- words ---

  const python = () => `import evidence\n${data.code.load}\n${words.python(data, now().view, now().balance.by, now().sizes?.pool.id)}\n`;

  function text(name) {
    const { title, subtitle } = captions.slide(now(), name);
    const notes = captions.notes(now(), name).join("\n");
    return [title.join(" "), subtitle.join(" "), `Alt text: ${captions.alt(now(), name)}`, notes, `Address: ${host.link()}`, python()].join("\n\n");
  }

  // --- files ---

  const save = (name, kind, content) => download.save(`${name}${suffix}.${kind}`, content, TYPES[kind]);
  const made = { csv: numbers, txt: text, svg: (name) => picture(name, "svg"), png: (name) => picture(name, "png") };

  async function rows() {
    const { head, lines } = await host.load("rows");
    const { picked, selection } = now();
    const chosen = picked ? [...picked.members] : selection.rows;
    return [head, ...chosen.map((i) => lines[data.studies.id[i]]), ""].join("\n");
  }

  async function everything() {
    const files = [["studies.csv", await rows()], ["view.py", python()]];
    for (const name of drawnNow()) {
      for (const [kind, make] of Object.entries(made)) files.push([`${name === "studies" && kind === "csv" ? "each-study" : name}.${kind}`, await make(name)]);
    }
    save("view", "zip", await download.zip(files));
  }

  return { everything, one: async (name, kind) => save(name, kind, await made[kind](name)), studies: async () => save("studies", "csv", await rows()) };
};
