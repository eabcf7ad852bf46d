// Before axe looks at a page: what is there many times over, made alike, is left there once. A chapter has forty thousand
// elements, nearly all of them inside of formulas, of code and of pictures, and axe would take minutes over them.

/** A name that elements have in common which the same rules of the sheets and of axe apply to. */
const kindOf = (element, above) => {
  let kind = "";
  for (let i = 0, at = element; at && i < above; i += 1, at = at.parentElement) {
    kind += `${at.tagName} ${at.getAttribute("class") ?? ""} ${at.getAttribute("role") ?? ""}>`;
  }
  return kind;
};

/** Links of titles that a finger misses. Their size depends on the formulas in them and beside them, which `alike` empties. */
globalThis.smallTitles = () =>
  [...document.querySelectorAll(".ledger-title > a, .mistakes a, .mistake-links > a")]
    .filter((link) => {
      const { width, height } = link.getBoundingClientRect();
      return Math.min(width, height) < 24;
    })
    .map((link) => `smaller than 24 px: ${link.textContent.slice(0, 60)}`);

/** Leaves the first rows of a long table: a chapter's ledger has a hundred, all alike, to be laid out in every view. */
globalThis.shorten = () => {
  for (const row of document.querySelectorAll("tbody > tr:nth-child(n + 51)")) row.remove();
};

/** Empties formulas (their places stay as large), code and pictures beyond the first of each kind. */
globalThis.alike = () => {
  const known = new Set();
  const again = (kind) => known.has(kind) || !known.add(kind);
  const formulas = [...document.querySelectorAll(".katex")].filter((formula) => again(kindOf(formula, 4)));
  const places = formulas.map((formula) => formula.getBoundingClientRect());
  formulas.forEach((formula, i) => {
    formula.replaceChildren();
    formula.style.cssText = `display: inline-block; max-width: 100%; width: ${places[i].width}px; height: ${places[i].height}px`;
  });
  for (const code of document.querySelectorAll("pre, dt.sig")) {
    const kinds = [...code.querySelectorAll("*")].map((token) => again(kindOf(token, 2)));
    if (again(kindOf(code, 5)) && kinds.every(Boolean)) code.textContent = code.textContent;
  }
  const isHeld = (element) => element.closest("[tabindex], [role=slider]") || element.querySelector("[tabindex], [role]");
  for (const part of document.querySelectorAll(":is(.dtr-figure, figure.plot) :is(svg > *, svg g *)")) if (part.isConnected && !isHeld(part)) part.remove();
  // Folded answers and cells; what another width shows, menus and buttons, is outside of the article.
  for (const folded of document.querySelectorAll("article *:not(svg *)")) {
    if (folded.isConnected && !folded.checkVisibility() && !folded.matches("summary, a, button")) folded.remove();
  }
};

/** The first of each kind among what can be seen: of texts, of controls, of boxes that scroll. */
globalThis.representatives = () => {
  const known = new Set();
  return [...document.querySelectorAll("body *:not(script, style, svg, svg *)")].filter((element) => {
    if (!element.getClientRects().length) return false;
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const scrolls = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible";
    const isControl = element.matches("a, button, input, select, summary, [tabindex]");
    if ((scrolls || isControl) && element.querySelectorAll("*").length < 40) return true; // axe takes all inside, too
    const kind = `${kindOf(element, 5)} ${style.color} ${style.fontSize} ${style.fontWeight} ${style.opacity}`;
    return hasText && !known.has(kind) && known.add(kind);
  });
};
