// The explorer of the page in an output of JupyterLab: Python gives markup, data and address, and keeps the address while the kernel lives.
const counter = (window.Explore.boards ??= { made: 0 });

// Ids and what refers to them, so that two explorers in one notebook do not mix.
function marked(element, mark) {
  for (const name of ["id", "for", "form", "aria-labelledby", "aria-describedby"]) {
    for (const one of element.querySelectorAll(`[${name}]`)) one.setAttribute(name, one.getAttribute(name) + mark);
  }
}

function render({ model, el }) {
  const mark = `--${++counter.made}`;
  el.classList.add("evidence-board");
  // Letters and arrows are for the explorer while it has the focus, not for commands of JupyterLab.
  el.addEventListener("focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; });
  // The markup is that of the page: made by templates that escape every text of the tables.
  el.innerHTML = model.get("markup");
  marked(el, mark);
  const part = (id) => el.querySelector(`#${CSS.escape(id + mark)}`);
  const waiting = new Map();
  const asked = (name) => {
    if (!waiting.has(name)) {
      let done;
      const promise = new Promise((resolve) => { done = resolve; });
      waiting.set(name, { promise, done });
      model.send({ ask: name });
    }
    return waiting.get(name).promise;
  };
  const told = (message) => {
    if (message.ask) waiting.get(message.ask)?.done(message.content);
    if (message.exported) part("copied").textContent = message.exported;
  };
  model.on("msg:custom", told);
  const sizes = new ResizeObserver(() => resized());
  let resized = () => {};
  window.Explore.mount({
    data: JSON.parse(model.get("data")),
    element: el,
    mark,
    start: model.get("start"),
    part,
    address: () => model.get("address"),
    keep: (address) => {
      model.set("address", address);
      model.save_changes();
    },
    onAddress: () => {},
    onSize: (changed) => { resized = changed; sizes.observe(el); },
    narrow: () => el.clientWidth > 0 && el.clientWidth < 740,
    link: () => `#${model.get("address")}`,
    copied: model.get("address"),
    script: async () => {},
    rows: () => asked("rows"),
    search: () => asked("search"),
    shown: () => {},
    ready: () => { el.dataset.ready = "1"; },
  });
  part("export").addEventListener("click", () => {
    part("copied").textContent = "Drawing …";
    model.send({ ask: "export" });
  });
  return () => {
    sizes.disconnect();
    model.off("msg:custom", told);
  };
}

export default { render };
