// The figures of the chapter on 1×1 convolutions: one bundle for Jupyter, one for the page.

import { conditionalJacobianFigure } from "./conditional_jacobian.js";
import { layerJacobianFigure } from "./layer_jacobian.js";
import { pluFactorization } from "./plu_factorization.js";

const views = {
  "conditional-jacobian": conditionalJacobianFigure,
  "layer-jacobian": layerJacobianFigure,
  "plu-factorization": pluFactorization,
};

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
