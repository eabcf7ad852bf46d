// The figures of the chapter on divergences between Gaussians: one bundle for Jupyter, one for the page.

import { divergenceLandscape } from "./divergence_landscape.js";
import { ellipseDivergence } from "./ellipse_divergence.js";

const views = { "divergence-landscape": divergenceLandscape, "ellipse-divergence": ellipseDivergence };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
