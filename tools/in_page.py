"""What the tools and tests ask of an open page: to draw all its figures, and to be waited for."""

__all__ = ["ALIVE", "FRAME", "LAY_OUT_ALL", "SCRIPTS_RUN", "TWO_FRAMES", "WANT_ALL"]

# A figure is drawn when it comes near the screen, or when all of them are wanted, as for paper.
WANT_ALL = "document.dispatchEvent(new Event('figures-wanted'))"

# Whether a page's scripts have run: asked for when it has been painted, they may come after its load.
SCRIPTS_RUN = "document.documentElement?.hasAttribute('data-scripts') === false"  # no root: between two pages

# Whether all figures have been drawn, in their own letters.
ALIVE = f"""() => {{
    if (!({SCRIPTS_RUN})) return false;
    {WANT_ALL};
    const figures = [...document.querySelectorAll("[data-widget]")];
    return figures.every((figure) => figure.dataset.state) && document.fonts.status === "loaded";
}}"""

# The next frame. A browser without a screen was seen to paint none for as long as one waited: nobody waits for that
# longer than two seconds.
FRAME = "() => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 2000); })"

# A picture learns how wide it is in a frame, and is drawn for it in the next.
TWO_FRAMES = f"() => ({FRAME})().then({FRAME})"

# Styles with which nothing is left out because it is far from the window: a picture of a whole page shows all of it.
LAY_OUT_ALL = "html :is([data-late], tr) { content-visibility: visible !important; }"
