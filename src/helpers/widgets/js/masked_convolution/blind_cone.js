// The cone that a deep stack sees in the rectangle that it spans, and the blind part of it over the depth.

import { scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import { BLIND_FRACTION_LATEX, BLIND_LIMIT_LATEX } from "../generated/masked_convolution.js";
import { choice, slider } from "../shared/controls.js";
import { decimal, texDecimal, whole } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { coneOf, curveOf } from "./cone.js";
import { hatching } from "./pixel_grid.js";

const TRAITS = ["half_width", "depth", "number_of_a", "stacks"];
const WIDTH = 420;
const DEEPEST = 12;

export const blindCone = view("blind-cone", TRAITS, ({ set, root, alt }) => {
  const whole_ = (name, text, tex, max, unit) => slider({ name, text, tex, min: 1, max, step: 1, digits: 0, unit, onInput: (value) => set({ [name]: value }) });
  const sliders = {
    depth: whole_("depth", "Layers", "L", DEEPEST, "layers"),
    half_width: whole_("half_width", "Half of the kernel", "m", 3, "pixels"),
    number_of_a: whole_("number_of_a", "Of type A", "n_A", DEEPEST, "layers"),
  };
  const stacks = choice({
    name: "stacks",
    text: "Stacks",
    options: [
      ["one", "one"],
      ["two", "two: vertical, horizontal"],
    ],
    onInput: (value) => set({ stacks: value }),
  });
  const svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg")).attr("class", "dtr-plot dtr-cone").attr("role", "img");
  const hatch = hatching(svg);
  const rows = svg.append("g");
  const lines = svg.append("path").attr("class", "dtr-cone-lines");
  const outline = svg.append("path").attr("class", "dtr-cone-outline");
  const pixel = svg.append("rect").attr("class", "dtr-cone-pixel");

  const frame = plot({ width: WIDTH, height: 260, margin: { left: 48, right: 14, top: 26, bottom: 42 }, label: alt, xLabel: "layers L", yLabel: "blind part" });
  const x = scaleLinear().domain([1, DEEPEST]).range([frame.inner.left + 6, frame.inner.right - 6]);
  const y = scaleLinear().domain([0, 0.3]).range([frame.inner.bottom, frame.inner.top]);
  const others = frame.marks.append("g").attr("class", "dtr-blind-others");
  const limit = frame.marks.append("path").attr("class", "dtr-blind-limit");
  const curve = frame.marks.append("path").attr("class", "dtr-blind-curve");
  const dots = frame.marks.append("g").attr("class", "dtr-blind-dots");
  const now = frame.front.append("circle").attr("class", "dtr-now").attr("r", 6);
  others
    .selectAll("path")
    .data([1, 2, 3])
    .join("path")
    .attr("d", (m) => through(curveOf(m, DEEPEST), x, y));

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 3 }, () => h("td"));
  const row = (name, cell) => h("tr", {}, h("th", { scope: "row" }, name), cell);
  root.append(
    h("div", { class: "dtr-controls" }, sliders.depth.element, sliders.half_width.element, sliders.number_of_a.element, stacks.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, h("p", { class: "dtr-heat-title" }, "the past of a pixel"), svg.node()),
      h("div", { class: "dtr-side" }, frame.svg.node()),
    ),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-side" }, h("table", { class: "dtr-readout" }, h("tbody", {}, row("seen", cells[0]), row("blind", cells[1]), row("blind part of the past", cells[2])))),
      h("div", { class: "dtr-side" }, formula, status),
    ),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-seen" }), "seen"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-blind" }), "drawn before, not seen"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-blind-curve" }), "blind part with one layer of type A; thin: for the other m"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-blind-limit" }), "its limit"),
    ),
  );

  return (s) => {
    const facts = coneOf(s);
    const { far } = facts;
    const side = (WIDTH - 4) / (2 * far + 1);
    const height = side * (far + 1) + 4;
    const left = (column) => 2 + side * (far + column);
    const top = (i) => 2 + side * (far - i);
    svg.attr("viewBox", `0 0 ${WIDTH} ${height.toFixed(2)}`);
    const bars = facts.reach.flatMap((last, i) => {
      const end = i === 0 ? -1 : far;
      return [
        { i, from: -far, to: Math.min(last, end), kind: "seen" },
        { i, from: last + 1, to: end, kind: "blind" },
      ].filter(({ from, to }) => to >= from);
    });
    rows
      .selectAll("rect")
      .data(bars)
      .join("rect")
      .attr("class", ({ kind }) => `dtr-cone-${kind}`)
      .attr("fill", ({ kind }) => (kind === "blind" ? hatch : null))
      .attr("x", ({ from }) => left(from).toFixed(2))
      .attr("y", ({ i }) => top(i).toFixed(2))
      .attr("width", ({ from, to }) => (side * (to - from + 1)).toFixed(2))
      .attr("height", side.toFixed(2));
    const inner = [
      ...Array.from({ length: 2 * far }, (_, k) => `M${left(k + 1 - far)},${top(far)}V${k + 1 - far <= 0 ? top(-1) : top(0)}`),
      ...Array.from({ length: far }, (_, i) => `M${left(-far)},${top(i)}H${left(far + 1)}`),
    ];
    lines.attr("d", side > 8 ? inner.join("") : "");
    outline.attr("d", `M${left(-far)},${top(far)}H${left(far + 1)}V${top(0)}H${left(0)}V${top(-1)}H${left(-far)}Z`);
    pixel.attr("x", left(0)).attr("y", top(0)).attr("width", side).attr("height", side);

    const isOne = s.stacks === "one";
    const points = isOne ? curveOf(s.half_width, DEEPEST) : curveOf(s.half_width, DEEPEST).map(([depth]) => [depth, 0]);
    const highest = Math.max(0.3, 1.08 * facts.fraction);
    y.domain([0, highest]);
    frame.axes(x, y, { xValues: [1, 3, 6, 9, 12], xFormat: (value) => String(value) });
    others.selectAll("path").attr("d", (m) => through(curveOf(m, DEEPEST), x, y));
    limit.attr("d", through([1, DEEPEST].map((depth) => [depth, facts.limit]), x, y));
    curve.attr("d", through(points, x, y));
    dots
      .selectAll("circle")
      .data(points)
      .join("circle")
      .attr("r", 2.6)
      .attr("cx", ([depth]) => x(depth))
      .attr("cy", ([, part]) => y(part));
    now.attr("cx", x(s.depth)).attr("cy", y(facts.fraction));

    sliders.depth.show(s.depth);
    sliders.half_width.show(s.half_width);
    sliders.number_of_a.show(s.number_of_a);
    sliders.number_of_a.element.hidden = !isOne;
    stacks.show(s.stacks);
    [whole(facts.seen), whole(facts.blind), decimal(facts.fraction, 3)].forEach((text, k) => (cells[k].textContent = text));
    const part = `\\frac{${live(texDecimal(facts.blind, 0))}}{${live(texDecimal(facts.causal, 0))}} = ${live(texDecimal(facts.fraction, 3))}`;
    const letters = { L: "depth", m: "half_width" };
    const general = isOne && facts.a === 1 ? `${BLIND_FRACTION_LATEX} = ${part} \\;\\to\\; ${BLIND_LIMIT_LATEX} = ${live(texDecimal(facts.limit, 3))}` : part;
    typeset(formula, general, { displayMode: true, letters });
    status.textContent = sentence(s, facts);
    const words = `${alt} Now: ${s.depth} layers with kernels of ${2 * s.half_width + 1} × ${2 * s.half_width + 1}.`;
    svg.attr("aria-label", words);
    frame.svg.attr("aria-label", words);
    return { ...s, ...facts };
  };
});

function sentence({ depth, number_of_a: wanted, stacks }, { seen, blind, causal, a }) {
  if (stacks === "two") return `With two stacks the pixel sees all ${whole(causal)} pixels of the past in the rectangle.`;
  const what = blind === 0 ? "No pixel of the rectangle is missed." : `${whole(blind)} of ${whole(causal)} pixels are missed, ${decimal((100 * blind) / causal, 1)} %.`;
  return `${what} ${seen} are seen.${a < wanted ? ` There are only ${depth} layers, all of type A.` : ""}`;
}
