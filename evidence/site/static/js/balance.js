// Votes added up: one row for everything that is kept apart, and within it one for each value of a further column. No vote is made here.

Explore.balance = (() => {
  const ABSENT = -2; // has no unit in this lens
  const SILENT = { concluded: [-1], direction: [-1] };

  // What has a vote: a study, or, where outcome domains are asked for, a study within a domain.
  function units(data, view, by, rows) {
    if (by !== data.domain) return rows.map((i) => ({ study: i, votes: data.studies.votes, place: i, domain: -1 }));
    const meets = Explore.selection.met(data, data.domain, view.chosen[data.domain]);
    const { study, domain, votes } = data.findings;
    const found = study.map((i, j) => ({ study: i, votes, place: j, domain: domain[j] }));
    const voting = found.filter((unit) => votes.direction[unit.place] !== ABSENT && meets([unit.domain]));
    const of = Map.groupBy(voting, (unit) => unit.study);
    // A study none of whose results vote here stays, without a vote.
    return rows.flatMap((i) => of.get(i) ?? [{ study: i, votes: SILENT, place: 0, domain: -1 }]);
  }

  function count(data, view, rows) {
    const by = view.chosen[data.domain].length ? data.domain : view.by;
    const keys = [...new Set([...data.apart, ...(by ? [by] : [])])];
    const code = (name, { study, domain }) => (name === data.domain ? domain : data.studies.codes[name][study]);
    const groups = Map.groupBy(units(data, view, by, rows), (unit) => keys.map((name) => code(name, unit)).join("."));
    const lines = [...groups].map(([key, group]) => ({ key, codes: keys.map((name) => code(name, group[0])), called: called(data, view.lens, keys, keys.map((name) => code(name, group[0]))), ...line(data, view.lens, group) }));
    const last = (place) => (place < 0 ? Infinity : place);
    const order = (a, b) => a.codes.map((place, i) => last(place) - last(b.codes[i])).find((d) => d) || 0;
    return { by, rows: named(data, keys, lines.filter((row) => row.units).sort(order)) };
  }

  // What a direction is called in a row, by its question and the lens.
  function called(data, lens, keys, codes) {
    const sides = keys.map((name, i) => data.sides[data.columns[name].values[codes[i]]]).find(Boolean);
    const own = { ...sides, not_placed: data.lenses[lens].silent.toLowerCase() };
    return (word) => own[word] ?? data.looks[word].small;
  }

  // The same over several rows.
  const callings = (rows, word) => [...new Set(rows.map((row) => row.called(word)))].join(" or ");

  function line(data, lens, units) {
    const voted = (name, code) => units.filter(({ votes, place }) => votes[name][place] === code).map(({ study }) => study);
    const pointed = (word) => voted("direction", data.lenses.direction.words.indexOf(word));
    const placed = data.lenses[lens].words.map((word, code) => [word, voted(lens, code)]);
    const members = Object.fromEntries([...placed, ["not_placed", voted(lens, -1)]]);
    const all = Object.values(members).flat();
    const sizes = [...new Set(all)].map((i) => data.studies.n[i]);
    const [benefit, harm, silent] = [pointed("benefit"), pointed("harm"), voted("direction", -1)];
    return {
      members, pointing: [...benefit, ...harm], units: all.length, studies: sizes.length,
      counts: Object.fromEntries(Object.entries(members).map(([word, studies]) => [word, studies.length])),
      participants: sizes.reduce((sum, n) => sum + (n || 0), 0),
      sizeUnknown: sizes.filter((n) => n === null).length,
      test: Explore.statistics.signTest(benefit.length, harm.length, silent.length, data.z, data.fewest),
    };
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

  return { callings, count, parts, votes };
})();
