// Studies and reviews that speak of some words, the nearest first: the same as evidence.find in Python.

Explore.find = (() => {
  let known = null; // what is searched
  let rules = null;

  // What is searched, for whoever has it.
  function use(given) {
    if (known === given) return;
    known = given;
    rules = { ...known.rules, small: new Set(known.rules.small) };
    known.heads = new Map(known.synonyms.map((one) => [one.head.join(" "), one]));
    known.longest = Math.max(1, ...known.synonyms.map((one) => one.head.length));
  }

  function normal(text) {
    const spelt = [...text].map((letter) => rules.letters[letter] ?? letter).join("");
    const plain = spelt.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
    const letters = [...plain].map((letter) => rules.letters[letter] ?? letter).join("");
    return letters.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  const words = (text) => normal(text).split(" ").filter((word) => word && !rules.small.has(word));
  const once = (word) => word.replace(/([\p{L}\p{N}_])\1$/u, "$1");

  function stem(word) {
    if (!/^\p{L}+$/u.test(word)) return word;
    const plain = word.replaceAll("iz", "is");
    for (const [ending, least] of rules.endings) {
      if (plain.endsWith(ending) && plain.length - ending.length >= least) return once(plain.slice(0, -ending.length));
    }
    return plain.length > 4 ? once(plain) : plain;
  }

  // Words, and sequences of words that have synonyms, in their order.
  function termsOf(text) {
    const given = words(text);
    const plain = given.map(stem);
    const terms = [];
    for (let place = 0; place < given.length;) {
      let size = Math.min(known.longest, given.length - place);
      while (size > 1 && !known.heads.has(plain.slice(place, place + size).join(" "))) size--;
      const own = plain.slice(place, place + size).join(" ");
      const { forms, others } = known.heads.get(own) ?? { forms: [], others: [] };
      terms.push({ said: given.slice(place, place + size).join(" "), forms: [...new Set([own, ...forms])], others });
      place += size;
    }
    return terms;
  }

  // Points of each cell that speaks of a term, fewer where it has a synonym alone.
  function hits(forms) {
    const { text, weight } = known.cells;
    const found = new Map();
    forms.forEach((form, number) => {
      const last = form.split(" ").at(-1);
      const sought = ` ${form}${last.length >= rules.longer && /^\p{L}+$/u.test(last) ? "" : " "}`;
      text.forEach((one, cell) => {
        if (one.includes(sought) && !found.has(cell)) found.set(cell, weight[cell] * (number ? rules.synonym : 1));
      });
    });
    return [...found].sort(([a], [b]) => a - b);
  }

  // Papers that speak of most terms: those whose cells have the most points first.
  function ranked(terms, perTerm) {
    const { paper, column, statement } = known.cells;
    const spoken = perTerm.flatMap((found, term) => found.map(([cell, points]) => ({ cell, points, term })));
    const whole = Map.groupBy(terms.length > 1 ? hits([terms.whole]) : [], ([cell]) => paper[cell]);
    const papers = [...Map.groupBy(spoken, ({ cell }) => paper[cell])].map(([key, found]) => {
      const best = perTerm.map(() => 0);
      for (const { points, term } of found) best[term] = Math.max(best[term], points);
      return { key, found, best, met: best.filter(Boolean).length };
    });
    const row = ({ key, found, best }) => {
      const together = Math.max(0, ...(whole.get(key) ?? []).map(([, points]) => points));
      const stated = found.filter(({ cell }) => known.statements[statement[cell]]);
      const first = stated.reduce((top, one) => (top?.points >= one.points ? top : one), null);
      return {
        ...Object.fromEntries(Object.entries(known.papers).map(([name, values]) => [name, values[key]])),
        score: best.reduce((sum, points) => sum + points) + together + Math.min(9, found.length) / 100,
        foundIn: [...new Set(found.map(({ cell }) => known.columns[column[cell]]))].join("; "),
        finding: first ? known.statements[statement[first.cell]] : "",
      };
    };
    const most = papers.reduce((highest, { met }) => Math.max(highest, met), 0);
    const order = (a, b) => Math.round((b.score - a.score) * 1e9) || (b.year || 0) - (a.year || 0) || (a.id < b.id ? -1 : 1);
    return { rows: papers.filter(({ met }) => met === most).map(row).sort(order), most };
  }

  const LONGEST = 200; // letters that are looked for: each word without a hit is held against all words

  // Share of letters, in their order, that two words have in common.
  function likeness(one, other) {
    let above = new Uint16Array(other.length + 1);
    for (const letter of one) {
      const line = new Uint16Array(other.length + 1);
      for (let j = 0; j < other.length; j++) line[j + 1] = letter === other[j] ? above[j] + 1 : Math.max(above[j + 1], line[j]);
      above = line;
    }
    return (200 * above[other.length]) / (one.length + other.length);
  }

  function nearest(word) {
    const scored = known.words.map((one, place) => [likeness(word, one), place]).filter(([score]) => score >= rules.near);
    return scored.sort((a, b) => b[0] - a[0] || a[1] - b[1]).slice(0, 3).map(([, place]) => known.words[place]);
  }

  // Rows, and a sentence on them; null where there is no word to look for.
  function find(given) {
    const text = given.slice(0, LONGEST);
    const terms = termsOf(text);
    if (!terms.length) return null;
    terms.whole = words(text).map(stem).join(" ");
    const perTerm = terms.map((term) => hits(term.forms));
    const missed = terms.filter((_, i) => !perTerm[i].length).map((term) => term.said);
    const { rows, most } = ranked(terms, perTerm);
    const near = [...new Set(missed.flatMap(nearest))];
    return { rows, missed, near, said: sentence(terms, rows, missed, near, most) };
  }

  function sentence(terms, rows, missed, near, most) {
    const quoted = (all) => all.map((word) => `"${word}"`).join(", ");
    const same = [...new Set(terms.flatMap((term) => term.others))];
    const asked = quoted(terms.map((term) => term.said)) + (same.length ? ` (also: ${same.join(", ")})` : "");
    const number = (table, among) => among.filter((one) => one === table).length;
    const searched = ["studies", "reviews"].map((table) => [table, number(table, known.papers.table)]);
    if (!rows.length) {
      const rest = known.columns.length - 12;
      const where = known.columns.slice(0, 12).join(", ") + (rest > 0 ? ` and ${rest} further columns` : "");
      return `Nothing was found for ${asked}. Searched in ${searched.filter(([table, all]) => all || table === "studies").map(([table, all]) => `${all} ${table}`).join(" and ")}: ${where}.` + (near.length ? ` Nearest words: ${near.join(", ")}.` : "");
    }
    const there = searched.map(([table, all]) => [table, all, number(table, rows.map((row) => row.table))]);
    const found = there.filter(([table, , n]) => n || table === "studies").map(([table, all, n]) => `${n} of ${all} ${table}`).join(" and ");
    let ends = missed.length ? `; nothing speaks of ${quoted(missed)}` : "";
    if (terms.length - missed.length > most) ends += "; nothing speaks of all of it, these of most";
    return `${found} for ${asked}${ends}.`;
  }

  return { use, find };
})();
