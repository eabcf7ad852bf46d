// Drawing images pixel by pixel from a tree of conditional probabilities. No document here, so that Node can test it.

import { logProbabilityOfPixel, probabilityOfPixel } from "../generated/autoregressive.js";

export const PIXELS = 9;

/** A random number in [0, 1) for a pixel of an image, always the same for the same three whole numbers. */
export function uniform(seed, image, step) {
  // The finalizer of MurmurHash3, twice, on a sum that differs for all numbers in use.
  let bits = (Math.imul(seed, 0x9e3779b1) + Math.imul(image, PIXELS) + step) >>> 0;
  for (let round = 0; round < 2; round += 1) {
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits = (bits ^ (bits >>> 16)) >>> 0;
  }
  return bits / 2 ** 32;
}

/** The probability of ink after the pixels `before`, in the order of drawing. */
export function conditional(table, before) {
  return table[before.reduce((node, pixel) => 2 * node + 1 + pixel, 0)];
}

/** What chance draws after the pixels `before`, 0 or 1. */
export function drawnPixel(table, seed, image, before) {
  return uniform(seed, image, before.length) < conditional(table, before) ? 1 : 0;
}

/** The rest of an image that begins with `before`, up to `length` pixels. */
export function drawnOn(table, seed, image, before, length = PIXELS) {
  const pixels = [...before];
  while (pixels.length < length) pixels.push(drawnPixel(table, seed, image, pixels));
  return pixels;
}

/** The steps at which an image is not as chance would have drawn it after the pixels before. */
export function setByHand(table, seed, image, pixels) {
  return pixels.flatMap((pixel, step) => (pixel === drawnPixel(table, seed, image, pixels.slice(0, step)) ? [] : [step]));
}

/** The logarithm of the probability of the pixels drawn so far. */
export function logProbability(table, pixels) {
  return pixels.reduce((sum, pixel, step) => sum + logProbabilityOfPixel(pixel, conditional(table, pixels.slice(0, step))), 0);
}

/** The place in raster order of the pixel that is drawn at a step, and the step at which a place is drawn. */
export const placeOf = (order, step) => (order === "mask" ? step : PIXELS - 1 - step);
export const stepOf = placeOf;

/** The pixels in raster order; null where nothing is drawn yet. */
export const inRaster = (order, pixels) => Array.from({ length: PIXELS }, (_, place) => pixels[stepOf(order, place)] ?? null);

/** The exact probabilities of 0, 1, ..., 9 pixels with ink. */
export function inkLaw(table) {
  const law = new Array(PIXELS + 1).fill(0);
  const walk = (node, depth, ink, probability) => {
    if (depth === PIXELS) law[ink] += probability;
    else for (const pixel of [0, 1]) walk(2 * node + 1 + pixel, depth + 1, ink + pixel, probability * probabilityOfPixel(pixel, table[node]));
  };
  walk(0, 0, 0, 1);
  return law;
}

/** How many of the images `from`, ..., `to` - 1 of a seed have 0, 1, ..., 9 pixels with ink, added to `counts`. */
export function tally(table, seed, from, to, counts = new Array(PIXELS + 1).fill(0)) {
  const sums = [...counts];
  for (let image = from; image < to; image += 1) sums[inkOf(drawnOn(table, seed, image, []))] += 1;
  return sums;
}

export const inkOf = (pixels) => pixels.reduce((sum, pixel) => sum + pixel, 0);
