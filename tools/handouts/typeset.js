// The solutions' formulas, which the pages hold as TeX.

for (const element of document.querySelectorAll(".tex")) {
  katex.render(element.textContent.replace(/^\\\(|\\\)$/g, ""), element, { throwOnError: true });
}
