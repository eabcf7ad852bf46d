"""The bibliography: each work is cited, and stands once in the list, to which the citations lead."""

import re

from pybtex.database import parse_file


def keys_cited(text: str) -> set[str]:
    return {
        key.strip() for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]*)`", text) for key in keys.split(",")
    }


def test_every_work_is_cited_and_every_citation_has_its_work(root):
    pages = [path for path in (root / "book").rglob("*.md") if not path.name.startswith("_")]
    cited = set().union(*(keys_cited(path.read_text(encoding="utf-8")) for path in pages))
    assert cited == set(parse_file(str(root / "book" / "references.bib")).entries)


def test_keys_cited():
    assert keys_cited("{cite:t}`a2001`, {cite:p}`b2002, c2003` and `d2004`") == {"a2001", "b2002", "c2003"}


def test_the_list_has_every_work_once(root, site):
    works = parse_file(str(root / "book" / "references.bib")).entries
    html = (site / "book/appendix/references.html").read_text(encoding="utf-8")
    listed = re.findall(r'<div class="citation" id="([^"]*)".*?<p>(.*?)</p>', html, flags=re.DOTALL)
    assert len(listed) == len(works)
    plain = [re.sub(r"<[^>]*>", "", text) for _, text in listed]
    for work in works.values():
        family = re.sub(r"[{}\\']", "", work.persons["author"][0].last_names[-1])
        year = work.fields["year"]
        # Who stands first, as a whole word: "Ho" is not in "Hoogeboom", and coauthors have works of their own.
        first = [re.split(r",| and ", text)[0] for text in plain]
        found = [
            bool(re.search(rf"\b{family}\b", name)) and year in text
            for name, text in zip(first, plain, strict=True)
        ]
        same = [other for other in works.values() if _mark(other) == _mark(work)]
        assert sum(found) == len(same), work.key
    pages = [path.read_text(encoding="utf-8") for path in (site / "book").rglob("*.html")]
    links = {
        key for html in pages for key in re.findall(r'href="\.\./appendix/references\.html#([^"]*)"', html)
    }
    assert links == {identifier for identifier, _ in listed}


def _mark(work) -> tuple:
    """First author and year: two works may have both."""
    return work.persons["author"][0], work.fields["year"]
