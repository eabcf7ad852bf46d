// The figures of the chapter on coupling layers: one bundle for Jupyter, one for the page.

import { couplingBlock } from "./coupling_block.js";
import { couplingJacobian } from "./coupling_jacobian.js";

const views = { "coupling-block": couplingBlock, "coupling-jacobian": couplingJacobian };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
