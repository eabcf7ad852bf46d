// Operations against the dimension on logarithmic axes, and a product against the sum of its logarithms.

import { scaleLinear, scaleLog } from "d3-scale";
import { COST_LATEX, logOfProduct } from "../generated/tools.js";
import { slider } from "../shared/controls.js";
import { decimal, logLabel, superscript, texDecimal, texWhole, whole } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { costs, leavesRangeAt, products } from "./products.js";

const SIZE = 340;
const MARGIN = { left: 52, right: 22, top: 24, bottom: 42 };
const RANGE = { min: 2, max: 1000 };
const MOST = 1e9; // operations in the picture
const METHODS = {
  leibniz: "Leibniz' sum over all permutations",
  elimination: "elimination, any matrix",
  rank_one: "identity plus rank one",
  diagonal: "triangular or diagonal",
};
const PRECISIONS = ["float64", "float32"];

const key = (name) => h("i", { class: `dtr-key dtr-key-${name}` });

export const determinantCost = view("determinant-cost", ["dimension", "factor"], ({ set, root, alt }) => {
  const dimension = slider({
    name: "dimension",
    text: "Dimension",
    tex: "K",
    ...RANGE,
    step: 1,
    digits: 0,
    unit: "dimensions",
    onInput: (value) => set({ dimension: value }),
  });
  const factor = slider({
    name: "factor",
    text: "Each factor of the product",
    min: 0.05,
    max: 3,
    step: 0.05,
    onInput: (value) => set({ factor: value }),
  });
  const formulas = ["", "", ""].map(() => h("div", { class: "dtr-formula" }));
  const sentence = h("p", { class: "dtr-status" });

  const left = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "dimension K", yLabel: "operations" });
  const x = scaleLog().domain([RANGE.min, RANGE.max]).range([left.inner.left, left.inner.right]);
  const y = scaleLog().domain([1, MOST]).range([left.inner.bottom, left.inner.top]);
  left.axes(x, y, {
    xValues: [2, 10, 100, 1000],
    xFormat: logLabel,
    yValues: [1, 1e3, 1e6, 1e9],
    yFormat: logLabel,
  });
  const hair = left.marks.append("path").attr("class", "dtr-hairs");
  const sizes = Array.from({ length: 120 }, (_, i) => Math.round(RANGE.min * (RANGE.max / RANGE.min) ** (i / 119)));
  const dots = {};
  for (const name of Object.keys(METHODS)) {
    const points = [...new Set(sizes)].map((K) => [K, costs(K)[name]]);
    left.marks.append("path").attr("class", `dtr-cost dtr-cost-${name}`).attr("d", through(points, x, y));
    dots[name] = left.marks.append("circle").attr("class", `dtr-cost-dot dtr-cost-dot-${name}`).attr("r", 4.5);
  }

  const right = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel: "number of factors", yLabel: "their product" });
  const rx = scaleLinear().range([right.inner.left, right.inner.right]);
  const ry = scaleLinear().range([right.inner.bottom, right.inner.top]);
  const here = right.marks.append("path").attr("class", "dtr-hairs");
  const series = Object.fromEntries(PRECISIONS.map((name) => [name, right.marks.append("path").attr("class", `dtr-product dtr-product-${name}`)]));
  const sum = right.marks.append("path").attr("class", "dtr-log-sum");
  const ends = Object.fromEntries(PRECISIONS.map((name) => [name, right.front.append("path").attr("class", `dtr-product-end dtr-product-${name}`)]));

  root.append(
    h("div", { class: "dtr-controls" }, dimension.element, factor.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h("div", { class: "dtr-stage" }, right.svg.node()),
    ),
    h("div", { class: "dtr-formulas dtr-tools-formulas" }, ...formulas),
    sentence,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      ...Object.entries(METHODS).map(([name, text]) => h("li", {}, key(`cost-${name}`), text)),
      h("li", {}, key("log-sum"), "the sum of logarithms says"),
      h("li", {}, key("product-float64"), "product in float64, until it leaves the range"),
      h("li", {}, key("product-float32"), "product in float32, until it leaves the range"),
    ),
  );

  return (s) => {
    const [K, f] = [s.dimension, s.factor];
    const now = costs(K);
    hair.attr("d", `M${x(K)},${left.inner.bottom}V${left.inner.top}`);
    for (const [name, dot] of Object.entries(dots)) {
      const isSeen = now[name] <= MOST;
      dot.attr("display", isSeen ? null : "none").attr("cx", x(K)).attr("cy", isSeen ? y(now[name]) : 0);
    }
    left.svg.attr("aria-label", `${alt} Now, at dimension ${K}: ${whole(now.diagonal)} operations for a triangular matrix, ${whole(now.elimination)} by elimination.`);

    const last = Math.max(60, Math.round(1.25 * K));
    const bound = logOfProduct(last, f);
    rx.domain([0, last]);
    ry.domain(Math.abs(bound) < 5 ? [-5, 5] : bound < 0 ? [bound, 0] : [0, bound]);
    right.axes(rx, ry, { yFormat: (value) => (value === 0 ? "1" : `10${superscript(Math.round(value))}`) });
    here.attr("d", `M${rx(K)},${right.inner.bottom}V${right.inner.top}`);
    sum.attr("d", through([[0, 0], [last, bound]], rx, ry));
    const value = {};
    const out = {};
    for (const name of PRECISIONS) {
      const found = products(f, last, name);
      value[name] = found[K];
      out[name] = leavesRangeAt(found);
      const inside = found.slice(0, out[name] ?? undefined).map((product, k) => [k, Math.log10(product)]);
      series[name].attr("d", through(inside, rx, ry));
      const [ex, ey] = out[name] === null ? [0, 0] : [rx(inside.at(-1)[0]), ry(inside.at(-1)[1])];
      ends[name]
        .attr("display", out[name] === null ? "none" : null)
        .attr("d", `M${ex - 5},${ey - 5}l10,10m0,-10l-10,10`);
    }
    const total = logOfProduct(K, f);
    right.svg.attr("aria-label", `The product of ${K} factors ${decimal(f)}: 10 to the power ${decimal(total, 1)}; in float32 ${decimal(value.float32, 3)}, in float64 ${decimal(value.float64, 3)}.`);

    dimension.show(K);
    factor.show(f);
    const cost = (name, words) => `\\underbrace{${COST_LATEX[name]}}_{\\text{${words}}} = ${live(texWhole(Math.round(now[name])))}`;
    typeset(formulas[0], cost("diagonal", "triangular"), { displayMode: true, letters: { K: "dimension" } });
    typeset(formulas[1], cost("elimination", "elimination"), { displayMode: true, letters: { K: "dimension" } });
    typeset(formulas[2], `${live(texDecimal(f))}^{${live(K)}} = 10^{${live(texDecimal(total, 1))}}`, { displayMode: true });
    const words = (name) =>
      out[name] !== null && out[name] <= K
        ? `in ${name} it is ${value[name] === 0 ? "exactly 0" : "infinite"}, since factor ${out[name]}`
        : `in ${name} it is ${decimal(value[name], 3)}`;
    sentence.textContent =
      `Elimination takes ${whole(Math.round(now.elimination / now.diagonal))} times as many operations as the product of a diagonal. ` +
      `That product of ${K} factors: ${words("float32")}; ${words("float64")}. The sum of logarithms is fine.`;
    return {
      ...s,
      costs: { ...now, leibniz: Number.isFinite(now.leibniz) ? now.leibniz : null },
      log_product: total,
      product: Object.fromEntries(PRECISIONS.map((name) => [name, Number.isFinite(value[name]) ? value[name] : "infinite"])),
      leaves_range_at: out,
    };
  };
});
