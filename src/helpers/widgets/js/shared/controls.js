// Native inputs with visible labels and values. Each control returns { element, show(value) }.

import { decimal } from "./numbers.js";
import { typeset } from "./tex.js";
import { h, identifier } from "./view.js";

function label(text, tex, target) {
  const element = h("label", { for: target }, text);
  if (tex) {
    const symbol = h("span", { class: "dtr-symbol" });
    typeset(symbol, tex);
    element.append(" ", symbol);
  }
  return element;
}

/** A value as `format` writes it, with its unit: "1 step", "3 steps". */
const measured = (value, format, unit) => {
  const name = typeof unit === "function" ? unit(value) : value === 1 ? unit.replace(/s$/, "") : unit;
  return name ? `${format(value)} ${name}` : format(value);
};

/**
 * A slider with its value beside its label, as `format` writes it, and the value's unit if it has one: a plural, or
 * a function of the value. `onInput` gets a number inside the range.
 */
export function slider({ name, text, tex, min, max, step, digits = 2, format = (value) => decimal(value, digits), unit = "", onInput }) {
  const id = identifier(name);
  const output = h("output", { for: id });
  const input = h("input", { type: "range", id, min, max, step, "data-trait": name });
  // The value moves with the thumb; the model follows.
  const tell = (value) => {
    const text = measured(value, format, unit);
    if (output.textContent === text) return;
    output.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    tell(input.valueAsNumber);
    onInput(input.valueAsNumber);
  });
  const caption = h("span", { class: "dtr-caption" }, label(text, tex, id), output);
  const element = h("div", { class: "dtr-control dtr-slider" }, caption, input);
  return {
    element,
    show(value) {
      if (input.valueAsNumber !== value) input.value = value;
      tell(value);
    },
  };
}

/** Set the value of a control that has another: after each value set, browsers that fill in forms look through the page's. */
function write(control, value) {
  if (control.value !== value) control.value = value;
}

/** A list to choose from; `options` is [[value, text], ...]. */
export function choice({ name, text, options, onInput }) {
  const id = identifier(name);
  const select = h("select", { id, "data-trait": name }, ...options.map(([value, title]) => h("option", { value }, title)));
  select.addEventListener("change", () => onInput(select.value));
  return {
    element: h("div", { class: "dtr-control" }, h("span", { class: "dtr-caption" }, label(text, null, id)), select),
    show(value) {
      write(select, value);
    },
  };
}

/** A number to type, named `spoken` to a screen reader; what is no number inside the range is put back. */
export function numberField({ name, text, tex, spoken, step, limit, onInput }) {
  const id = identifier(name);
  const input = h("input", { type: "number", id, step, "data-trait": name, inputmode: "decimal", "aria-label": spoken });
  let last = 0;
  input.addEventListener("change", () => {
    const value = input.valueAsNumber;
    if (Number.isFinite(value) && Math.abs(value) <= limit()) onInput(value);
    else input.value = last;
  });
  return {
    element: h("div", { class: "dtr-field" }, label(text, tex, id), input),
    show(value) {
      last = Number(value.toPrecision(4));
      // Never under the hands of whoever is typing.
      if (document.activeElement !== input) write(input, String(last));
    },
  };
}

/** A push button. */
export function button({ text, title, onClick }) {
  const element = h("button", { type: "button", class: "dtr-button", title, onclick: onClick }, text);
  return { element };
}
