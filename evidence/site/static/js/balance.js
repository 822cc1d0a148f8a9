// Votes added up: one row for everything that is kept apart, and within it one for each value of a further column. No vote is made here.

Explore.balance = (() => {
  const ABSENT = -2; // has no unit in this lens

  // What has a vote: a study, or, where outcome domains are asked for, a study within a domain; and studies none of whose results vote there.
  function units(data, view, by, rows) {
    if (by !== data.domain) return [rows.map((i) => ({ study: i, votes: data.studies.votes, place: i, domain: -1 })), []];
    const meets = Explore.selection.meets(data, data.domain, view);
    const { study, domain, votes } = data.findings;
    const found = Explore.selection.results(data, view).map((j) => ({ study: study[j], votes, place: j, domain: domain[j] }));
    const voting = found.filter((unit) => votes.direction[unit.place] !== ABSENT && meets(unit.domain));
    const of = Map.groupBy(voting, (unit) => unit.study);
    return [rows.flatMap((i) => of.get(i) ?? []), rows.filter((i) => !of.has(i))];
  }

  function count(data, view, rows) {
    const by = view.chosen[data.domain].length ? data.domain : view.by;
    const keys = [...new Set([...data.apart, ...(by ? [by] : [])])];
    const code = (name, { study, domain }) => (name === data.domain ? domain : data.studies.codes[name][study]);
    const [all, aside] = units(data, view, by, rows);
    const groups = Map.groupBy(all, (unit) => keys.map((name) => code(name, unit)).join("."));
    const lines = [...groups].map(([key, group]) => {
      const codes = keys.map((name) => code(name, group[0]));
      return { key, codes, called: called(data, view.lens, keys, codes), ...line(data, view.lens, group) };
    });
    const last = (place) => (place < 0 ? Infinity : place);
    const order = (a, b) => a.codes.map((place, i) => last(place) - last(b.codes[i])).find((d) => d) || 0;
    return { by, beside: by === data.domain ? beside(data, aside.length, all) : "", rows: named(data, keys, lines.filter((row) => row.units).sort(order)) };
  }

  // What rows of outcomes leave out, and how many votes rest on results that set no group against another.
  function beside(data, aside, all) {
    const of = (code) => all.filter(({ place }) => [data.findings.contrast[place]].flat().includes(code)).length;
    const alone = data.alone.filter(of).map((code) => `${Explore.words.small(data.columns[data.contrast].labels[code])} ${of(code)}`);
    return (aside ? ` Not counted here: ${Explore.words.counted(aside, "study whose results on this compare", "studies whose results on this compare")} something else.` : "")
      + (alone.length ? ` Votes that rest, wholly or in part, on results without a comparison group: ${alone.join("; ")}.` : "");
  }

  // What a direction is called in a row, as in the question that it is about, or on the outcome: more or less of a disease, worse or better.
  function called(data, lens, keys, codes) {
    const values = keys.map((name, i) => data.columns[name].values[codes[i]]);
    const [apart, outcome] = [values.slice(0, data.apart.length), values[keys.indexOf(data.domain)]];
    const sides = [...apart.map((value) => `${value}/${outcome}`), ...apart].map((key) => data.sides[key]).find(Boolean);
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
    const sides = [pointed("benefit"), pointed("harm"), voted("direction", -1)];
    const test = tested(data, sides.map(({ length }) => length));
    // Reports on the same people are one toss of a coin: the same with each group once.
    const groups = [...Map.groupBy(units, ({ study }) => data.studies.unit.possible[study]).values()];
    const codes = groups.map((group) => together(data, group));
    const apart = tested(data, ["benefit", "harm", null].map((word) => codes.filter((code) => code === data.lenses.direction.words.indexOf(word)).length));
    const shared = groups.filter(({ length }) => length > 1).flat().length;
    return {
      members, pointing: [...sides[0], ...sides[1]], units: all.length, studies: sizes.length,
      counts: Object.fromEntries(Object.entries(members).map(([word, studies]) => [word, studies.length])),
      participants: sizes.reduce((sum, n) => sum + (n || 0), 0),
      sizeUnknown: sizes.filter((n) => n === null).length,
      test: { ...test, once: apart.n < test.n ? { ...apart, shared, reports: units.length } : null },
    };
  }

  const tested = (data, counts) => Explore.statistics.signTest(...counts, data.z, data.fewest);

  // The direction of a group that several reports share: that of the report that stands for it, else what they agree on.
  function together({ studies, lenses: { direction: { words, agreement: [part, whole] } } }, group) {
    const codes = group.map(({ votes, place }) => votes.direction[place]);
    const lead = group.findIndex(({ study }) => studies.lead[study]);
    if (lead >= 0 || codes.length === 1) return codes[Math.max(0, lead)];
    const placed = codes.filter((code) => code >= 0);
    const [most, count] = words.map((_, word) => [word, placed.filter((code) => code === word).length]).sort((a, b) => b[1] - a[1])[0];
    if (count * whole >= codes.length * part) return most;
    return count * whole < placed.length * part ? words.indexOf("mixed") : -1;
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
