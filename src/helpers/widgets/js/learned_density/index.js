// The figure of the chapter on a learned density.

import { flowJourney } from "./flow_journey.js";

export default {
  render({ model, el }) {
    return flowJourney({ model, el });
  },
};
