"""Tests that the site builds without warnings or broken links, and needs no network."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import cdk_cleanrooms
from tests.shared import made_once

from .pages import ROOT

_LOADED = {"img": "src", "link": "href", "script": "src", "source": "src", "iframe": "src"}


class _References(HTMLParser):
    """The references of a page: its anchors, its links, and the files that a browser loads."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.anchors.add(attributes.get("id") or "")
        if tag == "a":
            self.links.add(attributes.get("href") or "")
        elif tag in _LOADED:
            self.loaded.add(attributes.get(_LOADED[tag]) or "")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, _References]:
    """The pages of the site, which is built once for all tests in all processes."""
    html = made_once(tmp_path_factory, "site", _build) / "html"
    return {page: _References(page) for page in html.rglob("*.html")}


def _build(folder: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    result = subprocess.run(
        [*command, "-d", folder / "doctrees", ROOT / "docs", folder / "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_every_link_leads_somewhere(site: dict[Path, _References]) -> None:
    missing = []
    for page, references in site.items():
        for link in references.links | references.loaded:
            parts = urlsplit(link)
            if parts.scheme in ("https", "mailto"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchors = site[target].anchors if target in site else {""}
            if not target.exists() or (parts.fragment and parts.fragment not in anchors):
                missing.append(f"{page.name}: {link}")
    assert missing == []


def test_nothing_is_loaded_from_elsewhere(site: dict[Path, _References]) -> None:
    folder = min(site, key=lambda page: len(page.parts)).parent
    foreign = [link for one in site.values() for link in one.loaded if urlsplit(link).netloc]
    foreign += [
        str(style)
        for style in folder.rglob("*.css")
        if any(word in style.read_text(encoding="utf-8") for word in ("url(http", "@import"))
    ]
    assert foreign == []


def test_a_copy_button_leaves_out_the_prompt(site: dict[Path, _References]) -> None:
    folder = min(site, key=lambda page: len(page.parts)).parent
    script = (folder / "_static" / "copybutton.js").read_text(encoding="utf-8")
    assert "'.linenos, .gp, .go'" in script
    for page in site:
        consoles = page.read_text(encoding="utf-8").split('<div class="highlight-console')[1:]
        for console in consoles:
            shown = console.partition("</pre>")[0]
            assert '<span class="gp">$ </span>' in shown, page


def test_the_page_of_examples_shows_the_files_that_it_links(site: dict[Path, _References]) -> None:
    markdown = ROOT.joinpath("docs/examples.md").read_text(encoding="utf-8")
    linked = re.findall(r"^\[`(.*)`\]\(\.\./\1\)$", markdown, re.MULTILINE)
    (page,) = (page for page in site if page.name == "examples.html")
    html = page.read_text(encoding="utf-8")
    text = unescape(re.sub(r"<[^>]*>", "", html))
    assert linked
    for path in linked:
        assert ROOT.joinpath(path).read_text(encoding="utf-8").strip() in text, path


def test_the_page_of_the_api_has_every_public_name(site: dict[Path, _References]) -> None:
    (page,) = (references for page, references in site.items() if page.name == "api.html")
    assert {f"cdk_cleanrooms.{name}" for name in cdk_cleanrooms._MODULES} - page.anchors == set()


def test_the_page_of_examples_lists_every_example() -> None:
    page = ROOT.joinpath("docs/examples.md").read_text(encoding="utf-8")
    examples = [path.parent.name for path in ROOT.glob("examples/*/README.md")]
    assert [name for name in examples if f"`examples/{name}`" not in page] == []


def test_pictures_are_drawings_without_references() -> None:
    for picture in ROOT.glob("docs/images/*"):
        assert picture.suffix == ".svg"
        text = picture.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text
        assert "prefers-color-scheme: dark" in text
