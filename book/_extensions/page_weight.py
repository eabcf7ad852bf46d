"""Sphinx extension: a page carries what it uses, in few requests.

The theme and the other extensions add twenty sheets and as many scripts to each page, most of them for what this book
has not. In the finished pages

- the sheets become one, of which the packages' rules that no page can use are left out (PurgeCSS), and which holds
  the letters of the formulas and of the icons the few that are used; a page's fonts are asked for as soon
  as this sheet is there, so that its text is drawn once and does not move;
- the scripts that all pages have become one; those that only some have stay; all are asked for when the page has been
  painted, for until then they would only share the line with it;
- what does nothing here is left out: icons drawn by a script, tabs, the search outside its page, and in code the
  marks of what has the colour of the text;
- plots are written with fewer digits (SVGO).

Nothing is taken from what a page shows, says or prints.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

__all__ = ["Page", "embed_fonts", "joined", "setup", "subset"]

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table that it leaves out

HELPER = Path(__file__).with_suffix(".mjs")
OWN = Path(__file__).parent.parent / "_static"

STYLES, SCRIPT = "pages.css", "pages.js"

ROOT = re.compile(r'<html\b[^>]*\bdata-content_root="([^"]*)"')
SHEET = re.compile(r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]+)"[^>]*>\n?')
LINKED_SCRIPT = re.compile(r'[ \t]*<script\b[^>]*\bsrc="([^"]+)"[^>]*></script>\n?')
ICON = re.compile(r'<(i|span) class="(?=[^"]*\bfa-)')
CODE = re.compile(r"(?<=<pre>)<span></span>.*?(?=</pre>)", re.DOTALL)  # as Pygments begins it
# Names, signs and spaces: more than half of the marks of a chapter's code, and its parts in the page's tree.
PLAIN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
PRELOADED_SCRIPT = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')

# Scripts that only a page needs in which this stands.
NEEDED_BY = {
    name: re.compile(sign)
    for name, sign in {
        "scripts/fontawesome.js": r"(?!)",  # nothing: the icons are a font
        "design-tabs.js": r'class="[^"]*\bsd-tab-set\b',
        "togglebutton.js": r'class="(?:[^"]* )?(?:toggle|admonition [^"]*dropdown)[ "]',
        "searchtools.js": r'id="search-results"',
        "language_data.js": r'id="search-results"',
        "../searchindex.js": r'id="search-results"',
    }.items()
}
SETTINGS = (
    "documentation_options.js"  # a few lines, which scripts in the page go on with: they stand in the page
)

FORMULAS = "figures/katex/fonts/"


def _letters_of(classes: str) -> re.Pattern[str]:
    """What stands in elements of a class, or in the first child of one."""
    return re.compile(rf'class="[^"]*\b(?:{classes})\b[^"]*"[^>]*>(?:<span[^>]*>)?([^<]+)<')


# The fonts of the book's formulas: where in the pages their characters stand. All letters of the italic one are used.
FONTS_OF_FORMULAS = {
    "KaTeX_Main-Regular": re.compile(r"(.+)"),
    "KaTeX_Main-Bold": _letters_of("mathbf"),
    "KaTeX_Math-Italic": None,
    "KaTeX_AMS-Regular": _letters_of("mathbb|amsrm"),
    "KaTeX_Caligraphic-Regular": _letters_of("mathcal"),
    "KaTeX_Size1-Regular": _letters_of("small-op|delimsizing size1|delim-size1"),
    "KaTeX_Size2-Regular": _letters_of("large-op|delimsizing size2"),
    "KaTeX_Size3-Regular": _letters_of("delimsizing size3"),
    "KaTeX_Size4-Regular": _letters_of("delimsizing size4|delim-size4"),
}
WHOLE_FONTS = Path(__file__).parents[2] / "node_modules" / "katex" / "dist" / "fonts"
# Signs that a page has letters of a font, which a browser would look for only when it lays them out. (A link that
# loads a font ahead is refused from disk.)
FONTS = {
    '900 1em "Font Awesome 6 Free"': ICON.pattern,
    "1em KaTeX_Main": r'class="katex"',
    "italic 1em KaTeX_Math": r'class="katex"',
    "bold 1em KaTeX_Main": r'class="[^"]*\bmathbf\b',
    "1em KaTeX_AMS": r'class="[^"]*\b(?:mathbb|amsrm)\b',
    "1em KaTeX_Caligraphic": r'class="[^"]*\bmathcal\b',
    "1em KaTeX_Size1": r'class="[^"]*\b(?:small-op|delimsizing size1|delim-size1)\b',
    "1em KaTeX_Size2": r'class="[^"]*\b(?:large-op|delimsizing size2)\b',
    "1em KaTeX_Size3": r'class="[^"]*\bdelimsizing size3\b',
    "1em KaTeX_Size4": r'class="[^"]*\b(?:delimsizing size4|delim-size4)\b',
}
# The theme's script finds out later whether the reader likes it dark; the page would change its face.
THEME = (
    "<script>((root) => { if (root.theme === 'auto') root.theme = "
    "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'; })"
    "(document.documentElement.dataset);</script>"
)
# A hidden page is not painted, and does not wait for it. Until the last script has run, the root has `data-scripts`.
RUN_LATER = """<script>((root, addresses) => {
  root.dataset.scripts = "awaited";
  const run = () => addresses.forEach((src, i) => {
    const script = Object.assign(document.createElement("script"), { src, async: false });
    if (i === addresses.length - 1) script.onload = script.onerror = () => root.removeAttribute("data-scripts");
    document.head.append(script);
  });
  const soon = () => (document.hidden ? run() : requestAnimationFrame(() => setTimeout(run)));
  document.addEventListener("DOMContentLoaded", soon);
})(document.documentElement, ADDRESSES);</script>"""
LOAD_FONTS = "<script>for (const font of {}) document.fonts.load(font);</script>"
ICONS = re.compile(r"@font-face\s*\{[^}]*?url\(([^)]*/webfonts/(fa-[^)/]*)\.woff2)\)[^}]*\}")
CODE_POINT = re.compile(r"\\([ef][0-9a-f]{3})\b")


class Page:
    """A finished page: the sheets and scripts that it asks for, by their names below `_static`."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root = ROOT.search(html)[1]
        self.sheets = [self._name(url) for url in SHEET.findall(html)]
        self.scripts = list(dict.fromkeys(map(self._name, LINKED_SCRIPT.findall(html))))

    def _name(self, url: str) -> str:
        path = url.split("?")[0].removeprefix(self.root)
        return path.removeprefix("_static/") if path.startswith("_static/") else f"../{path}"

    def needs(self, script: str) -> bool:
        """Whether anything in the page may use the script."""
        return script not in NEEDED_BY or NEEDED_BY[script].search(self.html) is not None

    def lightened(self, common: list[str], addresses: dict[str, str], settings: str) -> str:
        """The page with one sheet, the script of all pages and its own scripts, all of which run after it is painted.

        `addresses` gives that of each file with its checksum, `settings` the script that the page holds itself.
        """
        own = [name for name in self.scripts if name not in common and name != SETTINGS and self.needs(name)]
        head = [THEME, f'<link rel="stylesheet" href="{self.root}{addresses[STYLES]}" />']
        fonts = [font for font, sign in FONTS.items() if re.search(sign, self.html)]
        head += [LOAD_FONTS.format(json.dumps(fonts))] if fonts else []
        head += [f"<script>{settings}</script>"] if SETTINGS in self.scripts else []
        scripts = [self.root + addresses[name] for name in (SCRIPT, *own)]
        if "searchtools.js" in own:
            # It starts as soon as the page is read, after what this book's script says to it. Its index is large: the
            # page is painted meanwhile.
            head += [
                f'<script{" defer" if "searchindex" in each else ""} src="{each}"></script>'
                for each in scripts
            ]
        else:
            head += [RUN_LATER.replace("ADDRESSES", json.dumps(scripts))]
        html = PRELOADED_SCRIPT.sub("", LINKED_SCRIPT.sub("", self.html))
        html = CODE.sub(lambda code: PLAIN.sub(r"\1", code[0]), html)
        html = ICON.sub(r'<\1 aria-hidden="true" class="', html)  # a letter that nobody could read aloud
        first = SHEET.search(html).start()
        html = html[:first] + SHEET.sub("", html[first:])
        return f"{html[:first]}    " + "\n    ".join(head) + f"\n{html[first:]}"


