"""What `make site` gathers for publishing, and what the pages say of the edition."""

import importlib.util
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from published_site import gather, pack

import helpers

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def small(tmp_path) -> Path:
    folder = tmp_path / "html"
    for name, text in {
        ".complete": "",
        ".nojekyll": "",
        "index.html": "leads on",
        "book/index.html": '<footer><p class="edition">Edition 1.</p></footer>',
        "_static/a.js": "a" * 5000,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_the_published_site_holds_the_book_its_pdf_and_an_archive_without_them(small, tmp_path):
    pdf, out = tmp_path / "book.pdf", tmp_path / "site"
    pdf.write_bytes(b"%PDF")
    gather(small, pdf, out)
    front = (out / "book" / "index.html").read_text()
    links = re.findall(r'href="([^"]*)"', front)
    assert [(out / "book" / link).resolve().name for link in links] == [
        "derivations-that-run.pdf",
        "derivations-that-run.zip",
    ]
    assert all((out / "book" / link).resolve().is_file() for link in links)
    assert (out / ".nojekyll").is_file() and not (out / ".complete").exists()
    with zipfile.ZipFile(out / "derivations-that-run.zip") as archive:
        names = {name.removeprefix("derivations-that-run/") for name in archive.namelist()}
        assert names == {".nojekyll", "index.html", "book/index.html", "_static/a.js"}
        # Its pages lie where those two files are not.
        assert b"downloads" not in archive.read("derivations-that-run/book/index.html")


def test_the_same_site_gives_the_same_archive(small, tmp_path):
    pack(small, tmp_path / "first.zip")
    for path in small.rglob("*"):
        os.utime(path, (10**9, 10**9))
    (tmp_path / "other").mkdir()
    pack(small, tmp_path / "other" / "first.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "other" / "first.zip").read_bytes()


def test_what_is_missing_is_named_and_the_last_site_stays(small, tmp_path):
    pdf, out = tmp_path / "book.pdf", tmp_path / "site"
    out.mkdir()
    (out / "kept").write_text("")
    with pytest.raises(ValueError, match="run `make pdf` first"):
        gather(small, pdf, out)
    pdf.write_bytes(b"%PDF")
    (small / ".complete").unlink()
    with pytest.raises(ValueError, match="run `make book` first"):
        gather(small, pdf, out)
    (small / ".complete").write_text("")
    (small / "book" / "index.html").write_text("no foot")
    with pytest.raises(ValueError, match="expected one"):
        gather(small, pdf, out)
    assert [path.name for path in out.iterdir()] == ["kept"]


class TestEdition:
    @pytest.fixture
    def told(self):
        path = ROOT / "book" / "_extensions" / "edition.py"
        spec = importlib.util.spec_from_file_location("edition", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.told

    @pytest.fixture
    def repository(self, tmp_path) -> Path:
        folder = tmp_path / "repository"
        folder.mkdir()
        (folder / "a.md").write_text("a")
        identity = ("-c", "user.name=x", "-c", "user.email=x@invalid")
        for arguments in (("init",), ("add", "a.md"), (*identity, "commit", "--message=first")):
            subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)
        return folder

    def test_it_names_the_commit_and_whether_something_has_changed(self, told, repository):
        head = subprocess.run(
            ["git", "-C", repository, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        line = told(repository)
        assert re.fullmatch(rf"Edition {helpers.__version__}, \d{{4}}-\d\d-\d\d, commit ([0-9a-f]+)", line)
        assert head.startswith(line.split()[-1])
        (repository / "a.md").write_text("b")
        assert told(repository) == f"{line} and changes since"
        assert f'<a href="https://example.org/x/commit/{head}">' in told(repository, "https://example.org/x/")

    def test_a_folder_without_git_has_an_edition_alone(self, told, repository, tmp_path):
        assert told(tmp_path) == f"Edition {helpers.__version__}"
        unpacked = repository / "unpacked"  # in another project's repository
        unpacked.mkdir()
        assert told(unpacked) == f"Edition {helpers.__version__}"


def test_the_edition_is_the_same_everywhere():
    for name, pattern in (
        ("pyproject.toml", r'^version = "(.*)"$'),
        ("CITATION.cff", r"^version: (.*)$"),
        ("CHANGELOG.md", r"^## ([\d.]+)"),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.search(pattern, text, re.MULTILINE)[1] == helpers.__version__, name


def test_every_page_says_its_edition(site):
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    for page in pages:
        if page.relative_to(site).as_posix() in ("index.html", "404.html"):
            continue  # the one leads on, the other holds itself
        found = re.findall(r'<p class="edition">Edition ([\d.]+)', page.read_text(encoding="utf-8"))
        assert found == [helpers.__version__], page
    assert (site / ".nojekyll").is_file()
