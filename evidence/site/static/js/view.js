"use strict";
// The view: what is chosen on the page, and the same as an address that can be shared.
window.Explore = window.Explore || {};

Explore.view = (() => {
  const empty = (data) => ({
    chosen: Object.fromEntries(data.filters.map((name) => [name, []])),
    from: null, to: null, n: null, cited: false, cohorts: "", lens: "concluded", by: "", picked: null, search: "", order: "",
  });

  const whole = (text) => (/^\d{1,9}$/.test(text || "") ? Number(text) : null);

  // What the data do not know is left out, so that an old or a mistyped address still opens.
  function read(address, data) {
    const given = new URLSearchParams(address.replace(/^#/, ""));
    const view = empty(data);
    for (const name of data.filters) {
      const wanted = (given.get(name) || "").split(",");
      view.chosen[name] = data.columns[name].values.filter((value) => wanted.includes(value));
    }
    for (const name of ["from", "to", "n"]) view[name] = whole(given.get(name));
    view.cited = given.get("cited") === "1";
    view.cohorts = ["possible", "certain"].includes(given.get("cohorts")) ? given.get("cohorts") : "";
    view.lens = Object.hasOwn(data.lenses, given.get("lens")) ? given.get("lens") : "concluded";
    view.by = data.filters.includes(given.get("by")) ? given.get("by") : "";
    view.search = given.get("search") || "";
    view.order = /^\d+(asc|desc)$/.test(given.get("order") || "") ? given.get("order") : "";
    const [key, word] = (given.get("picked") || "").split("~");
    view.picked = key && Object.hasOwn(data.looks, word) ? { key, word } : null;
    return view;
  }

  function write(view, data) {
    const said = new URLSearchParams();
    for (const name of data.filters) if (view.chosen[name].length) said.set(name, view.chosen[name].join(","));
    for (const name of ["from", "to", "n"]) if (view[name] !== null) said.set(name, view[name]);
    if (view.cited) said.set("cited", "1");
    if (view.cohorts) said.set("cohorts", view.cohorts);
    if (view.lens !== "concluded") said.set("lens", view.lens);
    if (view.by) said.set("by", view.by);
    if (view.search) said.set("search", view.search);
    if (view.order) said.set("order", view.order);
    if (view.picked) said.set("picked", `${view.picked.key}~${view.picked.word}`);
    return said.toString().replaceAll("%2C", ",").replaceAll("%7E", "~");
  }

  return { empty, read, write };
})();
