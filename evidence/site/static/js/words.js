// What the page says of a view: sentences, the line of Python that gives the same, and text cut into lines.

Explore.words = (() => {
  const number = new Intl.NumberFormat("en-US").format;
  const counted = (n, one, many) => `${number(n)} ${n === 1 ? one : many}`;
  // A label inside a sentence, unless it is an abbreviation.
  const small = (label) => (/^.[A-Z]/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1));

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  // A line does not break between a number and its sign of percent.
  const bound = (text) => text.replace(/(\d) %/g, "$1\u00a0%");

  function tookPart({ studies, participants, sizeUnknown }) {
    const said = counted(studies, "study", "studies");
    if (sizeUnknown >= studies) return `${said}, how many took part is not known`;
    return `${said}, ${number(participants)} took part` + (sizeUnknown ? ` (size of ${number(sizeUnknown)} not known)` : "");
  }

  // The same for a cell: what is not known is named, and never shown as 0.
  function tookPartCell({ studies, participants, sizeUnknown }) {
    if (sizeUnknown && sizeUnknown >= studies) return "unknown";
    return number(participants) + (sizeUnknown ? ` + ${number(sizeUnknown)} unknown` : "");
  }

  const parts = (rows) => rows.map((row) => `${row.label}: ${tookPart(row)}`).join("; ");

  // Lines of so many letters at most; a longer word has a line of its own.
  function wrap(text, most) {
    const line = new RegExp(`(.{1,${most}}|[^ ]+)( |$)`, "gs");
    return (bound(text).match(line) ?? [""]).map((one) => one.replace(/ $/, ""));
  }

  // What has one vote in this view.
  function unit(data, view, by) {
    const outcomes = by === data.domain;
    let one = outcomes ? "one vote a study in each outcome domain, with all its results there, not its main one alone: mixed unless they agree" : "one vote a study";
    const named = [...data.about, ...(view.search ? ["study_id"] : [])].some((name) => view.chosen[name].some((value) => !value.startsWith(Explore.view.NOT)));
    if (named) one += outcomes ? ", and they may be about more than what is chosen" : ", with its main result, which may be about more than what is chosen";
    return view.cohorts ? `${one}, one report a cohort (${view.cohorts} overlaps)` : one;
  }

  // The same selection and balance for whoever wants to go on in Python.
  function python(data, view, by, pool = "") {
    const text = (value) => JSON.stringify(value); // a quote within a value must not end the text
    const quoted = (values) => (values.length === 1 ? text(values[0]) : `[${values.map(text).join(", ")}]`);
    const given = data.asked.filter((name) => view.chosen[name].length).map((name) => `${name}=${quoted(view.chosen[name])}`);
    const or = (x) => (x === null ? "None" : x);
    if (view.from !== null || view.to !== null) given.push(`years=(${or(view.from)}, ${or(view.to)})`);
    if (view.n !== null) given.push(`min_sample_size=${view.n}`);
    if (view.cited) given.push("cited_by_article=True");
    if (view.retracted) given.push("retracted=False");
    if (view.cohorts) given.push("one_per_cohort=True", `overlap="${view.cohorts}"`);
    const part = given.length ? `.select(${given.join(", ")})` : "";
    return `part = ${data.code ? data.code.part : "ev.select(counted=True)"}${part}\nevidence.balance(part, by=${by ? text(by) : "None"}, lens="${view.lens}")` + (pool ? `\nevidence.size_pool(part, ${text(pool)})` : "");
  }

  // How many decimals keep an estimate and its interval apart: as Python counts them.
  function decimals(...values) {
    const width = Math.max(...values) - Math.min(...values);
    return width > 0 && width < 0.02 ? Math.min(9, 1 - Math.floor(Math.log10(width))) : 2;
  }

  // An effect, or an end of its interval: as Python writes it.
  function effect(value, places = 2) {
    if (!Number.isFinite(value)) return String(value);
    const size = Math.abs(value);
    if (size > 0 && size < 0.005) {
      const digits = 1 - Math.floor(Math.log10(size));
      return digits < 9 ? value.toFixed(digits).replace(/0+$/, "") : value.toExponential(1);
    }
    return size >= 1e6 ? value.toPrecision(3) : value.toFixed(places);
  }

  const interval = (low, high, places = decimals(low, high)) => `${effect(low, places)} to ${effect(high, places)}`;

  // An estimate with its interval.
  function sized(estimate, low, high, between = " (", end = ")") {
    const places = decimals(estimate, low, high);
    return `${effect(estimate, places)}${between}${interval(low, high, places)}${end}`;
  }

  return { number, counted, bound, capital, effect, interval, sized, small, tookPart, tookPartCell, parts, wrap, unit, python };
})();
