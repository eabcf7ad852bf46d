// Error against steps; multiplications and memory against the number of data, with the point where two lines cross.

import { scaleLinear, scaleLog } from "d3-scale";
import { START_ERROR, TOLERANCE, numbersPerDatum, parameterCount } from "../generated/amortization.js";
import { choice, slider } from "../shared/controls.js";
import { decimal, logLabel, logTicks, superscript, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { ascent, costs, crossings, memory, path } from "./counts.js";

const TRAITS = ["view", "learning_rate", "log_encoder_error", "hidden", "latent", "steps", "log_training"];
export const RANGES = {
  learning_rate: { min: 0.01, max: 1.1, step: 0.01 },
  log_encoder_error: { min: -5, max: 0, step: 0.1 },
  hidden: { min: 10, max: 1000, step: 10 },
  latent: { min: 1, max: 100, step: 1 },
  steps: { min: 1, max: 500, step: 1 },
  log_training: { min: 3, max: 9, step: 0.1 },
};
const IN_VIEW = { error: ["learning_rate", "log_encoder_error"], cost: ["hidden", "latent", "steps", "log_training"], memory: ["hidden", "latent"] };
const COUNT = 100; // steps in the picture
const RATES = [0.02, 0.05, 0.2, 0.35]; // for comparison
const DATA = [1, 1e8];
const SIZE = { width: 420, height: 360, margin: { left: 54, right: 16, top: 24, bottom: 42 } };
const AMOUNTS = { cost: [1e6, 1e16], memory: [1, 1e10] };
const LABELS = { error: ["gradient step k", "error"], cost: ["number of data n", "multiplications"], memory: ["number of data n", "numbers in memory"] };
const numbers = Array.from({ length: 81 }, (_, i) => DATA[0] * (DATA[1] / DATA[0]) ** (i / 80));
const key = (name) => h("i", { class: `dtr-key dtr-key-gaps-${name}` });

/** A whole number with thin spaces between thousands; a large one as a power of ten. */
const whole = (value) => (value < 1e7 ? String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009") : decimal(value, 0));
const texWhole = (value) => (value < 1e7 ? whole(value).replaceAll("\u2009", "\\,") : texDecimal(value, 0));

export const inferenceCost = view("inference-cost", TRAITS, ({ set, root, alt }) => {
  const shownAs = choice({
    name: "view",
    text: "What to count",
    options: [
      ["error", "error after gradient steps"],
      ["cost", "multiplications for n data"],
      ["memory", "numbers in memory for n data"],
    ],
    onInput: (value) => set({ view: value }),
  });
  const make = (name, text, tex, digits, unit) => slider({ name, text, tex, ...RANGES[name], digits, unit, onInput: (value) => set({ [name]: value }) });
  const sliders = {
    learning_rate: make("learning_rate", "Step size", "\\eta", 2),
    log_encoder_error: make("log_encoder_error", "Encoder's error, power of ten", null, 1),
    hidden: make("hidden", "Hidden width", "h", 0, "units"),
    latent: make("latent", "Latent dimensions", "d", 0, "dimensions"),
    steps: make("steps", "Steps for each datum", "T", 0, "steps"),
    log_training: make("log_training", "Data seen in training, power of ten", null, 1),
  };

  const frame = plot({ ...SIZE, label: alt, xLabel: "", yLabel: "" });
  const { inner, marks, svg } = frame;
  const [xLabel, yLabel] = svg.selectAll(":scope > .dtr-axis-label").nodes();
  const hair = marks.append("path").attr("class", "dtr-hairs");
  const others = marks.append("g").attr("class", "dtr-gaps-other-rates");
  const lines = Object.fromEntries(["amortised", "refined", "instance"].map((name) => [name, marks.append("path").attr("class", `dtr-gaps-${name}`)]));
  const crossing = marks.append("circle").attr("class", "dtr-now").attr("r", 6);
  const note = frame.front.append("text").attr("class", "dtr-gaps-crossing");

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const legend = {
    instance: h("span", {}),
    amortised: h("span", {}),
    refined: h("li", {}, key("refined"), "gradient steps from the encoder's answer"),
    others: h("li", {}, key("other-rates"), `other step sizes: ${RATES.join(", ")}`),
  };
  root.append(
    h("div", { class: "dtr-controls" }, shownAs.element, ...Object.values(sliders).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        formula,
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, key("instance"), legend.instance),
          h("li", {}, key("amortised"), legend.amortised),
          legend.refined,
          legend.others,
        ),
      ),
    ),
  );

  function drawError(s) {
    const facts = ascent(s);
    const x = scaleLinear().domain([0, COUNT]).range([inner.left, inner.right]);
    const y = scaleLog().domain([1e-8, 10]).range([inner.bottom, inner.top]);
    frame.axes(x, y, { yValues: logTicks(1e-8, 10), yFormat: logLabel });
    const line = (rate, start) => through(path(rate, start, COUNT).filter(([, error]) => error > 1e-30), x, y);
    others.selectAll("path").data(RATES).join("path").attr("d", (rate) => line(rate, START_ERROR));
    lines.instance.attr("d", line(s.learning_rate, START_ERROR));
    lines.refined.attr("d", line(s.learning_rate, facts.encoder_error));
    lines.amortised.attr("d", through([[0, facts.encoder_error], [COUNT, facts.encoder_error]], x, y));
    hair.attr("d", `M${x(0)},${y(TOLERANCE)}H${x(COUNT)}`);
    const arrives = facts.steps_from_zero;
    const isSeen = arrives !== null && arrives <= COUNT;
    crossing.attr("display", isSeen ? null : "none").attr("cx", isSeen ? x(arrives) : 0).attr("cy", y(TOLERANCE));
    note
      .attr("display", isSeen ? null : "none")
      .attr("x", isSeen ? x(arrives) : 0)
      .attr("y", y(TOLERANCE) - 12)
      .attr("text-anchor", arrives > COUNT / 2 ? "end" : "start")
      .text(`${arrives} ${arrives === 1 ? "step" : "steps"}`);
    typeset(
      formula,
      `|\\mu_k - m| = |1 - 2\\eta|^k\\,|\\mu_0 - m|, \\qquad |1 - 2\\eta| = ${live(texDecimal(Math.abs(facts.factor), 2))}`,
      { displayMode: true, letters: { η: "learning_rate" } },
    );
    const level = decimal(facts.encoder_error, 6);
    if (arrives === null) {
      status.textContent = `A step size of ${decimal(s.learning_rate)} multiplies the error by ${decimal(Math.abs(facts.factor))}: gradient ascent never arrives. The encoder is off by ${level} after one evaluation.`;
    } else {
      const words = (count) => (count === 1 ? "1 step" : `${count} steps`);
      status.textContent = `From 0 to an error of at most 10${superscript(-6)}: ${words(arrives)}, again for every datum. The encoder: one evaluation, error ${level}. From its answer on: ${words(facts.steps_from_encoder)}.`;
    }
    return facts;
  }

  function drawCounts(s) {
    const kind = s.view;
    const at = (n) => (kind === "cost" ? costs(s, n) : memory(s, n));
    const crossed = crossings(s)[kind];
    const x = scaleLog().domain(DATA).range([inner.left, inner.right]);
    const y = scaleLog().domain(AMOUNTS[kind]).range([inner.bottom, inner.top]);
    frame.axes(x, y, { xValues: logTicks(...DATA), xFormat: logLabel, yValues: logTicks(...AMOUNTS[kind]), yFormat: logLabel });
    lines.instance.attr("d", through(numbers.map((n) => [n, at(n).instance]), x, y));
    lines.amortised.attr("d", through(numbers.map((n) => [n, at(n).amortized]), x, y));
    lines.refined.attr("d", "");
    others.selectAll("path").remove();
    const isSeen = crossed >= DATA[0] && crossed <= DATA[1];
    hair.attr("d", isSeen ? `M${x(crossed)},${inner.bottom}V${inner.top}` : "");
    crossing.attr("display", isSeen ? null : "none");
    note.attr("display", isSeen ? null : "none");
    if (isSeen) {
      const toTheRight = x(crossed) < (inner.left + inner.right) / 2;
      crossing.attr("cx", x(crossed)).attr("cy", y(at(crossed).amortized));
      note
        .attr("x", x(crossed) + (toTheRight ? 10 : -10))
        .attr("y", y(at(crossed).amortized) + 22)
        .attr("text-anchor", toTheRight ? "start" : "end")
        .text(`n ${Number.isInteger(crossed) ? "=" : "≈"} ${whole(crossed)}`);
    }
    if (kind === "memory") {
      const [parameters, each] = [parameterCount(s.hidden, s.latent), numbersPerDatum(s.latent)];
      typeset(
        formula,
        `n^* = \\frac{P}{c} = \\frac{${live(texWhole(parameters))}}{${live(texWhole(each))}} = ${live(crossed < 1e5 ? texDecimal(crossed, Number.isInteger(crossed) ? 0 : 1) : texWhole(crossed))}`,
        { displayMode: true },
      );
      status.textContent = `An encoder of widths 784, ${s.hidden}, ${each} holds ${whole(parameters)} numbers. A posterior holds ${each}. For fewer than ${whole(Math.ceil(crossed))} data the table is smaller.`;
      return { parameters, numbers_per_datum: each, crossing: crossed };
    }
    const { instance, amortized } = costs(s, 1);
    typeset(formula, `n^* = \\frac{\\text{training}}{\\text{saved for each datum}} = ${live(texWhole(crossed))}`, { displayMode: true });
    status.textContent = `For one datum: ${decimal(instance, 0)} multiplications without an encoder, ${decimal(amortized, 0)} with it, nearly all of them training. For more than ${whole(crossed)} data the encoder has paid.`;
    return { instance_of_one: instance, amortized_of_one: amortized, crossing: crossed };
  }

  return (s) => {
    const facts = s.view === "error" ? drawError(s) : drawCounts(s);
    [xLabel.textContent, yLabel.textContent] = LABELS[s.view];
    shownAs.show(s.view);
    for (const [name, control] of Object.entries(sliders)) {
      control.element.hidden = !IN_VIEW[s.view].includes(name);
      control.show(s[name]);
    }
    const inSteps = s.view === "error";
    legend.instance.textContent = inSteps ? "gradient steps from 0, for one datum" : "one posterior at a time";
    legend.amortised.textContent = inSteps ? "the encoder's answer, after one evaluation" : "one encoder for all";
    legend.refined.hidden = legend.others.hidden = !inSteps;
    return { ...s, ...facts };
  };
});
