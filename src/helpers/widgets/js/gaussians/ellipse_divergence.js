// The plane: two laws as ellipses, the four terms of their divergence, and the diagonal laws nearest to p.

import { scaleLinear } from "d3-scale";
import { button, choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { axisEnd, ellipse, inThePlane } from "./laws.js";

const LAWS = ["q", "p"];
const PARTS = ["first", "second", "angle"];
const TRAITS = ["mean_q", "mean_p", ...LAWS.flatMap((law) => PARTS.map((part) => `${law}_${part}`)), "direction", "nearest"];
export const RANGES = {
  first: { min: 0.3, max: 2, step: 0.05 },
  second: { min: 0.3, max: 2, step: 0.05 },
  angle: { min: -180, max: 180, step: 1 },
};
const SIZE = 360;
const HALF = 5;
const FAR = 3; // farthest coordinate of a mean
const REACH = 2; // standard deviations from the centre to the handles of the axes
const ROW = 46;

const bounded = (value, low, high) => Math.min(high, Math.max(low, value));
const snapped = (part, value) => {
  const { min, max, step } = RANGES[part];
  return Number(bounded(Math.round(value / step) * step, min, max).toFixed(10));
};
const placed = (point) => point.map((value) => Math.round(bounded(value, -FAR, FAR) * 20) / 20);

export const ellipseDivergence = view("ellipse-divergence", TRAITS, ({ state, set, root, alt }) => {
  const words = { first: "axis 1", second: "axis 2", angle: "angle" };
  const sliders = Object.fromEntries(
    LAWS.flatMap((law) =>
      PARTS.map((part) => [
        `${law}_${part}`,
        slider({
          name: `${law}_${part}`,
          text: `${law}: ${words[part]}`,
          ...RANGES[part],
          ...(part === "angle" ? { digits: 0, unit: "degrees" } : {}),
          onInput: (value) => set({ [`${law}_${part}`]: value }),
        }),
      ]),
    ),
  );
  const direction = choice({
    name: "direction",
    text: "Divergence",
    options: [
      ["q_p", "D(q‖p): q is where we look from"],
      ["p_q", "D(p‖q): p is where we look from"],
    ],
    onInput: (value) => set({ direction: value }),
  });
  const nearest = choice({
    name: "nearest",
    text: "Diagonal laws nearest to p",
    options: [
      ["hidden", "hidden"],
      ["shown", "shown, in both directions"],
    ],
    onInput: (value) => set({ nearest: value }),
  });
  const swap = button({
    text: "Swap q and p",
    title: "Exchange the two laws in the divergence",
    onClick: () => set({ direction: state().direction === "q_p" ? "p_q" : "q_p" }),
  });

  const frame = plot({
    width: SIZE,
    height: SIZE,
    margin: { left: 32, right: 10, top: 24, bottom: 40 },
    label: alt,
    xLabel: "z₁",
    yLabel: "z₂",
  });
  frame.svg.attr("class", "dtr-plot dtr-gaussians");
  const x = scaleLinear().domain([-HALF, HALF]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([-HALF, HALF]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(x, y);
  const path = (points) => `M${points.map(([a, b]) => `${x(a).toFixed(2)},${y(b).toFixed(2)}`).join("L")}Z`;
  const outlines = Object.fromEntries(
    ["p", "q"].map((law) => [
      law,
      [1, 2].map((radius) => frame.marks.append("path").attr("class", `dtr-ellipse-${law}`).attr("data-radius", radius)),
    ]),
  );
  const nearestOutlines = ["forward", "reverse"].map((kind) => frame.marks.append("path").attr("class", `dtr-nearest-${kind}`));
  const axisGrips = LAWS.flatMap((law) =>
    [0, 1].map((which) => ({
      law,
      which,
      grip: handle(frame, {
        x,
        y,
        label: `Axis ${which + 1} of ${law}: arrow keys move its end`,
        step: () => 0.1,
        onMove: ([a, b]) => {
          const [u, v] = state()[`mean_${law}`];
          const turned = (Math.atan2(b - v, a - u) * 180) / Math.PI - 90 * which;
          const angle = turned < -180 ? turned + 360 : turned;
          const length = snapped(PARTS[which], Math.hypot(a - u, b - v) / REACH);
          set({ [`${law}_${PARTS[which]}`]: length, [`${law}_angle`]: snapped("angle", angle) });
        },
        describe: ([a, b]) => `the axis ends at (${decimal(a)}, ${decimal(b)})`,
      }),
    })),
  );
  const centreGrips = LAWS.map((law) =>
    handle(frame, {
      x,
      y,
      label: `Mean of ${law}: arrow keys move it`,
      text: law,
      step: () => 0.1,
      onMove: (point) => set({ [`mean_${law}`]: placed(point) }),
      describe: ([a, b]) => `the mean of ${law} is (${decimal(a)}, ${decimal(b)})`,
    }),
  );

  const bars = plot({
    width: SIZE,
    height: 5 * ROW + 52,
    margin: { left: 8, right: 8, top: 6, bottom: 42 },
    label: "",
    xLabel: "nats",
    yLabel: "",
  });
  const along = scaleLinear().range([bars.inner.left + 4, bars.inner.right - 4]);
  const height = scaleLinear().domain([0, 5]).range([bars.inner.top, bars.inner.bottom]);
  const zero = bars.marks.append("path").attr("class", "dtr-zero");
  const rows = Array.from({ length: 5 }, () => {
    const row = bars.marks.append("g").attr("class", "dtr-term");
    return { row, name: row.append("text"), value: row.append("text").attr("text-anchor", "end"), bar: row.append("rect").attr("height", 16) };
  });

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls dtr-laws" }, ...Object.values(sliders).map(({ element }) => element)),
    h("div", { class: "dtr-controls" }, direction.element, nearest.element, h("div", { class: "dtr-row dtr-swap" }, swap.element)),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, frame.svg.node()),
      h("div", { class: "dtr-stage" }, bars.svg.node()),
    ),
    formula,
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-law-q" }), "q: one and two standard deviations; drag its centre and the ends of its axes"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-law-p" }), "p: the same"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-forward" }), "nearest diagonal law from p: keeps the marginal variances"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-reverse" }), "nearest diagonal law to p: as wide as p given the other coordinate"),
    ),
  );

  return (s) => {
    const facts = inThePlane(s);
    const of = (law) => [s[`mean_${law}`], s[`${law}_first`], s[`${law}_second`], s[`${law}_angle`]];
    for (const law of LAWS) outlines[law].forEach((outline, i) => outline.attr("d", path(ellipse(...of(law), i + 1))));
    nearestOutlines.forEach((outline, i) => {
      const [first, second] = i === 0 ? facts.forward : facts.reverse;
      outline.attr("d", s.nearest === "shown" ? path(ellipse(s.mean_p, first, second, 0, 2)) : "");
    });
    for (const { law, which, grip } of axisGrips) grip.show(axisEnd(...of(law), REACH, which), { low: -HALF, high: HALF });
    LAWS.forEach((law, i) => centreGrips[i].show(s[`mean_${law}`], { low: -FAR, high: FAR }));
    for (const [name, control] of Object.entries(sliders)) control.show(s[name]);
    direction.show(s.direction);
    nearest.show(s.nearest);

    const [one, other] = s.direction === "q_p" ? LAWS : ["p", "q"];
    const titles = [
      `trace: how wide ${one} is for ${other}`,
      `means: how far apart they are for ${other}`,
      "dimension: −d/2",
      `volumes: how much larger ${other} is`,
      `sum: D(${one}‖${other})`,
    ];
    let from = 0;
    const spans = facts.terms.map((term) => {
      const span = [from, from + term];
      from += term;
      return span;
    });
    spans.push([0, facts.divergence]);
    const ends = spans.flat();
    const [low, high] = [Math.min(0, ...ends), Math.max(1, ...ends)];
    along.domain([low, high]).nice();
    bars.axes(along, height, { yValues: [] });
    bars.svg.select(".dtr-axis:nth-of-type(3)").attr("display", "none");
    zero.attr("d", `M${along(0)},${height(0)}V${height(5)}`);
    rows.forEach(({ row, name, value, bar }, i) => {
      const [a, b] = spans[i];
      const size = b - a;
      const top = height(i) + 4;
      row.attr("data-sign", i === 4 ? "sum" : size < 0 ? "negative" : "positive");
      name.attr("x", bars.inner.left + 4).attr("y", top + 10).text(titles[i]);
      value.attr("x", bars.inner.right - 4).attr("y", top + 10).text(decimal(size, 3));
      bar
        .attr("x", Math.min(along(a), along(b)))
        .attr("width", Math.max(1.5, Math.abs(along(b) - along(a))))
        .attr("y", top + 17);
    });
    const shown = (number) => live(texDecimal(number, 3));
    const added = facts.terms.map((term, i) => `${i > 0 && term >= 0 ? "+" : ""}${shown(term)}`).join(" ");
    typeset(
      formula,
      `\\begin{aligned} D_{\\mathrm{KL}}(${one}\\,\\|\\,${other}) &= \\tfrac12\\operatorname{tr}(\\Sigma_${other}^{-1}\\Sigma_${one}) + \\tfrac12 m^\\top\\Sigma_${other}^{-1}m - \\tfrac d2 + \\tfrac12\\log\\tfrac{\\det\\Sigma_${other}}{\\det\\Sigma_${one}} \\\\ &= ${added} = ${shown(facts.divergence)} \\end{aligned}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, facts, one, other);
    frame.svg.attr("aria-label", `${alt} Now: the divergence of ${one} from ${other} is ${decimal(facts.divergence, 3)} nats.`);
    bars.svg.attr("aria-label", titles.map((title, i) => `${title}: ${decimal(spans[i][1] - spans[i][0], 3)}`).join("; "));
    return { ...s, ...facts };
  };
});

function sentence(s, facts, one, other) {
  const both = `D(${one}‖${other}) is ${decimal(facts.divergence, 3)} nats; the other way it is ${decimal(facts.exchanged, 3)}.`;
  if (s.nearest === "hidden") return both;
  const pair = ([a, b]) => `${decimal(a)} and ${decimal(b)}`;
  return `${both} The diagonal laws nearest to p have the standard deviations ${pair(facts.forward)} (forward) and ${pair(facts.reverse)} (reverse), and both lie ${decimal(facts.forward_divergence, 3)} nats from it.`;
}
