// What is far from the window is left out at first (book.css), and with it, in Chromium, what a screen reader is told. When
// the page is loaded and at rest all of it is laid out, a block after the other, from the top. Not where a page does not
// hold its place meanwhile: Safari tells a screen reader all of it anyway.
(() => {
  if (!CSS.supports("overflow-anchor", "auto")) return;
  const idle = globalThis.requestIdleCallback ?? setTimeout;

  const next = () => {
    const block = document.querySelector("[data-late='']");
    if (!block) {
      document.dispatchEvent(new Event("all-laid-out"));
      return;
    }
    block.dataset.late = "done";
    requestAnimationFrame(() => idle(next)); // it is laid out in this frame
  };
  addEventListener("load", () => idle(next));
})();

// What scrolls sideways inside its box can be scrolled by the keyboard, too: it takes the focus while it overflows.
(() => {
  const BOXES = ".derivation-formula, .mistake-formula, .ledger-formula, .dtr-formula, .dtr-preview, .dtr-steps li:first-child, div.math, .katex-display, pre, .pst-scrollable-table-container, .cell_output";

  const settle = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
    if (scrolls) box.tabIndex = 0;
    else if (box.getAttribute("tabindex") === "0") box.removeAttribute("tabindex");
  };
  // Asked for its width, what the page leaves out because it is far from the window would be laid out.
  const isLaidOut = (box) => box.checkVisibility({ contentVisibilityAuto: true });
  const boxesIn = (root) => [...(root.matches?.(BOXES) ? [root] : []), ...root.querySelectorAll(BOXES)];

  const due = new Set(); // what is to be looked through in the next frame
  const look = (root) => {
    if (!due.size) {
      requestAnimationFrame(() => {
        const boxes = [...due].flatMap((each) => (each === document ? boxesIn(each).filter(isLaidOut) : boxesIn(each)));
        due.clear();
        boxes.forEach(settle);
      });
    }
    due.add(root);
  };
  const lookAtAll = () => look(document);
  addEventListener("load", lookAtAll);
  addEventListener("click", lookAtAll);
  document.addEventListener("toggle", ({ target }) => look(target), true);
  document.addEventListener("ledger-drawn", lookAtAll);
  document.addEventListener("all-laid-out", lookAtAll);
  document.fonts?.ready.then(lookAtAll);
  document.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => skipped || look(target), true);

  // The Tab key leaps to what is far, too: at its first press all of it is looked at.
  let isAllKnown = false;
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
