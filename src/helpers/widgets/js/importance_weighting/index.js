// The figures of the chapter on importance-weighted bounds: one bundle for Jupyter, one for the page.

import { importanceLadder } from "./importance_ladder.js";
import { resampledProposal } from "./resampled_proposal.js";

const views = { "importance-ladder": importanceLadder, "resampled-proposal": resampledProposal };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
