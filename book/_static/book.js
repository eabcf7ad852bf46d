// What scrolls sideways inside its box can be scrolled by the keyboard, too: it takes the focus while it overflows.
(() => {
  const BOXES = ".derivation-formula, .mistake-formula, .ledger-formula, .dtr-formula, .dtr-preview, .dtr-steps li:first-child, div.math, .katex-display, pre, .pst-scrollable-table-container, .cell_output";

  const settle = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
    if (scrolls) box.tabIndex = 0;
    else if (box.getAttribute("tabindex") === "0") box.removeAttribute("tabindex");
  };
  let isAllKnown = false; // the Tab key leaps to what is far, too: at its first press all of it is looked at
  // Asked for its width, what the page leaves out because it is far from the window would be laid out: until it comes near
  // it is taken for one that scrolls.
  const isLaidOut = (box) => box.checkVisibility({ contentVisibilityAuto: true });
  const settleUnlessFar = (box) => {
    if (isLaidOut(box) || !box.checkVisibility()) settle(box);
    else if (!isAllKnown && !box.hasAttribute("tabindex")) box.tabIndex = 0;
  };
  const boxesIn = (root) => [...(root.matches?.(BOXES) ? [root] : []), ...root.querySelectorAll(BOXES)];

  const due = new Set(); // what is to be looked through in the next frame
  const look = (root) => {
    if (!due.size) {
      requestAnimationFrame(() => {
        for (const each of due) boxesIn(each).forEach(each === document ? settleUnlessFar : settle);
        due.clear();
      });
    }
    due.add(root);
  };
  const lookAtAll = () => look(document);
  addEventListener("load", lookAtAll);
  addEventListener("click", lookAtAll);
  document.addEventListener("toggle", ({ target }) => look(target), true);
  document.addEventListener("ledger-drawn", lookAtAll);
  document.fonts?.ready.then(lookAtAll);
  document.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => skipped || look(target), true);

  addEventListener("resize", () => {
    isAllKnown = false;
    lookAtAll();
  });
  addEventListener(
    "keydown",
    ({ key }) => {
      if (key !== "Tab" || isAllKnown) return;
      isAllKnown = true;
      boxesIn(document).forEach(settle);
    },
    true,
  );
})();
