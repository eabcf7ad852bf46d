// What a figure says aloud. Its sentence (`.dtr-status`) changes with every move of a slider; a screen reader gets it
// once the change has come to rest, from the figure in use alone, and hears it with each picture that it lands on.

import { h, identifier } from "./view.js";

const REST = 500; // milliseconds without a change

/**
 * For the figure `root`, which is built. `hear(isPlaying)` is called after each drawing; while the figure plays by itself
 * nothing is said.
 */
export function announcer(root) {
  const sentences = [...root.querySelectorAll(".dtr-status, .dtr-told")];
  if (sentences.length === 0) return { hear() {}, destroy() {} };
  for (const sentence of sentences) sentence.id = identifier("told");
  const said = h("p", { class: "dtr-said dtr-unseen", role: "status" });
  root.append(said);
  const now = () => sentences.map(({ textContent }) => textContent).join(" ");
  let last = null;
  let timer = null;
  const describe = () => {
    for (const picture of root.querySelectorAll("svg.dtr-plot:not([aria-describedby])")) {
      picture.setAttribute("aria-describedby", sentences.map(({ id }) => id).join(" "));
    }
  };
  const isInUse = () => root.contains(root.getRootNode().activeElement);
  const say = () => {
    if (!isInUse()) return;
    last = now();
    said.textContent = last;
  };
  // Whoever reads on line by line should not meet the sentence twice.
  const forget = () => (said.textContent = "");
  root.addEventListener("focusout", forget);
  return {
    hear(isPlaying) {
      describe();
      clearTimeout(timer);
      // A figure that is linked to the one in use changes too, and keeps silent.
      if (!isInUse()) last = now();
      else if (!isPlaying && now() !== last) timer = setTimeout(say, REST);
    },
    destroy() {
      clearTimeout(timer);
      root.removeEventListener("focusout", forget);
    },
  };
}
