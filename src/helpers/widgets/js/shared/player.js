// A button that plays a figure: it never starts by itself, it pauses, and where the reader wants no motion it is not
// there: the figure's own buttons take the same steps one at a time.

import { button } from "./controls.js";

/**
 *   text, title   the button's name at rest, and what it does
 *   perSecond     steps in a second
 *   begin         called before the first step
 *   advance       takes one step and returns whether there is another
 *   calm          what a press does at once where the reader wants no motion; without it the button is hidden there
 *   redraw        asks for a drawing, because `isPlaying` has changed
 * Returns { element, isPlaying(), stop(), destroy() }.
 */
export function player({ text, title, perSecond, begin = () => {}, advance, calm = null, redraw }) {
  const wish = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = null;
  const stop = () => {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    element.textContent = `▶ ${text}`;
    redraw();
  };
  const play = () => {
    if (timer !== null) return stop();
    if (wish.matches) return calm();
    begin();
    timer = setInterval(() => advance() || stop(), 1000 / perSecond);
    element.textContent = "⏸ Pause";
    redraw();
  };
  const { element } = button({ text: `▶ ${text}`, title, onClick: play });
  const obey = () => {
    element.hidden = wish.matches && calm === null;
    if (wish.matches) stop();
  };
  wish.addEventListener("change", obey);
  obey();
  return {
    element,
    isPlaying: () => timer !== null,
    stop,
    destroy() {
      clearInterval(timer);
      wish.removeEventListener("change", obey);
    },
  };
}
