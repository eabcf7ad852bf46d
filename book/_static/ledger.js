// Filters the ledger's rows. Without this script the whole table stands there.
(() => {
  const table = document.querySelector("table.ledger");
  const form = document.querySelector(".ledger-filter");
  if (!table || !form) return;
  const rows = [...table.tBodies[0].rows];

  const filter = () => {
    const { chapter, mark, words } = Object.fromEntries(new FormData(form));
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const { dataset } = row;
      row.hidden =
        (chapter && dataset.chapter !== chapter) ||
        (mark && dataset.mark !== mark) ||
        !wanted.every((word) => dataset.words.includes(word));
    }
    const shown = rows.filter((row) => !row.hidden).length;
    form.querySelector("output").textContent = `${shown} of ${rows.length} claims`;
  };

  // A link to a row must find it, whatever was filtered before.
  const reveal = () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row?.hidden) return;
    form.reset();
    filter();
    row.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", reveal);
  filter();
})();
