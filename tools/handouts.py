"""Slides from a chapter, and exercises on paper: each in one file that needs no network and no server.

python tools/handouts.py slides games/index         (after `make book`; needs the tests' requirements)
python tools/handouts.py exercises [games/index]

Both are made from the built pages. What goes into the slides: the derivations in their compact form, a few lines a
slide, the figures, formulas that stand alone, and plots; the text becomes the speaker's notes. The exercises are what
the pages show without scripts, which holds no answer; the solutions go into a file of their own.
"""

from __future__ import annotations

import argparse
import base64
import copy
import json
import posixpath
import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from helpers.symbols import CHAPTERS
from helpers.widgets.exercises.hidden import rotated

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
SLIDES = ROOT / "_build" / "slides"
EXERCISES = ROOT / "_build" / "exercises"
PARTS = ROOT / "tools" / "handouts"  # styles and script

LINES = 4  # of a derivation on one slide; the last one opens the next
LEFT_OUT = ("exercises", "further-reading")
MIME = {".woff2": "font/woff2", ".png": "image/png", ".svg": "image/svg+xml"}
URL = re.compile(r"url\(['\"]?(?!['\"]?(?:data:|#))([^)'\"]+)['\"]?\)")

DOCUMENT = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="{kind}">
{body}
{scripts}
</body>
</html>
"""


class HandoutError(Exception):
    """Why nothing is written, in words."""


# One file.


def style(site: Path, name: str) -> str:
    """The book's style sheet with its fonts in it, and the handout's own."""
    folder = site / "_static"

    def embedded(match: re.Match) -> str:
        path = folder / match[1].partition("?")[0]
        if not path.is_file():
            return "none"
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        return f"url(data:{MIME[path.suffix]};base64,{data})"

    book = URL.sub(embedded, (folder / "pages.css").read_text(encoding="utf-8"))
    return f"{book}\n{(PARTS / f'{name}.css').read_text(encoding='utf-8')}"


def script(path: Path) -> str:
    """The script as an element of the page."""
    text = path.read_text(encoding="utf-8").replace("</script", r"<\/script")
    return f"<script>{text}</script>"


def article_of(site: Path, chapter: str) -> Tag:
    """What the chapter's page says."""
    path = site / "book" / f"{chapter}.html"
    if not path.is_file():
        known = ", ".join(chapter.page for chapter in CHAPTERS.values())
        raise HandoutError(f"CHAPTER: expected one of {known}, got {chapter!r}")
    article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article")
    for link in article.select("a.headerlink"):
        link.decompose()
    for link in article.select("a[href]"):
        if not re.match("https?://", link["href"]):
            link.unwrap()  # leads to another page, or to a place that is no longer there
    for late in article.select("[data-late]"):  # in the book, what is far away is laid out late
        del late["data-late"], late["style"]
    return article


# Slides.


def compacted(derivation: Tag) -> Tag:
    """The derivation as `Derivation.compact` gives it: no reasons, which the marks tell."""
    for folded in derivation.select(".derivation-by"):
        folded.decompose()
    for line in derivation.select(".derivation-line"):
        del line["id"]
        if reason := line.select_one(".derivation-reason"):
            if heard := reason.select_one(".derivation-heard"):
                heard.decompose()
            how = line.select_one(".derivation-how")
            how.insert(0, BeautifulSoup(f"{reason.decode_contents()}. ", "html.parser"))
            reason.decompose()
    derivation["class"] = [*derivation["class"], "derivation-compact"]
    del derivation["id"]
    return derivation


def groups(derivation: Tag) -> list[Tag]:
    """The compact derivation by groups of lines, each of which begins where the one before it ended."""
    lines = derivation.select("ol.derivation-lines > li")
    start, steps = lines[:1], lines[1:]
    if len(steps) <= LINES:
        return [derivation]
    found = []
    for first in range(0, len(steps), LINES):
        group = copy.copy(derivation)
        chain = group.select_one("ol.derivation-lines")
        chain.clear()
        if first:
            opening = copy.copy(steps[first - 1])
            opening["class"] = ["derivation-line", "derivation-start"]
            for part in opening.find_all("div", recursive=False):
                if "derivation-formula" not in part["class"]:
                    part.decompose()
            start = [opening]
        for line in [*start, *steps[first : first + LINES]]:
            chain.append(copy.copy(line))
        found.append(group)
    return found


def shown(block: Tag) -> Iterator[Tag]:
    """What of a block of the page is to be seen on slides, a part a slide."""
    classes = block.get("class", [])
    if "cell" in classes:
        for output in block.select(".cell_output > .output"):
            if output.select_one("[data-topic=exercises]"):
                continue
            if derivation := output.select_one("figure.derivation"):
                if derivation.select_one("ol.derivation-lines"):
                    yield from groups(compacted(derivation))
                else:
                    yield derivation  # a lemma
            elif "text_html" in output["class"]:
                yield output
    elif (
        "math" in classes or "tip" in classes or block.name in ("figure", "table")
    ) and block.name != "span":
        yield block


