// Words in pictures that are smaller on the screen than so many pixels, that are cut off by the picture's edge, or that
// lie on each other.
(smallest) => {
  const wrong = [];
  for (const svg of document.querySelectorAll(".dtr-figure svg, figure.plot > svg")) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width || svg.closest(".katex")) continue;
    const named = svg.closest("[data-widget]")?.dataset.widget ?? `plot "${svg.ariaLabel.slice(0, 30)}"`;
    // Matplotlib writes a text as a group that scales glyphs of 100 units a letter's height.
    for (const glyphs of svg.querySelectorAll('g[id*="text_"] > g')) {
      const { a, b } = glyphs.getScreenCTM();
      const size = 100 * Math.hypot(a, b);
      if (size < smallest) wrong.push(`${named}: a text of ${size.toFixed(1)} px`);
    }
    const words = [];
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (!text.textContent.trim() || !box.width || getComputedStyle(text).visibility !== "visible") continue;
      const { a, b } = text.getScreenCTM();
      for (const part of [text, ...text.querySelectorAll("tspan")]) {
        const size = parseFloat(getComputedStyle(part).fontSize) * Math.hypot(a, b);
        if (part.textContent && size < smallest - 0.05) wrong.push(`${named}: "${part.textContent}" of ${size.toFixed(1)} px`);
      }
      if (box.left < frame.left - 2 || box.right > frame.right + 2) wrong.push(`${named}: "${text.textContent}" is cut off`);
      words.push({ said: text.textContent, box });
    }
    // Boxes of lines are taller than letters, and touch before the letters do.
    for (const [i, one] of words.entries()) {
      for (const other of words.slice(0, i)) {
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        const isOn = across > 2 && down > 0.4 * Math.min(one.box.height, other.box.height);
        if (isOn) wrong.push(`${named}: "${one.said}" lies on "${other.said}"`);
      }
    }
  }
  return [...new Set(wrong)];
}
