// Two Gaussian pairs as ellipses with their marginals, and the divergence in parts as bars.

import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import { ellipse, marginal } from "../generated/divergences.js";
import { slider } from "../shared/controls.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { bars, parts } from "./laws.js";

const TRAITS = ["rho_q", "rho_p", "mean"];
const RANGES = {
  rho_q: { min: -0.95, max: 0.95, step: 0.01 },
  rho_p: { min: -0.95, max: 0.95, step: 0.01 },
  mean: { min: 0, max: 1.5, step: 0.05 },
};
const SIZE = 360;
const MARGIN = { left: 30, right: 10, top: 24, bottom: 42 };
const EDGE = 62; // room for the bell curves of the single coordinates
const HALF = 4;
const [WIDTH, HEIGHT] = [400, 250];
const LABELS = ["the two coordinates", "+ dependence in q", "− cross term of p", "= the pairs"];
const KINDS = ["coordinates", "dependence", "cross", "joint"];

const turn = Array.from({ length: 97 }, (_, i) => (2 * Math.PI * (i % 96)) / 96);
const line = Array.from({ length: 121 }, (_, i) => -HALF + (2 * HALF * i) / 120);

function plane() {
  const frame = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "z₁", yLabel: "z₂" });
  frame.svg.attr("class", "dtr-plot dtr-divergences");
  const { inner, marks } = frame;
  const [right, top] = [inner.right - EDGE, inner.top + EDGE];
  const x = scaleLinear().domain([-HALF, HALF]).range([inner.left, right]);
  const y = scaleLinear().domain([-HALF, HALF]).range([inner.bottom, top]);
  frame.axes(x, y);
  marks.append("path").attr("class", "dtr-zero").attr("d", `M${x(-HALF)},${y(0)}H${right}M${x(0)},${inner.bottom}V${top}`);
  marks.append("path").attr("class", "dtr-zero").attr("d", `M${inner.left},${top}H${right}V${inner.bottom}`);
  const up = (density) => top - 6 - density * (EDGE - 14) * 2.4;
  const along = (density) => right + 6 + density * (EDGE - 14) * 2.4;
  const laws = ["p", "q"].map((law) => ({
    law,
    ellipses: [1, 2].map(() => marks.append("path").attr("class", `dtr-law-${law}`)),
    above: marks.append("path").attr("class", `dtr-law-${law}`),
    beside: marks.append("path").attr("class", `dtr-law-${law}`),
  }));
  return {
    svg: frame.svg,
    show(s, label) {
      for (const { law, ellipses, above, beside } of laws) {
        const [mean, rho] = law === "q" ? [s.mean, s.rho_q] : [0, s.rho_p];
        ellipses.forEach((path, i) => path.attr("d", through(turn.map((angle) => ellipse(angle, i + 1, mean, rho)), x, y)));
        above.attr("d", through(line.map((a) => [a, marginal(a, mean)]), x, up));
        beside.attr("d", through(line.map((a) => [marginal(a, mean), a]), along, y));
      }
      frame.svg.attr("aria-label", label);
    },
  };
}

