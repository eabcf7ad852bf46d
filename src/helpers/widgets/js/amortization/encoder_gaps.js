// Data with their exact posterior means and an encoder's curve; the two gaps of each datum as a bar.

import { scaleLinear } from "d3-scale";
import { posteriorMean, signal } from "../generated/amortization.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { encoder, gaps } from "./fits.js";

const TRAITS = ["degree", "sees", "family", "noise", "data", "fresh"];
export const RANGES = { degree: { min: 0, max: 6, step: 1 }, noise: { min: 0.3, max: 2, step: 0.05 } };
const REACH = 0.97; // farthest reading
const STEP = 0.01;
const SIZE = { width: 400, height: 340, margin: { left: 40, right: 12, top: 24, bottom: 42 } };
const places = Array.from({ length: 241 }, (_, i) => -REACH + (2 * REACH * i) / 240);
const snapped = (x) => Number(Math.min(REACH, Math.max(-REACH, x)).toFixed(2));
const key = (name) => h("i", { class: `dtr-key dtr-key-gaps-${name}` });

export const encoderGaps = view("encoder-gaps", TRAITS, ({ state, set, root, alt }) => {
  const degree = slider({
    name: "degree",
    text: "Degree of the encoder",
    ...RANGES.degree,
    digits: 0,
    onInput: (value) => set({ degree: value }),
  });
  const noise = slider({ name: "noise", text: "Noise", tex: "\\tau", ...RANGES.noise, onInput: (value) => set({ noise: value }) });
  const sees = choice({
    name: "sees",
    text: "The encoder sees",
    options: [
      ["x", "the datum x"],
      ["size", "its size |x| only"],
    ],
    onInput: (value) => set({ sees: value }),
  });
  const family = choice({
    name: "family",
    text: "Family of proposals",
    options: [
      ["mean_field", "independent coordinates"],
      ["full", "any covariance"],
    ],
    onInput: (value) => set({ family: value }),
  });

  const left = plot({ ...SIZE, label: "", xLabel: "datum x", yLabel: "mean of z₁" });
  const x = scaleLinear().domain([-1, 1]).range([left.inner.left, left.inner.right]);
  const y = scaleLinear().range([left.inner.bottom, left.inner.top]);
  const exact = left.marks.append("path").attr("class", "dtr-gaps-exact");
  const curve = left.marks.append("path").attr("class", "dtr-gaps-encoder");
  const misses = left.marks.append("g").attr("class", "dtr-gaps-misses");
  const answers = left.marks.append("g").attr("class", "dtr-gaps-answers");

  const right = plot({ ...SIZE, label: "", xLabel: "datum", yLabel: "divergence (nats)" });
  const ry = scaleLinear().range([right.inner.bottom, right.inner.top]);
  const bars = right.marks.append("g");

  // One handle for each datum; their number may change from Jupyter.
  let grips = [];
  const grip = (label, text, onMove) =>
    handle(left, { x, y, axis: "x", label, text, step: () => STEP, onMove, describe: ([place]) => `x = ${decimal(place)}` });
  const freshGrip = grip("The fresh datum: arrow keys move it", "?", ([place]) => set({ fresh: snapped(place) }));
  freshGrip.element.classList.add("dtr-gaps-fresh");
  const gripsFor = (count) => {
    while (grips.length > count) grips.pop().element.remove();
    while (grips.length < count) {
      const i = grips.length;
      const moved = ([place]) => set({ data: state().data.map((value, j) => (j === i ? snapped(place) : value)) });
      grips.push(grip(`Datum ${i + 1}: arrow keys move it`, String(i + 1), moved));
    }
  };

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 6 }, () => h("td"));
  const row = (name, [a, b]) => h("tr", {}, h("th", { scope: "row" }, name), a, b);
  root.append(
    h("div", { class: "dtr-controls" }, degree.element, sees.element, family.element, noise.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.svg.node()),
      h("div", { class: "dtr-stage" }, right.svg.node()),
    ),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-side" }, formula, status),
      h(
        "div",
        { class: "dtr-side" },
        h(
          "table",
          { class: "dtr-gaps-amounts" },
          h("thead", {}, h("tr", {}, h("th", {}, "gap"), h("th", { scope: "col" }, "sum over the data"), h("th", { scope: "col" }, "fresh datum"))),
          h(
            "tbody",
            {},
            row("approximation", cells.slice(0, 2)),
            row("amortisation", cells.slice(2, 4)),
            row("total", cells.slice(4)),
          ),
        ),
      ),
    ),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, key("exact"), "the exact posterior mean; drag the data along it"),
      h("li", {}, key("encoder"), "what the encoder answers"),
      h("li", {}, key("approximation"), "approximation gap: the family cannot do better"),
      h("li", {}, key("amortisation"), "amortisation gap: the family can, this encoder does not"),
    ),
  );

  return (s) => {
    const found = gaps(s);
    const { each, fresh_datum: fresh } = found;
    const all = [...each, fresh];
    const read = encoder(s);
    const top = 1.25 * posteriorMean(signal(REACH), s.noise);
    y.domain([-top, top]);
    left.axes(x, y);
    exact.attr("d", through(places.map((place) => [place, posteriorMean(signal(place), s.noise)]), x, y));
    curve.attr("d", through(places.map((place) => [place, posteriorMean(read(place), s.noise)]), x, y));
    misses
      .selectAll("path")
      .data(all)
      .join("path")
      .attr("d", (datum) => `M${x(datum.x)},${y(datum.mean)}V${Math.max(-9999, Math.min(9999, y(datum.guess)))}`);
    answers
      .selectAll("circle")
      .data(all)
      .join("circle")
      .attr("r", 4)
      .attr("cx", (datum) => x(datum.x))
      .attr("cy", (datum) => Math.max(-9999, Math.min(9999, y(datum.guess))));
    gripsFor(each.length);
    each.forEach((datum, i) => grips[i].show([datum.x, datum.mean], { low: -REACH, high: REACH }));
    freshGrip.show([fresh.x, fresh.mean], { low: -REACH, high: REACH });

    const tallest = Math.max(0.1, ...each.map((datum) => datum.approximation + datum.amortization), Math.min(4, fresh.approximation + fresh.amortization));
    ry.domain([0, 1.1 * tallest]);
    const slot = (right.inner.right - right.inner.left) / all.length;
    const slots = scaleLinear().domain([-0.5, all.length - 0.5]).range([right.inner.left, right.inner.right]);
    right.axes(slots, ry, {
      xValues: all.map((_, i) => i),
      xFormat: (i) => (i === each.length ? "fresh" : String(i + 1)),
    });
    const height = (value) => ry(0) - ry(Math.min(value, 2 * tallest));
    const parts = all.flatMap((datum, i) => [
      { i, kind: "approximation", from: 0, size: datum.approximation },
      { i, kind: "amortisation", from: datum.approximation, size: datum.amortization },
    ]);
    bars
      .selectAll("rect")
      .data(parts)
      .join("rect")
      .attr("class", (part) => `dtr-gaps-bar-${part.kind}${part.i === each.length ? " dtr-gaps-bar-fresh" : ""}`)
      .attr("x", (part) => slots(part.i) - 0.34 * slot)
      .attr("width", 0.68 * slot)
      .attr("y", (part) => ry(part.from) - height(part.size))
      .attr("height", (part) => height(part.size));

    degree.show(s.degree);
    noise.show(s.noise);
    sees.show(s.sees);
    family.show(s.family);
    const shown = [found.approximation_sum, fresh.approximation, found.amortization_sum, fresh.amortization];
    shown.push(shown[0] + shown[2], shown[1] + shown[3]);
    cells.forEach((cell, i) => (cell.textContent = decimal(shown[i], 4)));
    const number = (value) => live(texDecimal(value, 4));
    typeset(
      formula,
      `\\underbrace{\\sum_i D_{\\mathrm{KL}}}_{${number(shown[4])}} = \\underbrace{\\text{approximation}}_{${number(shown[0])}} + \\underbrace{\\text{amortisation}}_{${number(shown[2])}}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, found);
    left.svg.attr("aria-label", `${alt} Now: degree ${s.degree}, ${each.length} data.`);
    right.svg.attr("aria-label", `Bars of the gaps. The data: ${each.map((datum) => decimal(datum.approximation + datum.amortization)).join(", ")}; the fresh datum: ${decimal(fresh.approximation + fresh.amortization)}.`);
    return { ...s, ...found };
  };
});

function sentence({ degree, sees, family, data }, { each, fresh_datum: fresh, amortization_sum: amortization }) {
  const average = amortization / each.length;
  const parts = [];
  if (average < 1e-6) {
    parts.push("The encoder meets all its data: no amortisation gap is left on them.");
    if (fresh.amortization > 1e-3) parts.push(`On the fresh datum it is ${decimal(fresh.amortization, 3)} nats.`);
  } else {
    parts.push(`One encoder for ${data.length} data costs ${decimal(average, 3)} nats a datum beyond the best member of the family.`);
    if (sees === "size" && degree > 0) parts.push("It cannot tell x from −x.");
  }
  parts.push(family === "full" ? "The family holds every posterior: no approximation gap." : `The family costs ${decimal(each[0].approximation, 3)} nats a datum, whatever the encoder.`);
  return parts.join(" ");
}
