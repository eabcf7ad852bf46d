// The figures of the chapter on tools: one bundle for Jupyter, one for the page.

import { determinantCost } from "./determinant_cost.js";
import { determinantGradient } from "./determinant_gradient.js";
import { nearestPoint } from "./nearest_point.js";

const views = {
  "determinant-cost": determinantCost,
  "determinant-gradient": determinantGradient,
  "nearest-point": nearestPoint,
};

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
