// From what a reader types to a tree, or to one sentence that says what cannot be read and where.
//
// The text is rewritten into the small alphabet that the grammar takes. Names never reach it: each symbol, constant
// and function that is known stands there under a number, and a name that is not known ends the reading here.

import { treeOf } from "./grammar.js";

export const LONGEST = 400; // characters
const DEEPEST = 40; // brackets inside one another
const DEEPEST_TREE = 60; // a long sum or product is flat

export const FUNCTIONS = [
  "sqrt",
  "exp",
  "log",
  "abs",
  ...["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"],
];
const OTHER_NAMES = { ln: "log", arcsin: "asin", arccos: "acos", arctan: "atan" };
const CONSTANTS = ["pi", "e"];

// ε and ϵ, θ and ϑ, φ and ϕ are one letter each: pairs of a character and its name.
const GREEK = Object.fromEntries(
  (
    "α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta ϑ theta ι iota κ kappa λ lambda μ mu µ mu " +
    "ν nu ξ xi ο omicron π pi ρ rho σ sigma τ tau υ upsilon φ phi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta " +
    "Λ Lambda Ξ Xi Π Pi Σ Sigma Φ Phi Ψ Psi Ω Omega"
  )
    .split(" ")
    .reduce((pairs, word, i, all) => (i % 2 ? [...pairs, [all[i - 1], word]] : pairs), []),
);
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const FRACTIONS = { "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)" };
const OPERATORS = {
  ...{ "+": "+", "-": "-", "−": "-", "–": "-", "^": "^", "/": "/", "÷": "/", "∕": "/", "⁄": "/" },
  ...{ "*": "*", "·": "*", "×": "*", "⋅": "*", "∙": "*" },
};
const greekLetters = Object.keys(GREEK).join("");
const WORD = new RegExp(`[A-Za-z${greekLetters}][A-Za-z${greekLetters}0-9_${SUBSCRIPTS}]*`, "uy");
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/uy;
const SUPERSCRIPT = new RegExp(`[⁺⁻]?[${SUPERSCRIPTS}]+`, "uy");

/** What is wrong with an answer, and where: `at` and `end` are places in the text. */
export class Unreadable extends Error {
  constructor(message, at = null, end = at === null ? null : at + 1) {
    super(message);
    this.at = at;
    this.end = end;
  }
}

/**
 * The tree of the formula `source` over `symbols` (names such as "eta" or "d_0").
 *
 * Its nodes: `["num", "0.5"]`, `["sym", "eta"]`, `["const", "pi" | "e"]`, `["call", name, tree]` with a name in
 * `FUNCTIONS`, `["neg", tree]`, and `["add" | "sub" | "mul" | "div" | "pow", tree, tree]`.
 *
 * Throws `Unreadable`, and nothing else, for every other text.
 */
export function read(source, symbols) {
  if (source.trim() === "") throw new Unreadable("Type your answer first.");
  if (source.length > LONGEST) {
    const length = source.length.toLocaleString("en");
    throw new Unreadable(`This has ${length} characters; an answer has at most ${LONGEST}.`);
  }
  // Before any name: a reader who writes “E = …” wants to hear of the sign, not of the letter.
  const equals = source.indexOf("=");
  if (equals >= 0) throw unknownCharacter("=", source, equals);
  const { text, places } = rewrite(source, symbols);
  let tree;
  try {
    tree = treeOf(text);
  } catch (error) {
    if (!Number.isInteger(error.char)) throw new Unreadable("Something is missing or misplaced in this formula.");
    const place = places[error.char - 1];
    if (place === undefined) throw new Unreadable("The formula ends too early: something is missing here.", source.length);
    throw new Unreadable("Something is missing or misplaced here.", place);
  }
  if (depth(tree) > DEEPEST_TREE) throw new Unreadable("This formula is nested too deeply to be read.");
  return named(tree, symbols);
}

/** How deep the formula is nested, as it is typeset: browsers give up on boxes in boxes in boxes. */
function depth(tree) {
  // With a stack of its own: the tree may be as deep as the text is long.
  let deepest = 0;
  const waiting = [[tree, 1]];
  while (waiting.length) {
    const [[kind, ...parts], level] = waiting.pop();
    deepest = Math.max(deepest, level);
    parts.forEach((part, i) => {
      const isFlat = i === 0 && ["add", "sub", "mul"].includes(kind);
      if (Array.isArray(part)) waiting.push([part, level + !isFlat]);
    });
  }
  return deepest;
}

