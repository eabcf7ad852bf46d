// The author's words: HTML from the book, and TeX in it that is typeset here.

import { typeset } from "../shared/tex.js";

/** What the book hides from a passing glance. */
export const decoded = (text) => new TextDecoder().decode(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)));

/** Fill an element with the author's HTML; never with anything that a reader typed. */
export function fill(element, html) {
  element.innerHTML = html;
  for (const formula of element.querySelectorAll(".tex")) {
    const [, tex] = formula.textContent.match(/^\\\(([^]*)\\\)$/) ?? [];
    if (tex !== undefined) typeset(formula, tex);
  }
  return element;
}
