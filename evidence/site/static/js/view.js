// The view: what is chosen on the page, and the same as an address that can be shared, with the view that stands beside it.

Explore.view = (() => {
  const STUDY = "study"; // what is picked is one study, not a number
  const LEAN = "lean"; // or all studies of a row whose results point one way
  const ANY = "*";
  const NOT = "not:"; // every cell but those with the value
  const NONE = NOT + ANY; // an empty cell

  // What a view has beside its columns, in the order of the address: its usual value, what a text there means, and how it is written.
  function parts(data) {
    const number = { usual: null, read: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : null) };
    const one = (known, usual = "") => ({ usual, read: (text) => (known.includes(text) ? text : usual) });
    const order = { usual: "", read: (text) => (/^\d+(asc|desc)$/.test(text) ? text : "") };
    const picked = { usual: null, read: (text) => pickedIn(data, text), write: ({ key, word }) => `${key}~${word}` };
    return {
      from: number, to: number, n: number, cited: one(["1"]), cohorts: one(["possible", "certain"]), retracted: one(["0"]),
      lens: one(Object.keys(data.lenses), "concluded"), by: one(data.rows), pool: one(data.pools.list.map(({ id }) => id)), order, picked,
      search: { usual: "", read: (text) => text.slice(0, 80) },
    };
  }

  function pickedIn(data, text) {
    const [key, ...rest] = text.split("~");
    const word = rest.join("~");
    const known = key === STUDY ? data.studies.id.includes(word) : key && (word === LEAN || Object.hasOwn(data.looks, word));
    return known ? { key, word } : null;
  }

  // Values of one column, in its order, those that are ruled out behind; with commas between, unless a value holds one itself.
  function values(known, texts) {
    if (!texts.length) return [];
    const all = [ANY, NONE, ...known, ...known.map((value) => NOT + value)];
    const places = new Set(all);
    const given = new Set(texts.flatMap((text) => (places.has(text) ? [text] : text.split(",").map((part) => part.trim()))));
    return all.filter((value) => given.has(value));
  }

  const fields = (address) => new URLSearchParams(address.replace(/^#/, ""));

  // What the data do not know is left out, so that an old or a mistyped address still opens.
  function read(address, data) {
    const given = fields(address);
    const view = { chosen: {} };
    for (const name of data.asked) view.chosen[name] = values(data.columns[name].values, given.getAll(name));
    for (const [name, part] of Object.entries(parts(data))) view[name] = part.read(given.get(name) ?? "");
    return view;
  }

  // What an address says and the data do not know, as it stands there: what is mistyped should not pass for what was asked.
  function unknown(address, data, within = false) {
    const [given, others] = [fields(address), parts(data)];
    const pieces = (name, text) => (data.columns[name].values.includes(text) ? [] : text.split(",").filter((piece) => !values(data.columns[name].values, [piece]).length));
    const kept = (name, text) => Object.hasOwn(others, name) && (!text || others[name].read(text) !== others[name].usual || text === others[name].usual);
    const seen = new Map(); // the first of a name is read, as URLSearchParams gives it
    return [...given].flatMap(([name, text]) => {
      if (data.asked.includes(name)) return pieces(name, text).map((piece) => `${name}=${piece}`);
      if (!seen.has(name)) seen.set(name, text);
      if (seen.get(name) !== text) return [`${name}=${text}`];
      if (name === "beside") return within ? [name] : unknown(text, data, true);
      return kept(name, text) ? [] : [`${name}=${text}`];
    });
  }

  // The view that stands beside another: null where there is none.
  function beside(address, data) {
    const given = fields(address).get("beside");
    return given === null ? null : read(given, data);
  }

  function write(view, data, other = null) {
    const said = new URLSearchParams();
    for (const name of data.asked) {
      const plain = view.chosen[name].filter((value) => !value.includes(","));
      const others = view.chosen[name].filter((value) => value.includes(","));
      for (const text of [plain.join(","), ...others].filter(Boolean)) said.append(name, text);
    }
    for (const [name, { usual, write: text = String }] of Object.entries(parts(data))) if (view[name] !== usual) said.set(name, text(view[name]));
    if (other) said.set("beside", write(other, data));
    return said.toString().replace(/%(2C|7E|3A|2A)/g, decodeURIComponent);
  }

  return { read, unknown, beside, write, NOT, ANY, NONE, STUDY, LEAN };
})();
