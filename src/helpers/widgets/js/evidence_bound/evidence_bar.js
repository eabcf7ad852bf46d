// How log p(x) divides into bound and divergence, in three ways; what single draws say; and a map of the guesses.

import { scaleLinear } from "d3-scale";
import { normalDensity } from "../generated/evidence_bound.js";
import { button, choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { divergences, draws, facts, histogram, range, SPLITTINGS } from "./bounds.js";
import { bands, spaced } from "./levels.js";

const TRAITS = ["mu", "sigma", "x", "tau", "splitting"];
export const RANGES = {
  mu: { min: -3, max: 3, step: 0.05 },
  sigma: { min: 0.1, max: 2.5, step: 0.05 },
  x: { min: -3, max: 3, step: 0.05 },
  tau: { min: 0.4, max: 2, step: 0.05 },
};
const WAYS = {
  evidence: {
    option: "log evidence − divergence",
    row: "log evidence − divergence to the posterior",
    tex: ["\\log p(x)", "D_{\\mathrm{KL}}(q\\,\\|\\,p(z\\mid x))"],
  },
  prior: {
    option: "reconstruction − divergence",
    row: "reconstruction − divergence to the prior",
    tex: ["\\mathbb E_q \\log p(x\\mid z)", "D_{\\mathrm{KL}}(q\\,\\|\\,p(z))"],
  },
  entropy: {
    option: "energy + entropy",
    row: "energy + entropy",
    tex: ["\\mathbb E_q \\log p(x, z)", "H(q)"],
  },
};
const WIDTH = 350;
const FAR = 4; // of the latent axis
const TALLEST = 2; // of a density that still fits into the picture
const LEVELS = [0.02, 0.1, 0.3, 1, 2, 4, 8]; // of the divergence, in nats
const [COLUMNS, ROWS] = [61, 49];
const BINS = 60;
const [FIRST_ROW, ROW, BAR] = [42, 52, 11];
const HISTOGRAM = 246; // where the histogram's box begins

const line = spaced(-FAR, FAR, 241);

export const evidenceBar = view("evidence-bar", TRAITS, ({ state, set, root, alt }) => {
  const control = (name, text, tex) => slider({ name, text, tex, ...RANGES[name], onInput: (value) => set({ [name]: value }) });
  const controls = {
    mu: control("mu", "Mean", "\\mu"),
    sigma: control("sigma", "Deviation", "\\sigma"),
    x: control("x", "Observed", "x"),
    tau: control("tau", "Noise", "\\tau"),
  };
  const splitting = choice({
    name: "splitting",
    text: "The bound as",
    options: SPLITTINGS.map((name) => [name, WAYS[name].option]),
    onInput: (value) => set({ splitting: value }),
  });
  const toPosterior = button({
    text: "q = posterior",
    title: "Let q be the posterior of the present x and τ",
    onClick: () => {
      const { posterior_mean: mu, posterior_scale: sigma } = facts(state());
      set({ mu, sigma });
    },
  });

  // Densities over the latent.
  const curves = plot({
    width: WIDTH,
    height: 210,
    margin: { left: 14, right: 14, top: 20, bottom: 38 },
    label: "",
    xLabel: "latent z",
    yLabel: "density",
  });
  const z = scaleLinear().domain([-FAR, FAR]).range([curves.inner.left, curves.inner.right]);
  const height = scaleLinear().range([curves.inner.bottom, curves.inner.top]);
  const [prior, posterior, guess] = ["prior", "posterior", "guess"].map((name) => curves.marks.append("path").attr("class", `dtr-law-${name}`));

  // The map of the guesses.
  const map = plot({
    width: WIDTH,
    height: 236,
    margin: { left: 36, right: 14, top: 22, bottom: 38 },
    label: "",
    xLabel: "mean μ of q",
    yLabel: "σ",
  });
  const across = scaleLinear().domain([RANGES.mu.min, RANGES.mu.max]).range([map.inner.left, map.inner.right]);
  const up = scaleLinear().domain([RANGES.sigma.min, RANGES.sigma.max]).range([map.inner.bottom, map.inner.top]);
  map.axes(across, up);
  const layer = map.marks.append("g").attr("class", "dtr-bands");
  const best = map.marks.append("circle").attr("class", "dtr-best").attr("r", 4.5);
  const snap = (value, { min, max, step }) => Number((Math.round(Math.min(max, Math.max(min, value)) / step) * step).toFixed(10));
  const grip = handle(map, {
    x: across,
    y: up,
    label: "The guess: arrow keys move its mean and its standard deviation",
    text: "q",
    step: () => RANGES.mu.step,
    onMove: ([mu, sigma]) => set({ mu: snap(mu, RANGES.mu), sigma: snap(sigma, RANGES.sigma) }),
    describe: ([mu, sigma]) => `mean ${decimal(mu)}, standard deviation ${decimal(sigma)}`,
  });

  // Bars and draws on one axis of nats.
  const nats = plot({
    width: WIDTH,
    height: 458,
    margin: { left: 14, right: 14, top: 22, bottom: 38 },
    label: alt,
    xLabel: "nats",
    yLabel: "",
  });
  const { inner } = nats;
  const along = scaleLinear().range([inner.left, inner.right]);
  const share = scaleLinear().range([inner.bottom, HISTOGRAM + 16]);
  nats.svg.append("text").attr("class", "dtr-axis-label").attr("x", 4).attr("y", HISTOGRAM + 4).text(`${draws(state()).length} single draws`);
  const zero = nats.marks.append("path").attr("class", "dtr-zero");
  const columns = nats.marks.append("g").attr("class", "dtr-draws");
  const rows = SPLITTINGS.map((name, i) => {
    const group = nats.marks.append("g").attr("class", "dtr-way").attr("data-way", name);
    const top = FIRST_ROW + i * ROW;
    nats.front.append("text").attr("class", "dtr-way-name").attr("data-way", name).attr("x", inner.left).attr("y", top - 3).text(WAYS[name].row);
    const bars = ["first", "second"].map((which, k) =>
      group.append("rect").attr("class", `dtr-bar-${which}`).attr("y", top + 3 + k * (BAR + 3)).attr("height", BAR),
    );
    return { name, group, bars };
  });
  const [evidenceLine, boundLine] = ["evidence", "bound"].map((name) => nats.marks.append("path").attr("class", `dtr-at-${name}`));
  const gap = nats.marks.append("rect").attr("class", "dtr-gap").attr("y", HISTOGRAM - 36).attr("height", 9);
  const gapName = nats.front.append("text").attr("class", "dtr-gap-name").attr("y", HISTOGRAM - 28).attr("text-anchor", "end").text("gap");
  const names = ["evidence", "bound"].map((name) => nats.front.append("text").attr("class", `dtr-name-${name}`).attr("y", 14));

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const key = (name, text) => h("li", {}, h("i", { class: `dtr-key dtr-key-${name}` }), text);
  root.append(
    h("div", { class: "dtr-controls dtr-narrow" }, ...Object.values(controls).map(({ element }) => element)),
    h("div", { class: "dtr-controls" }, splitting.element, h("div", { class: "dtr-row dtr-action" }, toPosterior.element)),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage dtr-stack" }, curves.svg.node(), map.svg.node()),
      h("div", { class: "dtr-stage" }, nats.svg.node()),
    ),
    formula,
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      key("prior", "prior p(z)"),
      key("posterior", "posterior p(z|x), and its place on the map"),
      key("guess", "guess q; on the map, the fuller the colour, the smaller the divergence"),
      key("at-evidence", "log p(x)"),
      key("at-bound", "the bound, mean of the draws"),
      key("gap", "the gap: divergence to the posterior"),
    ),
  );

  let mapped = "";
  return (s) => {
    const found = facts(s);
    const { log_evidence: evidence, bound, divergence, terms, posterior_mean: mean, posterior_scale: scale } = found;
    for (const [name, { show }] of Object.entries(controls)) show(s[name]);
    splitting.show(s.splitting);

    const peak = Math.max(...[scale, s.sigma, 1].map((width) => normalDensity(0, 0, width)));
    height.domain([0, Math.min(TALLEST, 1.08 * peak)]);
    curves.axes(z, height, { yValues: [] });
    const draw = (path, mu, sigma) => {
      const places = sigma < 0.4 ? spaced(Math.max(-FAR, mu - 5 * sigma), Math.min(FAR, mu + 5 * sigma), 161) : line;
      path.attr("d", through(places.map((place) => [place, Math.min(2 * TALLEST, normalDensity(place, mu, sigma))]), z, height));
    };
    draw(prior, 0, 1);
    draw(posterior, mean, scale);
    draw(guess, s.mu, s.sigma);
    curves.svg.attr("aria-label", `Densities over the latent: the posterior has mean ${decimal(mean)} and standard deviation ${decimal(scale)}.`);

    if (mapped !== `${s.x} ${s.tau}`) {
      mapped = `${s.x} ${s.tau}`;
      const grid = divergences(s, spaced(RANGES.mu.min, RANGES.mu.max, COLUMNS), spaced(RANGES.sigma.min, RANGES.sigma.max, ROWS));
      bands(layer, grid.map((value) => -value), [COLUMNS, ROWS], LEVELS.map((level) => -level), map.inner);
    }
    best.attr("cx", across(mean)).attr("cy", up(scale));
    grip.show([s.mu, s.sigma], { low: RANGES.mu.min, high: RANGES.mu.max });
    map.svg.attr("aria-label", `Map of the guesses: divergence ${decimal(divergence, 4)} nats at mean ${decimal(s.mu)}, standard deviation ${decimal(s.sigma)}.`);

    const domain = range(found);
    along.domain(domain);
    nats.axes(along, share, { yValues: [] });
    zero.attr("d", `M${along(0)},${inner.top}V${inner.bottom}`);
    for (const { name, group, bars } of rows) {
      const [first] = terms[name];
      group.classed("dtr-chosen", name === s.splitting);
      nats.front.selectAll(`[data-way="${name}"]`).classed("dtr-chosen", name === s.splitting);
      const extent = (rect, a, b) => rect.attr("x", Math.min(along(a), along(b))).attr("width", Math.abs(along(b) - along(a)));
      extent(bars[0], 0, first);
      extent(bars[1], first, bound);
    }
    evidenceLine.attr("d", `M${along(evidence)},${inner.top}V${inner.bottom}`);
    boundLine.attr("d", `M${along(bound)},${inner.top}V${inner.bottom}`);
    gap.attr("x", along(bound)).attr("width", Math.max(0, along(evidence) - along(bound)));
    gapName.attr("x", along(bound) - 5).attr("display", divergence < 1e-9 ? "none" : null);
    const near = along(evidence) - along(bound) < 70;
    names[0].attr("x", along(evidence)).attr("text-anchor", near ? "start" : "middle").attr("dx", near ? 2 : 0).text("log p(x)");
    names[1].attr("x", along(bound)).attr("text-anchor", near ? "end" : "middle").attr("dx", near ? -2 : 0).text("bound");

    const values = draws(s);
    const { counts, left, right } = histogram(values, domain, BINS);
    const tallest = Math.max(...counts);
    share.domain([0, Math.max(0.05 * values.length, tallest)]);
    const wide = (inner.right - inner.left) / BINS;
    columns
      .selectAll("rect")
      .data(counts)
      .join("rect")
      .attr("x", (_, i) => inner.left + i * wide)
      .attr("width", wide - 0.5)
      .attr("y", (count) => share(count))
      .attr("height", (count) => inner.bottom - share(count));
    nats.svg.attr("aria-label", `${alt} Now: log p(x) ${decimal(evidence, 4)}, bound ${decimal(bound, 4)} nats.`);

    const [one, other] = terms[s.splitting];
    const sign = s.splitting === "entropy" ? "+" : "-";
    const size = s.splitting === "entropy" ? other : -other;
    const shown = Math.abs(size) < 1e-9 ? 0 : size; // rounding, at the posterior
    const second = live(texDecimal(shown, 3));
    typeset(
      formula,
      `\\mathcal L = ${WAYS[s.splitting].tex[0]} ${sign} ${WAYS[s.splitting].tex[1]} = ${live(texDecimal(one, 3))} ${sign} ${Number(shown.toFixed(3)) < 0 ? `(${second})` : second} = ${live(texDecimal(bound, 3))}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, found, left + right, values.length);
    return { ...s, ...found, low: domain[0], high: domain[1], tallest, outside: left + right };
  };
});

function sentence(s, { log_evidence: evidence, bound, divergence, deviation }, outside, count) {
  const parts = [
    divergence < 1e-9
      ? `The guess is the posterior: the bound is log p(x) = ${decimal(evidence, 3)}.`
      : `The bound is ${decimal(bound, 3)} nats, and that is ${decimal(divergence, 3)} nats below log p(x) = ${decimal(evidence, 3)}.`,
    deviation < 1e-6 ? "Every draw is the same number." : `The standard deviation of one draw is ${decimal(deviation, 3)}.`,
  ];
  if (outside) parts.push(`Of ${count} draws ${outside} lie outside the picture.`);
  return parts.join(" ");
}
