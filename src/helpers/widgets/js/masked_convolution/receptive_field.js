// The explorer: choose a pixel of the output and see which pixels of the image it sees, layer by layer.

import { MOST_LAYERS } from "../generated/masked_convolution.js";
import { button, choice, slider } from "../shared/controls.js";
import { decimal, whole } from "../shared/numbers.js";
import { player } from "../shared/player.js";
import { live, typeset } from "../shared/tex.js";
import { change, h, view } from "../shared/view.js";
import { miniature, pixelGrid } from "./pixel_grid.js";
import { analyse, gatedOffsetsOf, listOf, offsetsOf, PRESETS, reversed } from "./propagation.js";

const NUMBERS = Array.from({ length: MOST_LAYERS }, (_, l) => l + 1);
const TRAITS = [
  ...["size", "row", "column", "depth", "orientation", "order", "stacks", "flipped", "weights", "step"],
  ...NUMBERS.flatMap((l) => [`mask_${l}`, `kernel_size_${l}`]),
];
const LAYERS_PER_SECOND = 0.8;
const MASKS = [
  ["A", "A"],
  ["B", "B"],
  ["plain", "plain"],
];
const SIZES = ["3", "5", "7"].map((k) => [k, `${k} × ${k}`]);
const CHOICES = [
  ["orientation", "The masks look", [["raster", "above: row by row from the top"], ["below", "below: row by row from the bottom"]]],
  ["order", "Pixels are drawn", [["raster", "from the top row (raster)"], ["below", "from the bottom row"]]],
  ["stacks", "Stacks", [["one", "one"], ["two", "two: vertical, horizontal"]]],
  ["flipped", "Flip the kernels", [["no", "no, as conv2d"], ["yes", "yes, as a convolution does"]]],
];

