"use strict";
// Which studies meet the conditions, with an account of every step: the same steps, in the same order, as ev.select(...) in Python.
window.Explore = window.Explore || {};

Explore.selection = (() => {
  const every = (data) => data.studies.id.map((_, i) => i);

  // Places of the chosen values in the vocabulary of a column.
  const wanted = (data, view, name) => new Set(view.chosen[name].map((value) => data.columns[name].values.indexOf(value)));

  function withDomains(data, view) {
    const domains = wanted(data, view, data.domain);
    const { study, domain } = data.findings;
    const there = new Uint8Array(data.studies.id.length);
    for (let j = 0; j < study.length; j++) if (domains.has(domain[j])) there[study[j]] = 1;
    return there;
  }

  // One step a condition: what it is called, which studies meet it, and whose cell is empty.
  function conditions(data, view) {
    const { studies } = data;
    const found = [];
    for (const name of data.filters) {
      if (!view.chosen[name].length) continue;
      const { title, labels, values } = data.columns[name];
      const said = `${title}: ${view.chosen[name].map((value) => labels[values.indexOf(value)]).join(" or ")}`;
      if (name === data.domain) {
        const there = withDomains(data, view);
        found.push({ name, said, meets: (i) => there[i] === 1, unknown: () => false });
      } else {
        const codes = studies.codes[name];
        const codesWanted = wanted(data, view, name);
        found.push({ name, said, meets: (i) => codesWanted.has(codes[i]), unknown: (i) => codes[i] < 0 });
      }
    }
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
        data.findings.study.forEach((i, j) => { if (open(i)) counts[data.findings.domain[j]]++; });
      } else {
        data.studies.codes[name].forEach((code, i) => { if (code >= 0 && open(i)) counts[code]++; });
      }
      found[name] = counts;
    }
    return found;
  }

  return { select, offers };
})();
