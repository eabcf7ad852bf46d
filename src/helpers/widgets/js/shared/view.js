// The life of one view: build once, redraw at most once a frame, take every listener away at the end.

import { announcer } from "./announcer.js";
import { linkSymbols } from "./links.js";
import { steady } from "./steady.js";

// In Jupyter each figure loads this module anew, so that a count alone would give two elements one identifier.
const instance = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
let count = 0;

/** An identifier that no other element of the page has. */
export const identifier = (name) => `dtr-${name}-${instance}-${(count += 1)}`;

/** An element with attributes, children and listeners: `h("p", { class: "x" }, "text")`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * Give `element` those of these attributes that it does not have yet, and take from it those that are null: even the same
 * value, set again, is work for the browser.
 */
export function change(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = value === null ? null : String(value);
    if (element.getAttribute(name) === text) continue;
    if (text === null) element.removeAttribute(name);
    else element.setAttribute(name, text);
  }
}

/** An element of an SVG picture with these attributes. */
export function svgElement(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  change(element, attributes);
  return element;
}

/**
 * Turn a function that builds one figure into anywidget's `render`.
 *
 * `build({ model, state, set, root, alt, redraw })` fills `root` and returns `draw(state)`, which is called at once and
 * then at most once a frame after a trait has changed or `redraw()` has asked for it; what `draw` returns is shown
 * to the world as `data-state`. The paragraph with the class `dtr-status` says in words what is to be seen now: it
 * describes every picture of the figure, and is said aloud after a change (announcer.js). `build` may also return `{ draw, destroy }`.
 */
export function view(name, traits, build) {
  return ({ model, el }) => {
    el.classList.add("dtr-figure");
    el.dataset.widget = name;
    el.dataset.topic = __TOPIC__; // its sheet holds here
    // JupyterLab would take a focused control's arrow keys for itself, and letters too: "dd" deletes the cell.
    el.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
    el.replaceChildren();
    const state = () => Object.fromEntries(traits.map((trait) => [trait, model.get(trait)]));
    const set = (changes) => {
      for (const [trait, value] of Object.entries(changes)) model.set(trait, value);
      model.save_changes();
    };
    let frame = null;
    linkSymbols(el);
    const schedule = () => {
      frame ??= requestAnimationFrame(() => {
        frame = null;
        show();
      });
    };
    const built = build({ model, state, set, root: el, alt: model.get("_alt"), redraw: schedule });
    const { draw, destroy = () => {} } = typeof built === "function" ? { draw: built } : built;
    if (model.get("_caption")) el.append(h("p", { class: "dtr-conclusion" }, model.get("_caption")));
    const voice = announcer(el);
    const show = () => {
      const shown = draw(state());
      el.dataset.state = JSON.stringify(shown);
      voice.hear(shown.playing === true);
    };
    const height = steady(el);
    const move = () => {
      height.hold();
      schedule();
    };
    for (const trait of traits) model.on(`change:${trait}`, move);
    show();
    return () => {
      for (const trait of traits) model.off(`change:${trait}`, move);
      height.destroy();
      destroy();
      voice.destroy();
      if (frame !== null) cancelAnimationFrame(frame);
    };
  };
}