export const receptiveField = view("receptive-field", TRAITS, ({ state, set, root, alt, redraw }) => {
  const grid = pixelGrid({ onMove: ([row, column]) => set({ row, column }) });
  const heading = h("p", { class: "dtr-heat-title" });

  const presets = Object.entries(PRESETS).map(([text, values]) => {
    const { element } = button({ text, title: `Begin with: ${text}`, onClick: () => start(values) });
    return { element, values };
  });
  const start = (values) => {
    play.stop();
    set(values);
  };
  const options = CHOICES.map(([name, text, values]) =>
    choice({
      name,
      text,
      options: values,
      // Masks fit the order of drawing that they look back in; choose it last to see a misfit.
      onInput: (value) => set(name === "orientation" ? { orientation: value, order: value } : { [name]: value }),
    }),
  );
  const size = slider({ name: "size", text: "Rows and columns of the image", min: 5, max: 11, step: 1, digits: 0, unit: "pixels", onInput: (value) => set({ size: value }) });
  const depth = slider({
    name: "depth",
    text: "Layers",
    tex: "L",
    min: 1,
    max: MOST_LAYERS,
    step: 1,
    digits: 0,
    unit: "layers",
    onInput: (value) => set({ depth: value, step: value }),
  });

  // One card a layer: its mask as a picture, and two lists to choose from.
  const cards = NUMBERS.map((l) => {
    const picture = miniature("dtr-mini-mask");
    const mask = choice({ name: `mask_${l}`, text: `Mask, layer ${l}`, options: MASKS, onInput: (value) => set({ [`mask_${l}`]: value }) });
    const kernel = choice({
      name: `kernel_size_${l}`,
      text: `Kernel, layer ${l}`,
      options: SIZES,
      onInput: (value) => set({ [`kernel_size_${l}`]: value }),
    });
    const element = h("div", { class: "dtr-layer-card" }, picture.element, h("div", {}, mask.element, kernel.element));
    return { element, picture, mask, kernel };
  });

  const cardsTitle = h("p", { class: "dtr-cards-title" });

  // One small grid a level, from the image to the output; each shows its level in the large grid.
  const levels = Array.from({ length: MOST_LAYERS + 1 }, (_, level) => {
    const picture = miniature("dtr-mini-level");
    const name = h("span");
    const element = h("button", { type: "button", class: "dtr-level-button", onclick: () => jump(state().depth - level) }, picture.element, name);
    return { element, picture, name };
  });

  const jump = (step) => {
    play.stop();
    set({ step: Math.min(state().depth, Math.max(0, step)) });
  };
  const play = player({
    text: "Grow",
    title: "Trace the pixel back, one layer after the other",
    perSecond: LAYERS_PER_SECOND,
    begin: () => set({ step: 0 }),
    advance() {
      const { step, depth: deepest } = state();
      if (step < deepest) set({ step: step + 1 });
      return step + 1 < deepest;
    },
    redraw,
  });
  const back = button({ text: "Back", title: "One layer nearer to the output", onClick: () => jump(state().step - 1) });
  const next = button({ text: "Next", title: "One layer nearer to the image", onClick: () => jump(state().step + 1) });
  const swap = button({ text: "Swap layers", title: "Reverse the order of the layers, each with its weights", onClick: () => set(reversed(state())) });

  const formula = h("div", { class: "dtr-formula" });
  const status = h("p", { class: "dtr-status" });
  const list = h("p", { class: "dtr-pixel-list" });
  const cells = Array.from({ length: 6 }, () => h("td"));
  const row = (name, ...values) => h("tr", {}, h("th", { scope: "row" }, name), ...values);
  const pair = (name, cell) => row(name, cell);
  const values = h("p", { class: "dtr-values" });
  const swapping = h("div", { class: "dtr-row dtr-swap" }, swap.element, values);

  root.append(
    h("div", { class: "dtr-row dtr-presets", role: "group", "aria-label": "Begin with" }, ...presets.map(({ element }) => element)),
    h(
      "div",
      { class: "dtr-body" },
      h("div", { class: "dtr-stage" }, heading, grid.element),
      h(
        "div",
        { class: "dtr-side" },
        h("div", { class: "dtr-levels", role: "group", "aria-label": "Layers" }, ...levels.map(({ element }) => element)),
        h("div", { class: "dtr-row" }, play.element, back.element, next.element),
        status,
        list,
        h(
          "table",
          { class: "dtr-readout" },
          h("tbody", {}, pair("pixels seen", cells[0]), pair("paths to them", cells[1]), pair("seen, but not drawn before it", cells[2]), pair("blind: drawn before, in reach, not seen", cells[3])),
        ),
        formula,
        swapping,
      ),
    ),
    h(
      "ul",
      { class: "dtr-legend dtr-legend-wide" },
      h("li", {}, h("i", { class: "dtr-key dtr-key-frame" }), "the output pixel: click another, or use the arrow keys"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-seen" }), "seen, with the number of paths"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-leak" }), "seen, but not drawn before the pixel"),
      h("li", {}, h("i", { class: "dtr-key dtr-key-blind" }), "blind spot: drawn before and in reach, not seen"),
    ),
    h("div", { class: "dtr-controls dtr-stack" }, depth.element, size.element),
    cardsTitle,
    h("div", { class: "dtr-cards" }, ...cards.map(({ element }) => element)),
    h("div", { class: "dtr-controls" }, ...options.map(({ element }) => element)),
  );

  let last = null; // what was drawn before: [key, step]
  const draw = (s) => {
    const facts = analyse(s);
    const { pixel, layers, step } = facts;
    const atImage = step === layers.length;
    const key = JSON.stringify({ ...s, step: null });
    const title = levelName(layers.length - step, layers.length);
    heading.textContent = atImage ? "The image: what the pixel sees" : step === 0 ? "The output: the pixel" : `The output of layer ${layers.length - step}`;
    grid.show({
      counts: facts.levels[step],
      pixel,
      leaks: atImage ? facts.future : [],
      blind: atImage ? facts.blind : [],
      label: `${alt} Now: ${title}, output pixel in row ${pixel[0]}, column ${pixel[1]}.`,
      growing: last !== null && last[0] === key && last[1] === step - 1,
    });
    last = [key, step];

    presets.forEach(({ element, values: preset }) => {
      const now = Object.entries(preset).every(([name, value]) => s[name] === value || ["step", "row", "column"].includes(name) || beyond(name, s.depth));
      change(element, { "aria-pressed": now });
    });
    CHOICES.forEach(([name], k) => options[k].show(s[name]));
    size.show(s.size);
    depth.show(s.depth);
    cards.forEach(({ element, picture, mask, kernel }, k) => {
      element.hidden = k >= s.depth;
      mask.show(s[`mask_${k + 1}`]);
      kernel.show(s[`kernel_size_${k + 1}`]);
      if (k < s.depth) showMask(picture, layers[k]);
    });
    cardsTitle.textContent =
      s.stacks === "two" ? "The layers from the image to the output. Green: the vertical stack. Blue: the horizontal one." : "The layers from the image to the output";
    levels.forEach(({ element, picture, name }, level) => {
      element.hidden = level > s.depth;
      if (level > s.depth) return;
      const counts = facts.levels[s.depth - level];
      const leaks = level === 0 ? facts.future : [];
      picture.show(counts.map((values_) => values_.map((count) => count > 0)), pixel.map((index) => index - 1), (r, c) => (leaks.some(([a, b]) => a === r + 1 && b === c + 1) ? "leak" : "seen"));
      name.textContent = levelName(level, s.depth);
      change(element, { "aria-pressed": level === s.depth - step, "aria-label": `Show ${levelName(level, s.depth)}` });
    });
    options[3].element.hidden = s.stacks === "two";
    swapping.hidden = s.stacks === "two" || s.depth === 1;
    swap.element.textContent = s.depth === 2 ? "Swap layers" : "Reverse layers";

    const numbers = [facts.seen.length, facts.paths, facts.future.length, facts.blind.length];
    numbers.forEach((number, k) => (cells[k].textContent = whole(number)));
    cells[2].className = facts.future.length ? "dtr-differs" : "";
    list.textContent = facts.seen.length ? `Seen: ${listOf(facts.seen, s.size)}` : "It sees no pixel.";
    const tex = formulaOf(s, layers);
    formula.hidden = !tex;
    if (tex) typeset(formula, tex, { displayMode: true, letters: { L: "depth" } });
    if (!swapping.hidden) {
      values.textContent =
        `Value at the pixel, with random weights: ${decimal(facts.value, 3)}. In the other order: ${decimal(facts.other_value, 3)}, ` +
        (facts.same_field ? "the same pixels." : `other pixels: ${facts.other_count}.`);
    }
    status.textContent = sentence(facts);
    const { levels: all, layers: _, ...rest } = facts;
    return { ...s, ...rest, level: all[step], playing: play.isPlaying() };
  };
  return { draw, destroy: play.destroy };
});

