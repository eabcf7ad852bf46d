// Overlapping stamps of a transposed convolution: on a line, with their counts, and in the plane.

import { latex } from "../generated/convolution.js";
import { slider } from "../shared/controls.js";
import { heatMap } from "../shared/heat_map.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { STAMPS, overlaps } from "./matrices.js";

const TRAITS = ["kernel_size", "stride"];

export const overlapCounts = view("overlap-counts", TRAITS, ({ set, root, alt }) => {
  const control = (name, text, tex, max) =>
    slider({ name, text, tex, min: 1, max, step: 1, digits: 0, unit: "cells", onInput: (value) => set({ [name]: value }) });
  const controls = {
    kernel_size: control("kernel_size", "Kernel size", "k", 6),
    stride: control("stride", "Stride", "s", 4),
  };
  const line = heatMap({ title: "five stamps, and how many cover each place" });
  const plane = heatMap({ title: "the same in the plane" });
  const formula = h("div", { class: "dtr-formula" });
  const sentence = h("p", { class: "dtr-status" });
  root.append(
    h("div", { class: "dtr-controls" }, ...Object.values(controls).map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-side" }, line.element, h("div", { class: "dtr-formulas" }, formula), sentence),
      h("div", { class: "dtr-stage" }, plane.element),
    ),
  );

  return (s) => {
    const now = overlaps(s);
    for (const [name, part] of Object.entries(controls)) part.show(s[name]);
    const largest = Math.max(...now.counts);
    const told = now.is_even
      ? `The stride ${s.stride} divides the kernel size ${s.kernel_size}: away from the border every place is covered ${now.interior[0] === 1 ? "once" : `${now.interior[0]} times`}.`
      : `The stride ${s.stride} does not divide the kernel size ${s.kernel_size}: away from the border the counts are ${now.interior.join(", ")}, over and over. In the plane they are multiplied.`;
    line.show([...now.stamps, now.counts], {
      digits: 0,
      written: 12,
      limit: largest,
      rowBreaks: [STAMPS],
      label: `${alt} Now the counts are ${now.counts.join(", ")}.`,
    });
    plane.show(now.plane, {
      digits: 0,
      written: 20,
      limit: largest ** 2,
      label: `The counts in the plane, from ${Math.min(...now.counts) ** 2} to ${largest ** 2}.`,
    });
    const each = now.interior
      .map((count, r) => `r = ${r}\\colon &\\; \\left\\lceil \\tfrac{${s.kernel_size} - ${r}}{${s.stride}} \\right\\rceil = ${live(String(count))}`)
      .join(" \\\\ ");
    typeset(formula, `${latex.count}\\colon \\qquad \\begin{aligned}${each}\\end{aligned}`, { displayMode: true });
    sentence.textContent = told;
    return { ...s, ...now };
  };
});
