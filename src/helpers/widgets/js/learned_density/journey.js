// Where the points of a journey are between two stages. No document here, so that Node can test it.

/** Stages of points as lists of pairs, from what `packed` in learned_density.py makes of them. */
export function unpacked({ per_unit: perUnit, differences, stages }) {
  let columns = [[], []];
  return stages.map((texts) => {
    columns = texts.map((text, c) => (text === null ? columns[c] : summed(text ? text.split(" ").map(Number) : [], differences)));
    const [first, second] = columns;
    return first.map((a, i) => [a / perUnit, second[i] / perUnit]);
  });
}

function summed(numbers, times) {
  for (let k = 0; k < times; k += 1) {
    let sum = 0;
    numbers = numbers.map((number) => (sum += number));
  }
  return numbers;
}

/** The points after `layer` layers: on the straight way from one stage to the next, at the last stage beyond it. */
export function between(stages, layer) {
  const last = stages.length - 1;
  const at = Math.min(Math.max(layer, 0), last);
  const from = Math.min(Math.floor(at), last - 1);
  const part = at - from;
  return stages[from].map(([a, b], i) => {
    const [c, d] = stages[from + 1][i];
    return [a + part * (c - a), b + part * (d - b)];
  });
}

/** The axis along which the points move on the way to stage `next`: 0, 1, or null where both change. */
export function axisOf(stages, next) {
  const moved = [0, 1].map((axis) => stages[next].some((point, i) => Math.abs(point[axis] - stages[next - 1][i][axis]) > 0.002));
  if (moved[0] && moved[1]) return null;
  return moved[1] ? 1 : 0;
}

/** Half the side of a square around the centre that holds all but the farthest `share` of the points of all stages. */
export function reach(stages, share = 0.012) {
  const sizes = stages.flat().map(([a, b]) => Math.max(Math.abs(a), Math.abs(b)));
  sizes.sort((p, q) => p - q);
  return sizes.length ? sizes[Math.floor((1 - share) * (sizes.length - 1))] : 1;
}
