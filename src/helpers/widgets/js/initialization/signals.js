// Pure functions of the figures on signals at initialisation: no drawing, no document. All mathematics comes compiled
// from SymPy; here it is only put together. Tested against the Python twin on random points.

import {
  bellCurve,
  depthScale,
  gaussianNodes,
  identityRead,
  kaimingNext,
  layerOf,
  reluCorrelation,
  reluFactor,
  reluFixedPoint,
  reluRead,
  susceptibilityOf,
  tanhAt,
  tanhOfPartner,
  tanhSlopeSquare,
  tanhSquare,
  torchNext,
  xavierNext,
} from "../generated/initialization.js";

const NEXT = { torch: torchNext, kaiming: kaimingNext, xavier: xavierNext };
export const LIMIT = 4; // of the histogram, in root mean squares

/** The mean of a function of a standard normal number: a fixed sum over nodes. */
export const gaussianMean = (f) => gaussianNodes.reduce((sum, [x, weight]) => sum + weight * f(x), 0);

const READ = { identity: identityRead, relu: reluRead, tanh: (q) => gaussianMean((x) => tanhSquare(x, q)) };

/** The second moment of the input and of every layer, all of one width, from an input of mean square 1. */
export function profile(activation, scheme, width, depth) {
  const found = [1];
  for (let layer = 1; layer <= depth; layer += 1) {
    const read = layer === 1 ? found[0] : READ[activation](found.at(-1));
    found.push(NEXT[scheme](read, width));
  }
  return found;
}

/** The part of it that the input contributes, the biases set aside; null where it is no separate part. */
export function inputShare(activation, scheme, width, depth) {
  if (activation === "tanh") return null;
  const found = [1];
  for (let layer = 1; layer <= depth; layer += 1) {
    const read = layer === 1 ? found[0] : READ[activation](found.at(-1));
    found.push(NEXT[scheme](read, width) - NEXT[scheme](0, width));
  }
  return found;
}

/** Rows of the measurement, read by name; null where nothing was measured. */
export function measurement(measured, activation, scheme, width) {
  const found = measured[`${activation} ${scheme} ${width}`];
  if (!found) return null;
  return {
    networks: found.networks,
    layers: found.layers.map(([mean, halfWidth, median, ...shares]) => ({ mean, halfWidth, median, shares })),
  };
}

/** All that the first figure shows. */
export function signal({ activation, scheme, log_width, depth, measured }) {
  const width = 2 ** log_width;
  const moments = profile(activation, scheme, width, depth);
  const share = inputShare(activation, scheme, width, depth);
  const found = measurement(measured, activation, scheme, width);
  const last = found ? found.layers[depth - 1] : null;
  return {
    width,
    profile: moments,
    input_share: share ? share.at(-1) / moments.at(-1) : null,
    networks: found ? found.networks : null,
    mean: last ? last.mean : null,
    half_width: last ? last.halfWidth : null,
    median: last ? last.median : null,
    covered: found ? found.layers.slice(0, depth).filter((row, i) => Math.abs(row.mean - moments[i + 1]) <= row.halfWidth).length : null,
  };
}

/** Heights of the histogram over [-LIMIT, LIMIT]: the law is symmetric, so each side has half of every share. */
export function bars(shares) {
  const step = LIMIT / shares.length;
  const right = shares.map((share, i) => ({ from: i * step, to: (i + 1) * step, height: share / (2 * step) }));
  return [...right.map(({ from, to, height }) => ({ from: -to, to: -from, height })).reverse(), ...right];
}

/** Points of the standard bell curve. */
export const bell = (count = 120) =>
  Array.from({ length: count + 1 }, (_, i) => -LIMIT + (2 * LIMIT * i) / count).map((t) => [t, bellCurve(t)]);

/** The mean square that the layers repeat: 0 or Infinity where lengths shrink or grow for ever. */
export function fixedPoint(activation, w, b) {
  if (activation === "relu") {
    if (b === 0) return susceptibilityOf(reluFactor, w) > 1 + 1e-12 ? Infinity : 0;
    return susceptibilityOf(reluFactor, w) < 1 ? reluFixedPoint(w, b) : Infinity;
  }
  if (b === 0 && w <= 1) return 0;
  let [low, high] = [0, layerOf(1, w, b)];
  for (let k = 0; k < 50; k += 1) {
    const middle = (low + high) / 2;
    if (layerOf(READ.tanh(middle), w, b) > middle) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Factor of the gradient's mean square a layer, and the slope of the correlation map at 1. */
export function susceptibility(activation, w, b, q = fixedPoint(activation, w, b)) {
  return susceptibilityOf(activation === "relu" ? reluFactor : gaussianMean((x) => tanhSlopeSquare(x, q)), w);
}

/** The correlation map c ↦ correlation one layer on, at the fixed point q. */
export function correlationMap(activation, w, b, q) {
  const within = (c) => Math.max(-1, Math.min(1, c));
  if (activation === "relu") {
    if (q === 0 || q === Infinity) return (c) => within(reluCorrelation(c));
    return (c) => within(layerOf(reluFactor * q * reluCorrelation(c), w, b) / q);
  }
  if (q < 1e-9) return (c) => c;
  // tanh is odd: the nodes below zero give what those above do.
  const half = gaussianNodes.filter(([x]) => x > 0 && x < 6).map(([x, weight]) => [x, 2 * weight * tanhAt(x, q)]);
  const inner = gaussianNodes.filter(([x]) => Math.abs(x) < 6);
  return (c) => {
    let product = 0;
    for (const [x, weight] of half) {
      let sum = 0;
      for (const [z, own] of inner) sum += own * tanhOfPartner(x, z, c, q);
      product += weight * sum;
    }
    return within(layerOf(product, w, b) / q);
  };
}

export const LAYERS = 12;

/** All that the second figure shows. */
export function orderAndChaos({ activation, weight_scale: w, bias_scale: b, start }) {
  const q = fixedPoint(activation, w, b);
  const chi = susceptibility(activation, w, b, q);
  const map = correlationMap(activation, w, b, q);
  const path = [start];
  for (let layer = 0; layer < LAYERS; layer += 1) path.push(map(path.at(-1)));
  const side = Math.abs(chi - 1) < 0.005 ? "border" : chi < 1 ? "order" : "chaos";
  return { q, chi, side, depth_scale: chi < 1 && side !== "border" ? depthScale(chi) : null, path, map };
}
