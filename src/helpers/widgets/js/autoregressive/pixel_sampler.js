// An image of three by three pixels, drawn one pixel at a time from a trained model.

import { scaleBand, scaleLinear } from "d3-scale";
import { button, choice, slider } from "../shared/controls.js";
import { decimal, texDecimal } from "../shared/numbers.js";
import { plot } from "../shared/plane.js";
import { player } from "../shared/player.js";
import { live, typeset } from "../shared/tex.js";
import { h, view } from "../shared/view.js";
import { PIXELS, conditional, drawnOn, drawnPixel, inRaster, inkLaw, inkOf, logProbability, placeOf, setByHand, stepOf, tally, uniform } from "./draws.js";

const TRAITS = ["seed", "order", "drawn", "pixels", "conditionals", "backwards", "fields"];
const SIDE = 3;
const PAUSE = 420; // milliseconds between two pixels
const MOST = 5000;
const MANY = 100;
const SIZE = { width: 420, height: 300, margin: { left: 44, right: 10, top: 24, bottom: 42 } };
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const key = (name) => h("i", { class: `dtr-key dtr-key-pixel-${name}` });
const place = (index) => `row ${Math.floor(index / SIDE) + 1}, column ${(index % SIDE) + 1}`;

export const pixelSampler = view("pixel-sampler", TRAITS, ({ state, set, root, alt, redraw }) => {
  const tableOf = (s) => (s.order === "mask" ? s.conditionals : s.backwards);
  let counted = { seed: null, order: null, drawn: 0, counts: null }; // the tally so far, so that none is drawn twice

  const isChance = (s) => setByHand(tableOf(s), s.seed, s.drawn, s.pixels).length === 0;
  /** The state with an empty image after a finished one; an image that was changed by hand is not counted. */
  const next = (s) => (s.pixels.length < PIXELS ? s : { ...s, pixels: [], drawn: Math.min(MOST, s.drawn + (isChance(s) ? 1 : 0)) });
  const step = () => {
    const s = next(state());
    set({ drawn: s.drawn, pixels: [...s.pixels, drawnPixel(tableOf(s), s.seed, s.drawn, s.pixels)] });
  };
  const draw = player({
    text: "Draw",
    title: "Draw the image pixel by pixel; after a finished one, another",
    perSecond: 1000 / PAUSE,
    begin: step,
    advance() {
      if (state().pixels.length === PIXELS) return false;
      step();
      return true;
    },
    calm() {
      const s = next(state());
      set({ drawn: s.drawn, pixels: drawnOn(tableOf(s), s.seed, s.drawn, s.pixels) });
    },
    redraw,
  });
  const pressed = (text, title, action) =>
    button({
      text,
      title,
      onClick: () => {
        draw.stop();
        action();
      },
    });
  const one = pressed("Step", "Draw one pixel", step);
  const many = pressed(`Draw ${MANY}`, `Draw ${MANY} images at once`, () => {
    const s = next(state());
    const drawn = Math.min(MOST, s.drawn + MANY - 1);
    set({ drawn, pixels: drawnOn(tableOf(s), s.seed, drawn, []) });
  });
  const restart = pressed("Restart", "An empty image, and no images counted", () => set({ drawn: 0, pixels: [] }));
  const seeds = slider({
    name: "seed",
    text: "Seed of the random numbers",
    min: 1,
    max: 50,
    step: 1,
    digits: 0,
    onInput: (seed) => {
      draw.stop();
      set({ seed, drawn: 0, pixels: [] });
    },
  });
  const orders = choice({
    name: "order",
    text: "Order of drawing",
    options: [
      ["mask", "as the masks say: first pixel first"],
      ["backwards", "backwards: last pixel first"],
    ],
    onInput: (order) => {
      draw.stop();
      set({ order, drawn: 0, pixels: [] });
    },
  });

  // The image: nine buttons, of which the arrow keys move the focus.
  const cells = Array.from({ length: PIXELS }, (_, index) =>
    h("button", { type: "button", class: "dtr-pixel", tabindex: index === 0 ? 0 : -1, onclick: () => flip(index), onkeydown: (event) => move(event, index) }),
  );
  const flip = (index) => {
    draw.stop();
    const s = state();
    const at = stepOf(s.order, index);
    const before = at < s.pixels.length ? s.pixels : drawnOn(tableOf(s), s.seed, s.drawn, s.pixels, at);
    const pixels = [...before];
    pixels[at] = at < s.pixels.length ? 1 - s.pixels[at] : 1;
    set({ pixels });
  };
  const move = (event, index) => {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const [row, column] = [Math.floor(index / SIDE) + direction[0], (index % SIDE) + direction[1]];
    if (row < 0 || column < 0 || row >= SIDE || column >= SIDE) return;
    cells[index].tabIndex = -1;
    cells[row * SIDE + column].tabIndex = 0;
    cells[row * SIDE + column].focus();
  };

  const frame = plot({ ...SIZE, label: alt, xLabel: "pixels with ink", yLabel: "probability, share" });
  const x = scaleBand().domain(Array.from({ length: PIXELS + 1 }, (_, k) => k)).range([frame.inner.left, frame.inner.right]).padding(0.25);
  const y = scaleLinear().range([frame.inner.bottom, frame.inner.top]);
  const bars = frame.marks.append("g").attr("class", "dtr-pixel-exact");
  const dots = frame.marks.append("g").attr("class", "dtr-pixel-share");
  const status = h("p", { class: "dtr-status" });
  const present = h("div", { class: "dtr-formula" });
  const running = h("div", { class: "dtr-formula" });

  root.append(
    h("div", { class: "dtr-controls" }, seeds.element, orders.element),
    h("div", { class: "dtr-row dtr-pixel-buttons" }, draw.element, one.element, many.element, restart.element),
    h(
      "div",
      { class: "dtr-body dtr-halves" },
      h(
        "div",
        { class: "dtr-stage" },
        h("div", { class: "dtr-pixels", role: "group", "aria-label": "The image. Arrow keys move, Enter sets a pixel by hand." }, ...cells),
        h(
          "ul",
          { class: "dtr-legend" },
          h("li", {}, key("now"), "the pixel whose turn it is, with its probability of ink"),
          h("li", {}, key("seen"), "pixels that it sees"),
          h("li", {}, key("hand"), "changed by hand: not what its coin would show"),
        ),
      ),
      h(
        "div",
        { class: "dtr-side" },
        frame.svg.node(),
        h("ul", { class: "dtr-legend" }, h("li", {}, key("exact"), "exact probability under the model"), h("li", {}, key("share"), "share of the images drawn")),
      ),
    ),
    h("div", { class: "dtr-formulas" }, present, running),
    status,
  );

  const sharesOf = (s, table) => {
    if (counted.seed !== s.seed || counted.order !== s.order || counted.drawn > s.drawn) counted = { seed: s.seed, order: s.order, drawn: 0, counts: undefined };
    counted = { ...counted, drawn: s.drawn, counts: tally(table, s.seed, counted.drawn, s.drawn, counted.counts) };
    const counts = [...counted.counts];
    const isWhole = s.pixels.length === PIXELS && isChance(s);
    if (isWhole) counts[inkOf(s.pixels)] += 1;
    return { counts, total: s.drawn + (isWhole ? 1 : 0) };
  };

  const show = (s) => {
    const table = tableOf(s);
    const { pixels } = s;
    const isWhole = pixels.length === PIXELS;
    const now = isWhole ? null : placeOf(s.order, pixels.length);
    const q = isWhole ? null : conditional(table, pixels);
    const hands = setByHand(table, s.seed, s.drawn, pixels).map((at) => placeOf(s.order, at));
    const sees = now === null ? [] : s.fields[now];
    const image = inRaster(s.order, pixels);
    seeds.show(s.seed);
    orders.show(s.order);
    cells.forEach((cell, index) => {
      const ink = image[index];
      const chance = `${decimal(100 * q, 0)} %`;
      const notes = [index === now && `its turn, ink with ${chance}`, sees.includes(index) && "seen", hands.includes(index) && "changed by hand"].filter(Boolean);
      cell.dataset.ink = ink === null ? "none" : ink;
      cell.classList.toggle("dtr-pixel-now", index === now);
      cell.classList.toggle("dtr-pixel-seen", sees.includes(index));
      cell.classList.toggle("dtr-pixel-hand", hands.includes(index));
      cell.textContent = index === now ? chance : "";
      cell.setAttribute("aria-label", [`${place(index)}: ${ink === null ? "not drawn" : ink ? "ink" : "no ink"}`, ...notes].join(", "));
    });

    const logQ = logProbability(table, pixels);
    const i = now === null ? null : now + 1;
    const given = s.order === "mask" ? (i === 1 ? "" : `\\mid x_{<${i}}`) : "\\mid \\text{canvas}";
    const u = isWhole ? null : uniform(s.seed, s.drawn, pixels.length);
    typeset(
      present,
      isWhole
        ? `\\tfrac{1}{9}\\log_2 \\frac{1}{q} = ${live(texDecimal(-logQ / Math.LN2 / PIXELS, 3))}\\ \\text{bits a pixel}`
        : `q(x_{${i}} = 1 ${given}) = ${live(texDecimal(q, 3))}, \\qquad \\text{next random number } ${live(texDecimal(u, 3))}`,
    );
    typeset(running, `\\log q(\\text{${isWhole ? "image" : "so far"}}) = ${live(texDecimal(logQ, 3))}\\ \\text{nats}, \\qquad q = ${live(texDecimal(Math.exp(logQ), 5))}`);

    const exact = inkLaw(s.conditionals);
    const { counts, total } = sharesOf(s, table);
    const shares = counts.map((count) => (total ? count / total : null));
    y.domain([0, 1.08 * Math.max(...exact, ...(total >= 20 ? shares : []))]);
    frame.axes(x, y);
    bars
      .selectAll("rect")
      .data(exact)
      .join("rect")
      .attr("x", (_, k) => x(k))
      .attr("width", x.bandwidth())
      .attr("y", (p) => y(p))
      .attr("height", (p) => frame.inner.bottom - y(p));
    dots
      .selectAll("circle")
      .data(total ? shares.map((share, k) => [k, share]) : [])
      .join("circle")
      .attr("cx", ([k]) => x(k) + x.bandwidth() / 2)
      .attr("cy", ([, share]) => y(Math.min(share, y.domain()[1])))
      .attr("r", 5);

    const ofImages = total === 0 ? "No image counted yet." : `${total} image${total === 1 ? "" : "s"} counted.`;
    const byHand = hands.length ? " Changed by hand, so that this image is not counted." : "";
    const last = pixels.length ? ` The last pixel drawn, ${place(placeOf(s.order, pixels.length - 1))}, has ${pixels[pixels.length - 1] ? "ink" : "no ink"}.` : "";
    status.textContent = isWhole
      ? `The image is finished; it has the probability ${decimal(Math.exp(logQ), 5)}.${byHand} ${ofImages}`
      : `Pixel ${i} of ${PIXELS} is next: ink with probability ${decimal(q, 3)}. It sees ${sees.length} pixel${sees.length === 1 ? "" : "s"}.${last}${byHand} ${ofImages}`;
    frame.svg.attr(
      "aria-label",
      `Exact probability of each number of pixels with ink, and the share among ${total} images: ${exact.map((p, k) => `${k}: ${decimal(p, 3)}${total ? `, ${decimal(shares[k], 3)}` : ""}`).join("; ")}.`,
    );
    return { seed: s.seed, order: s.order, drawn: s.drawn, image, present: now, probability: q, log_probability: logQ, sees, by_hand: hands, counts, total, exact, playing: draw.isPlaying() };
  };
  return { draw: show, destroy: draw.destroy };
});
