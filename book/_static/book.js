// What scrolls sideways inside its box can be scrolled by the keyboard, too: it takes the focus while it overflows.
(() => {
  const BOXES = ".derivation-formula, .mistake-formula, .ledger-formula, .dtr-formula, .dtr-preview, .dtr-steps li:first-child, div.math, .katex-display, pre, .pst-scrollable-table-container, .cell_output";

  const settle = () => {
    for (const box of document.querySelectorAll(BOXES)) {
      // Asked for its width, what the page leaves out because it is far from the window would be laid out.
      if (!box.checkVisibility({ contentVisibilityAuto: true })) continue;
      const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
      if (scrolls) box.tabIndex = 0;
      else if (box.getAttribute("tabindex") === "0") box.removeAttribute("tabindex");
    }
  };

  let waiting = null;
  const soon = () => {
    waiting ??= requestAnimationFrame(() => {
      waiting = null;
      settle();
    });
  };
  addEventListener("load", soon);
  addEventListener("resize", soon);
  addEventListener("click", soon);
  document.addEventListener("toggle", soon, true);
  document.addEventListener("contentvisibilityautostatechange", soon, true);
  document.addEventListener("ledger-drawn", soon);
  document.fonts?.ready.then(soon);
})();
