// Scripts run; and the page is shown once its letters are there, or after a moment, so that nothing moves.
(() => {
  const page = document.documentElement;
  page.classList.add("js", "waiting");
  const letters = [400, 600].map((weight) => document.fonts.load(`${weight} 1em "Evidence Inter"`));
  const moment = new Promise((done) => setTimeout(done, 300));
  Promise.race([Promise.allSettled(letters), moment]).then(() => page.classList.remove("waiting"));
})();
