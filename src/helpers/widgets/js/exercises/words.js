// The author's words: HTML from the book, and TeX in it that is typeset here.

import { typeset } from "../shared/tex.js";

const ALPHABETS = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"];

/** What the book hides from a passing glance, and back (`rotated` in exercises/hidden.py). */
export const rotated = (text) =>
  text.replace(/[a-z\d]/gi, (sign) => {
    const alphabet = ALPHABETS.find((signs) => signs.includes(sign));
    return alphabet[(alphabet.indexOf(sign) + alphabet.length / 2) % alphabet.length];
  });

/** Fill an element with the author's HTML; never with anything that a reader typed. */
export function fill(element, html) {
  element.innerHTML = html;
  for (const formula of element.querySelectorAll(".tex")) {
    const [, tex] = formula.textContent.match(/^\\\(([^]*)\\\)$/) ?? [];
    if (tex !== undefined) typeset(formula, tex);
  }
  return element;
}
