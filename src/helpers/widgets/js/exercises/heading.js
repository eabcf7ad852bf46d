// The heading of an exercise, with the mark of what the reader has done with it.

import { h, identifier } from "../shared/view.js";
import { stateOf } from "./store.js";
import { fill } from "./words.js";

const MARKS = { solved: "✓ solved", shown: "solution read" };

/** { id, element, show() }: `show` draws the present mark and returns the state of progress. */
export function heading(exercise, title) {
  const id = identifier("title");
  const mark = h("span", { class: "dtr-exercise-mark" });
  return {
    id,
    element: h("h3", { class: "dtr-exercise-title", id }, fill(h("span"), title), mark),
    show() {
      const state = stateOf(exercise);
      const text = MARKS[state] ?? "";
      if (mark.textContent !== text) mark.textContent = text;
      mark.dataset.state = state ?? "";
      return state;
    },
  };
}
