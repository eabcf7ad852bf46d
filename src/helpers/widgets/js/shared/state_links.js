// In the static page: a link to the state that a figure is in, and the way back from it.
//
// The address bar does not follow the controls: the reader keeps the place that they came by, the browser's history
// stays short, and a move costs nothing. The link is made when it is asked for; the page's `links.js` copies it.

import { fragmentOf, parse, stateOf } from "./fragment.js";
import { h } from "./view.js";

/** What `element`, a figure of the page, is linked by: its first state and what its traits may be. */
export function linked(element, model) {
  const ranges = JSON.parse(element.dataset.ranges ?? "{}");
  const names = Object.keys(ranges);
  const first = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const put = (values) => {
    for (const name of names) model.set(name, values[name]);
  };
  return {
    /** Take the state that the page's address names, if it names this figure. */
    restore(fragment) {
      const { id, texts } = parse(fragment);
      if (id === element.id) put({ ...first, ...stateOf(texts, ranges) });
    },
    /** The buttons below the figure. */
    buttons() {
      const copy = h("button", { type: "button", class: "dtr-quiet" }, names.length ? "Copy link to this state" : "Copy link");
      copy.linkFragment = () => {
        const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
        return fragmentOf(element.id, state, first, ranges);
      };
      copy.dataset.copyLink = element.id;
      const undo = h("button", { type: "button", class: "dtr-quiet", onclick: () => put(first) }, "Undo all changes");
      return h("div", { class: "dtr-links" }, copy, ...(names.length ? [undo] : []));
    },
  };
}
