// The figures of the chapter on masked convolutions: one bundle for Jupyter, one for the page.

import { blindCone } from "./blind_cone.js";
import { receptiveField } from "./receptive_field.js";

const views = { "blind-cone": blindCone, "receptive-field": receptiveField };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