function waterfall() {
  const frame = plot({ width: WIDTH, height: HEIGHT, margin: { left: 10, right: 14, top: 12, bottom: 42 }, label: "", xLabel: "nats", yLabel: "" });
  frame.svg.attr("class", "dtr-plot dtr-divergences");
  const { inner, marks } = frame;
  const x = scaleLinear().range([inner.left + 6, inner.right - 6]);
  const axis = frame.svg.select(".dtr-axis");
  frame.svg.selectAll(":scope > .dtr-axis").filter((_, i) => i === 1).attr("display", "none");
  const height = (inner.bottom - inner.top) / LABELS.length;
  const zero = marks.append("path").attr("class", "dtr-zero");
  const rows = LABELS.map((text, i) => ({
    bar: marks.append("rect").attr("class", `dtr-part-${KINDS[i]}`).attr("y", inner.top + i * height + 20).attr("height", height - 28),
    name: frame.front.append("text").attr("class", "dtr-part-name").attr("x", inner.left + 4).attr("y", inner.top + i * height + 13).text(text),
    value: frame.front.append("text").attr("class", "dtr-part-name").attr("text-anchor", "end").attr("x", inner.right - 2).attr("y", inner.top + i * height + 13),
  }));
  return {
    svg: frame.svg,
    show(facts, label) {
      const spans = bars(facts);
      const ends = spans.flat();
      x.domain([Math.min(0, ...ends), Math.max(1, ...ends)]).nice();
      axis.call(axisBottom(x).ticks(5).tickSizeOuter(0));
      zero.attr("d", `M${x(0)},${inner.top}V${inner.bottom}`);
      const shown = [facts.coordinates, facts.dependence, -facts.cross, facts.joint];
      rows.forEach(({ bar, value }, i) => {
        const [low, high] = [Math.min(...spans[i]), Math.max(...spans[i])];
        bar.attr("x", x(low)).attr("width", Math.max(1.5, x(high) - x(low)));
        value.text(decimal(shown[i], 4));
      });
      frame.svg.attr("aria-label", label);
    },
  };
}

export const correlatedPair = view("correlated-pair", TRAITS, ({ set, root, alt }) => {
  const sliders = [
    slider({ name: "rho_q", text: "Correlation of q", tex: "\\rho_q", ...RANGES.rho_q, onInput: (rho_q) => set({ rho_q }) }),
    slider({ name: "rho_p", text: "Correlation of p", tex: "\\rho_p", ...RANGES.rho_p, onInput: (rho_p) => set({ rho_p }) }),
    slider({ name: "mean", text: "Both means of q", tex: "\\mu", ...RANGES.mean, onInput: (mean) => set({ mean }) }),
  ];
  const left = plane();
  const right = waterfall();
  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls" }, ...sliders.map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        right.svg.node(),
        formula,
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, h("i", { class: "dtr-key dtr-key-law-q" }), "q: ellipses of radius 1 and 2, and its coordinates alone"),
          h("li", {}, h("i", { class: "dtr-key dtr-key-law-p" }), "p: the same, around 0"),
        ),
      ),
    ),
  );

  return (s) => {
    const facts = parts(s);
    const { coordinates, dependence, cross, joint } = facts;
    left.show(s, `${alt} Now: correlation of q ${decimal(s.rho_q)}, of p ${decimal(s.rho_p)}, means of q ${decimal(s.mean)}.`);
    right.show(facts, `Coordinates ${decimal(coordinates, 4)}, dependence in q ${decimal(dependence, 4)}, cross term ${decimal(cross, 4)}, pairs ${decimal(joint, 4)}.`);
    TRAITS.forEach((name, i) => sliders[i].show(s[name]));
    const value = (number) => live(texDecimal(number, 4));
    typeset(
      formula,
      `D_{\\mathrm{KL}}(q\\,\\|\\,p) = ${value(coordinates)} + ${value(dependence)} ${cross > 0 ? "-" : "+"} ${value(Math.abs(cross))} = ${value(joint)}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, facts);
    return { ...s, ...facts };
  };
});

function sentence({ rho_q, rho_p }, { coordinates, joint }) {
  if (rho_q === 0 && rho_p === 0) return "Both pairs have independent coordinates: the divergences of the coordinates add up.";
  const apart = joint - coordinates;
  if (rho_p === 0) return `p is independent and q is not: the pairs are ${decimal(apart, 4)} nats farther apart than their coordinates say, −½ log(1 − ρ²).`;
  if (Math.abs(apart) < 5e-5) return "Here the sum over the coordinates happens to be right to four decimals.";
  return `The pairs are ${decimal(Math.abs(apart), 4)} nats ${apart > 0 ? "farther apart" : "closer together"} than their coordinates say.`;
}
