// The static page's host: gives every figure of the page a model at once, and life when it comes near the screen.
// No kernel, no server: scripts come from the folder that this one came from, over http or from disk. A topic's script is
// asked for when the first of its figures is started.
//
// Two events of the document: `figures-wanted` starts all figures (print.js needs them on paper), and `figures-drawn` says,
// once, that those near the screen on arrival have been drawn.

import { linked } from "./shared/state_links.js";

const base = document.currentScript.src.replace(/[^/]*$/, "");
const isFromDisk = location.protocol === "file:";
const NEAR = "100% 0px"; // a screen above and below: a figure grows to its height out of sight
const CONTROLS = "a[href], button, input, select, textarea, [tabindex='0']";

/** The part of a widget's model that views use, with nobody at the other end. */
class Model {
  #values;
  #listeners = new Map();

  constructor(values) {
    this.#values = { ...values };
  }

  adopt(values) {
    this.#values = { ...values, ...this.#values };
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    if (JSON.stringify(this.#values[name]) === JSON.stringify(value)) return;
    this.#values[name] = value;
    for (const callback of this.#listeners.get(`change:${name}`) ?? []) callback();
  }

  save_changes() {}

  on(event, callback) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(callback);
  }

  off(event, callback) {
    this.#listeners.get(event)?.delete(callback);
  }
}

// The scripts of topics, and KaTeX, which only figures need: the text's formulas are set.

const KATEX = `${base}katex/katex.min.js`;
const addressOf = (topic) => `${base}${topic}.page.js`;
const viewsOf = (topic) => window[`derivations_${topic}`]?.default;
const scripts = new Map();

/** A promise that the script at this address has run. */
function run(address) {
  if (!scripts.has(address)) {
    scripts.set(
      address,
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`the figures' script ${script.src} could not be read`));
        document.head.append(script);
      }),
    );
  }
  return scripts.get(address);
}

/** A promise of the topic's views. A page in one file has the scripts in it. */
async function load(topic) {
  if (window.katex && viewsOf(topic)) return viewsOf(topic);
  await Promise.all([KATEX, addressOf(topic)].map(run));
  return viewsOf(topic);
}

function runAtOnce(address) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  const script = document.createElement("script");
  try {
    request.send();
    if (request.status === 200) script.textContent = request.responseText;
  } catch {
    // The figure says so when its own request fails, too.
  }
  document.head.append(script);
}

/** The topic's views at once, or nothing where that cannot be: a browser that begins to print waits for no promise. */
function loadAtOnce(topic) {
  if (!isFromDisk) {
    if (!window.katex) runAtOnce(KATEX);
    if (!viewsOf(topic)) runAtOnce(addressOf(topic));
  }
  return window.katex && viewsOf(topic);
}

/** What each figure's view gets: the model, and in place of the shared model's its own name, description and caption. */
function modelOf({ widget: _widget, alt: _alt, caption: _caption }, model) {
  const own = { _widget, _alt, _caption };
  return {
    get: (name) => own[name] ?? model.get(name),
    set: (name, value) => model.set(name, value),
    save_changes: () => {},
    on: (event, callback) => model.on(event, callback),
    off: (event, callback) => model.off(event, callback),
  };
}

function start() {
  const figures = [...document.querySelectorAll("[data-widget][data-initial]")];
  const byId = new Map(figures.map((element) => [element.id, element]));
  // Linked figures, wherever they stand in the page, share the model of the one that they are linked to in the end.
  const root = (element) => {
    const target = byId.get(element.dataset.linkedTo);
    return target ? root(target) : element;
  };
  const models = new Map(figures.map((element) => [element.id, new Model(JSON.parse(element.dataset.initial))]));
  for (const element of figures) models.get(root(element).id).adopt(JSON.parse(element.dataset.initial));
  const links = new Map(figures.map((element) => [element, linked(element, models.get(root(element).id))]));
  const restore = () => links.forEach((link) => link.restore(location.hash));
  restore();
  addEventListener("hashchange", restore);

  const waiting = new Set(figures); // what stands in for these is in their place
  const near = new Set(); // of them, what is to be started

  /** A figure that fails must not take the others with it, nor leave a control that does nothing. */
  function fail(element, error) {
    console.error(error);
    element.textContent = `${element.dataset.alt} (This figure could not be drawn: ${error.message})`;
  }

  function leave(element) {
    observer.unobserve(element);
    near.delete(element);
    return waiting.delete(element);
  }

  function draw(element, views) {
    const isReached = element === document.activeElement && element.matches(":focus-visible");
    if (!leave(element)) return;
    element.removeAttribute("tabindex");
    try {
      views.render({ model: modelOf(element.dataset, models.get(root(element).id)), el: element });
      if (element.dataset.widget !== "exercise-progress") element.append(links.get(element).buttons());
    } catch (error) {
      fail(element, error);
    }
    if (!isReached) return;
    const controls = [...element.querySelectorAll(CONTROLS)].filter((control) => control.getClientRects().length);
    controls.at(cameBackwards ? -1 : 0)?.focus();
  }

  async function begin(element) {
    near.delete(element);
    let views;
    try {
      views = await load(element.dataset.topic);
    } catch (error) {
      if (leave(element)) fail(element, error);
      return;
    }
    // A task of its own, after that of the scripts, lets the page answer in between.
    await new Promise((done) => setTimeout(done));
    draw(element, views);
  }

  // One after the other, with room for the page's other work between them; what has been scrolled past is left.
  let isAtWork = false;
  async function work() {
    if (isAtWork) return;
    isAtWork = true;
    for (const element of near) {
      await begin(element);
      await new Promise((done) => setTimeout(done));
    }
    isAtWork = false;
  }

  let isArriving = true;
  const observer = new IntersectionObserver(
    async (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting && waiting.has(target)) near.add(target);
        else near.delete(target);
      }
      const isFirst = isArriving;
      isArriving = false;
      await work();
      // From now on the place that a link led to is where it stays.
      if (isFirst) document.dispatchEvent(new Event("figures-drawn"));
    },
    { rootMargin: NEAR },
  );
  for (const element of figures) observer.observe(element);

  // The focus that leaps over a long text reaches a figure that still waits, and goes on to its controls.
  let cameBackwards = false;
  for (const element of figures) element.tabIndex = 0;
  document.addEventListener("focusin", ({ target, relatedTarget }) => {
    if (!waiting.has(target)) return;
    cameBackwards = Boolean(relatedTarget && target.compareDocumentPosition(relatedTarget) & Node.DOCUMENT_POSITION_FOLLOWING);
    begin(target);
  });

  document.addEventListener("figures-wanted", () => {
    for (const element of [...waiting]) {
      const views = loadAtOnce(element.dataset.topic);
      if (views) draw(element, views);
      else begin(element);
    }
  });
  // From the disk nothing can be read at once, and nothing travels: all is read early.
  if (isFromDisk) figures.forEach(({ dataset }) => load(dataset.topic).catch(() => {}));
}

// Not before: by then the page has gone to the place that its address names.
if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
