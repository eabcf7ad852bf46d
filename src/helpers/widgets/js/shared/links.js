// A symbol in a figure's formula and the control that sets it point at each other.

/** Tag every letter of a typeset formula that stands for a trait; `letters` maps letter → trait. */
export function tagSymbols(element, letters) {
  for (const leaf of element.querySelectorAll(".katex-html .mord, mi")) {
    const trait = leaf.childElementCount === 0 && letters[leaf.textContent];
    if (trait) leaf.dataset.symbolOf = trait;
  }
}

const traitAt = (target) => {
  const symbol = target.closest("[data-symbol-of]");
  if (symbol) return symbol.dataset.symbolOf;
  return target.closest(".dtr-control, .dtr-field")?.querySelector("[data-trait]")?.dataset.trait;
};

/** Set apart, while the pointer or the focus is on one of them, a control of `root` and the symbols it sets. */
export function linkSymbols(root) {
  let pointed = null;
  let focused = null;
  const mark = () => {
    const traits = new Set([pointed, focused]);
    for (const symbol of root.querySelectorAll("[data-symbol-of]")) {
      symbol.classList.toggle("dtr-linked", traits.has(symbol.dataset.symbolOf));
    }
    for (const input of root.querySelectorAll("[data-trait]")) {
      const isNamed = root.querySelector(`[data-symbol-of="${input.dataset.trait}"]`) !== null;
      input.closest(".dtr-control, .dtr-field").classList.toggle("dtr-linked", isNamed && traits.has(input.dataset.trait));
    }
  };
  root.addEventListener("pointerover", ({ target }) => {
    pointed = traitAt(target);
    mark();
  });
  root.addEventListener("pointerleave", () => {
    pointed = null;
    mark();
  });
  root.addEventListener("focusin", ({ target }) => {
    focused = traitAt(target);
    mark();
  });
  root.addEventListener("focusout", () => {
    focused = null;
    mark();
  });
  root.addEventListener("click", ({ target }) => {
    const symbol = target.closest("[data-symbol-of]");
    if (symbol) root.querySelector(`[data-trait="${symbol.dataset.symbolOf}"]`)?.focus();
  });
}
