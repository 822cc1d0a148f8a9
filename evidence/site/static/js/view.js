"use strict";
// The view: what is chosen on the page, and the same as an address that can be shared, with the view that stands beside it.
window.Explore = window.Explore || {};

Explore.view = (() => {
  const empty = (data) => ({
    chosen: Object.fromEntries(data.asked.map((name) => [name, []])),
    from: null, to: null, n: null, cited: false, cohorts: "", retracted: false, lens: "concluded", by: "", pool: "", picked: null, order: "",
  });

  const whole = (text) => (/^\d{1,9}$/.test(text || "") ? Number(text) : null);

  const STUDY = "study"; // what is picked is one study, not a number
  const ANY = "*";
  const NOT = "not:"; // every cell but those with the value

  // Values of one column, in its order, those that are ruled out behind; with commas between, unless a value holds one itself.
  function values(known, texts) {
    const plain = (text) => (text.startsWith(NOT) ? text.slice(NOT.length) : text);
    const given = new Set(texts.flatMap((text) => (known.includes(plain(text)) ? [text] : text.split(",").map((part) => part.trim()))));
    const out = known.map((value) => NOT + value);
    return [...[ANY].filter((value) => given.has(value)), ...known.filter((value) => given.has(value)), ...out.filter((value) => given.has(value))];
  }

  // What the data do not know is left out, so that an old or a mistyped address still opens.
  function read(address, data) {
    const given = new URLSearchParams(address.replace(/^#/, ""));
    const view = empty(data);
    for (const name of data.asked) view.chosen[name] = values(data.columns[name].values, given.getAll(name));
    for (const name of ["from", "to", "n"]) view[name] = whole(given.get(name));
    view.cited = given.get("cited") === "1";
    view.cohorts = ["possible", "certain"].includes(given.get("cohorts")) ? given.get("cohorts") : "";
    view.lens = Object.hasOwn(data.lenses, given.get("lens")) ? given.get("lens") : "concluded";
    view.by = data.rows.includes(given.get("by")) ? given.get("by") : "";
    view.retracted = given.get("retracted") === "0";
    view.pool = data.pools.list.some((pool) => pool.id === given.get("pool")) ? given.get("pool") : "";
    view.order = /^\d+(asc|desc)$/.test(given.get("order") || "") ? given.get("order") : "";
    const [key, ...rest] = (given.get("picked") || "").split("~");
    const word = rest.join("~");
    view.picked = (key === STUDY ? data.studies.id.includes(word) : key && Object.hasOwn(data.looks, word)) ? { key, word } : null;
    return view;
  }

  // The view that stands beside another: null where there is none.
  function beside(address, data) {
    const given = new URLSearchParams(address.replace(/^#/, ""));
    return given.has("beside") ? read(given.get("beside"), data) : null;
  }

  function write(view, data, other = null) {
    const said = new URLSearchParams();
    for (const name of data.asked) {
      const plain = view.chosen[name].filter((value) => !value.includes(","));
      if (plain.length) said.append(name, plain.join(","));
      for (const value of view.chosen[name].filter((one) => one.includes(","))) said.append(name, value);
    }
    for (const name of ["from", "to", "n"]) if (view[name] !== null) said.set(name, view[name]);
    if (view.cited) said.set("cited", "1");
    if (view.cohorts) said.set("cohorts", view.cohorts);
    if (view.retracted) said.set("retracted", "0");
    if (view.lens !== "concluded") said.set("lens", view.lens);
    if (view.by) said.set("by", view.by);
    if (view.pool) said.set("pool", view.pool);
    if (view.order) said.set("order", view.order);
    if (view.picked) said.set("picked", `${view.picked.key}~${view.picked.word}`);
    if (other) said.set("beside", write(other, data));
    return said.toString().replaceAll("%2C", ",").replaceAll("%7E", "~").replaceAll("%3A", ":").replaceAll("%2A", "*");
  }

  return { empty, read, beside, write, NOT, ANY, STUDY };
})();
