"""What the tools and tests ask of an open page: to draw all its figures, and to be waited for."""

__all__ = ["ALIVE", "TWO_FRAMES", "WANT_ALL"]

# A figure is drawn when it comes near the screen, or when all of them are wanted, as for paper.
WANT_ALL = "document.dispatchEvent(new Event('figures-wanted'))"

# Whether all of them have been drawn, in their own letters, and all of the page is laid out.
ALIVE = f"""() => {{
    {WANT_ALL};
    const figures = [...document.querySelectorAll("[data-widget]")];
    const isWhole = !document.querySelector("[data-late='']");
    return isWhole && figures.every((figure) => figure.dataset.state) && document.fonts.status === "loaded";
}}"""

# A picture learns how wide it is in a frame, and is drawn for it in the next.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