const levelName = (level, depth) => (level === 0 ? "image" : level === depth ? "output" : `layer ${level}`);
const beyond = (name, depth) => Number(/_(\d)$/.exec(name)?.[1] ?? 0) > depth;

/** The taps that a layer keeps, of both stacks if it has two. */
function showMask(picture, layer) {
  const m = (layer.size - 1) / 2;
  const [vertical, own] = layer.gated ? gatedOffsetsOf(layer) : [[], offsetsOf(layer)];
  const rows = Array.from({ length: layer.size }, () => new Array(layer.size).fill(false));
  for (const [down, right] of [...vertical, ...own]) rows[m + down][m + right] = true;
  const isOwn = (r, c) => own.some(([down, right]) => m + down === r && m + right === c);
  picture.show(rows, [m, m], (r, c) => (layer.gated && !isOwn(r, c) ? "vertical" : "seen"));
}

function sentence({ pixel, seen, future, sees_itself: itself }) {
  const who = `The pixel in row ${pixel[0]}, column ${pixel[1]}`;
  const many = `${seen.length} pixel${seen.length === 1 ? "" : "s"} of the image`;
  const others = future.length - (itself ? 1 : 0);
  const later = `${others} that ${others === 1 ? "is" : "are"} drawn later`;
  if (seen.length === 0) return `${who} sees no pixel of the image.`;
  if (future.length === 0) return `${who} sees ${many}, all of them drawn before it.`;
  if (others === 0) return `${who} sees ${many}, and itself among them: it could copy what it should predict.`;
  return `${who} sees ${many}, among them ${itself ? "itself and " : ""}${later}: in this order of drawing they are not known yet.`;
}

function formulaOf({ depth, stacks, flipped }, layers) {
  const masks = layers.map(({ mask }) => mask);
  if (stacks === "two") {
    const isRecipe = masks[0] === "A" && masks.slice(1).every((mask) => mask === "B");
    const far = layers.reduce((so, { size }) => so + (size - 1) / 2, 0);
    return isRecipe ? `\\text{all that is drawn before it, within } ${live(far)} \\text{ pixels}` : null;
  }
  const sizes = new Set(layers.map(({ size }) => size));
  if (sizes.size === 1 && !masks.includes("plain") && flipped === "no") {
    const a = masks.filter((mask) => mask === "A").length;
    return `T^{n_A}(I + T)^{L - n_A} = T^{${live(a)}}(I + T)^{${live(depth - a)}}`;
  }
  const factor = ({ size, mask }) => (mask === "plain" ? `P_{${size}}` : mask === "A" ? `T_{${size}}` : `(I + T_{${size}})`);
  return `${layers.map(factor).reverse().join("\\,")}`;
}
