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
  const copied = el.querySelector(`#copied${mark}`);
  const waiting = {};
  const asked = (name) => waiting[name] ??= new Promise((done) => {
    waiting[`${name} came`] = done;
    model.send({ ask: name });
  });
  const told = (message) => {
    waiting[`${message.ask} came`]?.(message.content);
    if (message.exported) copied.textContent = message.exported;
  };
  model.on("msg:custom", told);
  window.Explore.mount({
    data: JSON.parse(model.get("data")),
    element: el,
    mark,
    start: model.get("start"),
    address: () => model.get("address"),
    keep: (address) => {
      model.set("address", address);
      model.save_changes();
    },
    link: () => `#${model.get("address")}`,
    load: asked,
  });
  el.querySelector(`#export${mark}`).addEventListener("click", () => {
    copied.textContent = "Drawing …";
    model.send({ ask: "export" });
  });
  return () => model.off("msg:custom", told);
}

export default { render };
