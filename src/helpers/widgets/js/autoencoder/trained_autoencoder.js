// One datum of a trained autoencoder: where it lies, what may have made it, and how far below log p(x) the bound is.

import { scaleLinear } from "d3-scale";
import { logNormal } from "../generated/autoencoder.js";
import { slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { discs, plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { blocks, measure, network, prepare } from "./measure.js";

const TRAITS = ["x1", "x2", "z", "doublings", "log_noise", "encoder", "decoder", "data"];
const HALF = 3;
const LATENT = 3.5;
const SIZE = 350;
const BAR = { width: 720, least: 300, height: 118, margin: { left: 18, right: 18, top: 40, bottom: 34 } };
const LEAST = 1.2; // nats that the bar shows at least
const bounded = (value, limit) => Math.round(Math.min(limit, Math.max(-limit, value)) * 100) / 100;

export const trainedAutoencoder = view("trained-autoencoder", TRAITS, ({ state, set, root, alt, redraw }) => {
  const { decoder, data, log_noise: logNoise } = state();
  const prepared = prepare(decoder);

  const sliders = {
    x1: slider({ name: "x1", text: "Datum", tex: "x_1", min: -HALF, max: HALF, step: 0.01, onInput: (x1) => set({ x1 }) }),
    x2: slider({ name: "x2", text: "Datum", tex: "x_2", min: -HALF, max: HALF, step: 0.01, onInput: (x2) => set({ x2 }) }),
    z: slider({ name: "z", text: "Latent", tex: "z", min: -LATENT, max: LATENT, step: 0.01, onInput: (z) => set({ z }) }),
    doublings: slider({ name: "doublings", text: "Doublings of K", tex: "\\log_2 K", min: 0, max: 10, step: 1, digits: 0, unit: (value) => `doublings, K = ${2 ** value}`, onInput: (doublings) => set({ doublings }) }),
  };

  const margin = { left: 34, right: 10, top: 24, bottom: 42 };
  const plane = plot({ width: SIZE, height: SIZE, margin, label: "", xLabel: "x₁", yLabel: "x₂" });
  const x = scaleLinear().domain([-HALF, HALF]).range([plane.inner.left, plane.inner.right]);
  const y = scaleLinear().domain([-HALF, HALF]).range([plane.inner.bottom, plane.inner.top]);
  plane.axes(x, y);
  plane.marks.append("path").attr("class", "dtr-targets").attr("d", discs(data, x, y, 1.8));
  const curve = prepared.decoded.filter((_, i) => Math.abs(prepared.grid[i]) <= LATENT);
  plane.marks.append("path").attr("class", "dtr-decoder").attr("d", through(curve, x, y));
  // Where the two standard deviations around the mean of q are decoded to.
  const reaches = ["best", "encoder"].map((name) => plane.marks.append("path").attr("class", `dtr-covered dtr-covered-${name}`));
  const disc = plane.marks.append("circle").attr("class", "dtr-noise").attr("r", x(2 * Math.exp(logNoise)) - x(0));
  const decodedMark = plane.marks.append("circle").attr("class", "dtr-now").attr("r", 5);

  const latent = plot({ width: SIZE, height: SIZE, margin, label: "", xLabel: "z", yLabel: "density" });
  const u = scaleLinear().domain([-LATENT, LATENT]).range([latent.inner.left, latent.inner.right]);
  const v = scaleLinear().range([latent.inner.bottom, latent.inner.top]);
  const posterior = latent.marks.append("path").attr("class", "dtr-posterior");
  const laws = ["prior", "best", "encoder"].map((name) => latent.marks.append("path").attr("class", `dtr-law dtr-law-${name}`));
  const mark = latent.marks.append("path").attr("class", "dtr-hairs");

  const grip = handle(plane, {
    x,
    y,
    label: "The datum x: arrow keys move it",
    text: "x",
    step: () => 0.05,
    onMove: ([a, b]) => set({ x1: bounded(a, HALF), x2: bounded(b, HALF) }),
    describe: ([a, b]) => `x = (${decimal(a)}, ${decimal(b)})`,
  });
  const latentGrip = handle(latent, {
    x: u,
    y: scaleLinear().domain([0, 1]).range([latent.inner.bottom, latent.inner.top]),
    axis: "x",
    label: "The latent z: arrow keys move it",
    text: "z",
    step: () => 0.05,
    onMove: ([a]) => set({ z: bounded(a, LATENT) }),
    describe: ([a]) => `z = ${decimal(a)}`,
  });

  const bar = plot({
    ...BAR,
    label: "",
    xLabel: "",
    yLabel: "nats",
    onWidth: () => {
      nats.range([bar.inner.left, bar.inner.right]);
      redraw();
    },
  });
  const nats = scaleLinear().range([bar.inner.left, bar.inner.right]);
  const pieces = ["bound", "amortisation", "approximation"].map((name) => bar.marks.append("rect").attr("class", `dtr-piece dtr-piece-${name}`));
  pieces.forEach((piece) => piece.attr("y", bar.inner.top + 8).attr("height", bar.inner.bottom - bar.inner.top - 14));
  const spread = bar.marks.append("rect").attr("class", "dtr-importance-spread").attr("y", bar.inner.top + 4).attr("height", bar.inner.bottom - bar.inner.top - 6);
  const importance = bar.marks.append("path").attr("class", "dtr-importance");
  const importanceName = bar.front.append("text").attr("class", "dtr-bar-name").attr("y", bar.inner.top - 6);

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const key = (name, text) => h("li", {}, h("i", { class: `dtr-key dtr-key-${name}` }), text);
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(sliders).map(({ element }) => element)),
    h("div", { class: "dtr-body dtr-halves" }, h("div", { class: "dtr-stage" }, plane.svg.node()), h("div", { class: "dtr-stage" }, latent.svg.node())),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      key("posterior", "posterior p(z | x), on a grid"),
      key("encoder", "q from the encoder; in the plane, where its middle 95 % is decoded to"),
      key("best", "the best bell curve for this x"),
      key("prior", "prior p(z)"),
      key("decoder", "in the plane: the decoder's curve f(z)"),
      key("noise", "f(z) at the latent z, and two standard deviations of the noise"),
    ),
    h("div", { class: "dtr-stage dtr-nats" }, bar.svg.node()),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      key("bound", "up to the bound 𝓛"),
      key("amortisation", "amortisation gap"),
      key("approximation", "approximation gap, up to log p(x)"),
      key("importance", "𝓛 with K samples, from 8192 draws in blocks of K, and two standard errors"),
    ),
    formula,
    status,
  );

  // What belongs to the datum is measured once: z and K do not change it.
  let known = null;
  const measured = (s) => {
    if (known?.x1 !== s.x1 || known?.x2 !== s.x2) known = { x1: s.x1, x2: s.x2, facts: measure(prepared, s) };
    const [mean, error] = blocks(known.facts.log_weights, 2 ** s.doublings);
    return { ...known.facts, importance: mean, importance_error: error };
  };

  const draw = (s) => {
    const facts = measured(s);
    Object.entries(sliders).forEach(([name, control]) => control.show(s[name]));
    const decoded = network(decoder, [s.z]);
    decodedMark.attr("cx", x(decoded[0])).attr("cy", y(decoded[1]));
    disc.attr("cx", x(decoded[0])).attr("cy", y(decoded[1]));
    const q = { prior: [0, 1], best: [facts.best_mean, facts.best_scale], encoder: [facts.q_mean, facts.q_scale] };
    ["best", "encoder"].forEach((name, i) => {
      const [mean, scale] = q[name];
      const points = Array.from({ length: 41 }, (_, k) => network(decoder, [mean + scale * (-1.96 + (k * 3.92) / 40)]));
      reaches[i].attr("d", through(points, x, y));
    });
    grip.show([s.x1, s.x2], { low: -HALF, high: HALF });
    plane.svg.attr("aria-label", `${alt} Now: x = (${decimal(s.x1)}, ${decimal(s.x2)}), and z = ${decimal(s.z)} decodes to (${decoded.map((value) => decimal(value)).join(", ")}).`);

    const shown = prepared.grid.map((z, i) => [z, facts.posterior[i]]).filter(([z], i) => Math.abs(z) <= LATENT && i % 2 === 0);
    const tallest = Math.max(...shown.map(([, height]) => height), 0.45);
    // A bell curve much narrower than the posterior may leave the picture.
    const highest = Math.max(...[facts.best_scale, facts.q_scale].map((scale) => Math.exp(logNormal(0, 0, Math.log(scale)))));
    v.domain([0, 1.15 * Math.min(Math.max(tallest, highest), 2.5 * tallest)]);
    latent.axes(u, v);
    posterior.attr("d", `${through(shown, u, v)}L${u(LATENT)},${v(0)}L${u(-LATENT)},${v(0)}Z`);
    Object.values(q).forEach(([mean, scale], i) => {
      const points = Array.from({ length: 241 }, (_, k) => mean + scale * (-5 + k / 24)).map((z) => [z, Math.exp(logNormal(z, mean, Math.log(scale)))]);
      laws[i].attr("d", through(points, u, v));
    });
    mark.attr("d", `M${u(s.z)},${latent.inner.top}V${latent.inner.bottom}`);
    latentGrip.show([s.z, 0.06], { low: -LATENT, high: LATENT });
    latent.svg.attr("aria-label", `Densities over the latent axis. The encoder's q has mean ${decimal(facts.q_mean)} and scale ${decimal(facts.q_scale)}.`);

    const gap = facts.log_evidence - facts.bound;
    const room = Math.max(LEAST, 1.15 * gap);
    const [low, high] = [facts.log_evidence - 1.05 * room, facts.log_evidence + 0.12 * room];
    nats.domain([low, high]);
    bar.axes(nats, scaleLinear().domain([0, 1]).range([0, 0]), { yValues: [] });
    const ends = [low, facts.bound, facts.best_bound, facts.log_evidence];
    pieces.forEach((piece, i) => piece.attr("x", nats(ends[i])).attr("width", Math.max(0, nats(ends[i + 1]) - nats(ends[i]))));
    const at = Math.min(bar.inner.right, Math.max(bar.inner.left, nats(facts.importance)));
    const side = 2 * facts.importance_error;
    spread.attr("x", nats(facts.importance - side)).attr("width", nats(facts.importance + side) - nats(facts.importance - side));
    importance.attr("d", `M${at},${bar.inner.top}V${bar.inner.bottom}`);
    const samples = 2 ** s.doublings;
    const isRight = at > (bar.inner.left + bar.inner.right) / 2;
    importanceName.attr("x", at + (isRight ? 4 : -4)).attr("text-anchor", isRight ? "end" : "start").text(`𝓛 with K = ${samples}: ${decimal(facts.importance, 3)}`);
    bar.svg.attr("aria-label", `Bound ${decimal(facts.bound, 3)}, log p(x) ${decimal(facts.log_evidence, 3)} nats.`);

    const value = (number) => live(texDecimal(number, 3));
    typeset(
      formula,
      `\\begin{aligned}\\log p(x) = ${value(facts.log_evidence)} ={} & \\underbrace{${value(facts.bound)}}_{\\mathcal L} + \\underbrace{${value(facts.amortisation)}}_{\\text{amortisation}} + \\underbrace{${value(facts.approximation)}}_{\\text{approximation}}\\end{aligned}`,
      { displayMode: true },
    );
    status.textContent = sentence(facts, samples);
    const { posterior: _posterior, log_weights: _weights, ...told } = facts;
    return { x1: s.x1, x2: s.x2, z: s.z, doublings: s.doublings, samples, decoded, ...told };
  };
  return draw;
});

function sentence({ amortisation, approximation, importance, log_evidence: evidence }, samples) {
  const left = evidence - importance;
  const larger = amortisation > approximation ? "Most of the gap is the encoder's: another bell curve would do better here." : "Most of the gap is the bell curve's: no other one does much better here.";
  const sum = amortisation + approximation;
  const gaps = sum < 0.02 ? "The bound is nearly tight here." : `The bound is ${decimal(sum, 2)} nats below log p(x). ${larger}`;
  const closed = left < 0.01 ? "has closed the gap, up to what its draws can tell" : `is ${decimal(left, 2)} nats below`;
  return `${gaps} With K = ${samples} samples the importance-weighted bound ${closed}.`;
}
