// The figures of the chapter on flows of the line: one bundle for Jupyter, one for the page.

import { cobweb } from "./cobweb.js";
import { horizontalLine } from "./horizontal_line.js";
import { mixtureInverse } from "./mixture_inverse.js";

const views = { cobweb, "horizontal-line": horizontalLine, "mixture-inverse": mixtureInverse };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
