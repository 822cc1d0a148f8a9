// Files to take along: text, pictures, tables and archives, all made in the browser.

Explore.download = (() => {
  // Content is text, bytes, or a picture as a data address.
  function save(name, content, type) {
    const made = type ? URL.createObjectURL(new Blob([content], { type })) : content;
    const link = Object.assign(document.createElement("a"), { href: made, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    if (type) setTimeout(() => URL.revokeObjectURL(made), 10000);
  }

  // Scripts can be loaded from a file path, where other requests are refused.
  function script(address) {
    return new Promise((onload, failed) => {
      const onerror = () => failed(new Error(`${address} could not be loaded`));
      document.head.append(Object.assign(document.createElement("script"), { src: address, onload, onerror }));
    });
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

  // --- archives: files as they are, one after the other, with a list at the end (ZIP, method "stored") ---

  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let turn = 0; turn < 8; turn++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value >>> 0;
  });

  function checksum(bytes) {
    let value = 0xffffffff;
    for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 0xff];
    return (value ^ 0xffffffff) >>> 0;
  }

  // Text, or a picture as a data address, as bytes.
  function bytesOf(content) {
    if (!content.startsWith("data:")) return new TextEncoder().encode(content);
    return Uint8Array.from(atob(content.slice(content.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  }

  const number = (value, size) => Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);
  const DATE = [0, 0, 0x21, 0x28]; // one day for all, so that the same view gives the same bytes: 1 January 2000

  function zip(files) {
    const parts = [];
    const list = [];
    let place = 0;
    for (const [name, content] of files) {
      const [title, bytes] = [new TextEncoder().encode(name), bytesOf(content)];
      const about = [20, 0, 0, 8, 0, 0, ...DATE, ...number(checksum(bytes), 4), ...number(bytes.length, 4), ...number(bytes.length, 4), ...number(title.length, 2), 0, 0];
      const head = Uint8Array.from([0x50, 0x4b, 3, 4, ...about, ...title]);
      list.push(Uint8Array.from([0x50, 0x4b, 1, 2, 20, 0, ...about, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...number(place, 4), ...title]));
      parts.push(head, bytes);
      place += head.length + bytes.length;
    }
    const size = list.reduce((total, one) => total + one.length, 0);
    const end = Uint8Array.from([0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...number(files.length, 2), ...number(files.length, 2), ...number(size, 4), ...number(place, 4), 0, 0]);
    return new Blob([...parts, ...list, end]);
  }

  return { csv, zip, described, save, script };
})();
