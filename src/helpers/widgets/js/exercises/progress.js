// One line for the page: how many exercises are solved, with a way to take that home and to erase it.

import { button } from "../shared/controls.js";
import { h, view } from "../shared/view.js";
import { erase, onChange, pageName, problem, stateOf } from "./store.js";

// In the page some may not have been drawn yet; what they will be drawn from is there.
const EXERCISES = "[data-exercise], [data-topic=exercises][data-initial]";

const exercises = () =>
  [...document.querySelectorAll(EXERCISES)]
    .map(({ dataset }) => dataset.exercise ?? JSON.parse(dataset.initial).content?.id)
    .filter((id) => id !== undefined);

function download(name, data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export const progress = view("exercise-progress", [], ({ root, redraw }) => {
  const count = h("p", { class: "dtr-progress-count", role: "status", "aria-live": "polite" });
  const trouble = h("p", { class: "dtr-progress-problem", role: "status", "aria-live": "polite" });
  const takeHome = button({
    text: "Export",
    title: "Download this page's progress as a file",
    onClick: () => {
      const states = Object.fromEntries(exercises().map((id) => [id, stateOf(id)]));
      download("exercises.json", { page: pageName(), exercises: states });
    },
  }).element;
  const ask = button({ text: "Erase", title: "Forget this page's progress", onClick: () => confirming(true) }).element;
  const yes = button({
    text: "Yes, erase",
    onClick: () => {
      erase(exercises());
      confirming(false);
    },
  }).element;
  const no = button({ text: "No, keep", onClick: () => confirming(false) }).element;
  const question = h("span", { class: "dtr-progress-question", hidden: true }, "Erase what you solved on this page?", yes, no);
  const buttons = h("span", { class: "dtr-progress-buttons" }, takeHome, ask);

  function confirming(isAsking) {
    question.hidden = !isAsking;
    buttons.hidden = isAsking;
    (isAsking ? no : ask).focus();
  }

  question.addEventListener("keydown", ({ key }) => key === "Escape" && confirming(false));
  root.classList.add("dtr-progress");
  root.append(count, buttons, question, trouble);
  return {
    draw() {
      const states = exercises().map(stateOf);
      const [solved, shown] = ["solved", "shown"].map((name) => states.filter((state) => state === name).length);
      const text = `Exercises: ${solved} of ${states.length} solved${shown ? `, ${shown} read only` : ""}`;
      // A live region speaks whenever it is written to, changed or not.
      if (count.textContent !== text) count.textContent = text;
      const why = problem() ?? "";
      if (trouble.textContent !== why) trouble.textContent = why;
      return { solved, shown, total: states.length, kept: problem() === null };
    },
    destroy: onChange(redraw),
  };
});
