// The second moment of each layer: recursion, dots measured on random networks, and the histogram of the last layer.

import { scaleLinear, scaleLog } from "d3-scale";
import { firstTex, recursionTex } from "../generated/initialization.js";
import { choice, slider } from "../shared/controls.js";
import { decimal, logLabel, logTicks, texDecimal, whole } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { bars, bell, inputShare, LIMIT, measurement, profile, signal } from "./signals.js";

const TRAITS = ["depth", "log_width", "activation", "scheme", "measured"];
const DEPTH = { min: 1, max: 10, step: 1 };
const LOG_WIDTH = { min: 2, max: 6, step: 1 };
const SIZE = { width: 400, height: 330, margin: { left: 52, right: 14, top: 24, bottom: 42 } };
const LOWEST = 1e-4;
const WIDTHS = Array.from({ length: LOG_WIDTH.max - LOG_WIDTH.min + 1 }, (_, i) => 2 ** (LOG_WIDTH.min + i));

export const signalByDepth = view("signal-by-depth", TRAITS, ({ set, root, alt }) => {
  const controls = {
    depth: slider({ name: "depth", text: "Depth", tex: "L", ...DEPTH, digits: 0, unit: "layers", onInput: (depth) => set({ depth }) }),
    log_width: slider({
      name: "log_width",
      text: "Width of every layer",
      tex: "n",
      ...LOG_WIDTH,
      format: (value) => String(2 ** value),
      unit: "units",
      onInput: (value) => set({ log_width: value }),
    }),
    activation: choice({
      name: "activation",
      text: "Activation",
      options: [
        ["identity", "none"],
        ["relu", "ReLU"],
        ["tanh", "tanh"],
      ],
      onInput: (activation) => set({ activation }),
    }),
    scheme: choice({
      name: "scheme",
      text: "Parameters drawn by",
      options: [
        ["torch", "PyTorch's default"],
        ["kaiming", "Kaiming"],
        ["xavier", "Xavier"],
      ],
      onInput: (scheme) => set({ scheme }),
    }),
  };
  const left = plot({ ...SIZE, label: alt, xLabel: "layer ℓ", yLabel: "second moment of a unit" });
  const right = plot({ ...SIZE, label: "", xLabel: "u / root mean square, last layer", yLabel: "density" });
  left.svg.attr("class", "dtr-plot dtr-signals");
  right.svg.attr("class", "dtr-plot dtr-signals");
  const x = scaleLinear().domain([0, DEPTH.max]).range([left.inner.left + 6, left.inner.right - 6]);
  const y = scaleLog().range([left.inner.bottom, left.inner.top]);
  const hx = scaleLinear().domain([-LIMIT, LIMIT]).range([right.inner.left, right.inner.right]);
  const hy = scaleLinear().range([right.inner.bottom, right.inner.top]);
  const share = left.marks.append("path").attr("class", "dtr-input-share");
  const theory = left.marks.append("path").attr("class", "dtr-theory");
  const medians = left.marks.append("g").attr("class", "dtr-middle");
  const intervals = left.marks.append("g").attr("class", "dtr-intervals");
  const dots = left.marks.append("g").attr("class", "dtr-measured");
  const columns = right.marks.append("g").attr("class", "dtr-columns");
  const curve = right.marks.append("path").attr("class", "dtr-bell").attr("d", "");

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const networks = h("span");
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(controls).map(({ element }) => element)),
    h("div", { class: "dtr-body dtr-halves" }, h("div", { class: "dtr-stage" }, left.svg.node()), h("div", { class: "dtr-stage" }, right.svg.node())),
    formula,
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-theory" }), "the recursion"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-measured" }), networks),
      h("li", {}, h("i", { class: "dtr-key dtr-key-middle" }), "the middle one of these networks"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-share" }), "what the input contributes; the rest are biases"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-bell" }), "bell curve of the same variance"),
    ),
  );

  /** One axis for all widths and depths of a scheme, so that moving them moves the curve and not the axis. */
  const range = ({ activation, scheme, measured }) => {
    const values = WIDTHS.flatMap((width) => [
      ...profile(activation, scheme, width, DEPTH.max),
      ...(measurement(measured, activation, scheme, width)?.layers ?? []).flatMap((row) => [row.median, row.mean + row.halfWidth]),
    ]).filter((value) => value > 0);
    return [Math.max(LOWEST, Math.min(...values) / 1.6), Math.max(...values) * 1.6];
  };

  return (s) => {
    const facts = signal(s);
    const found = measurement(s.measured, s.activation, s.scheme, facts.width);
    const rows = found ? found.layers.slice(0, s.depth).map((row, i) => ({ ...row, layer: i + 1 })) : [];
    const part = inputShare(s.activation, s.scheme, facts.width, s.depth);
    const [low, high] = range(s);
    y.domain([low, high]);
    left.axes(x, y, { yValues: logTicks(low, high), yFormat: logLabel });
    const inside = (value) => Math.max(value, low / 10); // a line that leaves the picture, and not the plot
    theory.attr("d", through(facts.profile.map((value, layer) => [layer, inside(value)]), x, y));
    share.attr("d", part ? through(part.map((value, layer) => [layer, inside(value)]), x, y) : "");
    dots
      .selectAll("circle")
      .data(rows)
      .join("circle")
      .attr("r", 4.5)
      .attr("cx", ({ layer }) => x(layer))
      .attr("cy", ({ mean }) => y(inside(mean)));
    intervals
      .selectAll("path")
      .data(rows)
      .join("path")
      .attr("d", ({ layer, mean, halfWidth }) => {
        const [top, bottom] = [y(mean + halfWidth), y(inside(mean - halfWidth))];
        const [a, b] = [x(layer) - 5, x(layer) + 5];
        return `M${x(layer)},${top}V${bottom}M${a},${top}H${b}M${a},${bottom}H${b}`;
      });
    medians
      .selectAll("path")
      .data(rows)
      .join("path")
      .attr("d", "M0,-6L6,0L0,6L-6,0Z")
      .attr("transform", ({ layer, median }) => `translate(${x(layer)},${y(inside(median))})`);

    const heights = found ? bars(found.layers[s.depth - 1].shares) : [];
    hy.domain([0, Math.max(0.5, 1.08 * Math.max(0, ...heights.map(({ height }) => height)))]);
    right.axes(hx, hy);
    columns
      .selectAll("rect")
      .data(heights)
      .join("rect")
      .attr("x", ({ from }) => hx(from))
      .attr("width", hx(LIMIT / 12) - hx(0) - 0.8)
      .attr("y", ({ height }) => hy(height))
      .attr("height", ({ height }) => hy(0) - hy(height));
    curve.attr("d", through(bell(), hx, hy));

    for (const name of Object.keys(controls)) controls[name].show(s[name]);
    const digits = facts.profile.at(-1) < 1 ? 4 : facts.profile.at(-1) < 10 ? 3 : 0;
    const value = live(texDecimal(facts.profile.at(-1), digits));
    typeset(
      formula,
      `v_1 = ${firstTex[s.scheme]},\\qquad v_\\ell = ${recursionTex[`${s.activation} ${s.scheme}`]},\\qquad v_{${live(String(s.depth))}} = ${value}`,
      { displayMode: true, letters: { n: "log_width" } },
    );
    networks.textContent = found
      ? `mean of ${whole(found.networks)} random networks, with its 99 % interval`
      : "means of random networks: none measured here";
    const isGaussian = s.activation === "tanh" ? " (Gaussian layers)" : "";
    const theorySays = `Second moment of layer ${s.depth}: ${decimal(facts.profile.at(-1), digits)} by the recursion${isGaussian}`;
    const seen = found
      ? `, ${decimal(facts.mean, digits)} ± ${decimal(facts.half_width, digits)} measured. The middle network has ${decimal(facts.median, digits)}.`
      : ".";
    const input = facts.input_share === null ? "" : ` The input contributes ${decimal(100 * facts.input_share, 1)} %.`;
    status.textContent = theorySays + seen + input;
    left.svg.attr("aria-label", `${alt} Now: ${s.depth} layers of width ${facts.width}.`);
    right.svg.attr("aria-label", `Histogram of layer ${s.depth} and the bell curve of the same variance.`);
    const { measured, ...state } = s;
    return { ...state, ...facts };
  };
});
