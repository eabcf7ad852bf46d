// The figures of the chapter on radial flows: one bundle for Jupyter, one for the page.

import { radialDensity } from "./radial_density.js";
import { radialWarp } from "./radial_warp.js";
import { seriesError } from "./series_error.js";

const views = { "radial-density": radialDensity, "radial-warp": radialWarp, "series-error": seriesError };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
