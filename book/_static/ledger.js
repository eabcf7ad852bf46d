// The search through all claims, which it loads when it is first used. The chapters' pages have them without any script.
(() => {
  const form = document.querySelector(".ledger-filter");
  const [results, more, chapters] = [".ledger-scroll", ".ledger-more", ".ledger-chapters"].map((box) => document.querySelector(box));
  const [output, body] = [form.querySelector("output"), results.querySelector("tbody")];
  const CHOICES = ["chapter", "mark", "witness"];
  const AT_ONCE = 25; // rows: more would take a phone long to typeset
  const PAUSE = 150; // ms without a key, after which words are looked for

  // Once all rows stood on this page: an address from then leads on to the row's page.
  const forward = () => {
    const [chapter, place] = location.hash.slice(1).split("--");
    const isKnown = place && [...form.elements.chapter.options].some(({ value }) => value === chapter);
    if (isKnown) location.replace(`${form.dataset.rows}${chapter}.html${location.hash}`);
  };

  const run = (address) =>
    new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject }));
    });

  const read = ([chapter, mark, witness, statement, cells]) => {
    const row = document.createElement("tr");
    const text = `${cells.replace(/<[^>]*>/g, " ")} ${statement}`.toLowerCase();
    const show = () => {
      if (!row.firstChild) {
        row.innerHTML = cells;
        for (const formula of row.querySelectorAll(".tex")) {
          window.katex.render(formula.textContent.trim().slice(2, -2), formula, { throwOnError: false });
        }
      }
      return row;
    };
    return { chapter, mark, witness, text, show };
  };

  let loading = null;
  const load = () => {
    loading ??= Promise.all([form.dataset.claims, form.dataset.katex].map(run)).then(() => window.ledgerClaims.map(read));
    return loading;
  };

  let found = []; // that are not shown yet

  const showMore = () => {
    const rows = found.splice(0, AT_ONCE).map((claim) => claim.show());
    body.append(...rows);
    more.hidden = found.length === 0;
    more.textContent = `Show ${Math.min(AT_ONCE, found.length)} more`;
    document.dispatchEvent(new Event("ledger-drawn"));
    return rows[0];
  };

  const asked = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));

  const search = async () => {
    const wanted = asked();
    const query = new URLSearchParams(wanted).toString();
    history.replaceState(null, "", query ? `?${query}#find` : location.pathname);
    if (!query) {
      output.textContent = "";
      chapters.hidden = false;
      results.hidden = more.hidden = true;
      return;
    }
    let claims = [];
    try {
      if (!loading) output.textContent = "Loading the claims …";
      claims = await load();
    } catch {
      loading = null;
      output.textContent = "The claims could not be loaded";
      return;
    }
    if (new URLSearchParams(asked()).toString() !== query) return; // meanwhile something else was asked
    const words = (wanted.words ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    found = claims.filter(
      (claim) =>
        CHOICES.every((name) => !wanted[name] || claim[name] === wanted[name]) &&
        words.every((word) => claim.text.includes(word)),
    );
    const isNone = found.length === 0;
    output.textContent = isNone ? "No claim matches" : `${found.length} of ${claims.length} claims`;
    // In one go, so that nothing below moves meanwhile.
    chapters.hidden = true;
    results.hidden = isNone;
    body.replaceChildren();
    showMore();
  };

  let pause = null;
  form.addEventListener("input", ({ target }) => {
    clearTimeout(pause);
    pause = setTimeout(search, target.type === "search" ? PAUSE : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  form.addEventListener("reset", () => {
    form.elements.words.focus();
    setTimeout(search); // when the fields are empty
  });
  more.addEventListener("click", () => showMore().querySelector("a").focus());

  forward();
  addEventListener("hashchange", forward);
  const query = new URLSearchParams(location.search);
  form.elements.words.value = query.get("words") ?? "";
  for (const name of CHOICES) {
    const field = form.elements[name];
    field.value = query.get(name) ?? "";
    if (field.selectedIndex < 0) field.value = ""; // there is no such choice
  }
  if (Object.keys(asked()).length) search();
})();
