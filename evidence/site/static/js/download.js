// Files to take along: text, pictures, tables and archives, all made in the browser.

Explore.download = (() => {
  function save(name, content, type) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    Explore.made("a", [], { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // Scripts can be loaded from a file path, where other requests are refused.
  function script(address) {
    return new Promise((onload, failed) => {
      const onerror = () => failed(new Error(`${address} could not be loaded`));
      document.head.append(Object.assign(document.createElement("script"), { src: address, onload, onerror }));
    });
  }

  // What stands beside a page, loaded when it is first asked for.
  async function later(name) {
    const key = `EVIDENCE_${name.toUpperCase()}`;
    if (!window[key]) await script(`${document.documentElement.dataset.root}assets/${name}.js`);
    return window[key];
  }

  // A table as CSV; a text that a spreadsheet program would take for a formula gets an apostrophe.
  function csv(head, lines) {
    const plain = (value) => (typeof value === "string" && /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? ""));
    const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return [head, ...lines].map((line) => line.map((value) => quoted(plain(value))).join(",")).join("\n") + "\n";
  }

  const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);

  // Title and description as the first children, where browsers and screen readers look for them.
  const described = (svg, title, alt) =>
    svg.replace(/<svg([^>]*)>/, (_, given) => `<svg${given} role="img" aria-labelledby="t d"><title id="t">${escaped(title)}</title><desc id="d">${escaped(alt)}</desc>`);

  // --- archives: packed files, one after the other, with a list at the end (ZIP, method "deflate") ---

  // A file as gzip packs it, which has a head of ten bytes, and at its end the checksum and the size.
  async function packed(content) {
    const gzip = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(gzip).arrayBuffer());
    return { bytes: bytes.slice(10, -8), checksum: bytes.slice(-8, -4), size: bytes.slice(-4) };
  }

  const number = (value, size) => Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);
  const DATE = [0, 0, 0x21, 0x28]; // one day for all, so that the same view gives the same bytes: 1 January 2000

  async function zip(files) {
    const parts = [];
    const list = [];
    let place = 0;
    for (const [name, content] of files) {
      const title = new TextEncoder().encode(name);
      const { bytes, checksum, size } = await packed(content);
      const about = [20, 0, 0, 8, 8, 0, ...DATE, ...checksum, ...number(bytes.length, 4), ...size, ...number(title.length, 2), 0, 0];
      const head = Uint8Array.of(0x50, 0x4b, 3, 4, ...about, ...title);
      list.push(Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0, ...about, ...number(0, 10), ...number(place, 4), ...title));
      parts.push(head, bytes);
      place += head.length + bytes.length;
    }
    const { size } = new Blob(list);
    const end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...number(files.length, 2), ...number(files.length, 2), ...number(size, 4), ...number(place, 4), 0, 0];
    return new Blob([...parts, ...list, Uint8Array.from(end)]);
  }

  return { csv, zip, described, save, later };
})();
