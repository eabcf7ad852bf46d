// A chain with a false step: every step is a button; the right one shows the counterexample and the repaired chain.

import { button } from "../shared/controls.js";
import { typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { heading } from "./heading.js";
import { announce, note, onChange } from "./store.js";
import { fill, rotated } from "./words.js";

const MARKS = { holds: "✓", flaw: "✗" };

export const flaw = view("find-the-flaw", [], ({ model, root, redraw }) => {
  const { id, title, lines, hidden } = model.get("content");
  const { flaw: first, answers, repaired } = JSON.parse(rotated(hidden));
  root.classList.add("dtr-exercise");
  root.dataset.exercise = id;

  const top = heading(id, title);
  const verdict = h("div", { class: "dtr-verdict", role: "status", "aria-live": "polite" });
  const solution = h("div", { class: "dtr-unfolded" });
  const giveUp = button({ text: "Show the false step", onClick: () => reveal("shown") }).element;
  let picks = 0;
  let found = null;

  const formula = (tex) => {
    const element = h("span", { class: "dtr-step-formula" });
    typeset(element, `\\displaystyle ${tex}`);
    return element;
  };
  const buttons = lines.slice(1).map(({ relation, formula: tex, why }, i) =>
    h(
      "button",
      { type: "button", class: "dtr-step", "aria-pressed": "false", onclick: () => pick(i + 1) },
      h("span", { class: "dtr-step-mark" }),
      formula(`${relation}{}${tex}`),
      fill(h("span", { class: "dtr-step-why" }), why),
    ),
  );
  const chain = h(
    "ol",
    { class: "dtr-steps" },
    h("li", {}, h("div", { class: "dtr-step dtr-step-start" }, formula(lines[0].formula))),
    ...buttons.map((step) => h("li", {}, step)),
  );
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", top.id);
  root.append(top.element, h("p", {}, "Which is the first false step? Pick it."), chain, verdict, giveUp, solution);

  function judge(number) {
    const isFlaw = number === first;
    const step = buttons[number - 1];
    for (const other of buttons) other.setAttribute("aria-pressed", other === step);
    // After the first false step nothing is marked as right: it starts from a false line.
    if (isFlaw || number < first) {
      step.dataset.verdict = isFlaw ? "flaw" : "holds";
      step.firstChild.replaceChildren(
        h("span", { "aria-hidden": "true" }, MARKS[step.dataset.verdict]),
        h("span", { class: "dtr-unseen" }, isFlaw ? "False: " : "Holds: "),
      );
    }
    verdict.dataset.status = isFlaw ? "right" : "wrong";
    verdict.replaceChildren(fill(h("p"), answers[number - 1]));
  }

  function pick(number) {
    picks += 1;
    // Whoever has been shown the false step has not found it.
    if (number === first && found === null) reveal("solved");
    else judge(number);
    redraw();
  }

  function reveal(state) {
    judge(first);
    if (state === "shown") verdict.dataset.status = "shown";
    const over = h("h4", { tabindex: "-1" }, "Repaired");
    solution.append(h("div", { class: "dtr-solution" }, over, fill(h("div"), repaired)));
    found = first;
    giveUp.hidden = true;
    if (state === "solved") verdict.firstChild.prepend("Found. ");
    else over.focus();
    note(id, state);
    redraw();
  }

  announce();
  const forget = onChange(redraw);
  return {
    draw() {
      return { picks, found, progress: top.show() };
    },
    destroy() {
      forget();
      delete root.dataset.exercise;
      announce();
    },
  };
});
