"""Gather what is published into _build/site: the built book, its PDF, and an archive to read without a network.

python tools/published_site.py     (after `make book` and `make pdf`; `make site` does all three)

The front page of the published site links to both files; the built book alone does not, because it may lie where
they are not.
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

__all__ = ["gather", "pack"]

BUILD = Path(__file__).resolve().parent.parent / "_build"
NAME = "derivations-that-run"
FRONT = Path("book", "index.html")
FOOT = '<p class="edition">'
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the same site gives the same bytes


def pack(site: Path, archive: Path) -> None:
    """Write the files of a folder into a ZIP archive, below one folder with the archive's name."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.name != ".complete":
                entry = zipfile.ZipInfo(f"{archive.stem}/{path.relative_to(site).as_posix()}", EPOCH)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                packed.writestr(entry, path.read_bytes())


def gather(site: Path, pdf: Path, out: Path) -> None:
    """Put the site, the PDF and the site's archive into the folder `out`, which is made anew.

    Raises ValueError where one of them is missing; `out` is then as it was.
    """
    for path, command in ((site / ".complete", "make book"), (pdf, "make pdf")):
        if not path.is_file():
            raise ValueError(f"{path} is not there: run `{command}` first")
    front = (site / FRONT).read_text(encoding="utf-8")
    if front.count(FOOT) != 1:
        raise ValueError(f"{site / FRONT}: expected one {FOOT} at its foot, got {front.count(FOOT)}")
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(site, partial, ignore=shutil.ignore_patterns(".complete", ".doctrees", ".buildinfo"))
    archive = partial / f"{NAME}.zip"
    pack(site, archive)
    shutil.copyfile(pdf, partial / f"{NAME}.pdf")
    size = {path.suffix: path.stat().st_size / 1e6 for path in (archive, pdf)}
    links = (
        f'<p class="downloads">The whole book: <a href="../{NAME}.pdf">to print, as PDF</a> ({size[".pdf"]:.0f} MB); '
        f'<a href="../{NAME}.zip">this site as an archive</a>, to read without a network ({size[".zip"]:.0f} MB).</p>'
    )
    (partial / FRONT).write_text(front.replace(FOOT, links + FOOT), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)


def main() -> None:
    out = BUILD / "site"
    try:
        gather(BUILD / "html", BUILD / f"{NAME}.pdf", out)
    except ValueError as error:
        sys.exit(f"make site: {error}")
    print(f"To publish: {out}")


if __name__ == "__main__":
    main()
