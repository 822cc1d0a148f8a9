"use strict";
// Files to take along: pictures of the view, and the rows behind it.
window.Explore = window.Explore || {};

Explore.download = (() => {
  function save(name, address) {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  }

  function saveText(name, text, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    save(name, address);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // Scripts can be loaded from a file path, where other requests are refused.
  function script(address) {
    return new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = address;
      element.onload = done;
      element.onerror = () => failed(new Error(`${address} could not be loaded`));
      document.head.append(element);
    });
  }

  // The rows of the studies as the table holds them, every column; they are fetched when first asked for.
  async function rows(data, chosen, root) {
    if (!window.EVIDENCE_ROWS) await script(`${root}assets/rows.js`);
    const { head, lines } = window.EVIDENCE_ROWS;
    saveText("studies.csv", [head, ...chosen.map((i) => lines[data.studies.id[i]])].join("\n") + "\n", "text/csv;charset=utf-8");
  }

  const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

  // Title and description as the first children, where browsers and screen readers look for them.
  const described = (svg, title, alt) =>
    svg.replace(/<svg([^>]*)>/, `<svg$1 role="img" aria-labelledby="t d"><title id="t">${escaped(title)}</title><desc id="d">${escaped(alt)}</desc>`);

  function drawing(name, made, kind, title, alt) {
    if (kind === "svg") saveText(`${name}.svg`, described(made, title, alt), "image/svg+xml");
    else save(`${name}.png`, made);
  }

  return { rows, drawing, script };
})();
