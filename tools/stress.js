// Run by tools/stress.py in an open page: moves the controls of its figures at random, and says what is wrong with them.
// A function of how to wait for a frame (in_page.py), which gives those by which it is told to.
(frame) => {
  const CONTROLS = "input, select, button:not([data-copy-link]), .dtr-handle, .dtr-grip, svg.dtr-plot";
  const MARKS = "path, rect, circle, ellipse, line, polyline, polygon, text";
  const NO_NUMBER = /NaN|undefined|Infinity|\[object |no number(?!:)/;
  // Whatever may be typed: numbers at hand, and what a field has to put back. Four digits, as a field shows them.
  const TYPED = [() => (6 * random() - 3).toPrecision(3), () => "0", () => "", () => "1e308", () => "-1e308", () => "1e-300"];
  const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

  /** Mulberry32: numbers in [0, 1), the same from the same seed. */
  let seed = 0;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(n * random());
  const oneOf = (list) => list[below(list.length)];
  const byId = (id) => document.getElementById(id);

  // --- moves: each as the events that the page's scripts get from a reader's ---

  const told = (control, ...kinds) => kinds.forEach((kind) => control.dispatchEvent(new Event(kind, { bubbles: true })));

  function slide(control) {
    const [low, high, step] = [control.min, control.max, control.step].map(Number);
    const end = random();
    const steps = Math.round((high - low) / step);
    control.value = end < 0.1 ? low : end < 0.2 ? high : low + step * below(steps + 1);
    told(control, "input", "change");
  }

  function choose(control) {
    control.value = oneOf([...control.options]).value;
    told(control, "input", "change");
  }

  function type(control) {
    control.value = (random() < 0.7 ? TYPED[0] : oneOf(TYPED))();
    told(control, "input", "change");
  }

  const press = (control, key) =>
    control.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: random() < 0.2, bubbles: true, cancelable: true }));

  /** The pointer goes down on `element`, over the picture and up again: from a handle a drag, elsewhere a click. */
  function drag(element, isClick) {
    const picture = element.closest("svg");
    const { left, top, width, height } = picture.getBoundingClientRect();
    const somewhere = () => [left + width * (1.2 * random() - 0.1), top + height * (1.2 * random() - 0.1)];
    const send = (target, kind, [clientX, clientY]) =>
      target.dispatchEvent(new MouseEvent(kind, { clientX, clientY, view: window, bubbles: true, cancelable: true }));
    const box = element.getBoundingClientRect();
    const from = isClick ? somewhere() : [box.left + box.width / 2, box.top + box.height / 2];
    const under = document.elementFromPoint(...from);
    const target = isClick && picture.contains(under) ? under : element;
    send(target, "pointerover", from);
    send(target, "mousedown", from);
    let to = from;
    if (!isClick) for (let i = 1 + below(3); i > 0; i -= 1) send(window, "mousemove", (to = somewhere()));
    send(isClick ? target : window, "mouseup", to);
    if (isClick) send(target, "click", to);
  }

  /** What can be moved of each of these figures. To ask makes the browser lay the page out: once a frame. */
  const movable = (ids) =>
    ids.map((id) => [...byId(id).querySelectorAll(CONTROLS)].filter((control) => !control.disabled && control.checkVisibility()));

  /** One move of one of these controls, which all are a figure's. Returns whether it was a drag: d3 takes no click for a while. */
  function moveOne(shown, takesFocus) {
    let control = oneOf(shown);
    // Undone too often, a figure would never go far.
    if (control?.matches(".dtr-links button") && random() < 0.9) control = oneOf(shown);
    if (!control?.isConnected) return false;
    control.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    if (takesFocus && control.tabIndex >= 0) control.focus({ preventScroll: true });
    if (control.matches("select")) choose(control);
    else if (control.matches("[type=range]")) slide(control);
    else if (control.matches("[type=checkbox], [type=radio]")) control.click();
    else if (control.matches("input")) type(control);
    else if (control.matches("button")) random() < 0.2 ? press(control, oneOf(ARROWS)) : control.click();
    else if (control.matches(".dtr-handle") && random() < 0.5) press(control, oneOf(ARROWS));
    else {
      drag(control, control.matches("svg"));
      return true;
    }
    return false;
  }

  // --- what is to be seen ---

  const brief = (element) => element.outerHTML.slice(0, 160).replace(/\s+/g, " ");

  /** What in the markup of a figure is no number, or null. */
  function noNumber(figure) {
    const markup = figure.innerHTML;
    const found = NO_NUMBER.exec(markup);
    return found && `no number: …${markup.slice(Math.max(0, found.index - 80), found.index + 40)}…`;
  }

  const isSeen = (mark, picture) => {
    const box = mark.getBoundingClientRect();
    const isInside = box.right >= picture.left && box.left <= picture.right && box.bottom >= picture.top && box.top <= picture.bottom;
    return isInside && box.width + box.height > 0 && !mark.closest("clipPath, defs, .dtr-axis, .dtr-axis-label, .dtr-handle-reach");
  };
  const isBlank = (plot) => {
    const edge = plot.getBoundingClientRect();
    return edge.width * edge.height === 0 || ![...plot.querySelectorAll(MARKS)].some((mark) => isSeen(mark, edge));
  };

  /** What is wrong with these figures at rest, in words. */
  function wrong(ids) {
    return ids.flatMap((id) => {
      const figure = byId(id);
      const plots = [...figure.querySelectorAll("svg.dtr-plot")].filter((plot) => plot.checkVisibility());
      return [
        noNumber(figure),
        !figure.querySelector("svg.dtr-plot, .dtr-pixels") && "no picture is left",
        ...plots.filter(isBlank).map((plot) => `a blank picture: ${brief(plot)}`),
        ...[...figure.querySelectorAll(".katex-error")].map((formula) => `a formula that cannot be set: ${formula.title}`),
        ...[...figure.querySelectorAll("input[type=range][aria-valuetext]")]
          .filter((slider) => slider.checkVisibility() && figure.querySelector(`output[for="${slider.id}"]`)?.textContent !== slider.ariaValueText)
          .map((slider) => `a slider and its value disagree: ${brief(slider.closest(".dtr-control"))}`),
      ]
        .filter(Boolean)
        .map((what) => `${id}: ${what}`);
    });
  }

  /**
   * What a figure shows, a line for each element, attribute and text that is rendered. Left out is what tells of the way
   * there: identifiers (counted), where the focus was, what has been said aloud.
   */
  function picture(id) {
    const names = new Map();
    const counted = (text) =>
      text.replace(/dtr-[\w-]+-[0-9a-z]+-\d+/g, (name) => {
        if (!names.has(name)) names.set(name, `(${names.size})`);
        return names.get(name);
      });
    const WAY = ["tabindex", "data-lm-suppress-shortcuts", "dtr-linked", "is-arrived"];
    const lines = [];
    const walk = (element) => {
      if (getComputedStyle(element).display === "none" || element.matches(".dtr-said")) return;
      lines.push(element.localName);
      // By their names: an attribute asked for as a node is one more node of the page.
      for (const name of element.getAttributeNames().sort()) {
        if (WAY.includes(name)) continue;
        const value = element.getAttribute(name);
        // How many user units make a pixel follows the widths that the box has had, not the state; the height that a
        // figure keeps is that of its tallest state so far.
        const told = name === "style" ? value.replace(/(--dtr-unit: [\d.]+|min-height: [\d.]+px);\s*/g, "") : value;
        const words = name === "class" ? value.split(/\s+/).filter((word) => !WAY.includes(word)).sort().join(" ") : counted(told);
        if (words || !["class", "style"].includes(name)) lines.push(`${element.localName} ${name}=${words}`);
      }
      if (element.matches("input, select")) lines.push(`${element.localName} ${element.dataset.trait ?? ""} is at ${element.value}`);
      for (const child of element.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) lines.push(child.data);
        else if (child.nodeType === Node.ELEMENT_NODE) walk(child);
      }
    };
    walk(byId(id));
    return lines;
  }

  /** Stop what plays by itself, leave the controls, and wait until all is drawn. */
  async function rest(ids) {
    for (const id of ids) for (const button of byId(id).querySelectorAll("button")) if (button.textContent.startsWith("⏸")) button.click();
    document.activeElement?.blur();
    for (let i = 0; i < 3; i += 1) await frame();
  }

  return {
    seedWith: (value) => (seed = value),
    rest,
    wrong,
    picture,
    /** Each choice once, each slider at both ends: what a figure keeps for later it has then. */
    async walk(ids) {
      for (const id of ids) {
        for (const control of byId(id).querySelectorAll("select, input[type=range]")) {
          const values = control.options ? [...control.options].map(({ value }) => value) : [control.min, control.max];
          for (const value of values) {
            control.value = value;
            told(control, "input", "change");
            await frame();
          }
        }
      }
    },
    /** `count` moves, `perFrame` of them before each frame. Returns what was no number after one, of each figure the first. */
    async move(ids, count, perFrame) {
      const found = new Map();
      for (let done = 0; done < count; ) {
        const shown = movable(ids);
        for (let i = 0; i < perFrame && done < count; i += 1) {
          done += 1;
          if (!moveOne(oneOf(shown), i === 0)) continue;
          await new Promise((go) => setTimeout(go)); // d3 waits as long, and began before
          break;
        }
        await frame();
        for (const id of ids) {
          const what = found.has(id) ? null : noNumber(byId(id));
          if (what) found.set(id, `${id}: ${what} at #${this.link(id)}`);
        }
      }
      return [...found.values()];
    },
    /** The same while the page is hidden, where no frame comes. */
    moveUnseen(ids, count) {
      const shown = movable(ids);
      for (let done = 0; done < count; done += 1) moveOne(oneOf(shown), true);
    },
    /** Back to the first state, as the reader goes. */
    async reset(ids) {
      await rest(ids);
      for (const id of ids) byId(id).querySelector(".dtr-links button:not([data-copy-link])")?.click();
      await rest(ids);
    },
    /** The fragment of the state that a figure is in. */
    link: (id) => byId(id).querySelector("[data-copy-link]")?.linkFragment() ?? id,
    wear: (theme) => (document.documentElement.dataset.theme = theme),
    /** As the browser tells of a tab that is left or come back to. */
    show(isShown) {
      Object.defineProperty(document, "hidden", { configurable: true, value: !isShown });
      Object.defineProperty(document, "visibilityState", { configurable: true, value: isShown ? "visible" : "hidden" });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    },
  };
}