def joined(lists: list[list[str]]) -> list[str]:
    """All names of these lists, each once, in an order that agrees with each list where they agree."""
    order: list[str] = []
    for names in lists:
        place = 0
        for name in names:
            if name in order:
                place = order.index(name) + 1
            else:
                order.insert(place, name)
                place += 1
    return order


def embed_fonts(css: str, static: Path, pages: Iterable[str]) -> str:
    """The sheet with fonts in it: of formulas what the pages have, of icons what the sheet names.

    What else a formula's font has, a browser still fetches when a page comes to need it.
    """
    points = {int(code, 16) for code in CODE_POINT.findall(css)}

    def icons(match: re.Match[str]) -> str:
        font = subset(static / match[1].replace(".woff2", ".ttf"), points)
        face = re.sub(r"src:[^;}]*(?:,[^;}]*)*", f"src:{font}", match[0]) if font else ""
        return face

    css = ICONS.sub(icons, css)
    for name, characters in FONTS_OF_FORMULAS.items():
        path = f"{FORMULAS}{name}.woff2"
        if characters is None:
            css = css.replace(f"url({path})", _data("woff2", (static / path).read_bytes()))
            continue
        # A space is what a browser tries when it is told to load a font.
        wanted = {ord(character) for page in pages for text in characters.findall(page) for character in text}
        css = _with_subset(css, path, WHOLE_FONTS / f"{name}.ttf", wanted | set(map(ord, " \xa0\u200b")))
    return css


