// What the reader has done, kept in the browser's local storage: a key for each exercise of each page.

const PREFIX = "derivations-that-run/exercise/";
const STATES = ["solved", "shown"];
const CHANGED = "dtr-exercises-changed";

const NOT_KEPT = {
  blocked: "Progress is not kept: this browser does not let the page store anything.",
  full: "Progress is not kept: the browser's storage for this page is full.",
  corrupted: "Progress is not kept: what was stored for this page cannot be read. “Erase” clears it.",
};

// Where nothing can be stored, the page at least remembers until it is left.
const remembered = new Map();
let failed = null;

/** The page's name, the same wherever the book lies: its path below the book's root. */
export function pageName() {
  const root = document.documentElement.dataset.content_root;
  const path = decodeURIComponent(location.pathname).replace(/\.html$/, "");
  if (root === undefined) return path;
  const levels = (root.match(/\.\.\//g) ?? []).length;
  return path
    .split("/")
    .slice(-1 - levels)
    .join("/");
}

const keyOf = (id) => `${PREFIX}${pageName()}#${id}`;

function stored(id) {
  const text = localStorage.getItem(keyOf(id));
  if (text === null) return null;
  let state;
  try {
    ({ state } = JSON.parse(text));
  } catch {
    state = undefined;
  }
  if (!STATES.includes(state)) throw new SyntaxError(NOT_KEPT.corrupted);
  return state;
}

/** "solved", "shown" (its solution was read first) or null. */
export function stateOf(id) {
  try {
    const state = stored(id);
    return remembered.get(id) ?? state;
  } catch (error) {
    failed ??= error instanceof SyntaxError ? "corrupted" : "blocked";
    return remembered.get(id) ?? null;
  }
}

/** Note that an exercise was solved or its solution shown. What is solved stays solved. */
export function note(id, state) {
  if (stateOf(id) === "solved") return;
  remembered.set(id, state);
  try {
    localStorage.setItem(keyOf(id), JSON.stringify({ state }));
    if (failed === "full") failed = null;
  } catch (error) {
    failed = error.name === "QuotaExceededError" ? "full" : "blocked";
  }
  document.dispatchEvent(new Event(CHANGED));
}

/** Forget the states of these exercises. */
export function erase(ids) {
  remembered.clear();
  failed = null;
  try {
    for (const id of ids) localStorage.removeItem(keyOf(id));
  } catch {
    failed = "blocked";
  }
  document.dispatchEvent(new Event(CHANGED));
}

/** Why progress is not kept, in a sentence, or null. */
export const problem = () => failed && NOT_KEPT[failed];

/** Call back whenever a state may have changed, here or in another tab; returns what ends that. */
export function onChange(callback) {
  const fromAnotherTab = () => {
    remembered.clear();
    callback();
  };
  document.addEventListener(CHANGED, callback);
  window.addEventListener("storage", fromAnotherTab);
  return () => {
    document.removeEventListener(CHANGED, callback);
    window.removeEventListener("storage", fromAnotherTab);
  };
}

/** Tell the page that an exercise has come or gone. */
export const announce = () => document.dispatchEvent(new Event(CHANGED));
