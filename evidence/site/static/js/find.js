// Studies and reviews that speak of some words, the nearest first: the same as evidence.find in Python.

Explore.find = (() => {
  let known = null; // what is searched
  let rules = null;

  // Loaded when it is first asked for.
  async function load(root) {
    if (!window.EVIDENCE_SEARCH) await Explore.download.script(`${root}assets/search.js`);
    use(window.EVIDENCE_SEARCH);
  }

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
      const same = known.heads.get(own);
      terms.push({ said: given.slice(place, place + size).join(" "), forms: [...new Set([own, ...(same ? same.forms : [])])], others: same ? same.others : [] });
      place += size;
    }
    return terms;
  }

  // Points of each cell that speaks of a term.
  function hits(forms) {
    const found = new Map();
    forms.forEach((form, number) => {
      const last = form.split(" ").pop();
      const sought = ` ${form}${last.length >= rules.longer && /^\p{L}+$/u.test(last) ? "" : " "}`;
      known.cells.text.forEach((text, cell) => {
        if (!text.includes(sought)) return;
        const points = known.cells.weight[cell] * (number ? rules.synonym : 1);
        if (points > (found.get(cell) || 0)) found.set(cell, points);
      });
    });
    return [...found].sort(([a], [b]) => a - b);
  }

  function ranked(terms, perTerm) {
    const papers = new Map();
    perTerm.forEach((cells, term) => {
      for (const [cell, points] of cells) {
        const key = known.cells.paper[cell];
        if (!papers.has(key)) papers.set(key, { key, best: new Map(), cells: 0, columns: new Set(), statement: ["", 0] });
        const paper = papers.get(key);
        paper.best.set(term, Math.max(points, paper.best.get(term) || 0));
        paper.cells++;
        paper.columns.add(known.columns[known.cells.column[cell]]);
        const statement = known.statements[known.cells.statement[cell]];
        if (statement && points > paper.statement[1]) paper.statement = [statement, points];
      }
    });
    const rowed = new Map();
    if (terms.length > 1) {
      for (const [cell, points] of hits([terms.whole])) {
        const key = known.cells.paper[cell];
        rowed.set(key, Math.max(points, rowed.get(key) || 0));
      }
    }
    const most = Math.max(0, ...[...papers.values()].map((paper) => paper.best.size));
    const { table, id, name, year, title, note, counted } = known.papers;
    const rows = [...papers.values()].filter((paper) => paper.best.size === most).map((paper) => ({
      table: table[paper.key], id: id[paper.key], name: name[paper.key], year: year[paper.key], title: title[paper.key], note: note[paper.key], counted: counted[paper.key],
      score: [...paper.best.values()].reduce((sum, points) => sum + points, 0) + (rowed.get(paper.key) || 0) + Math.min(9, paper.cells) / 100,
      foundIn: [...paper.columns].join("; "), finding: paper.statement[0],
    }));
    const order = (a, b) => Math.round((b.score - a.score) * 1e9) || (b.year || 0) - (a.year || 0) || (a.id < b.id ? -1 : 1);
    return { rows: rows.sort(order), most };
  }

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
  function find(text) {
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
    const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;
    const same = [...new Set(terms.flatMap((term) => term.others))];
    const asked = quoted(terms.map((term) => term.said)) + (same.length ? ` (also: ${same.join(", ")})` : "");
    const all = known.papers.table.filter((table) => table === "studies").length;
    if (!rows.length) {
      const rest = known.columns.length - 12;
      const where = known.columns.slice(0, 12).join(", ") + (rest > 0 ? ` and ${rest} further columns` : "");
      return `Nothing was found for ${asked}. Searched in ${all} studies: ${where}.` + (near.length ? ` Nearest words: ${near.join(", ")}.` : "");
    }
    const studies = rows.filter((row) => row.table === "studies").length;
    const others = rows.length - studies;
    let ends = missed.length ? `; nothing speaks of ${quoted(missed)}` : "";
    if (terms.length - missed.length > most) ends += "; nothing speaks of all of it, these of most";
    return `${count(studies, "study", "studies")}${others ? ` and ${count(others, "review", "reviews")}` : ""} of ${all} studies for ${asked}${ends}.`;
  }

  return { load, use, find };
})();
