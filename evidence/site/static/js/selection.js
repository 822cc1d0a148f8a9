// Which studies meet the conditions, with an account of every step: the same steps, in the same order, as ev.select(...) in Python.

Explore.selection = (() => {
  const { NOT, ANY } = Explore.view;
  const out = (values) => values.filter((value) => value.startsWith(NOT)).map((value) => value.slice(NOT.length));
  const plain = (values) => values.filter((value) => value !== ANY && !value.startsWith(NOT));

  // Whether the codes of a cell meet a condition: one of the wanted values and none of those that are ruled out; with the latter alone, an empty cell meets it too.
  function met(data, name, chosen) {
    const place = new Map(data.columns[name].values.map((value, i) => [value, i]));
    const codes = (values) => new Set(values.map((value) => place.get(value)));
    const [wanted, without, filled] = [codes(plain(chosen)), codes(out(chosen)), chosen.includes(ANY)];
    const only = without.size && !wanted.size && !filled;
    return (cell) => !cell.some((code) => without.has(code)) && (only || filled && cell.length > 0 || cell.some((code) => wanted.has(code)));
  }

  // The codes of a cell: none where it is empty, several where it is a list.
  function cells(data, name) {
    const codes = data.studies.codes[name];
    return (i) => (Array.isArray(codes[i]) ? codes[i] : codes[i] < 0 ? [] : [codes[i]]);
  }

  function withDomains(data, view) {
    const meets = met(data, data.domain, view.chosen[data.domain]);
    const { study, domain } = data.findings;
    const there = new Uint8Array(data.studies.id.length);
    for (let j = 0; j < study.length; j++) if (meets([domain[j]])) there[study[j]] = 1;
    return there;
  }

  function said(data, name, chosen) {
    const { title, labels, values } = data.columns[name];
    const label = (value) => (value === ANY ? "stated" : labels[values.indexOf(value)]);
    const [wanted, without] = [chosen.filter((value) => !value.startsWith(NOT)), out(chosen)];
    if (name === data.asked.at(-1) && wanted.length > 3) return `${title}: ${wanted.length} by name`;
    const parts = [wanted.map(label).join(" or "), without.length ? `without ${without.map(label).join(", ")}` : ""];
    return `${title}: ${parts.filter(Boolean).join(", ")}`;
  }

  // One step a condition: what it is called, which studies meet it, and whose cell is empty.
  function conditions(data, view) {
    const { year, n, cited, retracted } = data.studies;
    const found = [];
    const add = (name, text, meets, unknown = () => false) => found.push({ name, said: text, meets, unknown });
    for (const name of data.asked.filter((one) => view.chosen[one].length)) {
      const text = said(data, name, view.chosen[name]);
      if (name === data.domain) {
        const there = withDomains(data, view);
        add(name, text, (i) => there[i] === 1);
      } else {
        const [cell, meets] = [cells(data, name), met(data, name, view.chosen[name])];
        add(name, text, (i) => meets(cell(i)), (i) => !cell(i).length);
      }
    }
    const stated = (values, name, text, meets) => {
      if (view[name] !== null) add(name, text, (i) => values[i] !== null && meets(values[i]), (i) => values[i] === null);
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
    const first = new Map();
    for (const one of list) {
      const best = first.get(unit(one));
      if (best === undefined || rank[one] < rank[best]) first.set(unit(one), one);
    }
    return [...first.values()];
  }

  function select(data, view) {
    let rows = [...data.studies.id.keys()];
    const steps = [];
    const step = (name, text, kept, unknown = 0) => {
      steps.push({ name, said: text, kept: kept.length, removed: rows.length - kept.length, unknown });
      rows = kept;
    };
    for (const { name, said: text, meets, unknown } of conditions(data, view)) {
      step(name, text, rows.filter(meets), rows.filter((i) => !meets(i) && unknown(i)).length);
    }
    if (view.cohorts) {
      const unit = data.studies.unit[view.cohorts];
      const kept = new Set(firstOf(rows, (i) => unit[i], data.studies.rank));
      step("cohorts", `One report a cohort, ${view.cohorts === "possible" ? "possible overlaps too" : "certain overlaps only"}`, rows.filter((i) => kept.has(i)));
    }
    return { rows, steps };
  }

  // For each value of each column: how many studies there would be, were it alone chosen there and all else as it is.
  function offers(data, view) {
    const found = {};
    const all = conditions(data, view);
    const missed = new Uint8Array(data.studies.id.length);
    const last = new Array(data.studies.id.length).fill(-1);
    all.forEach(({ meets }, j) => { for (let i = 0; i < missed.length; i++) if (!meets(i)) { missed[i]++; last[i] = j; } });
    for (const name of data.filters) {
      const own = all.findIndex((condition) => condition.name === name);
      const open = (i) => missed[i] === 0 || (missed[i] === 1 && last[i] === own);
      const counts = new Array(data.columns[name].values.length).fill(0);
      if (name === data.domain) {
        data.findings.study.forEach((i, j) => { if (open(i) && data.findings.domain[j] >= 0) counts[data.findings.domain[j]]++; });
      } else {
        const cell = cells(data, name);
        missed.forEach((_, i) => { if (open(i)) for (const code of cell(i)) counts[code]++; });
      }
      found[name] = counts;
    }
    return found;
  }

  return { select, offers, met, firstOf };
})();
