// The error of a truncated series for a log-determinant, and the bound that is proved for it.

import { scaleLinear, scaleLog } from "d3-scale";
import { TEX, wholeLogDet } from "../generated/radial_flows.js";
import { slider } from "../shared/controls.js";
import { decimal, logLabel, logTicks } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { partialSum, remainders } from "./flow.js";
import { withValues } from "./with_values.js";

const MARGIN = { left: 58, right: 14, top: 24, bottom: 40 };
const MOST = 40;
const LOWEST = 1e-16;
const LETTERS = { L: "lipschitz", θ: "angle" };

export const seriesError = view("series-error", ["lipschitz", "angle", "terms"], ({ set, root, alt, redraw }) => {
  const sliders = {
    lipschitz: slider({
      name: "lipschitz",
      text: "Lipschitz constant",
      tex: "L",
      min: 0.1,
      max: 0.95,
      step: 0.05,
      onInput: (lipschitz) => set({ lipschitz }),
    }),
    angle: slider({ name: "angle", text: "Angle", tex: "\\theta", min: 0, max: 180, step: 5, digits: 0, unit: "degrees", onInput: (angle) => set({ angle }) }),
    terms: slider({ name: "terms", text: "Terms", tex: "n", min: 1, max: MOST, step: 1, digits: 0, unit: "terms", onInput: (terms) => set({ terms }) }),
  };
  const symbols = h("div", { class: "dtr-formula" });
  const numbers = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });
  const frame = plot({
    width: 620,
    least: 300,
    height: 340,
    margin: MARGIN,
    label: alt,
    xLabel: "number of terms n",
    yLabel: "error",
    onWidth: () => {
      x.range([frame.inner.left, frame.inner.right]);
      redraw();
    },
  });
  const x = scaleLinear().domain([-0.5, MOST + 0.5]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLog().range([frame.inner.bottom, frame.inner.top]);
  const bound = frame.marks.append("path").attr("class", "dtr-radial-bound");
  const chosen = frame.marks.append("path").attr("class", "dtr-hairs");
  const dots = frame.marks.append("g").attr("class", "dtr-radial-errors");

  root.append(
    h("div", { class: "dtr-controls" }, sliders.lipschitz.element, sliders.angle.element, sliders.terms.element),
    h("div", { class: "dtr-body dtr-radial-single" }, h("div", { class: "dtr-stage" }, frame.svg.node())),
    h("div", { class: "dtr-formulas" }, symbols, numbers),
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-error" }), "error of the first n terms"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-radial-bound" }), "proven bound"),
    ),
  );
  typeset(symbols, TEX.jacobian, { displayMode: true, letters: LETTERS });

  return (s) => {
    for (const [name, control] of Object.entries(sliders)) control.show(s[name]);
    const at = { lipschitz: s.lipschitz, theta: (s.angle * Math.PI) / 180 };
    const rows = remainders(at, MOST);
    const low = Math.max(LOWEST, rows.at(-1).bound / 30);
    y.domain([low, 2 * rows[0].bound]);
    frame.axes(x, y, { yValues: logTicks(low, 2 * rows[0].bound), yFormat: logLabel });
    bound.attr("d", through(rows.map((row, n) => [n, Math.max(row.bound, low / 1e3)]), x, y));
    const { error, bound: proven } = rows[s.terms];
    chosen.attr("d", `M${x(s.terms)},${frame.inner.bottom}V${frame.inner.top}`);
    dots
      .selectAll("circle")
      .data(rows)
      .join("circle")
      .attr("r", (_, n) => (n === s.terms ? 6 : 3.5))
      .classed("dtr-radial-chosen", (_, n) => n === s.terms)
      .attr("cx", (_, n) => x(n))
      .attr("cy", (row) => y(Math.max(row.error, low / 1e3)));

    const [exact, partial] = [wholeLogDet(s.lipschitz, at.theta), partialSum(at, s.terms)];
    typeset(numbers, withValues(TEX.series, { exact, partial, terms: String(s.terms) }, 4), { displayMode: true });
    sentence.textContent = `With ${s.terms} term${s.terms > 1 ? "s" : ""} the error is ${decimal(error, 6)}; the bound says at most ${decimal(proven, 6)}.`;
    return { ...s, exact, partial, error, bound: proven };
  };
});
