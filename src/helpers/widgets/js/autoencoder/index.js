// The figure of the chapter on a measured autoencoder.

import { trainedAutoencoder } from "./trained_autoencoder.js";

export default {
  render({ model, el }) {
    return trainedAutoencoder({ model, el });
  },
};