def _with_subset(css: str, path: str, font: Path, wanted: set[int]) -> str:
    """The sheet whose rule for the font at `path` becomes two: the characters that are wanted, and the others."""
    rule = re.search(r"@font-face\{[^}]*url\(" + re.escape(path) + r"\)[^}]*\}", css)
    if rule is None:
        raise ExtensionError(f"no rule for {path} in the sheet of all pages")
    with TTFont(font, recalcTimestamp=False) as whole:
        known = whole.getBestCmap().keys()
    ranges = [
        ",".join(f"U+{point:X}" for point in sorted(points)) for points in (known & wanted, known - wanted)
    ]
    face = re.sub(r"src:[^;}]*", f"src:{subset(font, wanted, layout=['*'])}", rule[0])
    both = [
        f"{each[:-1]};unicode-range:{points}}}" for each, points in zip((face, rule[0]), ranges, strict=True)
    ]
    return css.replace(rule[0], "".join(both))


def subset(font: Path, points: set[int], layout: Sequence[str] = ()) -> str:
    """The font with these code points alone, as an address that holds it; empty, where it has none of them.

    `layout` names the OpenType features that are kept.
    """
    with TTFont(font, recalcTimestamp=False) as whole:
        if not points & whole.getBestCmap().keys():
            return ""
        # The names hold the licence. Hints make small letters sharp; delimiters are large, and half of their font is
        # hints.
        kept = {"name_IDs": ["*"], "layout_features": list(layout), "hinting": "_Size" not in font.stem}
        subsetter = Subsetter(Options(notdef_outline=True, **kept))
        subsetter.populate(unicodes=points)
        subsetter.subset(whole)
        whole.flavor = "woff2"
        buffer = io.BytesIO()
        whole.save(buffer, reorderTables=None)
    return f'{_data("woff2", buffer.getvalue())} format("woff2")'


def _data(kind: str, content: bytes) -> str:
    return f"url(data:font/{kind};base64,{base64.b64encode(content).decode()})"


def lighten(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    files = [file for file in sorted(Path(app.outdir).rglob("*.html")) if static not in file.parents]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    # Some have no theme: the root, which leads on, and the page for wrong addresses, which holds its style itself.
    pages = {file: Page(text) for file, text in texts.items() if ROOT.search(text) and SHEET.search(text)}
    needed = {name for page in pages.values() for name in page.scripts if page.needs(name)}
    common = [
        name
        for name in joined([page.scripts for page in pages.values()])
        if name != SETTINGS and all(name in page.scripts and page.needs(name) for page in pages.values())
    ]
    sheets = joined([page.sheets for page in pages.values()])
    own = {path.name for path in OWN.glob("*.css")} | {"derivation.css"}
    figures = {f"figures/{path.name}" for path in (static / "figures").glob("*.js")}
    run_helper(
        static=str(static),
        sheets=sheets,
        kept=[name for name in sheets if name in own or name.startswith("figures/")],
        scripts=common,
        others=sorted({*needed, *figures} - {*common, SETTINGS}),
        pages=list(map(str, pages)),
        styles=STYLES,
        script=SCRIPT,
    )
    styles = static / STYLES
    css = embed_fonts(styles.read_text(encoding="utf-8"), static, [texts[file] for file in pages])
    styles.write_text(css, encoding="utf-8")
    addresses = {name: _address(static, name) for name in {STYLES, SCRIPT, *needed}}
    settings = (static / SETTINGS).read_text(encoding="utf-8").strip()
    for file in pages:
        page = Page(file.read_text(encoding="utf-8"))  # anew: its plots are lighter now
        file.write_text(page.lightened(common, addresses, settings), encoding="utf-8")


def _address(static: Path, name: str) -> str:
    file = static / name
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    path = name.removeprefix("../") if name.startswith("../") else f"_static/{name}"
    return f"{path}?v={checksum}"


def run_helper(**task: object) -> None:
    """Run `page_weight.mjs` on a task."""
    node = shutil.which("node")
    if node is None:
        raise ExtensionError("Node.js is needed to make the pages light: put `node` on PATH")
    done = subprocess.run([node, HELPER], input=json.dumps(task), capture_output=True, text=True)
    if done.returncode != 0:
        raise ExtensionError(f"the pages could not be made light:\n{done.stderr}")


def setup(app: Sphinx) -> dict:
    # After all others have finished the pages.
    app.connect("build-finished", lighten, priority=900)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
