// The figures of the chapter on gradients of expectations: one bundle for Jupyter, one for the page.

import { gradientCloud } from "./gradient_cloud.js";
import { varianceRace } from "./variance_race.js";

const views = { "gradient-cloud": gradientCloud, "variance-race": varianceRace };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
