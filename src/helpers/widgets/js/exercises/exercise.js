// One exercise: question, answer with what was understood of it, feedback, hints one at a time, solution.

import { button } from "../shared/controls.js";
import { typeset } from "../shared/tex.js";
import { h, identifier, view } from "../shared/view.js";
import { decide } from "./decide.js";
import { heading } from "./heading.js";
import { read, Unreadable, UnknownName } from "./read.js";
import { announce, note, onChange } from "./store.js";
import { texOf } from "./tex.js";
import { fill, rotated } from "./words.js";

const AROUND = 24; // characters shown on either side of a place that cannot be read

/** In the page the answer is compared by values; with a kernel behind it the proof engine decides. */
function decider(model, content) {
  const hidden = model.get("checks");
  if (hidden !== undefined) return async (trees) => decide(trees, JSON.parse(rotated(hidden)), content);
  let count = 0;
  const waiting = new Map();
  model.on("msg:custom", ({ kind, number, ...verdict }) => {
    if (kind === "feedback") waiting.get(number)?.(verdict);
    waiting.delete(number);
  });
  return (trees) =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      const rows = Array.from({ length: content.rows }, (_, i) => trees.slice(i * content.columns, (i + 1) * content.columns));
      model.send({ kind: "answer", number: count, tree: content.isMatrix ? rows : trees[0] });
    });
}

/** The letters of the answer with what to type for each, or that it is a number. */
function alphabet(symbols) {
  if (symbols.length === 0) return ["The answer is a number."];
  const parts = symbols.map(({ name, written }) => {
    const isTypedOtherwise = written !== name;
    return [h("code", {}, written), ...(isTypedOtherwise ? [" (or type ", h("code", {}, name), ")"] : [])];
  });
  return ["Letters: ", ...parts.flatMap((part, i) => (i ? [", ", ...part] : part)), "."];
}

/** The text around a place that cannot be read, with a mark on it. */
function excerpt(text, at, end) {
  const before = text.slice(Math.max(0, at - AROUND), at);
  const after = text.slice(end, end + AROUND);
  return h(
    "p",
    { class: "dtr-caret" },
    h("code", {}, at > AROUND ? `…${before}` : before, h("mark", {}, text.slice(at, Math.min(end, at + AROUND)) || " "), after),
  );
}

