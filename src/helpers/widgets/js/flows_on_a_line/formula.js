// A compiled formula beside a figure: in letters, and with the present values in their places.

import { decimal, texDecimal } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h } from "../shared/view.js";

const present = (value) => {
  const text = live(texDecimal(value));
  return value < 0 && decimal(value) !== "0.00" ? `\\left(${text}\\right)` : text;
};

/** `letters` maps a letter of the formula to the trait that sets it. */
export function formula(letters) {
  const [symbols, numbers] = [h("div", { class: "dtr-formula" }), h("div", { class: "dtr-formula" })];
  let shown = null;
  return {
    element: h("div", { class: "dtr-formulas" }, symbols, numbers),
    /** `tex` is { letters, numbers }, `left` what stands before the equals sign. */
    show(tex, left, state) {
      if (shown !== tex.letters) {
        typeset(symbols, `${left} = ${tex.letters}`, { displayMode: true, letters });
        shown = tex.letters;
      }
      const filled = tex.numbers.replace(/<(\w+)>/g, (_, trait) => present(state[trait]));
      numbers.hidden = tex.numbers === tex.letters;
      typeset(numbers, `\\phantom{${left}} = ${filled}`, { displayMode: true });
    },
  };
}

/** Points of the graph of `g` over [from, to], in pieces that end where a value is not finite. */
export function graph(g, from, to, count = 600) {
  const pieces = [[]];
  for (let i = 0; i <= count; i += 1) {
    const z = from + ((to - from) * i) / count;
    const value = g(z);
    if (Number.isFinite(value)) pieces.at(-1).push([z, value]);
    else if (pieces.at(-1).length) pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 1);
}
