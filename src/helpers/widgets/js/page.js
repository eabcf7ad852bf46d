// The static page's host: gives every figure of the page a model and, once its topic's script is there, life.
// No kernel, no server: scripts come from the folder that this one came from, over http or from disk.

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
  const models = new Map();
  const figures = [...document.querySelectorAll("[data-widget][data-initial]")];
  for (const element of figures) {
    const values = JSON.parse(element.dataset.initial);
    // Linked figures share one model: what one changes, all see.
    const model = models.get(element.dataset.linkedTo) ?? new Model(values);
    model.adopt(values);
    models.set(element.id, model);
  }
  for (const element of figures) {
    const { render } = await load(element.dataset.topic);
    const model = models.get(element.id);
    // The view's own name, description and caption are the element's, not the shared model's.
    const { widget: _widget, alt: _alt, caption: _caption } = element.dataset;
    const own = { _widget, _alt, _caption };
    render({
      model: {
        get: (name) => own[name] ?? model.get(name),
        set: (name, value) => model.set(name, value),
        save_changes: () => {},
        on: (event, callback) => model.on(event, callback),
        off: (event, callback) => model.off(event, callback),
      },
      el: element,
    });
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
