// An encoder fitted to data, and the gaps it leaves. No document here: Node tests it against the Python twin.

import { amortizationGap, approximationGap, posteriorMean, signal } from "../generated/amortization.js";

// The next orthogonal polynomial vanishes on all the data: they have no more to say. (Data are a hundredth apart.)
const NOTHING_LEFT = 1e-12;

/**
 * Least squares with a polynomial of at most that degree, as a function of the place.
 *
 * The polynomials are made orthogonal on the places (Stieltjes), so that nothing is solved; where the data are met
 * exactly, further degrees are left out.
 */
export function fit(places, values, degree) {
  const alphas = [];
  const betas = [];
  const coefficients = [];
  let previous = places.map(() => 0);
  let current = places.map(() => 1);
  let lastSquare = 1;
  for (let order = 0; order <= degree; order += 1) {
    const square = current.reduce((sum, p) => sum + p * p, 0);
    if (order > 0 && square < NOTHING_LEFT * lastSquare) break;
    coefficients.push(current.reduce((sum, p, i) => sum + p * values[i], 0) / square);
    alphas.push(current.reduce((sum, p, i) => sum + places[i] * p * p, 0) / square);
    betas.push(order === 0 ? 0 : square / lastSquare);
    const next = current.map((p, i) => (places[i] - alphas.at(-1)) * p - betas.at(-1) * previous[i]);
    [previous, current, lastSquare] = [current, next, square];
  }
  return (place) => {
    let [before, now, total] = [0, 1, 0];
    coefficients.forEach((coefficient, order) => {
      total += coefficient * now;
      [before, now] = [now, (place - alphas[order]) * now - betas[order] * before];
    });
    return total;
  };
}

/** What the encoder is shown of a datum. */
export const seen = (sees, x) => (sees === "size" ? Math.abs(x) : x);

/** The encoder of the state: the signal that it reads out of a datum. */
export function encoder({ data, degree, sees }) {
  const read = fit(data.map((x) => seen(sees, x)), data.map(signal), degree);
  return (x) => read(seen(sees, x));
}

/** The gaps of each datum and of the fresh one, in nats, and the means of the posteriors and of the encoder. */
export function gaps(state) {
  const { data, fresh, noise, family } = state;
  const read = encoder(state);
  const approximation = family === "full" ? 0 : approximationGap(noise);
  const of = (x) => ({
    x,
    mean: posteriorMean(signal(x), noise),
    guess: posteriorMean(read(x), noise),
    approximation,
    amortization: amortizationGap(read(x), signal(x), noise),
  });
  const each = data.map(of);
  const sum = (name) => each.reduce((total, datum) => total + datum[name], 0);
  return { each, fresh_datum: of(fresh), approximation_sum: sum("approximation"), amortization_sum: sum("amortization") };
}
