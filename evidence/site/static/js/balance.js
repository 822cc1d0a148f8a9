// Votes added up: one row for everything that is kept apart, and within it one for each value of a further column. No vote is made here.

Explore.balance = (() => {
  const ABSENT = -2; // has no unit in this lens
  const SILENT = { concluded: [-1], direction: [-1] };

  // What has a vote: a study, or, where outcome domains are asked for, a study within a domain.
  function units(data, view, rows) {
    const inDomains = view.chosen[data.domain].length > 0;
    if (!inDomains && view.by !== data.domain) {
      return { by: view.by, list: rows.map((i) => ({ study: i, votes: data.studies.votes, place: i, domain: -1 })) };
    }
    const meets = Explore.selection.met(data, data.domain, view.chosen[data.domain]);
    const { study, domain, votes } = data.findings;
    const of = new Map(rows.map((i) => [i, []]));
    study.forEach((i, j) => {
      const enters = of.has(i) && votes.direction[j] !== ABSENT && (!inDomains || meets([domain[j]]));
      if (enters) of.get(i).push({ study: i, votes, place: j, domain: domain[j] });
    });
    // A study none of whose results vote here stays, without a vote.
    const list = [...of].flatMap(([i, units]) => (units.length ? units : [{ study: i, votes: SILENT, place: 0, domain: -1 }]));
    return { by: data.domain, list };
  }

  function count(data, view, rows) {
    const { by, list } = units(data, view, rows);
    const keys = [...new Set([...data.apart, ...(by ? [by] : [])])];
    const codesOf = keys.map((name) => (name === data.domain ? (unit) => unit.domain : (unit) => data.studies.codes[name][unit.study]));
    const groups = new Map();
    for (const unit of list) {
      const codes = codesOf.map((code) => code(unit));
      const key = codes.join(".");
      if (!groups.has(key)) groups.set(key, { key, codes, units: [] });
      groups.get(key).units.push(unit);
    }
    const last = (code) => (code < 0 ? Infinity : code);
    const order = (a, b) => a.codes.map((code, i) => last(code) - last(b.codes[i])).find((d) => d) || 0;
    const lines = [...groups.values()].sort(order).map((group) => line(data, view.lens, keys, group)).filter((row) => row.units);
    return { by, keys, rows: named(data, keys, lines) };
  }

  function line(data, lens, keys, { key, codes, units }) {
    const words = [...data.lenses[lens].words, "not_placed"]; // at(-1) for what could not be placed
    const row = { key, codes, members: Object.fromEntries(words.map((word) => [word, []])), pointing: [] };
    const direction = { benefit: 0, harm: 0 };
    let silent = 0;
    for (const { study, votes, place } of units) {
      const pointed = data.lenses.direction.words[votes.direction[place]];
      if (pointed in direction) {
        direction[pointed]++;
        row.pointing.push(study);
      }
      if (votes.direction[place] === -1) silent++;
      const vote = votes[lens][place];
      if (vote !== ABSENT) row.members[words.at(vote)].push(study);
    }
    const seen = new Set(Object.values(row.members).flat());
    const sizes = [...seen].map((i) => data.studies.n[i]);
    row.counts = Object.fromEntries(words.map((word) => [word, row.members[word].length]));
    row.units = words.reduce((sum, word) => sum + row.counts[word], 0);
    row.studies = seen.size;
    row.participants = sizes.reduce((sum, n) => sum + (n || 0), 0);
    row.sizeUnknown = sizes.filter((n) => n === null).length;
    row.test = Explore.statistics.signTest(direction.benefit, direction.harm, silent, data.z, data.fewest);
    return row;
  }

  // A row is named by the columns that differ between the rows; by all of them when none does.
  function named(data, keys, rows) {
    const label = (row, i) => (row.codes[i] < 0 ? "Not stated" : data.columns[keys[i]].labels[row.codes[i]]);
    const varied = keys.map((_, i) => i).filter((i) => new Set(rows.map((row) => row.codes[i])).size > 1);
    const shown = varied.length ? varied : keys.map((_, i) => i);
    for (const row of rows) row.label = shown.map((i, place) => (place ? Explore.words.small(label(row, i)) : label(row, i))).join(", ");
    return rows;
  }

  // Every vote of a balance: study, row and word.
  const votes = ({ rows }) => rows.flatMap((row) => Object.entries(row.members).flatMap(([word, members]) => members.map((i) => ({ i, row, word }))));

  // How many studies, and how many took part, in everything that is kept apart: numbers that are never added up.
  function parts(data, view, rows) {
    const plain = { ...view, by: "", lens: "concluded", chosen: { ...view.chosen, [data.domain]: [] } };
    return count(data, plain, rows).rows;
  }

  return { count, parts, votes };
})();
