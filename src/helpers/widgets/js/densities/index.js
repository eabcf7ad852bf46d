// The figures of the chapter on change of variables: one bundle for Jupyter, one for the page.

import { affineDensity } from "./affine_density.js";
import { scaledDensity } from "./scaled_density.js";

const views = { "affine-density": affineDensity, "scaled-density": scaledDensity };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
