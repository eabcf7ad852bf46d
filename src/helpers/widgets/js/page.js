// The static page's host: gives every figure of the page a model and, once its topic's script is there, life.
// No kernel, no server: scripts come from the folder that this one came from, over http or from disk.

import { linked } from "./shared/state_links.js";

const base = document.currentScript.src.replace(/[^/]*$/, "");

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

const scripts = new Map();

function load(topic) {
  if (!scripts.has(topic)) {
    scripts.set(
      topic,
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `${base}${topic}.page.js`;
        script.onload = () => resolve(window[`derivations_${topic}`].default);
        script.onerror = () => reject(new Error(`the figures' script ${script.src} could not be read`));
        document.head.append(script);
      }),
    );
  }
  return scripts.get(topic);
}

async function start() {
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
  for (const element of figures) {
    const model = models.get(root(element).id);
    // The view's own name, description and caption are the element's, not the shared model's.
    const { widget: _widget, alt: _alt, caption: _caption } = element.dataset;
    const own = { _widget, _alt, _caption };
    const figureModel = {
      get: (name) => own[name] ?? model.get(name),
      set: (name, value) => model.set(name, value),
      save_changes: () => {},
      on: (event, callback) => model.on(event, callback),
      off: (event, callback) => model.off(event, callback),
    };
    try {
      (await load(element.dataset.topic)).render({ model: figureModel, el: element });
      if (element.dataset.widget !== "exercise-progress") element.append(links.get(element).buttons());
    } catch (error) {
      // One figure that fails must not take the others with it, nor leave a control that does nothing.
      console.error(error);
      element.textContent = `${element.dataset.alt} (This figure could not be drawn: ${error.message})`;
    }
  }
  // Now the page is as long as it stays, and the place of a link where it stays.
  document.dispatchEvent(new Event("figures-drawn"));
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
