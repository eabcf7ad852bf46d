// What scrolls sideways inside its box can be scrolled by the keyboard, too: it takes the focus while it overflows.
(() => {
  const BOXES = ".derivation-formula, .mistake-formula, .ledger-formula, .dtr-formula, .dtr-preview, .dtr-steps li:first-child, div.math, .katex-display, pre, .pst-scrollable-table-container, .cell_output";

  const scrolls = (box) => {
    // Of a box that has a style and was never laid out, Chromium says 0 when it is first asked for a size.
    box.getBoundingClientRect();
    return box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
  };
  let isAllKnown = false; // the Tab key leaps to what is far, too: at its first press all of it is looked at
  // Asked for its width, or whether it is to be seen, what the page leaves out because it is far from the window would be
  // laid out: until its block comes near it is taken for a box that scrolls.
  const BLOCKS = "[data-late], .ledger tbody tr";
  const near = new WeakSet();
  const isFar = (box) => {
    const block = box.closest(BLOCKS);
    return block !== null && !near.has(block) && "oncontentvisibilityautostatechange" in block;
  };
  const scrollsOrMay = (box) => {
    if (isFar(box)) return !isAllKnown || box.hasAttribute("tabindex");
    return box.checkVisibility() ? scrolls(box) : box.hasAttribute("tabindex");
  };
  // All are asked before one is changed: the page is laid out once.
  const settle = (boxes, asked) => {
    const found = boxes.map((box) => [box, asked(box)]);
    for (const [box, takesFocus] of found) {
      if (takesFocus) box.tabIndex = 0;
      else if (box.getAttribute("tabindex") === "0") box.removeAttribute("tabindex");
    }
  };
  const boxesIn = (root) => [...(root.matches?.(BOXES) ? [root] : []), ...root.querySelectorAll(BOXES)];

  const due = new Set(); // what is to be looked through in the next frame
  const look = (root) => {
    if (!due.size) {
      requestAnimationFrame(() => {
        settle([...due].flatMap(boxesIn), scrollsOrMay);
        due.clear();
      });
    }
    due.add(root);
  };
  const lookAtAll = () => look(document);
  if (document.readyState === "complete") lookAtAll();
  else addEventListener("load", lookAtAll);
  addEventListener("click", lookAtAll);
  document.addEventListener("toggle", ({ target }) => look(target), true);
  document.addEventListener("ledger-drawn", lookAtAll);
  document.fonts?.ready.then(lookAtAll);
  document.addEventListener(
    "contentvisibilityautostatechange",
    ({ target, skipped }) => {
      if (skipped) return near.delete(target);
      near.add(target);
      look(target);
    },
    true,
  );

  addEventListener("resize", () => {
    isAllKnown = false;
    lookAtAll();
  });
  addEventListener(
    "keydown",
    ({ key }) => {
      if (key !== "Tab" || isAllKnown) return;
      isAllKnown = true;
      settle(boxesIn(document), scrolls);
    },
    true,
  );
})();
