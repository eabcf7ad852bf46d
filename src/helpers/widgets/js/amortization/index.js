// The figures of the chapter on amortised inference: one bundle for Jupyter, one for the page.

import { encoderGaps } from "./encoder_gaps.js";
import { inferenceCost } from "./inference_cost.js";
import { meanField } from "./mean_field.js";

const views = { "encoder-gaps": encoderGaps, "inference-cost": inferenceCost, "mean-field": meanField };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
