"""Tests of the README on the page of a package index."""

from __future__ import annotations

import re
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from readme_renderer import markdown


@pytest.fixture(scope="module")
def page(wheel: Path) -> str:
    """The HTML that an index creates from the description in the wheel."""
    with ZipFile(wheel) as archive:
        (name,) = (it for it in archive.namelist() if it.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    assert metadata["Description-Content-Type"] == "text/markdown"
    text = metadata.get_payload(decode=True)
    assert isinstance(text, bytes)
    html = markdown.render(text.decode("utf-8"))
    assert html is not None
    return html


def test_the_page_shows_the_first_example_and_the_tables(page: str) -> None:
    assert '<span class="n">IdNamespaceAssociation</span>' in page
    assert "<table>" in page


def test_every_link_and_picture_leads_somewhere(page: str) -> None:
    addresses = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert addresses
    assert [it for it in addresses if not it.startswith(("https://", "#"))] == []


def test_the_page_shows_no_markup_as_text(page: str) -> None:
    text = re.sub(r"<pre.*?</pre>|<[^>]*>", "", page, flags=re.DOTALL)
    assert not re.search(r"\]\(|!\[|```|^#|\|--", text, re.MULTILINE)