export const exercise = view("exercise", [], ({ model, root, redraw }) => {
  const content = model.get("content");
  const { id, symbols, rows, columns, isMatrix } = content;
  const names = symbols.map(({ name }) => name);
  const latex = new Map(symbols.map((symbol) => [symbol.name, symbol.latex]));
  const judge = decider(model, content);
  root.classList.add("dtr-exercise");
  root.dataset.exercise = id;

  const title = heading(id, content.title);
  const question = fill(h("p"), content.question);

  const alphabetId = identifier("letters");
  const fields = Array.from({ length: rows * columns }, (_, i) =>
    h("input", {
      type: "text",
      id: identifier("answer"),
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": alphabetId,
      "aria-label": isMatrix ? `Row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}` : undefined,
    }),
  );
  const answer = isMatrix
    ? h(
        "fieldset",
        {},
        h("legend", {}, "Your answer"),
        h("div", { class: "dtr-cells", style: `--columns: ${columns}` }, ...fields),
      )
    : h("div", { class: "dtr-answer" }, h("label", { for: fields[0].id }, "Your answer"), fields[0]);
  const check = h("button", { type: "submit", class: "dtr-button dtr-check" }, "Check");
  const preview = h("div", { class: "dtr-preview" });
  const verdict = h("div", { class: "dtr-verdict", role: "status", "aria-live": "polite" });
  const form = h(
    "form",
    { novalidate: true, autocomplete: "off" },
    h("div", { class: "dtr-answer-row" }, answer, check),
    h("p", { class: "dtr-letters", id: alphabetId }, ...alphabet(symbols)),
    preview,
    verdict,
  );
  const unfolded = h("div", { class: "dtr-unfolded", "aria-live": "polite", role: "log" });
  const next = button({ text: "", onClick: unfold }).element;
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", title.id);
  root.append(title.element, question, form, unfolded, next);

  let status = "";
  let hints = 0;
  let isSolutionShown = false;
  let asked = 0;

  function readable() {
    return fields.map(({ value }, cell) => {
      try {
        return read(value, names);
      } catch (error) {
        if (error instanceof Unreadable) error.cell = cell;
        throw error;
      }
    });
  }

  function say(now, ...parts) {
    status = now;
    verdict.dataset.status = now;
    verdict.replaceChildren(...parts);
    redraw();
  }

  function refuse(error) {
    // A bug of ours is not the reader's mistake, but it must not leave the box silent.
    if (!(error instanceof Unreadable)) {
      console.error(error);
      say("unreadable", h("p", {}, "This answer cannot be checked."));
      return;
    }
    const { value } = fields[error.cell];
    const cell = isMatrix ? `Row ${Math.floor(error.cell / columns) + 1}, column ${(error.cell % columns) + 1}: ` : "";
    const place = error.at === null ? "" : ` (character ${[...value.slice(0, error.at)].length + 1})`;
    const known = symbols.map(({ written }) => written).join(", ");
    const letters = error instanceof UnknownName ? (known ? ` The letters here are ${known}.` : " The answer is a number.") : "";
    const text = `${cell}${error.message.replace(/\.$/, "")}${place}.${letters}`;
    say("unreadable", h("p", {}, text), ...(error.at === null ? [] : [excerpt(value, error.at, error.end)]));
    fields.forEach((field, i) => field.setAttribute("aria-invalid", i === error.cell));
  }

  async function submit(event) {
    event.preventDefault();
    asked += 1;
    const mine = asked;
    let trees;
    try {
      trees = readable();
    } catch (error) {
      refuse(error);
      return;
    }
    for (const field of fields) field.removeAttribute("aria-invalid");
    const waiting = setTimeout(() => mine === asked && say("waiting", h("p", {}, "Python is checking …")), 300);
    try {
      const { status: now, text, html } = await judge(trees);
      // Only the last answer counts: it may have changed while the kernel was thinking.
      if (mine !== asked) return;
      say(now, html === undefined ? h("p", {}, text) : fill(h("p"), html));
      if (now === "right") note(id, "solved");
    } catch (error) {
      refuse(error);
    } finally {
      clearTimeout(waiting);
    }
  }

  function show() {
    try {
      const cells = readable().map((tree) => texOf(tree, latex));
      const lines = Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns).join(" & "));
      typeset(preview, isMatrix ? `\\begin{bmatrix}${lines.join("\\\\")}\\end{bmatrix}` : cells[0], { displayMode: true });
    } catch {
      // While a formula is being typed it is unfinished most of the time: nothing to complain of yet.
      preview.replaceChildren();
    }
  }

  function edited() {
    show();
    asked += 1;
    if (status) say("");
    for (const field of fields) field.removeAttribute("aria-invalid");
  }

  function unfold() {
    if (hints < content.hints.length) {
      const words = fill(h("span"), rotated(content.hints[hints]));
      hints += 1;
      unfolded.append(h("p", { class: "dtr-hint" }, h("strong", {}, `Hint ${hints}. `), words));
    } else {
      isSolutionShown = true;
      const over = h("h4", { tabindex: "-1" }, "Solution");
      unfolded.append(h("div", { class: "dtr-solution" }, over, fill(h("div"), rotated(content.solution))));
      next.hidden = true;
      over.focus();
      note(id, "shown");
    }
    label();
    redraw();
  }

  function label() {
    const { length } = content.hints;
    next.textContent = hints < length ? `Show hint ${hints + 1} of ${length}` : "Show the solution";
    next.classList.toggle("dtr-show-solution", hints >= length);
  }

  form.addEventListener("submit", submit);
  for (const field of fields) {
    field.addEventListener("input", edited);
    // Explicitly, because JupyterLab takes Enter for itself before a form hears of it.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit();
    });
  }
  label();
  announce();
  const forget = onChange(redraw);
  return {
    draw() {
      return { status, hints, solution: isSolutionShown, progress: title.show() };
    },
    destroy() {
      forget();
      // The page counts what is left once this is gone.
      delete root.dataset.exercise;
      announce();
    },
  };
});
