// Links to claims and figures: buttons that copy them, and what happens where such a link leads.
(() => {
  const SPOKEN_FOR = 4000; // ms that the confirmation stays
  const FIRST = 5000; // ms in which a place may still settle

  // Where a claim stands, what names it, and where its button goes.
  const CLAIMS = [
    ["figure.derivation[id]", ".derivation-title", ".derivation-title"],
    ["article.mistake-entry[id]", "h2", ".mistake-links"],
    ["table.ledger tr[id]", ".ledger-title > a", ".ledger-title"],
  ];
  // A mark's text and a mistake's box name their claim by a link of their own.
  const NAMED_BY_LINK = [
    [".derivation-line[id] > .derivation-mark .derivation-ledger", (link) => link.closest(".derivation-line").id],
    [".mistake-link > a[href*='#']", (link) => link.hash.slice(1)],
  ];
  const ICON =
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path fill="none" stroke="currentColor" ' +
    'stroke-width="1.5" stroke-linecap="round" d="M6.5 9.5a3 3 0 0 0 4.2 0l2.4-2.4a3 3 0 0 0-4.2-4.2l-.9.9' +
    'M9.5 6.5a3 3 0 0 0-4.2 0L2.9 8.9a3 3 0 0 0 4.2 4.2l.9-.9"/></svg>';

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  /** What an element says: of a formula, which stands in it thrice, its MathML. */
  const words = (element) => {
    const said = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      return node.nodeType !== Node.ELEMENT_NODE || node.matches(".katex-html, annotation") ? "" : [...node.childNodes].map(said).join("");
    };
    return said(element).trim();
  };

  const addButtons = () => {
    for (const [claims, names, places] of CLAIMS) {
      for (const claim of document.querySelectorAll(claims)) {
        const button = make("button", { type: "button", className: "copy-link copy-link-icon", innerHTML: ICON });
        button.dataset.copyLink = claim.id;
        button.ariaLabel = `Copy link: ${words(claim.querySelector(names))}`;
        button.title = "Copy link";
        claim.querySelector(places).append(button);
        claim.classList.add("has-copy-link");
      }
    }
    for (const [links, anchor] of NAMED_BY_LINK) {
      for (const link of document.querySelectorAll(links)) {
        const button = make("button", { type: "button", className: "copy-link" }, "Copy link");
        button.dataset.copyLink = anchor(link);
        link.after(" ", button);
      }
    }
  };

  const notice = make("div", { className: "link-notice", role: "status" });
  let fading = null;

  const say = (...content) => {
    clearTimeout(fading);
    notice.replaceChildren(...content);
  };

  const copy = async (address, button) => {
    try {
      await navigator.clipboard.writeText(address);
      say("Link copied");
      fading = setTimeout(say, SPOKEN_FOR);
    } catch {
      // No clipboard, or none for this page: the reader copies the address out of a field.
      const field = make("input", { type: "text", readOnly: true, value: address, ariaLabel: "The link, to copy" });
      field.addEventListener("keydown", ({ key }) => key === "Escape" && button.focus());
      field.addEventListener("blur", () => say());
      say("Copy the link: ", field);
      field.focus();
      field.select();
    }
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-copy-link]");
    if (!button) return;
    const fragment = button.linkFragment?.() ?? encodeURIComponent(button.dataset.copyLink);
    copy(`${location.href.split(/[?#]/)[0]}#${fragment}`, button);
  });

  // Where a link leads: shown, unfolded, and told from what stands around it.

  const targetOf = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1).split("?")[0]));
    } catch {
      return null;
    }
  };

  // Whoever reloads the page or comes back to it is where they were.
  const isNew = !["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);

  const arrive = ({ type = "" } = {}) => {
    release();
    document.querySelector(".is-arrived")?.classList.remove("is-arrived");
    const target = targetOf();
    if (!target) return;
    for (let fold = target; (fold = fold.parentElement?.closest("details"));) fold.open = true;
    target.classList.add("is-arrived");
    if (isNew || type === "hashchange") hold(target);
  };

  // A page grows while its figures are drawn, and while what is near the window is laid out. In the first moments the
  // target stays at the window's edge, until the reader moves; then the page is left where it is.
  let held = null;
  const release = () => {
    held = null;
  };
  let releasing = null;
  const soon = () => {
    clearTimeout(releasing);
    releasing = setTimeout(release, FIRST);
  };
  const hold = (target) => {
    held = target;
    if (document.readyState === "complete") soon();
    target.scrollIntoView();
  };
  addEventListener("load", soon);
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(kind, release, { passive: true });
  const keep = () => held?.scrollIntoView();
  document.addEventListener("figures-drawn", keep);
  document.addEventListener("contentvisibilityautostatechange", keep, true);
  addEventListener("hashchange", arrive);

  const start = () => {
    addButtons();
    (document.querySelector("main") ?? document.body).append(notice);
    arrive();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
