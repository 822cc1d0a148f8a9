"use strict";
// Which studies meet the conditions, with an account of every step: the same steps, in the same order, as ev.select(...) in Python.
window.Explore = window.Explore || {};

Explore.selection = (() => {
  const every = (data) => data.studies.id.map((_, i) => i);

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
    const { studies } = data;
    const found = [];
    for (const name of data.asked) {
      if (!view.chosen[name].length) continue;
      const text = said(data, name, view.chosen[name]);
      if (name === data.domain) {
        const there = withDomains(data, view);
        found.push({ name, said: text, meets: (i) => there[i] === 1, unknown: () => false });
      } else {
        const [cell, meets] = [cells(data, name), met(data, name, view.chosen[name])];
        found.push({ name, said: text, meets: (i) => meets(cell(i)), unknown: (i) => !cell(i).length });
      }
    }
    if (view.retracted) found.push({ name: "retracted", said: "Not retracted", meets: (i) => studies.retracted[i] !== 1, unknown: () => false });
    const { year, n, cited } = studies;
    const lacks = (values) => (i) => values[i] === null;
    if (view.from !== null) found.push({ name: "from", said: `From ${view.from}`, meets: (i) => year[i] !== null && year[i] >= view.from, unknown: lacks(year) });
    if (view.to !== null) found.push({ name: "to", said: `To ${view.to}`, meets: (i) => year[i] !== null && year[i] <= view.to, unknown: lacks(year) });
    if (view.n !== null) found.push({ name: "n", said: `At least ${view.n} took part`, meets: (i) => n[i] !== null && n[i] >= view.n, unknown: lacks(n) });
    if (view.cited) found.push({ name: "cited", said: "Sources of the article only", meets: (i) => cited[i] === 1, unknown: () => false });
    return found;
  }

  // One report of each cohort: the one that ranks first among those that are left.
  function oneACohort(data, rows, overlap) {
    const { rank } = data.studies;
    const unit = data.studies.unit[overlap];
    const first = new Map();
    for (const i of rows) {
      const best = first.get(unit[i]);
      if (best === undefined || rank[i] < rank[best]) first.set(unit[i], i);
    }
    const kept = new Set(first.values());
    return rows.filter((i) => kept.has(i));
  }

  function select(data, view) {
    let rows = every(data);
    const steps = [];
    const step = (name, said, kept, unknown = 0) => {
      steps.push({ name, said, kept: kept.length, removed: rows.length - kept.length, unknown });
      rows = kept;
    };
    for (const { name, said, meets, unknown } of conditions(data, view)) {
      const kept = rows.filter(meets);
      step(name, said, kept, rows.filter((i) => !meets(i) && unknown(i)).length);
    }
    if (view.cohorts) {
      const said = view.cohorts === "possible" ? "One report a cohort, possible overlaps too" : "One report a cohort, certain overlaps only";
      step("cohorts", said, oneACohort(data, rows, view.cohorts));
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

  return { select, offers, met, cells };
})();
