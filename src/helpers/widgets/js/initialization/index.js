// The figures of the chapter on signals at initialisation: one bundle for Jupyter, one for the page.

import { orderAndChaos } from "./order_and_chaos.js";
import { signalByDepth } from "./signal_by_depth.js";

const views = { "order-and-chaos": orderAndChaos, "signal-by-depth": signalByDepth };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
