// The figures of the chapter on the divergence: one bundle for Jupyter, one for the page.

import { correlatedPair } from "./correlated_pair.js";
import { twoHistograms } from "./two_histograms.js";

const views = { "correlated-pair": correlatedPair, "two-histograms": twoHistograms };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
