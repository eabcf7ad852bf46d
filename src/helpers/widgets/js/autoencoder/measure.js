// Pure functions of the figure of a trained autoencoder: no drawing, no document. Densities, scores and the networks' unit
// come compiled from SymPy; here they are only put together. Tested against the Python twin.

import { logJoint, logNormal, proposalScore, unit } from "../generated/autoencoder.js";

const REACH = 7; // of the grid over the latent axis
const POINTS = 1401;
const SPACING = (2 * REACH) / (POINTS - 1);
const NODES = 41; // under a bell curve, up to six standard deviations
const WIDTH = 6;
const STEPS = 40;
const TINY = 1e-12; // nats: a gain from which on nothing is seen
const STARTS = [-1.8, 0, 1.8];
const DRAWS = 8192;

/** Layers [weight rows, bias], with the unit after all but the last. */
export function network(layers, inputs) {
  // Plain loops: this runs thousands of times a frame.
  let values = inputs;
  for (let k = 0; k < layers.length; k += 1) {
    const [rows, bias] = layers[k];
    const next = new Array(rows.length);
    for (let i = 0; i < rows.length; i += 1) {
      let sum = bias[i];
      for (let j = 0; j < values.length; j += 1) sum += rows[i][j] * values[j];
      next[i] = k < layers.length - 1 ? unit(sum) : sum;
    }
    values = next;
  }
  return values;
}

export function logSumExp(values) {
  const top = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

// Nodes under a standard bell curve, and their probabilities.
const nodes = Array.from({ length: NODES }, (_, i) => -WIDTH + (2 * WIDTH * i) / (NODES - 1));
const heights = nodes.map((node) => Math.exp(logNormal(node, 0, 0)));
const total = heights.reduce((a, b) => a + b);
const probabilities = heights.map((height) => height / total);

/** The bound of q = N(mean, exp(2 logScale)) and its derivatives in both, for a function z → log p(x, z). */
export function bound(joint, mean, logScale) {
  const scale = Math.exp(logScale);
  let [value, slopeMean, slopeScale] = [0, 0, 0];
  for (let i = 0; i < NODES; i += 1) {
    const z = mean + scale * nodes[i];
    const weighted = probabilities[i] * (joint(z) - logNormal(z, mean, logScale));
    const [byMean, byScale] = proposalScore(z, mean, logScale);
    value += weighted;
    slopeMean += weighted * byMean;
    slopeScale += weighted * byScale;
  }
  return [value, slopeMean, slopeScale];
}

/** Natural-gradient ascent until nothing is gained; a step that does not raise the bound is halved. Returns { mean, logScale, value }. */
export function refine(joint, mean, logScale, steps = STEPS) {
  let [value, slopeMean, slopeScale] = bound(joint, mean, logScale);
  let rate = 0.5;
  for (let step = 0; step < steps; step += 1) {
    const triedMean = mean + rate * Math.exp(2 * logScale) * slopeMean;
    const triedScale = logScale + Math.max(-1, Math.min(1, (rate * slopeScale) / 2));
    const tried = bound(joint, triedMean, triedScale);
    if (tried[0] >= value) {
      const gain = tried[0] - value;
      [mean, logScale] = [triedMean, triedScale];
      [value, slopeMean, slopeScale] = tried;
      if (gain < TINY) break;
      rate = Math.min(1, 1.3 * rate);
    } else rate = Math.max(0.5 ** 12, rate / 2);
  }
  return { mean, logScale, value };
}

/** Fixed standard normal draws: the generator mulberry32, made normal as Box and Muller do. */
export function draws(count = DRAWS) {
  let state = 1;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

const fixed = draws();

/** The importance-weighted bound from blocks of K of the log-weights: the blocks' mean and its standard error. */
export function blocks(logWeights, samples) {
  const values = [];
  for (let k = 0; k + samples <= logWeights.length; k += samples) values.push(logSumExp(logWeights.slice(k, k + samples)) - Math.log(samples));
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (values.length - 1) / values.length)];
}

/** What does not depend on the datum: the decoder on a grid of latents. */
export function prepare(decoder) {
  const grid = Array.from({ length: POINTS }, (_, i) => -REACH + i * SPACING);
  return { decoder, grid, decoded: grid.map((z) => network(decoder, [z])) };
}

// Between two points of the grid the decoder is almost a straight line.
function decodedAt({ decoder, decoded }, z) {
  const place = (z + REACH) / SPACING;
  const k = Math.floor(place);
  if (k < 0 || k >= POINTS - 1) return network(decoder, [z]);
  const [one, next, part] = [decoded[k], decoded[k + 1], place - k];
  return [one[0] + part * (next[0] - one[0]), one[1] + part * (next[1] - one[1])];
}

/** log p(x) and what is measured against it, for one datum; all but the importance-weighted bound. */
export function measure(prepared, { encoder, log_noise: logNoise, x1, x2 }) {
  const { grid, decoded, decoder } = prepared;
  const jointAt = (place, z) => logJoint(x1, x2, place[0], place[1], z, logNoise);
  const onGrid = grid.map((z, i) => jointAt(decoded[i], z));
  const evidence = logSumExp(onGrid) + Math.log(SPACING);
  const joint = (z) => jointAt(network(decoder, [z]), z);
  const [mean, logScale] = network(encoder, [x1, x2]);
  const [value] = bound(joint, mean, logScale);
  const starts = [[mean, logScale], ...STARTS.map((start) => [start, -1])];
  const best = starts.map((start) => refine(joint, ...start)).reduce((a, b) => (b.value > a.value ? b : a));
  const scale = Math.exp(logScale);
  const logWeights = fixed.map((draw) => {
    const z = mean + scale * draw;
    return jointAt(decodedAt(prepared, z), z) - logNormal(z, mean, logScale);
  });
  return {
    log_weights: logWeights,
    log_evidence: evidence,
    posterior: onGrid.map((height) => Math.exp(height - evidence)),
    q_mean: mean,
    q_scale: scale,
    best_mean: best.mean,
    best_scale: Math.exp(best.logScale),
    bound: value,
    best_bound: best.value,
    amortisation: best.value - value,
    approximation: evidence - best.value,
  };
}

/** For the tests: all of it at once. */
export function measureAll(state) {
  const { log_weights: logWeights, ...facts } = measure(prepare(state.decoder), state);
  const [importance, error] = blocks(logWeights, 2 ** state.doublings);
  return { ...facts, importance, importance_error: error };
}
