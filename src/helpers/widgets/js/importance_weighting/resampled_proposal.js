// The line: what is kept out of K draws from the proposal, as a density and as a histogram.

import { scaleLinear } from "d3-scale";
import { button, slider } from "../shared/controls.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { likelihood, priorDensity } from "../generated/importance_weighting.js";
import { BINS, DRAWS, histogram, LINE, meanDecay, MOST, noiseTable, onTheLine, resample } from "./weighting.js";

const TRAITS = ["samples", "mu", "sigma", "observed", "tau", "noise"];
export const RANGES = {
  samples: { min: 1, max: MOST, step: 1 },
  mu: { min: -2, max: 2, step: 0.05 },
  sigma: { min: 0.3, max: 2, step: 0.05 },
  observed: { min: -2, max: 3, step: 0.05 },
  tau: { min: 0.3, max: 1.5, step: 0.05 },
};
const [WIDTH, HEIGHT] = [440, 330];
const TABLES = 10000;

export const resampledProposal = view("resampled-proposal", TRAITS, ({ state, set, root, alt }) => {
  const control = (name, text, tex, digits, unit) =>
    slider({ name, text, tex, digits, unit, ...RANGES[name], onInput: (value) => set({ [name]: value }) });
  const sliders = {
    samples: control("samples", "Samples", "K", 0, "samples"),
    mu: control("mu", "Proposal: mean", "\\mu"),
    sigma: control("sigma", "Proposal: scale", "\\sigma"),
    observed: control("observed", "Observation", "x"),
    tau: control("tau", "Noise of x", "\\tau"),
  };
  const renew = button({ text: "New noise", title: "Draw the histogram again with other random numbers", onClick: () => set({ noise: (state().noise + 1) % TABLES }) });
  const frame = plot({ width: WIDTH, height: HEIGHT, margin: { left: 40, right: 12, top: 24, bottom: 42 }, label: alt, xLabel: "z", yLabel: "density" });
  frame.svg.attr("class", "dtr-plot dtr-weighting");
  const x = scaleLinear().domain([BINS.low, BINS.high]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().range([frame.inner.bottom, frame.inner.top]);
  const bars = frame.marks.append("g").attr("class", "dtr-bars");
  const curves = Object.fromEntries(["prior", "likelihood", "target", "before", "after"].map((name) => [name, frame.marks.append("path").attr("class", `dtr-curve-${name}`)]));
  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const key = (name, ...text) => h("li", {}, h("i", { class: `dtr-key dtr-key-${name}` }), h("span", {}, ...text));
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(sliders).map(({ element }) => element), h("div", { class: "dtr-row" }, renew.element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, frame.svg.node()),
      h(
        "div",
        { class: "dtr-side" },
        formula,
        status,
        h(
          "ul",
          { class: "dtr-legend" },
          key("before", "proposal q"),
          key("after", "q", h("sub", {}, "K"), ", the density of what is kept"),
          key("bars", `${DRAWS} kept draws`),
          key("target", "posterior p(z | x)"),
          key("prior", "prior p(z)"),
          key("likelihood", "likelihood p(x | z), a function of z"),
        ),
      ),
    ),
  );

  // What takes long is kept until what it depends on has changed.
  const remembered = (compute) => {
    let [known, value] = [null, null];
    return (wanted, ...values) => {
      if (wanted !== known) [known, value] = [wanted, compute(...values)];
      return value;
    };
  };
  const table = remembered(noiseTable);
  const means = remembered(meanDecay);

  return (s) => {
    const facts = onTheLine(s, means([s.mu, s.sigma, s.observed, s.tau].join(), s));
    const kept = resample(s, table(String(s.noise), s.noise));
    const heights = histogram(kept);
    const tallest = Math.max(...facts.target, ...facts.before, ...facts.after);
    y.domain([0, Math.max(0.5, 1.12 * tallest)]);
    frame.axes(x, y);
    const width = (BINS.high - BINS.low) / BINS.count;
    bars
      .selectAll("rect")
      .data(heights)
      .join("rect")
      .attr("x", (_, i) => x(BINS.low + i * width))
      .attr("width", x(width) - x(0))
      .attr("y", (value) => y(value))
      .attr("height", (value) => y(0) - y(value));
    const values = { ...facts, prior: LINE.map((z) => priorDensity(z)), likelihood: LINE.map((z) => likelihood(z, s.observed, s.tau)) };
    for (const [name, path] of Object.entries(curves)) path.attr("d", through(LINE.map((z, i) => [z, values[name][i]]), x, y));
    for (const name of Object.keys(sliders)) sliders[name].show(s[name]);
    typeset(formula, `q_{${live(s.samples)}}(z) = p(x, z)\\; \\mathbb E\\biggl[\\frac{1}{\\hat p}\\biggr], \\quad q = \\mathcal N(${live(texDecimal(s.mu))}, ${live(texDecimal(s.sigma))}^2)`, { displayMode: true });
    const average = kept.reduce((total, place) => total + place, 0) / kept.length;
    status.textContent = sentence(s, facts);
    frame.svg.attr("aria-label", `${alt} Now: K = ${s.samples}, proposal with mean ${decimal(s.mu)} and scale ${decimal(s.sigma)}, x = ${decimal(s.observed)}.`);
    const { far_before, far_after } = facts;
    return { ...s, far_before, far_after, average, highest: Math.max(...heights) };
  };
});

function sentence({ samples }, { far_before, far_after }) {
  const start = `Of the probability of q, ${decimal(100 * far_before, 0)} % lies in the wrong place`;
  if (samples === 1) return `${start}. One sample: it is kept whatever its weight, so its law is q.`;
  return `${start}; of what is kept out of ${samples}, ${decimal(100 * far_after, 0)} %.`;
}
