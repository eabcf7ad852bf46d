// How well the words and marks of a page's pictures stand out: axe looks at HTML alone.
//
// Each visible text and shape of the figures and plots: its colours, half-transparent ones laid over what has been
// painted below its middle, against that background. Returns a list of { widget, kind, name, contrast }: of the words of
// one name the worst, of the marks the median, because marks of one kind lie on each other. The name is the element's
// class, or the next one's above it; in a plot, Matplotlib's word for it. What has the ground's own colour is no mark.
() => {
  const parse = (text) => {
    const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
    if (text.startsWith("rgb")) return [...numbers.slice(0, 3).map((n) => n / 255), numbers[3] ?? 1];
    if (text.startsWith("color(srgb")) return [...numbers.slice(0, 3), numbers[3] ?? 1];
    return null; // none, or a pattern
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const pageColour = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour?.[3] === 1) return colour.slice(0, 3);
    }
    return [1, 1, 1];
  };

  const found = new Map();
  for (const svg of document.querySelectorAll(".dtr-figure svg, figure.plot > svg")) {
    if (!svg.getBoundingClientRect().width || svg.closest(".katex")) continue;
    const opacity = new Map();
    const opacityOf = (element) => {
      if (element === svg) return 1;
      if (!opacity.has(element)) opacity.set(element, opacityOf(element.parentElement) * Number(getComputedStyle(element).opacity));
      return opacity.get(element);
    };
    const painted = [];
    const ground = pageColour(svg);
    // A shape's place, in pixels of the window, that stands for it: the middle of a line, of an area or of a word.
    const middle = (element, box) => {
      if (element.tagName !== "text" && parse(getComputedStyle(element).fill) === null && element.getTotalLength) {
        const length = element.getTotalLength();
        if (length > 0) return element.getPointAtLength(length / 2).matrixTransform(element.getScreenCTM());
      }
      return new DOMPoint(box.left + box.width / 2, box.top + box.height / 2);
    };
    const below = (point) =>
      painted.reduce((colour, { element, box, fill }) => {
        if (point.x < box.left || point.x > box.right || point.y < box.top || point.y > box.bottom) return colour;
        const inside = element.isPointInFill(point.matrixTransform(element.getScreenCTM().inverse()));
        return inside ? over(fill, colour) : colour;
      }, ground);
    for (const element of svg.querySelectorAll("text, path, circle, rect, line, polygon, use")) {
      if (element.closest("defs, clipPath, pattern, marker")) continue;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if ((box.width === 0 && box.height === 0) || style.visibility !== "visible") continue;
      const share = opacityOf(element);
      const [fill, stroke] = ["fill", "stroke"].map((paint) => {
        const colour = parse(style[paint]);
        const width = paint === "fill" ? 1 : parseFloat(style.strokeWidth);
        return colour && width > 0 ? [...colour.slice(0, 3), colour[3] * Number(style[`${paint}Opacity`]) * share] : null;
      });
      const isText = element.tagName === "text" || element.closest('[id*="text_"]') !== null;
      const visible = [fill, stroke].filter((colour) => colour && colour[3] > 0);
      if (visible.length > 0 && !(isText && !element.textContent.trim() && element.tagName === "text")) {
        const at = middle(element, box);
        const halo = isText && stroke && style.paintOrder.startsWith("stroke");
        const ground_ = halo ? over(stroke, below(at)) : below(at);
        const [ink, edge] = [fill, stroke].map((colour) => colour && over(colour, ground_));
        const named = element.closest("[class]");
        const plotted = element.closest('g[id*="-"]')?.id.replace(/^[^-]*-|_?\d+$/g, "");
        const widget = svg.closest("[data-widget]")?.dataset.widget ?? "plot";
        const name = widget === "plot" ? plotted : named === svg ? element.tagName : named.getAttribute("class");
        const values = isText ? [contrast(ink, ground_)] : [ink, edge].filter(Boolean).map((colour) => contrast(colour, ground_));
        // What has an edge of another colour stands out by it, on whatever it lies.
        if (!isText && ink && edge) values.push(contrast(ink, edge));
        const isGround = !isText && [ink, edge].every((colour) => !colour || contrast(colour, ground) === 1);
        if (!isGround) {
          const key = JSON.stringify([widget, isText ? "text" : "mark", name]);
          if (!found.has(key)) found.set(key, []);
          found.get(key).push(Math.max(...values));
        }
      }
      if (fill && fill[3] > 0 && element.isPointInFill) painted.push({ element, box, fill });
    }
  }
  return [...found].map(([key, values]) => {
    const [widget, kind, name] = JSON.parse(key);
    values.sort((a, b) => a - b);
    return { widget, kind, name, contrast: Number(values[kind === "text" ? 0 : values.length >> 1].toFixed(2)) };
  });
}
