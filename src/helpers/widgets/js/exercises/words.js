// The author's words: HTML from the book, and TeX in it that is typeset here.

import { typeset } from "../shared/tex.js";

const HALVES = ["abcdefghijklm", "ABCDEFGHIJKLM", "01234", "nopqrstuvwxyz", "NOPQRSTUVWXYZ", "56789"];
const [FIRST, SECOND] = [HALVES.slice(0, 3), HALVES.slice(3)].map((halves) => halves.join(""));
const [FROM, TO] = [FIRST + SECOND, SECOND + FIRST];

/** What the book hides from a passing glance, and back (`rotated` in exercises/hidden.py). */
export const rotated = (text) => text.replace(/[a-z\d]/gi, (sign) => TO[FROM.indexOf(sign)]);

/** Fill an element with the author's HTML; never with anything that a reader typed. */
export function fill(element, html) {
  element.innerHTML = html;
  for (const formula of element.querySelectorAll(".tex")) {
    const [, tex] = formula.textContent.match(/^\\\(([^]*)\\\)$/) ?? [];
    if (tex !== undefined) typeset(formula, tex);
  }
  return element;
}
