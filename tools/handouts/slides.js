// One slide at a time: keys, two buttons, and the slide's number in the address.

addEventListener("DOMContentLoaded", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => (document.documentElement.dataset.theme = dark.matches ? "dark" : "light");
  paint();
  dark.addEventListener("change", paint);

  const slides = [...document.querySelectorAll(".slide")];
  const notes = [...document.querySelectorAll(".notes")];
  const place = document.createElement("output");
  const button = (text, label, by) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", label);
    element.addEventListener("click", () => go(now + by));
    return element;
  };
  const back = button("‹", "Previous slide", -1);
  const on = button("›", "Next slide", 1);
  const bar = document.createElement("nav");
  bar.className = "turn";
  bar.setAttribute("aria-label", "Slides");
  bar.append(back, place, on);
  document.body.append(bar);

  // What is too high for a wide screen is made smaller, down to two fifths; a figure grows while it is drawn.
  const [SMALLEST, NARROW] = [0.4, 640];
  function fit() {
    const slide = slides[now];
    const content = slide.querySelector(".content");
    content.style.zoom = 1;
    for (let zoom = 1; innerWidth >= NARROW && zoom > SMALLEST && slide.scrollHeight > slide.clientHeight + 1; ) {
      zoom = Math.max(SMALLEST, zoom - 0.05);
      content.style.zoom = zoom;
    }
  }
  const grown = new ResizeObserver(() => requestAnimationFrame(fit));
  for (const figure of document.querySelectorAll("[data-widget]")) grown.observe(figure);
  addEventListener("resize", fit);

  let now = 0;
  function show() {
    slides.forEach((slide, i) => slide.classList.toggle("now", i === now));
    place.textContent = `${now + 1} of ${slides.length}`;
    fit();
    back.setAttribute("aria-disabled", now === 0);
    on.setAttribute("aria-disabled", now === slides.length - 1);
  }
  function go(to) {
    now = Math.max(0, Math.min(slides.length - 1, to));
    history.replaceState(null, "", `#${now + 1}`);
    show();
  }
  const fromAddress = () => {
    const number = Number(location.hash.slice(1));
    if (Number.isInteger(number) && slides[number - 1]) now = number - 1;
    show();
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();

  const moves = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1, " ": 1 };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A control keeps the keys that move it; a presenter's remote sends Page Up and Page Down.
    const isPage = event.key === "PageDown" || event.key === "PageUp";
    if (!isPage && event.target.closest?.("input, select, textarea, button, [tabindex='0']")) return;
    if (event.key in moves) go(now + moves[event.key]);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(slides.length - 1);
    else if (event.key === "n" || event.key === "N") notes.forEach((note) => (note.hidden = !note.hidden));
    else return;
    event.preventDefault();
  });
  addEventListener("beforeprint", () => document.dispatchEvent(new Event("figures-wanted")));
});
