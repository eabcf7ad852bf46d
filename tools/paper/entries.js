// Run by tools/pdf.py in a page before it is made ready for printing. What its lists lead to on the site, known mistakes
// on a page for each chapter, takes the lists' places: `pages` holds these pages, by their addresses. Says of each
// list how many entries it became.
(pages) =>
  [...document.querySelectorAll("[data-on-paper]")].map((list) => {
    const address = new URL(list.dataset.onPaper, location.href).href;
    const entries = [...new DOMParser().parseFromString(pages[address], "text/html").querySelectorAll("article.mistake-entry")];
    for (const link of entries.flatMap((entry) => [...entry.querySelectorAll("a[href]")])) {
      link.href = new URL(link.getAttribute("href"), address).href;
    }
    for (const entry of entries) delete entry.dataset.late; // its letters are asked for now
    list.replaceWith(...entries);
    return entries.length;
  });
