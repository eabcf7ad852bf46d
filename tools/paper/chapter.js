// Run by tools/pdf.py in a chapter's page that is ready for printing. Says what is wrong with the page and what it holds,
// and makes it a part of the book: each identifier gets the chapter's prefix, and each link the name of its target.
({ prefix, pages, site, inside }) => {
  const article = document.querySelector("article.bd-article");
  const wrong = [];
  const brief = (element) => element.outerHTML.slice(0, 150).replace(/\s+/g, " ");

  // --- is all of it there? ---

  const isDrawn = (shape) => {
    const { width, height } = shape.getBoundingClientRect();
    return width + height > 0 && !shape.closest("clipPath, defs, .dtr-axis");
  };
  const isBlank = (plot) => ![...plot.querySelectorAll("path, rect, circle, line, polygon")].some(isDrawn);
  let pictures = 0;
  for (const figure of article.querySelectorAll("[data-printed]")) {
    const row = article.querySelector(`.dtr-printed[data-figure="${figure.id}"]`);
    const drawn = [...(row?.querySelectorAll(".dtr-figure") ?? [])];
    const wanted = JSON.parse(figure.dataset.printed).length;
    if (drawn.length !== wanted) wrong.push(`${figure.id}: got ${drawn.length} pictures, expected ${wanted}`);
    if (new Set(drawn.map(({ dataset }) => dataset.state)).size < drawn.length) wrong.push(`${figure.id}: two pictures of one state`);
    for (const picture of drawn) {
      const plots = [...picture.querySelectorAll("svg.dtr-plot")].filter((plot) => plot.getBoundingClientRect().width > 0);
      if (plots.length === 0 || plots.some(isBlank)) wrong.push(`${figure.id}: a blank picture`);
    }
    pictures += drawn.length;
  }
  for (const figure of article.querySelectorAll("[data-widget]:not([data-state])")) wrong.push(`not drawn: ${brief(figure)}`);

  // --- and inside the page? ---

  const edge = article.getBoundingClientRect();
  for (const element of article.querySelectorAll(".base, img, svg, svg.dtr-plot text, table, td, pre, p, li, h1, h2, h3")) {
    const { left, right, width } = element.getBoundingClientRect();
    const isOutside = width > 1 && (right > edge.right + 2 || left < edge.left - 2);
    if (isOutside && !element.closest(".katex svg, clipPath, defs")) wrong.push(`beyond the edge: ${brief(element)}`);
  }
  for (const whole of article.querySelectorAll(".dtr-printed-state")) {
    const { height } = whole.getBoundingClientRect();
    if (height > 0.98 * 253 * (96 / 25.4)) wrong.push(`higher than a page: ${whole.firstChild.textContent}`);
  }

  // --- a part of the book ---

  // MathML is there for a screen reader, and would double the text that is searched and copied.
  for (const unseen of article.querySelectorAll(".katex-mathml, .headerlink")) unseen.remove();
  const names = [];
  for (const element of [article, ...article.querySelectorAll("[id]")]) {
    if (element.closest("svg, .dtr-printed, [data-printed]")) continue;
    element.id = element === article ? prefix : `${prefix}--${element.id}`;
    names.push(element.id);
  }
  for (const link of article.querySelectorAll("a[href]")) {
    const target = new URL(link.getAttribute("href"), location.href);
    if (!target.href.startsWith(site)) continue; // an outside address
    const chapter = pages[decodeURIComponent(target.pathname).slice(new URL(site).pathname.length)];
    const place = decodeURIComponent(target.hash.slice(1));
    if (chapter === undefined) link.replaceWith(...link.childNodes); // not in the book on paper
    else link.href = inside + (place ? `${chapter}--${place}` : chapter);
  }
  // A browser gives a place in a PDF to those identifiers alone that its own page links to.
  const places = document.createElement("nav");
  places.hidden = true;
  for (const name of names) {
    const link = document.createElement("a");
    link.href = `#${name}`;
    places.append(link);
  }
  article.append(places);

  const heading = (element) => ({ html: element.innerHTML, text: element.textContent.trim().replace(/\s+/g, " ") });
  const sections = [...article.querySelectorAll("section > h2")].map((h2) => ({ ...heading(h2), name: h2.parentElement.id }));
  return { ...heading(article.querySelector("h1")), name: prefix, sections, pictures, wrong };
};
