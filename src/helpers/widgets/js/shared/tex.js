// Formulas that change with the sliders: TeX text, with the present values in it, typeset by KaTeX.

import katex from "katex";
import { tagSymbols } from "./links.js";

// In the book's pages KaTeX's style sheet is there; in Jupyter it is not, and the browser's own MathML serves.
const OUTPUT = __PAGE__ ? "htmlAndMathml" : "mathml";

/** Typeset `tex` into `element`; `letters` maps each letter in it that a control sets to the control's trait. */
export function typeset(element, tex, { displayMode = false, letters = {} } = {}) {
  katex.render(tex, element, {
    output: OUTPUT,
    displayMode,
    throwOnError: false,
    trust: ({ command }) => command === "\\htmlClass",
    strict: (code) => (code === "htmlExtension" ? "ignore" : "warn"),
  });
  tagSymbols(element, letters);
}

/** A present value inside a formula, marked so that the style sheet can set it apart: MathML keeps no class. */
export const live = (text) => (__PAGE__ ? `\\htmlClass{dtr-live}{${text}}` : `\\textcolor{blue}{${text}}`);
