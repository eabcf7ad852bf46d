// Formulas that change with the sliders: TeX text, with the present values in it, typeset by KaTeX.

import katex from "katex";
import { tagSymbols } from "./links.js";

// In the book's pages KaTeX's style sheet is there; in Jupyter it is not, and the browser's own MathML serves.
const OUTPUT = __PAGE__ ? "htmlAndMathml" : "mathml";

// What an element holds, and of which text: a formula that has not changed is not typeset again.
const typed = new WeakMap();

/** Typeset `tex` into `element`; `letters` maps each letter in it that a control sets to the control's trait. */
export function typeset(element, tex, { displayMode = false, letters = {} } = {}) {
  const before = typed.get(element);
  if (before?.tex === tex && before.formula === element.firstChild) return;
  katex.render(tex, element, {
    output: OUTPUT,
    displayMode,
    throwOnError: false,
    trust: ({ command }) => command === "\\htmlClass",
    strict: (code) => (code === "htmlExtension" ? "ignore" : "warn"),
  });
  tagSymbols(element, letters);
  typed.set(element, { tex, formula: element.firstChild });
}

/** A present value inside a formula, marked so that the style sheet can set it apart: MathML keeps no class. */
export const live = (text) => (__PAGE__ ? `\\htmlClass{dtr-live}{${text}}` : `\\textcolor{blue}{${text}}`);