def slides(article: Tag) -> list[tuple[str, list[Tag], list[Tag]]]:
    """(heading as HTML, what is shown, notes) of every slide."""
    found: list[tuple[str, list[Tag], list[Tag]]] = []
    for section in article.find_all("section"):
        if any(part.get("id") in LEFT_OUT for part in (section, *section.find_parents("section"))):
            continue
        heading = section.find(re.compile("^h[1-6]$"), recursive=False)
        notes: list[Tag] = []
        own: list[tuple[str, list[Tag], list[Tag]]] = []
        title = heading.decode_contents()
        if heading.name == "h1":
            own.append((title, [], notes))
        for block in section.find_all(recursive=False):
            if block.name == "section" or block is heading:
                continue
            parts = list(shown(block))
            own += [(title, [part], notes if i == 0 else []) for i, part in enumerate(parts)]
            if parts:
                notes = []
            elif block.name in ("p", "ul", "ol", "dl"):
                notes.append(block)
        if not own:
            own = [(title, notes, [])]  # nothing but text: it is shown
        elif notes:
            own[-1][2].extend(note for note in notes if note not in own[-1][2])
        found += own
    return found


def write_slides(chapter: str, *, site: Path = SITE, out: Path = SLIDES) -> Path:
    """Write the chapter's slides; gives the file."""
    article = article_of(site, chapter)
    title = article.select_one("h1").get_text()
    parts = []
    for number, (heading, blocks, notes) in enumerate(slides(article), start=1):
        level = "h1" if number == 1 else "h2"
        content = "".join(map(str, blocks))
        aside = f'<aside class="notes" hidden>{"".join(map(str, notes))}</aside>' if notes else ""
        parts.append(
            f'<section class="slide" id="{number}"><{level}>{heading}</{level}>'
            f'<div class="content">{content}</div>{aside}</section>'
        )
    topics = dict.fromkeys(re.findall(r'data-topic="(\w+)"', "".join(parts)))
    figures = site / "_static" / "figures"
    # What the topics share is in page.js, which starts them when the page has been read.
    names = ["katex/katex.min.js", "page.js", *(f"{topic}.page.js" for topic in topics)] if topics else []
    scripts = [script(PARTS / "slides.js"), *(script(figures / name) for name in names)]
    page = DOCUMENT.format(
        title=escape(title),
        style=style(site, "slides"),
        kind="slides",
        body=f'<main class="bd-article">{"".join(parts)}</main>',
        scripts="\n".join(scripts),
    )
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{chapter.replace('/', '-')}.html"
    path.write_text(page, encoding="utf-8")
    return path


# Exercises.


def exercises(article: Tag) -> Iterator[tuple[str, str, str]]:
    """(title, task, solution) of each exercise, as HTML: task and solution share nothing but what the page shows."""
    for box in article.select("[data-widget=exercise], [data-widget=find-the-flaw]"):
        content = json.loads(box["data-initial"])["content"]
        for aside in box.select("noscript"):
            aside.decompose()
        title = box.select_one(".dtr-exercise-title").extract().decode_contents()
        task = box.decode_contents()
        if box["data-widget"] == "exercise":
            solution = rotated(content["solution"])
        else:
            hidden = json.loads(rotated(content["hidden"]))
            said = hidden["answers"][hidden["flaw"] - 1]
            solution = f"<p>Step {hidden['flaw']}. {said}</p>{hidden['repaired']}"
        yield title, task, solution


def write_exercises(
    chapter: str | None = None, *, site: Path = SITE, out: Path = EXERCISES
) -> tuple[Path, Path]:
    """Write the exercises of a chapter, or of all, and the solutions; gives both files."""
    pages = [chapter] if chapter else [each.page for each in CHAPTERS.values()]
    tasks, solutions = [], []
    for page in pages:
        article = article_of(site, page)
        heading = f"<h2>{article.select_one('h1').decode_contents()}</h2>"
        tasks.append(heading)
        solutions.append(heading)
        for title, task, solution in exercises(article):
            tasks.append(f'<section><h3>{title}</h3>{task}<div class="room"></div></section>')
            solutions.append(f"<section><h3>{title}</h3>{solution}</section>")
    name = chapter.replace("/", "-") if chapter else "all"
    out.mkdir(parents=True, exist_ok=True)
    typeset = [
        script(site / "_static" / "figures" / "katex" / "katex.min.js"),
        script(PARTS / "typeset.js"),
    ]
    sheet = style(site, "exercises")
    paths = []
    for kind, parts, scripts in (("exercises", tasks, []), ("solutions", solutions, typeset)):
        body = f'<main class="bd-article"><h1>{kind.capitalize()}</h1>{"".join(parts)}</main>'
        page = DOCUMENT.format(
            title=kind.capitalize(), style=sheet, kind=kind, body=body, scripts="\n".join(scripts)
        )
        path = out / f"{name}-{kind}.html"
        path.write_text(page, encoding="utf-8")
        paths.append(path)
    return paths[0], paths[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["slides", "exercises"])
    parser.add_argument("chapter", nargs="?", help="games/index")
    arguments = parser.parse_args()
    chapter = arguments.chapter and posixpath.normpath(arguments.chapter).removeprefix("book/")
    try:
        if arguments.what == "slides":
            if not chapter:
                raise HandoutError("CHAPTER: name a chapter, as in `make slides CHAPTER=games/index`")
            paths = [write_slides(chapter)]
        else:
            paths = write_exercises(chapter)
    except HandoutError as error:
        print(f"handouts: {error}", file=sys.stderr)
        return 1
    for path in paths:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
