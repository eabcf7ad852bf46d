// What to say of an answer in a page without a kernel: its values against the right ones, point by point.

import { superscript } from "../shared/numbers.js";
import { evaluate, TooLarge, Undefined } from "./evaluate.js";

const CLOSE = 1e-3;
const ALMOST = 1e-6;
const ENOUGH = 0.5; // of the points within the range of numbers, so that the others need not be asked
const PART = 0.25; // of the generic points right, so that more than chance speaks for the formula

/**
 * Judge an answer: a list of trees, one for each cell, row by row.
 *
 * `checks` holds the exact `points` (for each symbol of `symbols` a text such as "1/2"), the first `simple` of them easy
 * to read, the right `values` (for each point one number a cell), the `pitfalls` (such `values`, null where there is
 * none, and a `hint` in HTML), the room for rounding, `exact` (relative, and absolute below one), and a `tolerance` or
 * null. A point at which a number becomes too large on the way is left out, unless too few are left. Returns
 * `{ status, text }` or, for the author's own words, `{ status, html }`.
 */
export function decide(trees, allChecks, { symbols, columns }) {
  const everywhere = allChecks.points.map((point) => valuesAt(trees, symbols, point));
  const within = everywhere.map(({ isTooLarge }) => !isTooLarge);
  const isEnough = within.filter(Boolean).length >= ENOUGH * within.length;
  const kept = (list) => (isEnough ? list.filter((_, i) => within[i]) : list);
  const seen = kept(everywhere);
  const checks = {
    ...allChecks,
    points: kept(allChecks.points),
    values: kept(allChecks.values),
    simple: kept(within.map((_, i) => i < allChecks.simple)).filter(Boolean).length,
    pitfalls: allChecks.pitfalls.map(({ values, hint }) => ({ values: kept(values), hint })),
  };
  const near = agreement(checks);
  const isNumber = symbols.length === 0 && columns === 1;
  const isForeseen = isNumber ? (a, b) => Math.abs(a - b) <= CLOSE * Math.abs(b) : near;
  const good = seen.map(({ values }, i) => values !== null && values.every((value, j) => near(value, checks.values[i][j])));
  if (good.every(Boolean)) return { status: "right", text: "Right." };
  for (const { values, hint } of checks.pitfalls) {
    const same = seen.every((at, i) =>
      values[i] === null ? at.values === null : at.values?.every((value, j) => isForeseen(value, values[i][j])),
    );
    if (same) return { status: "pitfall", html: hint };
  }
  return explain(seen, good, checks, { symbols, columns });
}

function agreement({ tolerance, exact }) {
  if (tolerance !== null) return (a, b) => Math.abs(a - b) <= tolerance * (1 + exact);
  return (a, b) => Math.abs(a - b) <= exact * (1 + Math.abs(b));
}

function valuesAt(trees, symbols, point) {
  const values = new Map(symbols.map((symbol, i) => [symbol.name, fraction(point[i])]));
  try {
    return { values: trees.map((tree) => evaluate(tree, values)) };
  } catch (error) {
    if (!(error instanceof Undefined)) throw error;
    return { values: null, reason: error.message, isTooLarge: error instanceof TooLarge };
  }
}

const fraction = (text) => {
  const [above, below = "1"] = text.split("/");
  return Number(above) / Number(below);
};

function explain(seen, good, checks, { symbols, columns }) {
  const first = good.indexOf(false);
  const wrong = good.findIndex((isGood, i) => !isGood && seen[i].values !== null);
  const where = (i) => {
    const parts = symbols.map(({ written }, j) => `${written} = ${checks.points[i][j].replace("-", "−")}`);
    return parts.length ? `at ${parts.join(", ")} ` : "";
  };
  if (wrong < 0) {
    const here = `${where(first)}yours ${seen[first].reason}`;
    if (!good.includes(true)) return { status: "undefined", text: `${capital(here)}, so it has no value${symbols.length ? " there" : ""}.` };
    const right = checks.values[first].length === 1 ? `, and the right value is ${readable(checks.values[first][0])}` : "";
    return { status: "partly", text: `Right where it has a value, but ${here}${right}.` };
  }
  const { values } = seen[wrong];
  const cell = values.findIndex((value, j) => !agreement(checks)(value, checks.values[wrong][j]));
  const [yours, right] = [values[cell], checks.values[wrong][cell]];
  if (symbols.length === 0 && values.length === 1) {
    // One number: to name the right one would give the answer away.
    const isClose = checks.tolerance === null && Math.abs(yours - right) <= CLOSE * Math.abs(right);
    const text = isClose && Number.isInteger(right)
      ? "Close, but the answer is a whole number."
      : isClose
      ? "Close, but rounded or slightly off: give it exactly, with a fraction or a root where it has one."
      : `Not right yet: yours is ${readable(yours)}.`;
    return { status: "wrong", text };
  }
  const place = values.length > 1 ? `in row ${Math.floor(cell / columns) + 1}, column ${(cell % columns) + 1}, ` : "";
  const [a, b] = apart(yours, right);
  const difference = `${place}${where(wrong)}yours gives ${a}, the right value is ${b}`;
  if (Math.abs(yours - right) <= ALMOST * (1 + Math.abs(right))) {
    return { status: "wrong", text: `Close, but not equal: ${difference}.` };
  }
  const generic = good.length > checks.simple ? good.slice(checks.simple) : good;
  if (generic.filter(Boolean).length / generic.length >= PART) {
    const fine = where(good.indexOf(true)).trim();
    return { status: "partly", text: `Right on a part of the domain, for example ${fine}. But ${difference}.` };
  }
  return { status: "wrong", text: `Not right yet: ${difference}.` };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Two numbers with as many digits as tell them apart, four at least. */
function apart(a, b) {
  for (const digits of [4, 6, 9, 12]) {
    const texts = [readable(a, digits), readable(b, digits)];
    if (texts[0] !== texts[1]) return texts;
  }
  return [readable(a, 17), readable(b, 17)];
}

/** A number as a reader writes it, with a real minus sign. */
export function readable(value, digits = 4) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}·10${superscript(Number(exponent))}`.replace("-", "−");
  }
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}
