// The value of a formula at a point, in real arithmetic.

/** Why a formula has no finite real value at a point: "divides by zero" and the like. */
export class Undefined extends Error {}

/** No fault of the formula: a number on the way to the value is beyond the range of the computer's. */
export class TooLarge extends Undefined {}

const CONSTANTS = { pi: Math.PI, e: Math.E };

const OPERATIONS = {
  neg: (a) => -a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div(a, b) {
    if (b === 0) throw new Undefined("divides by zero");
    return a / b;
  },
  pow(a, b) {
    if (a === 0 && b < 0) throw new Undefined("divides by zero");
    if (a < 0 && !Number.isInteger(b)) throw new Undefined("raises a negative number to a fraction");
    return a ** b;
  },
};

const CALLS = {
  sqrt(a) {
    if (a < 0) throw new Undefined("takes the square root of a negative number");
    return Math.sqrt(a);
  },
  log(a) {
    if (a <= 0) throw new Undefined("takes the logarithm of a number that is not positive");
    return Math.log(a);
  },
  ...Object.fromEntries(["exp", "abs", "sin", "cos", "tan", "asin", "acos", "atan"].map((name) => [name, Math[name]])),
  ...Object.fromEntries(["sinh", "cosh", "tanh"].map((name) => [name, Math[name]])),
};

/** The value of a tree of `read` where the symbols have the given `values` (a Map); throws `Undefined`. */
export function evaluate([kind, ...parts], values) {
  let result;
  if (kind === "num") result = Number(parts[0]);
  else if (kind === "sym") result = values.get(parts[0]);
  else if (kind === "const") result = CONSTANTS[parts[0]];
  else if (kind === "call") result = CALLS[parts[0]](evaluate(parts[1], values));
  else result = OPERATIONS[kind](...parts.map((part) => evaluate(part, values)));
  if (Number.isNaN(result)) throw new Undefined("has no real value");
  if (!Number.isFinite(result)) throw new TooLarge("becomes too large for the computer's numbers");
  return result;
}
