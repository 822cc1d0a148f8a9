// Which studies meet the conditions, with an account of every step: the same steps, in the same order, as ev.select(...) in Python.

Explore.selection = (() => {
  const { NOT, ANY, NONE } = Explore.view;
  const isOut = (value) => value.startsWith(NOT) && value !== NONE;
  const out = (values) => values.filter(isOut).map((value) => value.slice(NOT.length));
  const plain = (values) => values.filter((value) => value !== ANY && !value.startsWith(NOT));

  // Whether the codes of a cell meet a condition, if there is one: one of the wanted values and none of those that are ruled out; with the latter alone, an empty cell meets it too.
  function met(data, name, chosen) {
    if (!chosen.length) return () => true;
    const place = new Map(data.columns[name].values.map((value, i) => [value, i]));
    const codes = (values) => new Set(values.map((value) => place.get(value)));
    const [wanted, without, filled, empty] = [codes(plain(chosen)), codes(out(chosen)), chosen.includes(ANY), chosen.includes(NONE)];
    const only = without.size && !wanted.size && !filled && !empty;
    return (cell) => !cell.some((code) => without.has(code)) && (only || (cell.length > 0 ? filled : empty) || cell.some((code) => wanted.has(code)));
  }

  // The same for a code of a view's column.
  function meets(data, name, view) {
    const one = met(data, name, view.chosen[name] ?? []);
    return (code) => one(code < 0 ? [] : [code]);
  }

  // The results that are looked at, by study and outcome domain: where contrasts are asked for, those of these alone.
  function results(data, view) {
    const compares = meets(data, data.contrast, view);
    const { study, domain, contrast } = data.findings;
    const meeting = [...study.keys()].filter((j) => [contrast[j]].flat().every(compares));
    return [...Map.groupBy(meeting, (j) => `${study[j]}.${domain[j]}`).values()].map(([whole]) => whole);
  }

  // The cells of each study in a column: one cell, made once, or as many as it has outcome domains.
  // A cell is a list of codes: none where it is empty, several where it holds a list.
  function cells(data, name, view) {
    const codes = (cell) => [cell].flat().filter((code) => code >= 0);
    if (name !== data.domain) return (data.cells ??= {})[name] ??= data.studies.codes[name].map((cell) => [codes(cell)]);
    const found = data.studies.id.map(() => []);
    for (const j of results(data, view)) found[data.findings.study[j]].push([data.findings.domain[j]]);
    return found;
  }

  function said(data, name, { search, chosen: { [name]: chosen } }) {
    const { title, labels, values } = data.columns[name];
    const label = (value) => ({ [ANY]: "stated", [NONE]: "not stated" }[value] ?? labels[values.indexOf(value)]);
    const [wanted, without] = [chosen.filter((value) => !isOut(value)), out(chosen)];
    const named = name === data.asked.at(-1) && wanted.length;
    // An address can be written by anyone: it does not say that these studies hold the words.
    if (named && search) return `${Explore.words.counted(named, "study", "studies")} by name, after a search for “${search}”`;
    if (named > 3) return `${title}: ${named} by name`;
    const parts = [wanted.map(label).join(" or "), without.length ? `without ${without.map(label).join(", ")}` : ""];
    return `${title}: ${parts.filter(Boolean).join(", ")}`;
  }

  // One step a condition: what it is called, which studies meet it, whose cell is empty, and what is then not stated.
  function conditions(data, view) {
    const { year, n, cited, retracted } = data.studies;
    const found = [];
    const add = (name, text, meets, unknown = () => false, what = "") => found.push({ name, said: text, meets, unknown, what });
    for (const name of data.asked.filter((one) => view.chosen[one].length)) {
      const [of, one] = [cells(data, name, view), met(data, name, view.chosen[name])];
      const empty = (cell) => !cell.length;
      add(name, said(data, name, view), (i) => of[i].some(one), (i) => of[i].some(empty), Explore.words.small(data.columns[name].title));
    }
    const stated = (values, name, text, meets) => {
      if (view[name] !== null) add(name, text, (i) => values[i] !== null && meets(values[i]), (i) => values[i] === null, values === n ? "size" : "year");
    };
    if (view.retracted) add("retracted", "Not retracted", (i) => retracted[i] !== 1);
    stated(year, "from", `From ${view.from}`, (value) => value >= view.from);
    stated(year, "to", `To ${view.to}`, (value) => value <= view.to);
    stated(n, "n", `At least ${view.n} took part`, (value) => value >= view.n);
    if (view.cited) add("cited", "Sources of the article only", (i) => cited[i] === 1);
    return found;
  }

  // One of each unit: that which ranks first.
  function firstOf(list, unit, rank) {
    const first = (group) => group.reduce((best, one) => (rank[one] < rank[best] ? one : best));
    return [...Map.groupBy(list, unit).values()].map(first);
  }

  function select(data, view) {
    let rows = [...data.studies.id.keys()];
    const [every, all] = [rows, conditions(data, view)];
    const steps = all.map(({ name, said: text, meets, unknown, what }) => {
      const [kept, removed] = [rows.filter(meets), rows.filter((i) => !meets(i))];
      rows = kept;
      return { name, said: text, kept: kept.length, removed: removed.length, unknown: removed.filter(unknown).length, what };
    });
    // Those that nothing but an empty cell leaves out, in what is shown of that which is kept apart.
    const part = (i) => data.apart.map((name) => data.studies.codes[name][i]).join(".");
    const there = new Set(rows.map(part));
    all.forEach((one, s) => {
      steps[s].unstated = every.filter((i) => there.has(part(i)) && one.unknown(i) && all.every(({ meets }) => meets(i) === (meets !== one.meets))).length;
    });
    const reports = rows;
    if (view.cohorts) {
      const unit = data.studies.unit[view.cohorts];
      const kept = new Set(firstOf(rows, (i) => unit[i], data.studies.rank));
      const text = `One report a cohort, ${view.cohorts === "possible" ? "possible overlaps too" : "certain overlaps only"}`;
      steps.push({ name: "cohorts", said: text, kept: kept.size, removed: rows.length - kept.size, unknown: 0 });
      rows = rows.filter((i) => kept.has(i));
    }
    return { rows, reports, steps };
  }

  // For each value of each column: how many studies there would be, were it alone chosen there and all else as it is.
  function offers(data, view) {
    const all = conditions(data, view);
    // The condition that a study does not meet; "" where it meets all, null where there are several.
    const missed = data.studies.id.map((_, i) => {
      const out = all.filter(({ meets }) => !meets(i));
      return out.length > 1 ? null : out[0]?.name ?? "";
    });
    const counts = (name) => {
      const { values } = data.columns[name];
      // With what is compared decides on the outcomes, too: here each value is tried.
      if (name === data.contrast && view.chosen[data.domain].length) return values.map((value) => select(data, { ...view, cohorts: "", chosen: { ...view.chosen, [name]: [value] } }).rows.length);
      const found = values.map(() => 0);
      cells(data, name, view).forEach((own, i) => {
        if (missed[i] === "" || missed[i] === name) for (const cell of own) for (const code of cell) found[code]++;
      });
      return found;
    };
    return Object.fromEntries(data.filters.map((name) => [name, counts(name)]));
  }

  return { select, offers, meets, results, firstOf };
})();
