// The figure of the chapter on autoregressive models.

import { pixelSampler } from "./pixel_sampler.js";

export default {
  render({ model, el }) {
    return pixelSampler({ model, el });
  },
};
