// Two hidden states: a proposal to drag, and the ladder of four levels that it makes.

import { scaleLinear } from "d3-scale";
import { slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { MOST, twoStates } from "./weighting.js";

const TRAITS = ["proposal", "joint_a", "joint_b", "samples"];
export const RANGES = {
  proposal: { min: 0.02, max: 0.98, step: 0.01 },
  joint_a: { min: 0.05, max: 0.6, step: 0.01 },
  joint_b: { min: 0.05, max: 0.6, step: 0.01 },
  samples: { min: 1, max: MOST, step: 1 },
};
const WIDTH = 420;
// The levels: what is spoken, and what is written, in pieces of which every second one stands lower.
const ROWS = [
  ["elbo", "L 1 of q", ["L", "1", "[q]"]],
  ["bound", "L K of q", ["L", "K", "[q]"]],
  ["elbo_resampled", "L 1 of q K", ["L", "1", "[q", "K", "]"]],
  ["log_evidence", "log p(x)", ["log p(x)"]],
];

/** Write a text with indices into an SVG text: every second piece stands lower. */
function written(text, pieces) {
  pieces.forEach((piece, i) => {
    const lower = i % 2 === 1;
    text.append("tspan").attr("dy", lower ? 4 : i > 0 ? -4 : 0).attr("class", lower ? "dtr-index" : null).text(piece);
  });
}
const LISTED = 6; // so many outcomes still make a table to read
const SHORTEST = 0.5; // nats on the axis, at least: so that levels are seen to merge
const TOLD_APART = 5e-4;

export const importanceLadder = view("importance-ladder", TRAITS, ({ set, root, alt }) => {
  const control = (name, text, tex, digits, unit) =>
    slider({ name, text, tex, digits, unit, ...RANGES[name], onInput: (value) => set({ [name]: value }) });
  const sliders = {
    samples: control("samples", "Samples", "K", 0, "samples"),
    proposal: control("proposal", "Proposal", "q(a)"),
    joint_a: control("joint_a", "Model", "p(x, a)"),
    joint_b: control("joint_b", "Model", "p(x, b)"),
  };

  const scale = plot({ width: WIDTH, height: 128, margin: { left: 22, right: 22, top: 52, bottom: 60 }, label: alt, xLabel: "probability of state a", yLabel: "" });
  scale.svg.attr("class", "dtr-plot dtr-weighting");
  const chance = scaleLinear().domain([0, 1]).range([scale.inner.left, scale.inner.right]);
  const flat = scaleLinear().domain([0, 1]).range([scale.inner.bottom, scale.inner.bottom - 1]);
  scale.axes(chance, flat, { yValues: [] });
  scale.svg.selectAll(":scope > .dtr-axis").filter((_, i) => i === 1).attr("display", "none");
  const marks = ["posterior", "kept"].map((name) => {
    const group = scale.front.append("g").attr("class", `dtr-mark-${name}`);
    group.append("path").attr("d", name === "posterior" ? "M0,-12V12" : "M0,-10L7,0L0,10L-7,0Z");
    const text = group.append("text").attr("text-anchor", "middle").attr("y", name === "posterior" ? -34 : 34);
    written(text, name === "posterior" ? ["posterior"] : ["q", "K"]);
    return group;
  });
  const grip = handle(scale, {
    x: chance,
    y: flat,
    axis: "x",
    label: "Proposal's probability of state a: arrow keys move it",
    text: "q",
    step: () => RANGES.proposal.step,
    onMove: ([value]) => {
      const { min, max, step } = RANGES.proposal;
      set({ proposal: Number((Math.round(Math.min(max, Math.max(min, value)) / step) * step).toFixed(10)) });
    },
    describe: ([value]) => `q(a) = ${decimal(value)}`,
  });

  const frame = plot({ width: WIDTH, height: 232, margin: { left: 84, right: 16, top: 12, bottom: 44 }, label: alt, xLabel: "nats", yLabel: "" });
  frame.svg.attr("class", "dtr-plot dtr-weighting");
  const nats = scaleLinear().range([frame.inner.left, frame.inner.right]);
  const row = (i) => frame.inner.bottom - 22 - i * ((frame.inner.bottom - frame.inner.top - 34) / 3);
  const height = scaleLinear().domain([0, 1]).range([frame.inner.bottom, frame.inner.top]);
  const limit = frame.marks.append("path").attr("class", "dtr-limit");
  const rungs = ROWS.map(([name, , pieces], i) => {
    const group = frame.marks.append("g").attr("class", `dtr-rung dtr-rung-${name}`);
    group.append("path");
    group.append("circle").attr("r", 6).attr("cy", row(i));
    written(frame.front.append("text").attr("class", "dtr-rung-name").attr("x", frame.inner.left - 8).attr("y", row(i)).attr("text-anchor", "end"), pieces);
    return group;
  });

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const body = h("tbody");
  const foot = h("tfoot");
  const heading = (text) => h("th", { scope: "col" }, text);
  const table = h(
    "table",
    { class: "dtr-readout dtr-outcomes" },
    h("thead", {}, h("tr", {}, heading("a's among the others"), heading("chance"), heading("mass of q̃"), heading("L₁[q̃]"))),
    body,
    foot,
  );
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(sliders).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, scale.svg.node(), frame.svg.node()),
      h("div", { class: "dtr-side" }, formula, table, status),
    ),
  );

  return (s) => {
    const facts = twoStates(s);
    const top = facts.log_evidence;
    const span = Math.max(SHORTEST, 1.08 * (top - facts.elbo));
    nats.domain([top - span, top + 0.1 * span]);
    frame.axes(nats, height, { yValues: [] });
    limit.attr("d", `M${nats(top)},${frame.inner.top}V${frame.inner.bottom}`);
    ROWS.forEach(([name], i) => {
      rungs[i].select("path").attr("d", `M${frame.inner.left},${row(i)}H${nats(facts[name])}`);
      rungs[i].select("circle").attr("cx", nats(facts[name]));
    });
    marks[0].attr("transform", `translate(${chance(facts.posterior)},${flat(0)})`);
    marks[1].attr("transform", `translate(${chance(facts.kept)},${flat(0)})`);
    grip.show([s.proposal, 0], { low: RANGES.proposal.min, high: RANGES.proposal.max });
    for (const name of TRAITS) sliders[name].show(s[name]);

    const values = ROWS.map(([name]) => live(texDecimal(facts[name], 4)));
    typeset(
      formula,
      `\\begin{aligned} \\mathcal L_1[q] &= ${values[0]} \\\\ \\le\\; \\mathcal L_{${live(s.samples)}}[q] &= ${values[1]} \\\\ \\le\\; \\mathcal L_1[q_K] &= ${values[2]} \\\\ \\le\\; \\log p(x) &= ${values[3]} \\end{aligned}`,
      { displayMode: true },
    );
    const cell = (text, attributes = {}) => h("td", attributes, text);
    const listed = facts.outcomes.length <= LISTED ? facts.outcomes : [];
    body.replaceChildren(
      ...(listed.length
        ? listed.map(({ others, chance: c, mass, level }) => {
            const above = level > top + TOLD_APART;
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, `${others} of ${s.samples - 1}`),
              cell(decimal(c, 4)),
              cell(decimal(mass, 4)),
              cell(`${decimal(level, 4)}${above ? " ↑" : ""}`, above ? { class: "dtr-differs" } : {}),
            );
          })
        : [h("tr", {}, h("th", { scope: "row" }, "0, 1, …"), h("td", { colspan: 3 }, `${facts.outcomes.length} outcomes`))]),
    );
    const mean = (name) => facts.outcomes.reduce((total, outcome) => total + outcome.chance * outcome[name], 0);
    const [mean_mass, mean_level] = [mean("mass"), mean("level")];
    foot.replaceChildren(h("tr", {}, h("th", { scope: "row" }, "mean"), cell("1"), cell(decimal(mean_mass, 4)), cell(decimal(mean_level, 4))));
    status.textContent = sentence(s, facts);
    const now = ROWS.map(([name, text]) => `${text} ${decimal(facts[name], 3)}`).join(", ");
    scale.svg.attr("aria-label", `${alt} Now: q ${decimal(s.proposal)}, resampled ${decimal(facts.kept, 3)}, posterior ${decimal(facts.posterior, 3)}.`);
    frame.svg.attr("aria-label", `The ladder of four levels in nats: ${now}.`);
    return { ...s, ...facts, mean_mass, mean_level };
  };
});

function sentence({ samples }, { elbo, bound, elbo_resampled, log_evidence, outcomes }) {
  if (log_evidence - elbo < TOLD_APART) return "q is the posterior: every weight is p(x), and all four levels are one.";
  if (samples === 1) return "One sample: it is kept whatever it weighs, and the first three levels are one.";
  const above = outcomes.filter(({ level }) => level > log_evidence + TOLD_APART).length;
  const gap = (100 * (bound - elbo)) / (log_evidence - elbo);
  const more = (100 * (elbo_resampled - elbo)) / (log_evidence - elbo);
  const alone = above ? ` ${above} of ${outcomes.length} outcomes lie above log p(x) by themselves (↑).` : "";
  return `${samples} samples close ${decimal(gap, 0)} % of the gap to log p(x), the resampled proposal ${decimal(more, 0)} %.${alone}`;
}
