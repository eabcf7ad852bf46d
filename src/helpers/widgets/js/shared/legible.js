// A picture that is scaled to its box keeps its words legible: the sheets take no text below `--dtr-least`, a size on
// the screen, which follows from how many user units make a pixel (`--dtr-unit`).

const known = new WeakMap();
let observer = null;

/**
 * Keep `--dtr-unit` of an SVG element. `onWidth(pixels)` is called first when the element gets a width or another one.
 * Returns a function to call after the view box has changed.
 */
export function legible(svg, onWidth = () => {}) {
  let shown = 0;
  const fit = () => {
    const { width } = svg.viewBox.baseVal;
    if (shown > 0 && width > 0) svg.style.setProperty("--dtr-unit", (width / shown).toFixed(4));
  };
  observer ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) known.get(target)(contentRect.width);
  });
  known.set(svg, (width) => {
    if (width === 0 || width === shown) return;
    shown = width;
    onWidth(width);
    fit();
  });
  observer.observe(svg);
  return fit;
}
