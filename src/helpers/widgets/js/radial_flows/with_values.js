// TeX from Python with the present values put in.

import { texDecimal } from "../shared/numbers.js";
import { live } from "../shared/tex.js";

/** `template` with each @name replaced by its value; numbers get `digits` decimals, text stays. */
export function withValues(template, values, digits = 2) {
  return template.replace(/@([a-z]+)/g, (_, name) => {
    const value = values[name];
    return live(typeof value === "number" ? texDecimal(value, digits) : value);
  });
}