/** Put the names back, and look at the numbers. */
function named([kind, ...parts], symbols) {
  if (kind === "num") {
    if (!Number.isFinite(Number(parts[0]))) throw new Unreadable("A number here is too large.");
    return [kind, parts[0]];
  }
  if (kind === "name") {
    const index = Number(parts[0].slice(1));
    return parts[0][0] === "v" ? ["sym", symbols[index]] : ["const", CONSTANTS[index]];
  }
  if (kind === "call") return [kind, FUNCTIONS[Number(parts[0].slice(1))], named(parts[1], symbols)];
  return [kind, ...parts.map((part) => named(part, symbols))];
}

function matched(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function rewrite(source, symbols) {
  const names = spellings(symbols);
  const places = [];
  let text = "";
  let ended = false; // whether what was read last ends an operand
  const open = [];
  let roots = 0; // root signs before the bracket that comes next, but for the one that takes it
  const put = (piece, at, ends) => {
    for (let i = 0; i < piece.length; i += 1) places.push(at);
    text += piece;
    ended = ends;
  };
  const nest = (kind, at) => {
    open.push({ kind, at });
    if (open.length > DEEPEST) throw new Unreadable(`More than ${DEEPEST} brackets stand inside one another.`, at);
  };
  const nextIs = (character, from) => source.slice(from).trimStart().startsWith(character);

  let at = 0;
  while (at < source.length) {
    const character = String.fromCodePoint(source.codePointAt(at));
    const number = matched(NUMBER, source, at);
    const word = matched(WORD, source, at);
    const superscript = matched(SUPERSCRIPT, source, at);
    let length = character.length;
    if (/\s/u.test(character)) {
      put(" ", at, ended);
    } else if (number) {
      length = number.length;
      put(number, at, true);
    } else if (word) {
      length = word.length;
      for (const piece of pieces(word, names, at)) {
        if (piece[0] !== "f") put(`(${piece})`, at, true);
        else if (nextIs("(", at + length)) put(piece, at, false);
        else if (nextIs("^", at + length) || matched(SUPERSCRIPT, source, at + length)) {
          const name = FUNCTIONS[Number(piece.slice(1))];
          throw new Unreadable(`Write the power after the bracket, as in ${name}(…)^2.`, at, at + length);
        } else throw needsBracket(FUNCTIONS[Number(piece.slice(1))], at, at + length);
      }
    } else if (superscript) {
      length = superscript.length;
      const digits = [...superscript].map((c) => (c === "⁻" ? "-" : c === "⁺" ? "" : SUPERSCRIPTS.indexOf(c))).join("");
      put(`^(${digits})`, at, true);
    } else if (Object.hasOwn(FRACTIONS, character)) {
      if (/[\d.]\s*$/u.test(source.slice(0, at))) throw new Unreadable("Write a mixed number as 3/2 or 1.5.", at);
      put(FRACTIONS[character], at, true);
    } else if (source.startsWith("**", at)) {
      length = 2;
      put("^", at, false);
    } else if (Object.hasOwn(OPERATORS, character)) {
      put(OPERATORS[character], at, false);
    } else if (character === "(") {
      nest("(", at);
      open.at(-1).roots = roots;
      roots = 0;
      put("(", at, false);
    } else if (character === ")") {
      const inner = open.pop();
      if (!inner) throw new Unreadable("This bracket closes nothing.", at);
      if (inner.kind === "|") throw new Unreadable("This bar is never closed.", inner.at);
      if (text.trimEnd().endsWith("(")) throw new Unreadable("Nothing stands in this bracket.", at);
      put(")".repeat(1 + inner.roots), at, true);
    } else if (character === "|") {
      if (ended && open.at(-1)?.kind === "|") {
        open.pop();
        put(")", at, true);
      } else {
        nest("|", at);
        put(` f${FUNCTIONS.indexOf("abs")}(`, at, false);
      }
    } else if (character === "√") {
      length += root(at + length);
    } else {
      throw unknownCharacter(character, source, at);
    }
    at += length;
  }
  const unclosed = open.pop();
  if (unclosed) {
    throw new Unreadable(`This ${unclosed.kind === "(" ? "bracket" : "bar"} is never closed.`, unclosed.at);
  }
  return { text, places };

  // The sign √ takes a bracket, another such sign, or the one number or name after it. Returns how many characters
  // belong to it.
  function root(from) {
    let outer = 0;
    let start = from;
    for (; /[\s√]/u.test(source[start] ?? ""); start += 1) outer += source[start] === "√";
    const name = ` f${FUNCTIONS.indexOf("sqrt")}`;
    const before = `${name}(`.repeat(outer) + name;
    const after = ")".repeat(outer);
    const next = source[start] ?? "";
    if (next === "(") {
      put(before, from - 1, false);
      roots = outer;
      return start - from;
    }
    if (next === "[" || next === "{") throw unknownCharacter(next, source, start);
    if (Object.hasOwn(FRACTIONS, next)) {
      put(`${before}${FRACTIONS[next]}${after}`, start, true);
      return start - from + 1;
    }
    const under = matched(NUMBER, source, start);
    const word = matched(WORD, source, start);
    if (!under && !word) throw needsBracket("√", from - 1, from);
    const [first, ...rest] = under ? [under] : pieces(word, names, start);
    if (first[0] === "f") throw needsBracket("√", from - 1, from);
    put(`${before}((${first}))${after}`, start, true);
    for (const piece of rest) {
      if (piece[0] === "f") throw needsBracket(FUNCTIONS[Number(piece.slice(1))], start, start + word.length);
      put(`(${piece})`, start, true);
    }
    return start - from + (under ?? word).length;
  }
}

const needsBracket = (name, at, end) => new Unreadable(`Write a bracket after “${name}”, as in ${name}(…).`, at, end);

function unknownCharacter(character, source, at) {
  if (character === ",") {
    const isDecimal = /\d/u.test(source[at - 1] ?? "") && /\d/u.test(source[at + 1] ?? "");
    return new Unreadable(isDecimal ? "Write decimals with a point, as in 0.5." : "A comma has no meaning here.", at);
  }
  if (character === "=") return new Unreadable("Write the expression alone, without “=”.", at);
  if ("[]{}".includes(character)) return new Unreadable("Use round brackets: ( and ).", at);
  const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  const shown = /[\p{C}\p{Z}\p{M}]/u.test(character) ? `The character U+${code}` : `“${character}”`;
  return new Unreadable(`${shown} has no meaning here.`, at, at + character.length);
}

/** Every way to write a known name, to what stands for it in the grammar: v0, v1 for symbols, k0 for π, f0 for √. */
function spellings(symbols) {
  const names = new Map();
  const add = (name, piece) => {
    for (const written of [name, ...greek(name)]) {
      names.set(written, piece);
      names.set(written.replaceAll("_", ""), piece);
    }
  };
  FUNCTIONS.forEach((name, i) => names.set(name, `f${i}`));
  for (const [other, name] of Object.entries(OTHER_NAMES)) names.set(other, `f${FUNCTIONS.indexOf(name)}`);
  CONSTANTS.forEach((name, i) => add(name, `k${i}`));
  symbols.forEach((name, i) => add(name, `v${i}`));
  return names;
}

/** `sigma_0` with its Greek letter as a character: `σ_0`. */
function greek(name) {
  const [base, ...rest] = name.split("_");
  return Object.entries(GREEK)
    .filter(([, letter]) => letter === base)
    .map(([character]) => [character, ...rest].join("_"));
}

/** A word as known names: itself, or a product written without spaces, as in `ηdg`; the longest name first. */
function pieces(word, names, at) {
  const plain = word.replace(new RegExp(`[${SUBSCRIPTS}]+`, "gu"), (digits) =>
    ["_", ...[...digits].map((digit) => SUBSCRIPTS.indexOf(digit))].join(""),
  );
  const longest = Math.max(...[...names.keys()].map((name) => name.length));
  // What the word is from each place on: the first way that is found, or null.
  const from = new Array(plain.length + 1).fill(null);
  from[plain.length] = [];
  for (let start = plain.length - 1; start >= 0; start -= 1) {
    for (let end = Math.min(plain.length, start + longest); end > start && !from[start]; end -= 1) {
      const piece = names.get(plain.slice(start, end));
      // A function stands last, before its bracket.
      if (piece && from[end] && (piece[0] !== "f" || end === plain.length)) from[start] = [piece, ...from[end]];
    }
  }
  if (!from[0]) throw new UnknownName(word, at);
  return from[0];
}

/** A name that the exercise does not know. */
export class UnknownName extends Unreadable {
  constructor(name, at) {
    super(`“${name.length > 30 ? `${name.slice(0, 30)}…` : name}” is not known here.`, at, at + name.length);
  }
}
