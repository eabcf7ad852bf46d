// The page's notebook, with the address that it came from: its first cell finds the wheel there, and its links the
// book. Without this script, or from a disk, the button opens the file as it lies in the site.
(() => {
  const UNFILLED = 'ADDRESS = ""';
  const TO_A_FILE = /\]\(([\w./-]+\.(?:ipynb|html))(#[^)\s]*)?\)/g;

  const edit = (cell, change) => {
    cell.source = change([cell.source].flat().join(""));
  };

  const fill = (notebook, address, site) => {
    const pageOf = (file) => {
      const { href } = new URL(file, address);
      const folder = new URL("notebooks/", site).href;
      return href.startsWith(folder) ? href.replace(folder, new URL("book/", site).href).replace(/ipynb$/, "html") : href;
    };
    for (const cell of notebook.cells) {
      if (cell.cell_type === "markdown") {
        edit(cell, (text) => text.replace(TO_A_FILE, (_, file, place = "") => `](${pageOf(file)}${place})`));
      }
    }
    const first = notebook.cells.find(({ cell_type }) => cell_type === "code");
    edit(first, (code) => {
      const wheel = new URL(`notebooks/${JSON.parse(code.match(/^WHEEL = (".*")$/m)[1])}`, site).href;
      return code.replace(UNFILLED, `ADDRESS = ${JSON.stringify(wheel)}`);
    });
    return JSON.stringify(notebook, null, 1);
  };

  const save = (text, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  const button = document.querySelector("a.btn-download-notebook-button");
  if (!button || !location.protocol.startsWith("http")) return;
  // games/index.ipynb would be one of many files of that name.
  const [folder, file] = button.pathname.split("/").slice(-2);
  button.download = file === "index.ipynb" && folder !== "notebooks" ? `${folder}.ipynb` : file;
  button.removeAttribute("target");
  const site = new URL(document.documentElement.dataset.content_root, location.href).href;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(button.href);
      if (!answer.ok) throw new Error(answer.statusText);
      save(fill(await answer.json(), button.href, site), button.download);
    } catch {
      location.assign(button.href);
    }
  });
})();
