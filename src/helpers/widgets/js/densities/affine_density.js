// The plane: a cloud of samples, the unit circle and a small square, and where the matrix S takes them.

import { scaleLinear } from "d3-scale";
import { basePlane } from "../generated/densities.js";
import { choice, slider } from "../shared/controls.js";
import { handle } from "../shared/handle.js";
import { decimal, snapped, texDecimal } from "../shared/numbers.js";
import { discs, plot } from "../shared/plane.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { circle, image, inThePlane, origin } from "./moves.js";

const ENTRIES = ["s11", "s12", "s21", "s22"];
const TRAITS = [...ENTRIES, "point", "direction", "normaliser"];
export const RANGE = { min: -2, max: 2, step: 0.05 };
const SIZE = 350;
const HALF = 4;
const REACH = 3.5; // farthest coordinate of the point
const MARGIN = { left: 34, right: 10, top: 24, bottom: 42 };

const rounded = (point) => point.map((value) => snapped(value, { min: -REACH, max: REACH, step: 0.01 }));
const outline = (points, x, y) => {
  const placed = points.map(([a, b]) => [x(a), y(b)]);
  const drawn = placed.every(([a, b]) => Number.isFinite(a) && Number.isFinite(b) && Math.abs(a) < 1e5 && Math.abs(b) < 1e5);
  return drawn ? `M${placed.map(([a, b]) => `${a.toFixed(2)},${b.toFixed(2)}`).join("L")}Z` : "";
};

/** One of the two planes: scales, and layers for the cloud, two circles, the axes' unit vectors and the square. */
function plane(xLabel, yLabel, kind) {
  const frame = plot({ width: SIZE, height: SIZE, margin: MARGIN, label: "", xLabel, yLabel });
  frame.svg.attr("class", "dtr-plot dtr-densities");
  const x = scaleLinear().domain([-HALF, HALF]).range([frame.inner.left, frame.inner.right]);
  const y = scaleLinear().domain([-HALF, HALF]).range([frame.inner.bottom, frame.inner.top]);
  frame.axes(x, y);
  frame.marks.append("path").attr("class", "dtr-zero").attr("d", `M${x(-HALF)},${y(0)}H${x(HALF)}M${x(0)},${y(-HALF)}V${y(HALF)}`);
  const cloud = frame.marks.append("path").attr("class", `dtr-samples-${kind}`);
  const circles = [1, 2].map((radius) => frame.marks.append("path").attr("class", `dtr-level-line-${kind}`).attr("data-radius", radius));
  const columns = ["first", "second"].map((name) => frame.marks.append("path").attr("class", `dtr-column dtr-column-${name}`));
  const patch = frame.marks.append("path").attr("class", `dtr-patch-${kind}`);
  const at = frame.marks.append("circle").attr("class", "dtr-now").attr("r", 4);
  return {
    frame,
    x,
    y,
    show({ map, vectors, corners, point, label }) {
      cloud.attr("d", discs(basePlane.map(map), x, y, 1.7));
      circles.forEach((path, i) => path.attr("d", outline(circle(i + 1).map(map), x, y)));
      columns.forEach((path, i) => path.attr("d", `M${x(0)},${y(0)}L${x(vectors[i][0])},${y(vectors[i][1])}`));
      patch.attr("d", corners ? outline(corners, x, y) : "");
      at.attr("display", point ? null : "none");
      if (point) at.attr("cx", x(point[0])).attr("cy", y(point[1]));
      frame.svg.attr("aria-label", label);
    },
  };
}

