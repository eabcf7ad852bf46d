// Numbers as the figures show them: a real minus sign, no "-0.00", powers of ten beyond a few digits.

/** `value` with `digits` decimals, or in powers of ten where that would be unreadable. */
export function decimal(value, digits = 2) {
  if (Number.isNaN(value)) return "no number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 0.5 * 10 ** -digits && digits > 2)) {
    const [mantissa, exponent] = value.toExponential(2).split("e");
    return `${mantissa}·10${superscript(Number(exponent))}`.replace("-", "−");
  }
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** The same for TeX. */
export function texDecimal(value, digits = 2) {
  const text = decimal(value, digits).replace("−", "-").replace("∞", "\\infty");
  return text.replace(/·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, power) => `\\cdot 10^{${plain(power)}}`);
}

const THIN_SPACE = "\u2009";

/** A count: rounded, with thin spaces between thousands; a large one as a power of ten. */
export function whole(value) {
  return value < 1e7 ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : decimal(value, 0);
}

/** The same for TeX. */
export function texWhole(value) {
  return value < 1e7 ? whole(value).replaceAll(THIN_SPACE, "\\,") : texDecimal(value, 0);
}

/** The value of a slider that is nearest. */
export function snapped(value, { min, max, step }) {
  return Number(Math.min(max, Math.max(min, Math.round(value / step) * step)).toFixed(10));
}

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number as superscript characters. */
export function superscript(exponent) {
  return String(exponent).replace("-", "⁻").replace(/\d/g, (digit) => DIGITS[digit]);
}

function plain(power) {
  return power.replace("⁻", "-").replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => DIGITS.indexOf(digit));
}

/** Ticks of a logarithmic axis: powers of ten, and 2 and 5 between them while there are few decades. */
export function logTicks(low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const mantissas = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += 1) {
    if (mantissas.length === 1 && exponent % every !== 0) continue;
    for (const mantissa of mantissas) ticks.push(Number(`${mantissa}e${exponent}`));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Label of such a tick: plain near 1, else a power of ten. */
export function logLabel(value) {
  const [mantissa, exponent] = value.toExponential(0).split("e").map(Number);
  if (Math.abs(exponent) <= 3) return String(value).replace("-", "−");
  return mantissa === 1 ? `10${superscript(exponent)}` : `${mantissa}·10${superscript(exponent)}`;
}
