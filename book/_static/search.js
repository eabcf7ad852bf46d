// The search page: what stands first, and excerpts that read as text. Sphinx's own search does the rest.
document.addEventListener("DOMContentLoaded", () => {
  // From disk a page cannot be fetched for an excerpt.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}']+/gu) ?? [];
  const query = new URLSearchParams(location.search).get("q") ?? "";
  const wanted = wordsOf(query);
  const phrase = wanted.join(" ");

  // Whole words before parts of words, a name before a text, a short name before a long one.
  Scorer.score = ([, title, , kind, score]) => {
    const plain = new DOMParser().parseFromString(title, "text/html").body.textContent;
    // Behind the dash of a symbol stand its chapters.
    const isSymbol = Boolean(kind?.startsWith("symbol"));
    const [told] = isSymbol ? plain.split(" – ") : [plain];
    const words = wordsOf(told);
    const found = wanted.filter((word) => words.includes(word)).length;
    if (!found || !wanted.length) return kind ? Math.min(score, 4) : score;
    const all = found === wanted.length;
    // What stands before the colon names a symbol or a claim; behind it stands what it says. A symbol's meaning is a
    // name of it.
    const [name, meaning = ""] = told.split(": ");
    const names = wordsOf(name);
    const isMeaning = isSymbol && ` ${wordsOf(meaning).join(" ")} `.replace(/^ (the|an?) /, " ").startsWith(` ${phrase} `);
    const named = isMeaning || wanted.every((word) => names.includes(word));
    return (
      score +
      (all ? 30 : 0) +
      (named ? 20 : 0) +
      (` ${words.join(" ")} `.includes(` ${phrase} `) ? 10 : 0) +
      Math.round((20 * found) / words.length) +
      (named && isSymbol ? 20 : 0)
    );
  };

  const page = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const content = new DOMParser().parseFromString(html, "text/html");
    // A formula is there twice, and as TeX; code and what folds out are no excerpt.
    const unread = ".katex-html, annotation, details.hide, .derivation-how, pre, .reading-time, .dtr-fallback, header, footer";
    for (const element of content.querySelectorAll(unread)) element.remove();
    return page(content.documentElement.outerHTML, anchor).replace(/\s+/g, " ");
  };
});
