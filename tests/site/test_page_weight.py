"""The extension that makes pages light, on small pages; the book's pages have the other tests of the site."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_extensions"

PAGE = """<html lang="en" data-content_root="../">
<head>
<link href="../_static/styles/theme.css?digest=1" rel="stylesheet" />
<link rel="stylesheet" type="text/css" href="../_static/book.css?v=2" />
<link rel="preload" as="script" href="../_static/common.js" />
<link rel="icon" href="../_static/favicon.svg"/>
<script src="../_static/documentation_options.js?v=1"></script>
<script src="../_static/common.js?v=1"></script>
<script src="../_static/own.js"></script>
<script src="../_static/searchtools.js"></script>
<script src="../_static/scripts/fontawesome.js"></script>
<script>DOCUMENTATION_OPTIONS.pagename = 'a';</script>
</head>
<body>text</body></html>"""
ADDRESSES = {
    "pages.css": "_static/pages.css?v=a",
    "pages.js": "_static/pages.js?v=b",
    "own.js": "_static/own.js?v=c",
}


@pytest.fixture
def page_weight(monkeypatch):
    monkeypatch.syspath_prepend(EXTENSIONS)
    import page_weight

    return page_weight


def test_a_page_gets_one_sheet_the_common_script_and_its_own(page_weight):
    page = page_weight.Page(PAGE)
    assert page.sheets == ["styles/theme.css", "book.css"]
    html = page.lightened(["common.js"], ADDRESSES, "const DOCUMENTATION_OPTIONS = {};")
    assert html.count('rel="stylesheet"') == 1
    assert "<script src=" not in html
    assert '["../_static/pages.js?v=b", "../_static/own.js?v=c"]' in html
    # The settings stand before the script in the page that goes on with them.
    assert html.index("const DOCUMENTATION_OPTIONS") < html.index("DOCUMENTATION_OPTIONS.pagename")
    assert 'rel="preload"' not in html
    assert 'rel="icon"' in html
    assert html.endswith("<body>text</body></html>")


SCRIPTS = "performance.getEntriesByType('resource').filter(({ name }) => /[.]js[?]/.test(name))"


def test_no_script_is_asked_for_while_the_page_is_read(chromium, site_url):
    page = chromium.new_page()
    page.goto(f"{site_url}book/games/index.html")
    asked, read = page.evaluate(
        f"[{SCRIPTS}.map(({{ startTime }}) => startTime),"
        " performance.getEntriesByType('navigation')[0].domContentLoadedEventStart]"
    )
    page.close()
    assert len(asked) >= 3
    assert min(asked) >= read


def test_a_page_that_nobody_sees_does_not_wait_to_be_painted(chromium, site_url):
    page = chromium.new_page()
    page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => true });"
        "const frame = requestAnimationFrame;"
        "requestAnimationFrame = (then) => document.documentElement.dataset.scripts ? 0 : frame(then);"
    )
    page.goto(f"{site_url}book/index.html")
    assert page.evaluate(f"{SCRIPTS}.length") >= 1
    page.close()


def test_the_search_keeps_its_scripts(page_weight):
    searching = page_weight.Page(PAGE.replace("text", '<div id="search-results"></div>'))
    assert searching.needs("searchtools.js")
    assert not page_weight.Page(PAGE).needs("searchtools.js")
    assert not searching.needs("scripts/fontawesome.js")
    # In time for the scripts in the page that wait for it to be read.
    html = searching.lightened(["common.js"], ADDRESSES | {"searchtools.js": "last.js"}, "")
    assert html.count("<script src=") == 3
    assert html.index("pages.js") < html.index("own.js") < html.index("last.js")


def test_the_search_page_is_shown_before_its_index_is_there(chromium, site_url):
    page, held = chromium.new_page(), []
    page.route("**/searchindex.js*", lambda route: held.append(route))
    with page.expect_request("**/searchindex.js*"):
        page.goto(f"{site_url}search.html?q=coupling", wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    assert page.locator("#search-results li").count() == 0
    held[0].continue_()
    page.wait_for_selector("#search-results li")
    page.close()


def test_code_keeps_the_marks_that_have_a_colour(page_weight):
    code = (
        '<pre><span></span><span class="n">x</span> <span class="o">=</span> <span class="n">f</span>'
        '<span class="p">(</span><span class="mi">1</span><span class="p">)</span>\n</pre>'
    )
    outside = '<p><span class="n">n</span></p>'
    html = page_weight.Page(PAGE.replace("text", code + outside)).lightened(["common.js"], ADDRESSES, "")
    assert '<span class="o">=</span> f(<span class="mi">1</span>)\n</pre>' + outside in html


@pytest.mark.parametrize(
    "lists, order",
    [
        ([["a", "c"], ["a", "b", "c"]], ["a", "b", "c"]),
        ([["a", "b", "z"], ["b", "c", "z"]], ["a", "b", "c", "z"]),
        ([["b"], ["a", "b"]], ["a", "b"]),
    ],
)
def test_joined_agrees_with_each_list(page_weight, lists, order):
    assert page_weight.joined(lists) == order


def test_a_font_keeps_the_icons_that_are_named_and_its_licence(page_weight, site):
    from fontTools.ttLib import TTFont

    whole = site / "_static" / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.ttf"
    address = page_weight.subset(whole, {0xF03A, 0xF002, 0x41F})
    font = TTFont(BytesIO(b64decode(address.split("base64,")[1].split(")")[0])))
    assert set(font.getBestCmap()) == {0xF03A, 0xF002}
    assert "Font Awesome" in str(font["name"].getDebugName(0))
    assert page_weight.subset(whole, {0x41F}) == ""


def test_the_helper_purges_bundles_and_shortens(page_weight, tmp_path):
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    (static / "styles" / "theme.css").write_text(
        '@import "../basic.css"; .used { background: url(../a.png) } .unused { color: red }', "utf-8"
    )
    (static / "basic.css").write_text(
        ".used { margin: 1px } .made-by-script { margin: 2px } .made-later { margin: 3px }", "utf-8"
    )
    (static / "own.css").write_text(".nowhere { color: blue }", "utf-8")
    (static / "a.js").write_text('"use strict";\nconst one = "made-by-script";', "utf-8")
    (static / "b.js").write_text("undeclared = one;", "utf-8")
    (static / "c.js").write_text('const two = "made-later";', "utf-8")
    plot = '<svg role="img" aria-label="A line" style="display: none"><g id="line2d_1">{}</g></svg>'
    page = tmp_path / "page.html"
    page.write_text(
        '<p class="used">No word of these is unused: '
        + plot.format('<path d="M 1.234567 2.345678 \nL 3.456789 4.567891 \n"/>'),
        "utf-8",
    )
    page_weight.run_helper(
        static=str(static),
        sheets=["styles/theme.css", "own.css"],
        kept=["own.css"],
        scripts=["a.js", "b.js"],
        others=["c.js"],
        pages=[str(page)],
        styles="pages.css",
        script="pages.js",
    )
    styles = (static / "pages.css").read_text("utf-8")
    assert styles.index("margin:1px") < styles.index("url(a.png)") < styles.index(".nowhere")
    assert "made-by-script" in styles and "made-later" in styles
    assert "unused" not in styles
    # The first script's directive holds for it alone, as when they were two.
    assert (static / "pages.js").read_text("utf-8").startswith(";")
    html = page.read_text("utf-8")
    assert 'aria-label="A line"' in html and 'role="img"' in html and 'id="line2d_1"' in html
    assert "1.23 2.35" in html
    assert "1.234567" not in html


def test_a_failure_of_the_helper_says_why(page_weight, tmp_path):
    from sphinx.errors import ExtensionError

    with pytest.raises(ExtensionError, match=r"missing\.html"):
        page_weight.run_helper(
            static=str(tmp_path), pages=[str(tmp_path / "missing.html")], scripts=[], others=[], sheets=[]
        )


def test_a_formulas_font_is_there_in_two_parts_which_share_nothing(page_weight, site):
    from fontTools.ttLib import TTFont

    path = "figures/katex/fonts/KaTeX_AMS-Regular.woff2"
    rules = "".join(
        f'@font-face{{font-family:{name};src:url(figures/katex/fonts/{name}.woff2) format("woff2")}}'
        for name in page_weight.FONTS_OF_FORMULAS
    )
    page = '<span class="mord mathbb">ER</span><span class="mord">Z</span>'
    css = page_weight.embed_fonts(rules, site / "_static", [page])
    own, rest = (each for each in css.split("@font-face") if "KaTeX_AMS" in each)
    known, left = (set(each.split("unicode-range:")[1].strip("}").split(",")) for each in (own, rest))
    assert {"U+45", "U+52"} <= known and "U+5A" not in known and "U+5A" in left and not known & left
    assert path in rest and path not in own
    font = TTFont(BytesIO(b64decode(own.split("base64,")[1].split(")")[0])))
    assert {f"U+{point:X}" for point in font.getBestCmap()} == known


def test_formulas_wait_for_no_font(page_weight, chromium, site_url):
    # One that comes late moves what it stands in.
    asked, loaded = [], set()
    for address in ("book/invertible_maps/tools.html", "book/inference/evidence_bound.html"):
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site_url + address)
        page.evaluate("document.fonts.ready")
        faces = page.evaluate(
            "[...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family)"
        )
        loaded.update(faces)
        page.close()
    assert {name.split("-")[0] for name in page_weight.FONTS_OF_FORMULAS} <= loaded
    assert not [url for url in asked if "/fonts/" in url]


def test_a_packages_script_that_has_changed_fails_the_build(page_weight, tmp_path):
    from sphinx.errors import ExtensionError

    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "pydata-sphinx-theme.js").write_text("'another version'", "utf-8")
    task = {"sheets": [], "kept": [], "others": [], "pages": [], "styles": "a.css", "script": "a.js"}
    with pytest.raises(ExtensionError, match=r"pydata-sphinx-theme\.js has changed"):
        page_weight.run_helper(static=str(tmp_path), scripts=["scripts/pydata-sphinx-theme.js"], **task)
