// A formula that was read, as TeX: what the reader sees is what was understood.

const GREATER = { add: 1, sub: 1, neg: 2, mul: 3, div: 4, pow: 5 };
const FUNCTIONS = { log: "\\log", exp: "\\exp", asin: "\\arcsin", acos: "\\arccos", atan: "\\arctan" };
const CONSTANTS = { pi: "\\pi", e: "\\mathrm{e}" };

const strength = ([kind]) => GREATER[kind] ?? 6;

/** TeX of a tree of `read`; `latex` (a Map) has the TeX of each symbol. */
export function texOf(tree, latex) {
  const [kind, ...parts] = tree;
  const inside = (part, least) => {
    const text = texOf(part, latex);
    return strength(part) < least ? `\\left(${text}\\right)` : text;
  };
  switch (kind) {
    case "num":
      return number(parts[0]);
    case "sym":
      return latex.get(parts[0]);
    case "const":
      return CONSTANTS[parts[0]];
    case "add":
      return `${inside(parts[0], 1)} + ${inside(parts[1], 2)}`;
    case "sub":
      return `${inside(parts[0], 1)} - ${inside(parts[1], 2)}`;
    case "neg":
      return `-${inside(parts[0], 3)}`;
    case "mul": {
      // Before a number a point, lest 2 · 3 read as 23, and before a fraction, lest 2 · ½ read as 2½.
      const [left, right] = [inside(parts[0], 3), inside(parts[1], 3)];
      return /^(?:\{?[\d-]|\\frac)/.test(right) ? `${left} \\cdot ${right}` : `${left}\\,${right}`;
    }
    case "div":
      return `\\frac{${texOf(parts[0], latex)}}{${texOf(parts[1], latex)}}`;
    case "pow":
      return `{${inside(parts[0], 6)}}^{${texOf(parts[1], latex)}}`;
    default:
      return call(parts[0], texOf(parts[1], latex));
  }
}

function number(text) {
  const [mantissa, exponent] = text.split("e");
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}

function call(name, argument) {
  if (name === "sqrt") return `\\sqrt{${argument}}`;
  if (name === "abs") return `\\left|${argument}\\right|`;
  return `${FUNCTIONS[name] ?? `\\${name}`}\\left(${argument}\\right)`;
}
