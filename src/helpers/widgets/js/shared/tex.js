// Formulas that change with the sliders: TeX text, with the present values in it, typeset by KaTeX.

import katex from "katex";
import { tagSymbols } from "./links.js";

// In the book's pages KaTeX's style sheet is there; in Jupyter it is not, and the browser's own MathML serves.
const OUTPUT = __PAGE__ ? "htmlAndMathml" : "mathml";

// What an element holds, and of which text: a formula that has not changed is not typeset again.
const typed = new WeakMap();

/**
 * Give `old`, a part of a formula in the page, the form of `now`, one that has just been typeset. What is the same stays,
 * so that where a number has changed the browser lays out that number alone.
 */
function become(old, now) {
  if (old.nodeName !== now.nodeName || old.childNodes.length !== now.childNodes.length) return old.replaceWith(now);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  // A symbol that a control sets may be set apart just now (links.js).
  if (!now.dataset.symbolOf || old.dataset.symbolOf !== now.dataset.symbolOf) {
    // By their names: each attribute that is asked for as a node is one more node of the page, kept as long as its element.
    for (const name of now.getAttributeNames()) {
      const value = now.getAttribute(name);
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const name of old.getAttributeNames()) if (!now.hasAttribute(name)) old.removeAttribute(name);
  }
  for (let [a, b] = [old.firstChild, now.firstChild]; a; ) {
    const next = [a.nextSibling, b.nextSibling];
    become(a, b);
    [a, b] = next;
  }
}

/** Typeset `tex` into `element`; `letters` maps each letter in it that a control sets to the control's trait. */
export function typeset(element, tex, { displayMode = false, letters = {} } = {}) {
  const before = typed.get(element);
  const isOurs = before !== undefined && before.formula === element.firstChild;
  if (isOurs && before.tex === tex) return;
  const target = isOurs ? document.createElement("div") : element;
  katex.render(tex, target, {
    output: OUTPUT,
    displayMode,
    throwOnError: false,
    trust: ({ command }) => command === "\\htmlClass",
    strict: (code) => (code === "htmlExtension" ? "ignore" : "warn"),
  });
  tagSymbols(target, letters);
  if (isOurs) become(before.formula, target.firstChild);
  typed.set(element, { tex, formula: element.firstChild });
}

/** A present value inside a formula, marked so that the style sheet can set it apart: MathML keeps no class. */
export const live = (text) => (__PAGE__ ? `\\htmlClass{dtr-live}{${text}}` : `\\textcolor{blue}{${text}}`);
