// Two laws of four outcomes, their bars to be dragged, and −log of the ratio above its tangent.

import { scaleBand, scaleLinear } from "d3-scale";
import { minusLog, tangent } from "../generated/divergences.js";
import { button, choice } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot, through } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { changed, compared } from "./laws.js";

const TRAITS = ["q", "p", "touch"];
const NAMES = ["A", "B", "C", "D"];
const [WIDTH, HEIGHT] = [400, 330];
const MARGIN = { left: 34, right: 12, top: 26, bottom: 42 };
const FARTHEST = 4; // largest ratio that is drawn in its place
const [LOWEST, HIGHEST] = [-3.2, 3.6];
const STEP = 0.01;
const curve = Array.from({ length: 200 }, (_, i) => 0.02 + ((FARTHEST - 0.02) * i) / 199);

const told = (value, digits = 4) => decimal(value, digits);
// JSON has no ∞.
const plain = (value) => (Array.isArray(value) ? value.map(plain) : value === Infinity ? "∞" : value);

/** The bars of both laws, with a handle on top of each. */
function histogram(set, state) {
  const frame = plot({ width: WIDTH, height: HEIGHT, margin: MARGIN, label: "", xLabel: "outcome", yLabel: "probability" });
  frame.svg.attr("class", "dtr-plot dtr-divergences");
  const band = scaleBand().domain(NAMES).range([frame.inner.left, frame.inner.right]).paddingInner(0.16).paddingOuter(0.08);
  const y = scaleLinear().domain([0, 1]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(band, y);
  const width = band.bandwidth() / 2;
  const middle = (name, law) => band(name) + width * (law === "q" ? 0.5 : 1.5);
  const made = ["q", "p"].map((law) =>
    NAMES.map((name, i) => ({
      law,
      i,
      x: middle(name, law),
      bar: frame.marks.append("rect").attr("class", `dtr-bar-${law}`).attr("x", middle(name, law) - width / 2 + 1).attr("width", width - 2),
      grip: handle(frame, {
        x: scaleLinear().domain([0, WIDTH]).range([0, WIDTH]),
        y,
        axis: "y",
        label: `Probability of ${name} under ${law}: arrow keys change it`,
        step: () => STEP,
        onMove: ([, value]) => set({ [law]: changed(state()[law], i, Math.round(value * 1000) / 1000) }),
        describe: ([, value]) => `${law}(${name}) = ${decimal(value, 3)}`,
      }),
    })),
  ).flat();
  return {
    svg: frame.svg,
    show(s, label) {
      for (const { law, i, x, bar, grip } of made) {
        const value = s[law][i];
        bar.attr("y", y(value)).attr("height", y(0) - y(value));
        grip.show([x, value], { low: 0, high: 1 });
      }
      frame.svg.attr("aria-label", label);
    },
  };
}

/** The curve −log t, its tangent, and for each outcome of q the line between them at its ratio. */
function picture() {
  const frame = plot({ width: WIDTH, height: HEIGHT, margin: MARGIN, label: "", xLabel: "ratio t = p/q", yLabel: "−log t, tangent" });
  frame.svg.attr("class", "dtr-plot dtr-divergences");
  const x = scaleLinear().domain([0, FARTHEST]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([LOWEST, HIGHEST]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(x, y);
  const { marks } = frame;
  marks.append("path").attr("class", "dtr-zero").attr("d", `M${x(0)},${y(0)}H${x(FARTHEST)}`);
  const gaps = marks.append("g").attr("class", "dtr-gaps");
  marks.append("path").attr("class", "dtr-minus-log").attr("d", through(curve.map((t) => [t, minusLog(t)]), x, y));
  const line = marks.append("path").attr("class", "dtr-tangent");
  const contact = marks.append("circle").attr("class", "dtr-contact").attr("r", 4.5);
  const names = frame.front.append("g").attr("class", "dtr-names");
  return {
    svg: frame.svg,
    show({ q }, { ratios, at }, label) {
      const ends = [0, FARTHEST];
      line.attr("d", through(ends.map((t) => [t, tangent(t, at)]), x, y));
      contact.attr("cx", x(at)).attr("cy", y(minusLog(at)));
      const present = ratios.map((t, i) => ({ t, i })).filter(({ i }) => q[i] > 0);
      const shown = present.map(({ t, i }) => {
        const inside = t <= FARTHEST;
        const foot = inside ? tangent(t, at) : tangent(FARTHEST, at);
        const head = t > 0 ? (inside ? minusLog(t) : minusLog(FARTHEST)) : HIGHEST;
        return { i, place: Math.min(t, FARTHEST), inside, foot: Math.max(foot, LOWEST), head: Math.min(head, HIGHEST) };
      });
      gaps
        .selectAll("path")
        .data(shown, ({ i }) => i)
        .join("path")
        .attr("stroke-width", ({ i }) => 2 + 16 * q[i])
        .attr("opacity", ({ inside }) => (inside ? 1 : 0.45))
        .attr("d", ({ place, foot, head }) => `M${x(place).toFixed(2)},${y(foot).toFixed(2)}V${y(head).toFixed(2)}`);
      names
        .selectAll("text")
        .data(lettered(shown, x), ({ i }) => i)
        .join("text")
        .attr("text-anchor", "middle")
        .attr("x", ({ at: place }) => place)
        .attr("y", ({ head, row }) => Math.max(frame.inner.top + 12, y(head) - 8) - 14 * row)
        .text(({ i, inside }) => (inside ? NAMES[i] : `${NAMES[i]}→`));
      frame.svg.attr("aria-label", label);
    },
  };
}

/** Letters that would lie over each other are stacked. */
function lettered(shown, x) {
  const placed = [];
  for (const mark of [...shown].sort((a, b) => a.place - b.place)) {
    const at = Math.min(x(mark.place), WIDTH - 24);
    const near = placed.filter((other) => Math.abs(other.at - at) < 14);
    placed.push({ ...mark, at, row: near.length });
  }
  return placed;
}

export const twoHistograms = view("two-histograms", TRAITS, ({ state, set, root, alt }) => {
  const bars = histogram(set, state);
  const gaps = picture();
  const touch = choice({
    name: "touch",
    text: "The tangent touches at",
    options: [
      ["one", "t = 1"],
      ["mass", "t = m, the mass of p where q > 0"],
    ],
    onInput: (value) => set({ touch: value }),
  });
  const exchange = button({ text: "Exchange q and p", title: "q becomes p, p becomes q", onClick: () => set({ q: state().p, p: state().q }) });
  const equal = button({ text: "Make p equal to q", title: "p becomes q", onClick: () => set({ p: state().q }) });
  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const header = [h("td"), ...NAMES.map((text) => h("th", { scope: "col" }, text))];
  const rows = [["q"], ["p"], ["t", " = p/q"], ["q", " · gap"]].map(([letter, rest = ""]) => ({
    head: h("th", { scope: "row" }, h("i", {}, letter), rest),
    cells: NAMES.map(() => h("td")),
  }));
  const sides = Array.from({ length: 4 }, () => h("td"));
  root.append(
    h("div", { class: "dtr-controls" }, touch.element, h("div", { class: "dtr-row" }, exchange.element, equal.element)),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, bars.svg.node()),
      h("div", { class: "dtr-stage" }, gaps.svg.node()),
    ),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-law-q" }), "q: what happens; its outcomes carry the weight"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-law-p" }), "p: what is believed"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-minus-log" }), "the curve −log t"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-tangent" }), "its tangent; between them the gap of each outcome"),
    ),
    h(
      "div",
      { class: "dtr-body" },
      h(
        "div",
        { class: "dtr-side" },
        h("table", { class: "dtr-readout dtr-outcomes" }, h("thead", {}, h("tr", {}, ...header)), h("tbody", {}, ...rows.map(({ head, cells }) => h("tr", {}, head, ...cells)))),
      ),
      h(
        "div",
        { class: "dtr-side" },
        h(
          "table",
          { class: "dtr-readout dtr-both-ways" },
          h("thead", {}, h("tr", {}, h("th", {}, "in nats"), h("th", { scope: "col" }, "q‖p"), h("th", { scope: "col" }, "p‖q"))),
          h(
            "tbody",
            {},
            h("tr", {}, h("th", { scope: "row" }, "divergence"), sides[0], sides[1]),
            h("tr", {}, h("th", { scope: "row" }, "mass on the support"), sides[2], sides[3]),
          ),
        ),
      ),
    ),
    formula,
    status,
  );

  return (s) => {
    const facts = compared(s);
    const { mass, offset, divergence: value, weighted } = facts;
    const said = `divergence of q from p ${told(value)}, of p from q ${told(facts.reverse)}`;
    bars.show(s, `${alt} Now: ${said}.`);
    gaps.show(s, facts, `The curve −log t and its tangent at ${told(facts.at, 2)}, with the ratios ${facts.ratios.map((t, i) => `${NAMES[i]} ${t === null ? "none" : told(t, 2)}`).join(", ")}.`);
    touch.show(s.touch);
    const numbers = [s.q, s.p, facts.ratios, weighted];
    rows.forEach(({ cells }, row) =>
      cells.forEach((cell, i) => (cell.textContent = row > 1 && s.q[i] === 0 ? "–" : decimal(numbers[row][i], 3))),
    );
    [value, facts.reverse, mass, facts.reverse_mass].forEach((number, i) => (sides[i].textContent = told(number)));
    const total = weighted.reduce((a, b) => a + b, 0);
    const rest = s.touch === "mass" && mass > 0 ? `-\\log m` : `(1 - m)`;
    typeset(
      formula,
      `D_{\\mathrm{KL}}(q\\,\\|\\,p) = \\underbrace{\\textstyle\\sum_i q_i\\,\\mathrm{gap}_i}_{${live(texDecimal(total, 4))}} + \\underbrace{${rest}}_{${live(texDecimal(offset, 4))}} = ${live(texDecimal(value, 4))}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, facts);
    return { ...s, ...Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])) };
  };
});

function sentence({ q, p }, { divergence: value, reverse, mass, bound, reverse_mass: back }) {
  const missing = NAMES.filter((_, i) => q[i] > 0 && p[i] === 0);
  if (missing.length) return `p gives probability 0 to ${missing.join(", ")}, which q produces: the divergence of q from p is infinite.`;
  if (Math.abs(value) < 1e-12 && mass > 1 - 1e-12) return "The two laws are equal: every ratio is 1, every gap is 0, and so is the divergence.";
  if (mass < 1 - 1e-9) {
    return `p wastes ${decimal(1 - mass, 3)} of its mass where q has none, so the divergence is at least −log ${decimal(mass, 3)} = ${decimal(bound, 4)} nats. The other way round it is infinite.`;
  }
  if (Math.abs(value - reverse) < 1e-9) return `Both ways the divergence is ${told(value)} nats. That is an accident of these two laws: in general the order matters.`;
  return `One way it is ${told(value)} nats, the other way ${back < 1 - 1e-9 || reverse === Infinity ? "infinite" : `${told(reverse)} nats`}: the divergence is not symmetric.`;
}
