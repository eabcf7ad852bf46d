// The page on paper. Before it is printed each figure becomes a row of the states that its class has chosen, formulas
// are made as narrow as the page, and what works on a screen only is put away; afterwards all is as before.
// The styles stand in print.css, under the class `dtr-on-paper` of the root: so the page can be measured beforehand.

(() => {
  const ON_PAPER = "dtr-on-paper";
  const CONTROLS = ".dtr-control, .dtr-field, .dtr-button, input, select";
  const SMALLEST = 0.35; // of the size that the text around it has
  // Of a row's states, what says the same in each of them is said once.
  const ABOVE = ".dtr-formula";
  const BELOW = ".dtr-legend, .dtr-status, .dtr-conclusion";

  let undo = []; // what puts everything back, the last first

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...children);
    return element;
  };

  /** A label's words; what stands between two `$` is TeX. */
  function label(text) {
    const parts = text.split("$").map((part, i) => {
      if (i % 2 === 0) return part;
      const symbol = document.createElement("span");
      window.katex.render(part, symbol, { throwOnError: false });
      return symbol;
    });
    return make("figcaption", "dtr-printed-label", ...parts);
  }

  /** The figure in one state, as a picture: drawn once, by a model that never changes, and without its controls. */
  function draw(figure, render, changes, place) {
    const { widget: _widget, alt: _alt, topic } = figure.dataset;
    const values = { ...JSON.parse(figure.dataset.initial), ...changes, _widget, _alt, _caption: "" };
    const nothing = () => {};
    const model = { get: (name) => values[name], set: nothing, save_changes: nothing, on: nothing, off: nothing };
    const el = make("div", "dtr-figure");
    el.dataset.topic = topic;
    place.append(el);
    render({ model, el })();
    for (const control of el.querySelectorAll(CONTROLS)) control.remove();
    for (const handle of el.querySelectorAll("[tabindex]")) handle.removeAttribute("tabindex");
    return el;
  }

  /** Take from all pictures of a row what they have in common; return it. */
  function shared(pictures, selector) {
    const found = pictures.map((picture) => [...picture.querySelectorAll(selector)]);
    const words = (element) => element.textContent.trim();
    return found[0].filter((one, i) => {
      if (found.some((all) => all.length !== found[0].length || words(all[i]) !== words(one))) return false;
      for (const all of found) all[i].remove();
      return words(one) !== "";
    });
  }

  function row(figure) {
    const states = JSON.parse(figure.dataset.printed);
    const views = window[`derivations_${figure.dataset.topic}`]?.default;
    if (!views || !figure.dataset.state) return; // it never came to life: its description is printed
    const grid = make("div", "dtr-printed-states");
    grid.style.setProperty("--columns", Math.min(3, states.length));
    const printed = make("div", "dtr-printed", grid);
    printed.dataset.topic = figure.dataset.topic;
    printed.dataset.figure = figure.id;
    figure.after(printed);
    const pictures = states.map(([text, changes]) => {
      const place = make("figure", "dtr-printed-state", label(text));
      grid.append(place);
      return draw(figure, views.render, changes, place);
    });
    printed.prepend(...shared(pictures, ABOVE));
    printed.append(...shared(pictures, BELOW), make("p", "dtr-conclusion", figure.dataset.caption));
    figure.hidden = true;
    undo.push(() => {
      printed.remove();
      figure.hidden = false;
    });
  }

  /** How a step was checked, in short: on a screen it shows while the pointer is on the mark. */
  function tellHow(mark) {
    const how = mark.querySelector(".derivation-how");
    const reason = mark.parentElement.querySelector(".derivation-reason");
    const [first] = how?.firstChild?.textContent.replace(/^\s*\w+:\s*/, "").split(/\.\s/) ?? [""];
    if (!reason || !first || first.length > 90) return;
    const told = make("span", "derivation-how-printed", first.replace(/\.?\s*$/, ""));
    reason.append(told);
    undo.push(() => told.remove());
  }

  /** The nearest box around a formula, and the edges of the room in it. */
  function roomOf(formula) {
    let box = formula.parentElement;
    while (getComputedStyle(box).display.startsWith("inline")) box = box.parentElement;
    const { left, right } = box.getBoundingClientRect();
    const { paddingLeft, paddingRight } = getComputedStyle(box);
    return { left: left + parseFloat(paddingLeft), right: right - parseFloat(paddingRight) };
  }

  const reachOf = (formula) => Math.max(...[...formula.querySelectorAll(".base")].map((part) => part.getBoundingClientRect().right));

  /** Write an element smaller, until `excess()`, its width over the room it has, is at most one. */
  function shrink(element, excess) {
    const before = element.style.fontSize;
    const full = parseFloat(getComputedStyle(element).fontSize);
    let size = 1;
    // What does not shrink with the letters, such as space of a fixed width, takes a few rounds.
    for (let round = 0; round < 6 && excess() > 1 && size > SMALLEST; round += 1) {
      size = Math.max(SMALLEST, (0.995 * size) / excess());
      element.style.fontSize = `${(size * full).toFixed(2)}px`;
    }
    if (size === 1) return;
    undo.push(() => {
      element.style.fontSize = before;
      if (!element.getAttribute("style")) element.removeAttribute("style");
    });
  }

  /** What is too wide is written smaller; a derivation's formula first gets the whole line. */
  function fit(root) {
    for (const table of root.querySelectorAll("table")) {
      shrink(table, () => table.getBoundingClientRect().width / (table.parentElement.clientWidth + 1));
    }
    const formulas = [...root.querySelectorAll(".katex")].filter((formula) => formula.getBoundingClientRect().width > 0);
    const wide = formulas.filter((formula) => reachOf(formula) > roomOf(formula).right + 1);
    const lines = new Set(wide.map((formula) => formula.closest(".derivation-line:not(.derivation-wide)")));
    for (const line of lines) line?.classList.add("derivation-wide");
    undo.push(() => lines.forEach((line) => line?.classList.remove("derivation-wide")));
    for (const formula of wide) {
      shrink(formula, () => {
        const room = roomOf(formula);
        return (reachOf(formula) - room.left) / (room.right - room.left + 1);
      });
    }
  }

  function prepare() {
    if (undo.length) return;
    document.dispatchEvent(new Event("figures-wanted")); // those that wait for the reader to come near are drawn at once
    const root = document.documentElement;
    const { theme } = root.dataset;
    root.dataset.theme = "light";
    root.classList.add(ON_PAPER);
    undo.push(() => {
      root.classList.remove(ON_PAPER);
      if (theme === undefined) delete root.dataset.theme;
      else root.dataset.theme = theme;
    });
    for (const folded of document.querySelectorAll("details.derivation-by:not([open])")) {
      folded.open = true;
      undo.push(() => (folded.open = false));
    }
    for (const figure of document.querySelectorAll("[data-printed]")) row(figure);
    for (const mark of document.querySelectorAll(".derivation-mark")) tellHow(mark);
    fit(document.querySelector("article") ?? document.body);
  }

  function restore() {
    for (const back of undo.reverse()) back();
    undo = [];
  }

  addEventListener("beforeprint", prepare);
  addEventListener("afterprint", restore);
})();
