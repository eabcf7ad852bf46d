"""Print the built book into one PDF: title page, contents, all chapters, appendices.

python tools/pdf.py [--out FILE] [--only PAGE ...]    (after `make book`; needs Chromium and the tests' requirements)

Each chapter's page is printed by itself, beginning with the page number at which the one before it ended; then all
are joined, and links that lead from one to another are given their targets. Where the site has a list of what stands
on a page below (`data-on-paper`), paper has that itself. What is missing, blank or wider than the paper stops it, and
no file is written.
"""

from __future__ import annotations

import argparse
import html
import io
import posixpath
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from chromium import FLAGS, NoChromiumError, find_chromium
from in_page import ALIVE, TWO_FRAMES
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
OUT = ROOT / "_build" / "derivations-that-run.pdf"
PAPER = ROOT / "tools" / "paper"

OLDEST = 131  # the first Chromium that writes in a page's margins

# The reference of the package is for whoever writes code with it, at a screen.
LEFT_OUT = "book/appendix/helpers"
ON_PAPER = re.compile(r'data-on-paper="([^"]*)"')  # a list's, the address of the page that paper has instead
INSIDE = "https://inside.invalid/#"  # stands before a target's name in links until the chapters are joined


class PrintError(Exception):
    """What is wrong with the book on paper, in words."""


@dataclass
class Chapter:
    """A printed chapter: its headings as the page has them, and its pages, the first of which has number `start`."""

    part: str | None
    text: str
    html: str
    name: str
    sections: list[dict]
    start: int
    pdf: PdfReader


def contents_of(toc: Path) -> list[tuple[str | None, str]]:
    """(part, page) of everything that is printed, in the book's order."""
    toc = yaml.safe_load(toc.read_text(encoding="utf-8"))
    pages = [(None, toc["root"])]
    pages += [(part["caption"], chapter["file"]) for part in toc["parts"] for chapter in part["chapters"]]
    return [(part, page) for part, page in pages if not page.startswith(LEFT_OUT)]


def pages_below(site: Path, name: str) -> list[str]:
    """The addresses of the pages that paper has in place of a page's lists."""
    text = (site / f"{name}.html").read_text(encoding="utf-8")
    return [posixpath.join(posixpath.dirname(name), html.unescape(link)) for link in ON_PAPER.findall(text)]


