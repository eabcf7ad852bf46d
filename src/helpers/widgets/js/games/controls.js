// The controls that the three views of the game share, and the formula that shows their present values.

import { methods } from "../generated/games.js";
import { choice, slider } from "../shared/controls.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { live, typeset } from "../shared/tex.js";
import { h } from "../shared/view.js";
import { eigenvalues, iterationMatrix, parameterOf, spectralRadius, verdict } from "./dynamics.js";

export const TRAITS = ["method", "learning_rate", "strength", "momentum", "start", "step"];

export const RANGES = {
  learning_rate: { min: 0, max: 2.5, step: 0.01 },
  strength: { min: 0, max: 3, step: 0.05 },
  momentum: { min: -1.2, max: 1.2, step: 0.05 },
  step: { min: 0, max: 200, step: 1 },
};

const LETTERS = { η: "learning_rate", γ: "strength", β: "momentum", k: "step" };

/** A function that finds its value for each argument once. */
export function kept(find) {
  const known = new Map();
  return (argument) => {
    if (!known.has(argument)) known.set(argument, find(argument));
    return known.get(argument);
  };
}

/** Method, learning rate and, where the method has one, its parameter. */
export function gameControls(set) {
  const rule = choice({
    name: "method",
    text: "Method",
    options: Object.entries(methods).map(([name, { title }]) => [name, title]),
    onInput: (method) => set({ method }),
  });
  const rate = slider({
    name: "learning_rate",
    text: "Learning rate",
    tex: "\\eta",
    ...RANGES.learning_rate,
    onInput: (learning_rate) => set({ learning_rate }),
  });
  const strength = slider({
    name: "strength",
    text: "Strength",
    tex: "\\gamma",
    ...RANGES.strength,
    onInput: (value) => set({ strength: value }),
  });
  const momentum = slider({
    name: "momentum",
    text: "Momentum",
    tex: "\\beta",
    ...RANGES.momentum,
    onInput: (value) => set({ momentum: value }),
  });
  return {
    element: h("div", { class: "dtr-controls" }, rule.element, rate.element, strength.element, momentum.element),
    show(state) {
      const { parameter } = methods[state.method];
      rule.show(state.method);
      rate.show(state.learning_rate);
      strength.show(state.strength);
      momentum.show(state.momentum);
      strength.element.hidden = parameter !== "strength";
      momentum.element.hidden = parameter !== "momentum";
    },
  };
}

/** The step slider. */
export function stepSlider(set) {
  return slider({
    name: "step",
    text: "Steps drawn",
    tex: "k",
    ...RANGES.step,
    digits: 0,
    unit: "steps",
    onInput: (step) => set({ step }),
  });
}

const matrixTex = (rows) =>
  `\\begin{bmatrix}${rows.map((row) => row.map((x) => live(texDecimal(x))).join("&")).join("\\\\")}\\end{bmatrix}`;

/** The update in symbols and, below it, in the present numbers. */
export function updateFormula() {
  const symbols = h("div", { class: "dtr-formula" });
  const numbers = h("div", { class: "dtr-formula" });
  const inSymbols = kept((method) => {
    const { latexNow, latexBefore } = methods[method];
    const before = latexBefore ? ` + ${latexBefore}\\,v_{k-1}` : "";
    const formula = h("div");
    typeset(formula, `v_{k+1} = ${latexNow}\\,v_k${before}`, { displayMode: true, letters: LETTERS });
    return formula;
  });
  return {
    element: h("div", { class: "dtr-formulas" }, symbols, numbers),
    show(state) {
      const { latexBefore } = methods[state.method];
      const formula = inSymbols(state.method);
      if (formula.parentNode !== symbols) symbols.replaceChildren(formula);
      const matrix = iterationMatrix(state);
      const top = matrix.slice(0, 2);
      const before = latexBefore ? ` + ${matrixTex(top.map((row) => row.slice(2)))}\\,v_{k-1}` : "";
      typeset(numbers, `\\phantom{v_{k+1}} = ${matrixTex(top.map((row) => row.slice(0, 2)))}\\,v_k${before}`, {
        displayMode: true,
      });
    },
  };
}

/** Eigenvalues as TeX, conjugate pairs written once with ±. */
export function eigenvalueTex(matrix) {
  const pairs = eigenvalues(matrix)
    .filter(({ im }) => im >= 0)
    .map(({ re, im }) => (im === 0 ? live(texDecimal(re)) : live(`${texDecimal(re)}\\pm ${texDecimal(im)}\\,i`)));
  return `\\lambda = ${[...new Set(pairs)].join(",\\ ")}`;
}

const VERDICTS = {
  converges: "every start tends to the equilibrium.",
  diverges: "almost every start runs away.",
  neither: "on the border. Not every start tends to the equilibrium; none runs away exponentially.",
};

/** One sentence: the spectral radius and what it means. */
export function radiusSentence(state) {
  if (state.learning_rate === 0) return "Learning rate 0: every point is a fixed point.";
  const radius = spectralRadius(iterationMatrix(state));
  return `Spectral radius ${decimal(radius, 4)}: ${VERDICTS[verdict(state)]}`;
}

/** Everything that a test or an outside script may want to know of the present state. */
export function facts(state, extra = {}) {
  return {
    ...state,
    parameter: parameterOf(state),
    spectral_radius: spectralRadius(iterationMatrix(state)),
    verdict: verdict(state),
    ...extra,
  };
}
