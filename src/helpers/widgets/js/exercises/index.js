// Exercises and the reader's progress: one bundle for Jupyter, one for the page.

import { exercise } from "./exercise.js";
import { flaw } from "./flaw.js";
import { progress } from "./progress.js";

const views = { exercise, "find-the-flaw": flaw, "exercise-progress": progress };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
