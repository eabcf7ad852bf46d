// The figures of the chapter on the evidence bound: one bundle for Jupyter, one for the page.

import { evidenceBar } from "./evidence_bar.js";
import { expectationMaximization } from "./expectation_maximization.js";

const views = { "evidence-bar": evidenceBar, "expectation-maximization": expectationMaximization };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
