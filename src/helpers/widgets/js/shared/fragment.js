// The address of a figure's state: #figure-phase-plane-1?learning_rate=0.3&method=alternating&start=1,0
//
// It holds the values that differ from the first ones. An address comes from anybody: a value is taken only if it is
// what the figure's Python traits allow (`ranges`, from `Figure.page_ranges`), and all else is left as it is.

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const SUM_TOLERANCE = 1e-9;

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
};

/** The identifier and the values, still text, that a fragment names. */
export function parse(fragment) {
  const [id, query = ""] = fragment.replace(/^#/, "").split(/\?(.*)/s);
  const pairs = query.split("&").map((pair) => pair.split(/=(.*)/s));
  return { id: decoded(id), texts: new Map(pairs.map(([name, text = ""]) => [decoded(name), decoded(text)])) };
}

/** The value that a text stands for, or undefined for one that is not allowed. */
export function valueOf(text, [kind, ...limits]) {
  if (kind === "choice") return limits.includes(text) ? text : undefined;
  if (kind === "list") {
    const [each, least, most, sum] = limits;
    const items = text === "" ? [] : text.split(",").map((item) => valueOf(item, each));
    if (items.length < least || items.length > most || items.includes(undefined)) return undefined;
    const total = items.reduce((a, b) => a + b, 0);
    return sum === undefined || Math.abs(total - sum) <= SUM_TOLERANCE ? items : undefined;
  }
  const [low, high] = limits;
  const value = NUMBER.test(text) ? Number(text) : NaN;
  return low <= value && value <= high && (kind === "real" || Number.isInteger(value)) ? value : undefined;
}

/** The allowed ones of the values that a fragment names. */
export function stateOf(texts, ranges) {
  const found = Object.entries(ranges)
    .filter(([name]) => texts.has(name))
    .map(([name, range]) => [name, valueOf(texts.get(name), range)]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** The fragment, without its #, of a figure in this state. */
export function fragmentOf(id, state, initial, ranges) {
  const changed = Object.keys(ranges).filter((name) => JSON.stringify(state[name]) !== JSON.stringify(initial[name]));
  const text = (value) => encodeURIComponent(String(value)).replaceAll("%2C", ",");
  const query = changed.map((name) => `${encodeURIComponent(name)}=${text(state[name])}`).join("&");
  return query ? `${id}?${query}` : id;
}
