// The theme takes the focus from its own buttons when they are pressed, so that no tooltip stays behind; whoever presses
// them with a key keeps it.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.(".theme-switch-button, .search-button, .primary-toggle, .secondary-toggle");
    if (!button) return;
    if (event.detail === 0) button.blur = () => {};
    else delete button.blur;
  },
  true,
);

// What a mark of a derivation shows while the pointer or the focus is on it is folded away by the Escape key; the focus
// goes back to the mark. It comes again with a press on the mark, or when the pointer or the focus comes anew.
(() => {
  const DISMISSED = "derivation-dismissed";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const mark of document.querySelectorAll(".derivation-mark:is(:hover, :focus-within)")) {
      if (mark.matches(":focus-within")) mark.querySelector("button").focus();
      mark.classList.add(DISMISSED);
    }
  });
  const renew = ({ target }) => target.closest?.(".derivation-mark")?.classList.remove(DISMISSED);
  document.addEventListener("click", renew);
  document.addEventListener("pointerout", (event) => {
    const mark = event.target.closest?.(".derivation-mark");
    if (!mark?.contains(event.relatedTarget) && !mark?.matches(":focus-within")) renew(event);
  });
  document.addEventListener("focusout", (event) => {
    const mark = event.target.closest?.(".derivation-mark");
    if (!mark?.contains(event.relatedTarget)) renew(event);
  });
})();
