// The figures of the chapter on convolutions as matrices: one bundle for Jupyter, one for the page.

import { convolutionMatrices } from "./convolution_matrices.js";
import { overlapCounts } from "./overlap_counts.js";

const views = {
  "convolution-matrices": convolutionMatrices,
  "overlap-counts": overlapCounts,
};

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
