// Eigenvalues against the unit circle, and the norm against the step below its envelope.

import { scaleLinear, scaleLog } from "d3-scale";
import { decimal, logLabel, logTicks } from "../shared/numbers.js";
import { discs, plot, through } from "../shared/plane.js";
import { typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { eigenvalueTex, facts, gameControls, radiusSentence, RANGES, stepSlider, TRAITS } from "./controls.js";
import { eigenvalues, iterationMatrix, modes, trajectory } from "./dynamics.js";

const SIZE = 340;
const MARGIN = { left: 46, right: 14, top: 24, bottom: 42 };
const TRAIL = 125;

export const spectrum = view("spectrum", TRAITS, ({ set, root, alt }) => {
  const controls = gameControls(set);
  const steps = stepSlider(set);
  const sentence = h("p", { class: "dtr-status" });
  const formula = h("div", { class: "dtr-formula" });

  const complex = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "Re λ", yLabel: "Im λ" });
  const cx = scaleLinear().range([complex.inner.left, complex.inner.right]);
  const cy = scaleLinear().range([complex.inner.bottom, complex.inner.top]);
  const disc = complex.marks.append("circle").attr("class", "dtr-disc");
  const cross = complex.marks.append("path").attr("class", "dtr-zero");
  const trails = complex.marks.append("path").attr("class", "dtr-trail");
  const spokes = complex.marks.append("g").attr("class", "dtr-spokes");
  const points = complex.marks.append("g").attr("class", "dtr-eigenvalues");

  const norms = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "step k", yLabel: "‖vₖ‖" });
  const nx = scaleLinear().range([norms.inner.left, norms.inner.right]);
  const ny = scaleLog().range([norms.inner.bottom, norms.inner.top]);
  const conserved = norms.marks.append("path").attr("class", "dtr-ode");
  const envelope = norms.marks.append("path").attr("class", "dtr-curve");
  const line = norms.marks.append("path").attr("class", "dtr-path");
  const dots = norms.marks.append("path").attr("class", "dtr-dots");

  root.append(
    controls.element,
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, complex.svg.node()),
      h("div", { class: "dtr-stage" }, norms.svg.node()),
    ),
    formula,
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-eigenvalue" }), "eigenvalues now; their trails as η goes from 0 to 2.5"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-disc" }), "unit disc: inside, a mode dies out"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-dots" }), "distance from the equilibrium"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-curve" }), "its envelope, an upper bound; exact for the simultaneous method"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-ode" }), "the plain game in continuous time"),
    ),
    h("div", { class: "dtr-controls" }, steps.element),
  );

  let trailKey = null;
  let trailPoints = [];
  let trailHalf = null;
  const drawTrail = (s, half) => {
    const key = `${s.method} ${s.strength} ${s.momentum}`;
    if (key === trailKey && half === trailHalf) return;
    if (key !== trailKey) {
      trailPoints = Array.from({ length: TRAIL + 1 }, (_, i) => (RANGES.learning_rate.max * i) / TRAIL).flatMap((rate) =>
        eigenvalues(iterationMatrix({ ...s, learning_rate: rate })),
      );
    }
    [trailKey, trailHalf] = [key, half];
    // Dots of hundreds of points in one path: lines of no length with round ends.
    trails.attr("d", trailPoints.map(({ re, im }) => `M${cx(re).toFixed(2)},${cy(im).toFixed(2)}h0`).join(""));
  };

  return (s) => {
    const matrix = iterationMatrix(s);
    const values = eigenvalues(matrix);
    const half = Math.max(1.5, 1.15 * values[0].modulus);
    cx.domain([-half, half]);
    cy.domain([-half, half]);
    complex.axes(cx, cy);
    disc.attr("cx", cx(0)).attr("cy", cy(0)).attr("r", cx(1) - cx(0));
    cross.attr("d", `M${cx(-half)},${cy(0)}H${cx(half)}M${cx(0)},${cy(-half)}V${cy(half)}`);
    drawTrail(s, half);
    spokes
      .selectAll("path")
      .data(values)
      .join("path")
      .attr("d", ({ re, im }) => `M${cx(0)},${cy(0)}L${cx(re)},${cy(im)}`);
    points
      .selectAll("circle")
      .data(values)
      .join("circle")
      .attr("r", 6)
      .attr("class", ({ modulus }) => (Math.abs(modulus - 1) < 1e-7 ? "dtr-on" : modulus > 1 ? "dtr-outside" : "dtr-inside"))
      .attr("cx", ({ re }) => cx(re))
      .attr("cy", ({ im }) => cy(im));
    complex.svg.attr("aria-label", `${alt} Now: ${describe(values)}.`);

    const path = trajectory(s, s.step).map(([d, g], k) => [k, Math.hypot(d, g)]);
    const positive = path.filter(([, norm]) => norm > 0 && Number.isFinite(norm));
    const first = positive.length ? positive[0][1] : 1;
    const circles = positive.length ? [[0, first], [Math.max(20, s.step), first]] : [];
    const bound = modes(s)?.envelope;
    const bounds = bound ? path.map(([k]) => [k, bound(k)]).filter(([, b]) => b > 0 && Number.isFinite(b)) : [];
    const shown = [...positive, ...bounds].map(([, norm]) => norm);
    const low = Math.max(1e-300, Math.min(first / 3, ...shown) / 1.3);
    const high = Math.min(1e300, Math.max(first * 3, ...shown) * 1.3);
    nx.domain([0, Math.max(20, s.step)]);
    ny.domain([low, high]);
    norms.nothing(positive.length ? "" : "at rest: the norm is 0");
    norms.axes(nx, ny, { yValues: logTicks(low, high), yFormat: logLabel });
    conserved.attr("d", through(circles, nx, ny));
    envelope.attr("d", through(bounds, nx, ny));
    line.attr("d", through(positive, nx, ny));
    dots.attr("d", discs(positive, nx, ny, positive.length > 100 ? 1.8 : 2.6));
    const last = path.at(-1);
    norms.svg.attr("aria-label", `Norm against step on a logarithmic axis. At step ${last[0]}: ${decimal(last[1], 3)}.`);

    controls.show(s);
    steps.show(s.step);
    typeset(formula, `${eigenvalueTex(matrix)}`, { displayMode: true });
    sentence.textContent = radiusSentence(s) + (bound ? "" : " Two eigenvalues meet here, so no sum of modes bounds the norm.");
    return facts(s, {
      eigenvalues: values.map(({ re, im }) => [re, im]),
      norms: path.map(([, norm]) => norm),
      envelope: bound ? bound(s.step) : null,
    });
  };
});

const describe = (values) => values.map(({ re, im }) => `${decimal(re)} ${im < 0 ? "−" : "+"} ${decimal(Math.abs(im))}i`).join(", ");