def css_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def print_page(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def print_chapter(browser: Browser, site: Path, name: str, *, part: str | None, names: dict, start: int):
    """The chapter and the number of its figures' pictures."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.set_default_timeout(300_000)
    page.goto((site / f"{name}.html").as_uri())
    page.wait_for_function(ALIVE)
    below = {
        (site / address).as_uri(): (site / address).read_text("utf-8") for address in pages_below(site, name)
    }
    if 0 in page.evaluate((PAPER / "entries.js").read_text(encoding="utf-8"), below):
        raise PrintError(f"{name}: a list that leads to no entry")
    if below:
        page.evaluate(TWO_FRAMES)
        page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate(TWO_FRAMES)
    found = page.evaluate(
        (PAPER / "chapter.js").read_text(encoding="utf-8"),
        {
            "prefix": names[f"{name}.html"],
            "pages": names,
            "site": f"{site.resolve().as_uri()}/",
            "inside": INSIDE,
        },
    )
    if found["wrong"]:
        raise PrintError(f"{name}: " + "; ".join(found["wrong"][:5]))
    if part is not None:
        page.evaluate(
            """(part) => {
                const line = document.createElement("p");
                line.className = "book-part";
                line.textContent = part;
                document.querySelector("article h1").before(line);
            }""",
            part,
        )
    page.add_style_tag(content=(PAPER / "book.css").read_text(encoding="utf-8"))
    page.add_style_tag(
        content=f"html {{ counter-reset: page {start - 1} }} "
        f"@page {{ @top-right {{ content: {css_string(found['text'])} }} }}"
    )
    pdf = print_page(page)
    page.close()
    chapter = Chapter(part, found["text"], found["html"], found["name"], found["sections"], start, pdf)
    return chapter, found["pictures"]


def places(chapter: Chapter) -> dict[str, int]:
    """The number of the page on which each of the chapter's places lies."""
    destinations = chapter.pdf.named_destinations
    return {
        name.lstrip("/"): chapter.start + chapter.pdf.get_destination_page_number(place)
        for name, place in destinations.items()
    }


def edition(site: Path) -> str:
    """What the site says at the foot of its pages: version, date and commit."""
    page = BeautifulSoup((site / "book" / "index.html").read_text(encoding="utf-8"), "html.parser")
    return page.select_one(".edition").get_text().rstrip(".")


def front_matter(browser: Browser, site: Path, chapters: list[Chapter], whole: bool) -> PdfReader:
    """Title page, imprint and contents."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    entry = '<a href="{inside}{name}"><span>{html}</span><span>{page}</span></a>'
    lines, part = [], None
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            lines.append(f"<h3>{html.escape(part)}</h3>")
        page_of = places(chapter)
        lines.append(
            '<div class="book-entry">'
            + entry.format(inside=INSIDE, name=chapter.name, html=chapter.html, page=chapter.start)
            + '<div class="book-sections">'
            + "".join(entry.format(inside=INSIDE, **s, page=page_of[s["name"]]) for s in chapter.sections)
            + "</div></div>"
        )
    text = (PAPER / "front.html").read_text(encoding="utf-8")
    styles = ("figures/theme.css", "figures/katex/katex.min.css", "print.css")
    fields = {
        "STYLES": "".join(
            f'<link rel="stylesheet" href="{(site / "_static" / s).as_uri()}">' for s in styles
        ),
        "CSS": (PAPER / "book.css").read_text(encoding="utf-8"),
        "TITLE": html.escape(config["title"]),
        "AUTHOR": html.escape(config["author"]),
        "EDITION": html.escape(edition(site) if whole else f"{edition(site)}, in part"),
        "CONTENTS": "\n".join(lines),
    }
    for name, value in fields.items():
        text = text.replace(f"@{name}@", value)
    with tempfile.TemporaryDirectory() as folder:
        # A page from memory may not read the site's files; one from a file may.
        file = Path(folder) / "front.html"
        file.write_text(text, encoding="utf-8")
        page = browser.new_page()
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready.then(() => null)")
        return print_page(page)


def join(front: PdfReader, chapters: list[Chapter]) -> PdfWriter:
    """One document, with bookmarks, numbered as it is printed, and links that lead to their places."""
    writer = PdfWriter()
    writer.append(front, import_outline=False)
    lead = len(front.pages)
    for chapter in chapters:
        writer.append(chapter.pdf, import_outline=False)
    known = set(writer.named_destinations)
    for page in writer.pages:
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            address = str(link.get("/A", {}).get("/URI", ""))
            if address.startswith(INSIDE):
                place = f"/{address[len(INSIDE) :]}"
                # What is inside a figure on a screen has no place on paper: to the chapter's beginning.
                target = TextStringObject(place if place in known else place.partition("--")[0])
                go = {NameObject("/S"): NameObject("/GoTo"), NameObject("/D"): target}
                link[NameObject("/A")] = DictionaryObject(go)
    part = above = None
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            above = writer.add_outline_item(title=part, page_number=lead + chapter.start - 1)
        item = writer.add_outline_item(title=chapter.text, page_number=lead + chapter.start - 1, parent=above)
        page_of = places(chapter)
        for section in chapter.sections:
            page = lead + page_of[section["name"]] - 1
            writer.add_outline_item(title=section["text"], page_number=page, parent=item)
    writer.set_page_label(0, lead - 1, style="/r")
    writer.set_page_label(lead, len(writer.pages) - 1, style="/D", start=1)
    return writer


def make_pdf(site: Path, out: Path, only: list[str] | None = None) -> None:
    """Print the site's book, or the pages `only` of it, into the file `out`; `PrintError` says what is wrong."""
    if not (site / ".complete").is_file():
        raise PrintError("the book is not built: run `make book` first")
    wanted = contents_of(ROOT / "_toc.yml")
    if only is not None:
        if unknown := sorted(set(only) - {page for _, page in wanted}):
            raise PrintError(
                f"got the page {unknown[0]}, expected among those of _toc.yml, such as {wanted[1][1]}"
            )
        wanted = [(part, page) for part, page in wanted if page in only]
    if missing := [page for _, page in wanted if not (site / f"{page}.html").is_file()]:
        raise PrintError(f"{missing[0]}: not among the built pages, run `make book`")
    names = {f"{page}.html": f"chapter-{number}" for number, (_, page) in enumerate(wanted)}
    names |= {below: names[f"{page}.html"] for _, page in wanted for below in pages_below(site, page)}
    began, start, pictures, chapters = time.monotonic(), 1, 0, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(playwright.chromium.executable_path), args=FLAGS
        )
        if int(browser.version.split(".")[0]) < OLDEST:
            raise PrintError(
                f"got Chromium {browser.version}, expected {OLDEST} or later: it numbers the pages"
            )
        for part, page in wanted:
            chapter, drawn = print_chapter(browser, site, page, part=part, names=names, start=start)
            chapters.append(chapter)
            pages = len(chapter.pdf.pages)
            print(f"{page}: {pages} pages from {start}, {drawn} pictures", flush=True)
            start, pictures = start + pages, pictures + drawn
        front = front_matter(browser, site, chapters, whole=only is None)
        browser.close()
    writer = join(front, chapters)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    writer.add_metadata({"/Title": config["title"], "/Author": config["author"], "/Subject": edition(site)})
    writer.compress_identical_objects()
    partial = out.with_suffix(".partial")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        writer.write(partial)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    size, seconds = out.stat().st_size / 1e6, time.monotonic() - began
    amounts = f"{len(writer.pages)} pages, {len(chapters)} chapters, {pictures} pictures of figures"
    print(f"{amounts}, {size:.1f} MB, {seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument(
        "--only", nargs="+", metavar="PAGE", help="print these pages only, such as book/games/index"
    )
    arguments = parser.parse_args()
    try:
        make_pdf(SITE, arguments.out, arguments.only)
    except (PrintError, NoChromiumError) as error:
        sys.exit(f"make pdf: {error}")
    print(f"The book on paper: {arguments.out}")


if __name__ == "__main__":
    main()
