// A button that plays a figure: it never starts by itself, it pauses, also when the figure is no longer to be seen, and where
// the reader wants no motion it is not there: the figure's own buttons take the same steps one at a time.

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
  const halt = () => {
    clearInterval(timer);
    timer = null;
    sight.disconnect();
    document.removeEventListener("visibilitychange", hide);
  };
  const sight = new IntersectionObserver((entries) => entries.at(-1).isIntersecting || stop());
  const hide = () => document.hidden && stop();
  const stop = () => {
    if (timer === null) return;
    halt();
    element.textContent = `▶ ${text}`;
    redraw();
  };
  const play = () => {
    if (timer !== null) return stop();
    if (wish.matches) return calm();
    begin();
    timer = setInterval(() => advance() || stop(), 1000 / perSecond);
    sight.observe(element.closest(".dtr-figure") ?? element);
    document.addEventListener("visibilitychange", hide);
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
      halt();
      wish.removeEventListener("change", obey);
    },
  };
}
