// What stands below a figure stays where it is while the figure is moved.

/**
 * After `hold()`, `el` keeps the height of its tallest state, until it is out of the window or has another width. A page
 * that moved with every state would be laid out anew below the figure, which can cost more than to draw it.
 */
export function steady(el) {
  let width = 0;
  let tallest = 0;
  const release = () => {
    tallest = 0;
    el.style.minHeight = "";
  };
  const keep = (height) => {
    if (height <= tallest) return;
    tallest = height;
    el.style.minHeight = `${height}px`;
  };
  const sizes = new ResizeObserver(([{ borderBoxSize }]) => {
    const [{ inlineSize, blockSize }] = borderBoxSize;
    if (inlineSize === width) return keep(blockSize);
    width = inlineSize;
    requestAnimationFrame(release);
  });
  // Above the window it may shrink where the browser keeps the reader's place.
  const sight = new IntersectionObserver((moments) => {
    const { isIntersecting, boundingClientRect } = moments.at(-1);
    if (!isIntersecting && (boundingClientRect.top > 0 || CSS.supports("overflow-anchor", "auto"))) release();
  });
  let isHeld = false;
  return {
    hold() {
      if (isHeld) return;
      isHeld = true;
      const box = el.getBoundingClientRect();
      width = box.width;
      keep(box.height);
      sizes.observe(el);
      sight.observe(el);
    },
    destroy() {
      sizes.disconnect();
      sight.disconnect();
    },
  };
}
