// The figures of the chapters on games: one bundle for Jupyter, one for the page.

import { phasePlane } from "./phase_plane.js";
import { spectralRadiusMap } from "./spectral_radius_map.js";
import { spectrum } from "./spectrum.js";

const views = { "phase-plane": phasePlane, "spectral-radius-map": spectralRadiusMap, spectrum };

export default {
  render({ model, el }) {
    return views[model.get("_widget")]({ model, el });
  },
};