export const affineDensity = view("affine-density", TRAITS, ({ state, set, root, alt }) => {
  const sliders = ENTRIES.map((name) =>
    slider({
      name,
      text: "Entry",
      tex: `S_{${name.slice(1)}}`,
      ...RANGE,
      onInput: (value) => set({ [name]: value }),
    }),
  );
  const direction = choice({
    name: "direction",
    text: "You place the square",
    options: [
      ["forwards", "at z, and follow it forwards"],
      ["backwards", "at x, and follow it backwards"],
    ],
    // The same point, seen from the other side; where S is singular there may be none.
    onInput: (value) => {
      const s = state();
      const other = value === "backwards" ? image(s, s.point) : (origin(s, s.point) ?? s.point);
      set({ direction: value, point: rounded(other) });
    },
  });
  const normaliser = choice({
    name: "normaliser",
    text: "Normaliser",
    options: [
      ["right", "2π |det S|"],
      ["printed", "the printed one, √((2π)² |det S|)"],
    ],
    onInput: (value) => set({ normaliser: value }),
  });

  const left = plane("z₁", "z₂", "base");
  const right = plane("x₁", "x₂", "moved");
  const columnGrips = [0, 1].map((j) =>
    handle(right.frame, {
      x: right.x,
      y: right.y,
      label: `Column ${j + 1} of S: arrow keys move it`,
      text: ["s₁", "s₂"][j],
      step: () => RANGE.step,
      onMove: ([a, b]) => set({ [ENTRIES[j]]: snapped(a, RANGE), [ENTRIES[2 + j]]: snapped(b, RANGE) }),
      describe: ([a, b]) => `column ${j + 1} of S is (${decimal(a)}, ${decimal(b)})`,
    }),
  );
  const pointGrips = [
    [left, "z"],
    [right, "x"],
  ].map(([side, letter]) =>
    handle(side.frame, {
      x: side.x,
      y: side.y,
      label: `The point ${letter} with its square: arrow keys move it`,
      text: letter,
      step: () => 0.05,
      onMove: (point) => set({ point: rounded(point) }),
      describe: ([a, b]) => `${letter} = (${decimal(a)}, ${decimal(b)})`,
    }),
  );

  const matrix = h("div", { class: "dtr-formula" });
  const formulas = [h("div", { class: "dtr-formula" }), h("div", { class: "dtr-formula" })];
  const status = h("p", { class: "dtr-status" });
  const cells = Array.from({ length: 6 }, () => h("td"));
  const row = (name, [a, b]) => h("tr", {}, h("th", { scope: "row" }, name), a, b);
  root.append(
    h("div", { class: "dtr-controls dtr-entries" }, ...sliders.map(({ element }) => element)),
    h("div", { class: "dtr-controls" }, direction.element, normaliser.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h("div", { class: "dtr-stage" }, left.frame.svg.node()),
      h("div", { class: "dtr-stage" }, right.frame.svg.node()),
    ),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-side" }, matrix, ...formulas),
      h(
        "div",
        { class: "dtr-side" },
        h(
          "table",
          { class: "dtr-readout" },
          h("thead", {}, h("tr", {}, h("th", {}, "the square"), h("th", { scope: "col" }, "at z"), h("th", { scope: "col" }, "at x"))),
          h("tbody", {}, row("area", cells.slice(0, 2)), row("density", cells.slice(2, 4)), row("density × area", cells.slice(4))),
        ),
      ),
    ),
    status,
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-base" }), `z: ${basePlane.length} samples, the circles of radius 1 and 2`),
      h("li", {}, h("i", { class: "dtr-key dtr-key-moved" }), "x = Sz: where S takes them"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-column" }), "s₁, s₂: the columns of S, where the unit vectors go; drag them"),
    ),
  );

  return (s) => {
    const facts = inThePlane(s);
    const { det, singular, z, x, corners } = facts;
    const forwards = s.direction === "forwards";
    left.show({
      map: (point) => point,
      vectors: [
        [1, 0],
        [0, 1],
      ],
      corners: corners[0],
      point: z,
      label: z ? `The plane of z. Density ${decimal(facts.base_density, 4)} at z = (${decimal(z[0])}, ${decimal(z[1])}).` : "The plane of z.",
    });
    right.show({
      map: (point) => image(s, point),
      vectors: [
        [s.s11, s.s21],
        [s.s12, s.s22],
      ],
      corners: corners[1],
      point: x,
      label: `${alt} Now: determinant ${decimal(det, 4)}.`,
    });
    columnGrips[0].show([s.s11, s.s21], { low: RANGE.min, high: RANGE.max });
    columnGrips[1].show([s.s12, s.s22], { low: RANGE.min, high: RANGE.max });
    pointGrips.forEach((grip, i) => {
      const used = forwards === (i === 0);
      grip.element.style.display = used ? "" : "none";
      if (used) grip.show(s.point, { low: -REACH, high: REACH });
    });
    ENTRIES.forEach((name, i) => sliders[i].show(s[name]));
    direction.show(s.direction);
    normaliser.show(s.normaliser);

    const shown = [facts.areas[0], facts.areas[1], facts.base_density, facts.density, ...facts.masses];
    cells.forEach((cell, i) => (cell.textContent = shown[i] === null ? "none" : decimal(shown[i], 4)));
    cells[5].classList.toggle("dtr-differs", s.normaliser === "printed" && !singular && Math.abs(facts.total_mass - 1) > 1e-9);
    const value = (number, digits = 4) => live(texDecimal(number, digits));
    typeset(
      matrix,
      `S = \\begin{bmatrix} ${value(s.s11, 2)} & ${value(s.s12, 2)} \\\\ ${value(s.s21, 2)} & ${value(s.s22, 2)} \\end{bmatrix}, \\quad \\det S = ${value(det)}`,
      { displayMode: true },
    );
    typeset(formulas[0], `\\frac{p_Z(z)}{|\\det S|} = ${singular ? "\\text{no number: it divides by zero}" : value(facts.by_map, 5)}`, {
      displayMode: true,
    });
    typeset(
      formulas[1],
      `p_Z(\\varphi(x))\\,|\\det S^{-1}| = ${singular ? "\\text{no number: no inverse}" : value(facts.by_inverse, 5)}`,
      { displayMode: true },
    );
    status.textContent = sentence(s, facts);
    const { corners: _corners, ...told } = facts;
    return { ...s, ...told };
  };
});

function sentence(s, { det, singular, centre_density: centre, total_mass: total }) {
  if (singular) {
    return "det S = 0: the plane is flattened to a line or a point, which has no area. The law of x has no density, and S has no inverse.";
  }
  const parts = [`Areas ${Math.abs(det) >= 1 ? "grow" : "shrink"} by the factor |det S| = ${decimal(Math.abs(det), 4)}${det < 0 ? ", and S mirrors the plane" : ""}.`];
  parts.push(`Density at the centre: ${decimal(centre, 4)}.`);
  parts.push(`Total mass: ${decimal(total, 4)}${s.normaliser === "printed" && Math.abs(total - 1) > 1e-9 ? ", which is √|det S|: that is no density" : ""}.`);
  return parts.join(" ");
}
