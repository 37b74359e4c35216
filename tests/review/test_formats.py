"""Tests that text from templates, which is untrusted, has no effect in any format."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from cdk_cleanrooms._review.document import (
    Listing,
    Picture,
    Quoted,
    Section,
    Sentence,
    Table,
    listed,
    quoted,
)
from cdk_cleanrooms._review.formats.data import data
from cdk_cleanrooms._review.formats.html import html
from cdk_cleanrooms._review.formats.markdown import markdown
from cdk_cleanrooms._review.formats.mermaid import flowchart
from cdk_cleanrooms._review.formats.untrusted import visible
from cdk_cleanrooms._review.review import review

from .templates import (
    access_budget,
    association,
    collaboration,
    custom_rule,
    membership,
    resource,
    table,
    template,
    write,
)

_HOSTILE = [
    "<script>alert(1)</script>",
    "</code></pre><img src=x onerror=alert(1)>",
    "`code` ``more`` ```js",
    "``` \n# Heading\n| a | b |\n|---|---|",
    "[link](https://example.com) https://example.com www.example.com @somebody #1",
    "a | b \\| c",
    "**bold** _em_ ~~gone~~ $x$",
    "line\rone\u2028two\u202egnp",
    'quote" ]) --> n9["evil"]; click n0 "https://example.com"',
    "%%{init: {}}%%",
    "\ud800",
    " ",
    "`",
    "\u200b",
    "&lt;b&gt; &amp;",
]
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def hostile_app(text: str) -> dict[str, Any]:
    rule = custom_rule(
        AllowedAnalyses=["ANY_QUERY"],
        AllowedAnalysisProviders=[text],
        DisallowedOutputColumns=[text],
    )
    return template(
        {
            "Room": collaboration(Name=text, CreatorDisplayName=text),
            "Us": membership(),
            "Orders": table(rule, Name=text, AllowedColumns=[text]),
            "InRoom": association(Name=text),
            "Budget": access_budget(),
            "Query": resource(
                "AWS::CleanRooms::AnalysisTemplate",
                {"Name": text, "Format": text, "Source": {"Text": text}, text or "Odd": 1},
            ),
        }
    )


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def elements(text: str) -> _Elements:
    found = _Elements()
    found.feed(text)
    return found


@pytest.mark.parametrize("text", _HOSTILE, ids=repr)
def test_hostile_text_has_no_effect(text: str, tmp_path: Path) -> None:
    new = write(tmp_path, hostile_app(text), "new.json")
    old = write(tmp_path, hostile_app("plain"), "old.json")
    usual = review(old, against=old, format="html").text
    page = review(new, against=old, format="html").text
    assert elements(page).tags <= elements(usual).tags
    assert elements(page).attributes <= elements(usual).attributes
    shown = review(new, against=old, format="markdown").text
    rendered = elements(_MARKDOWN.render(shown))
    assert not rendered.tags & {"a", "img", "script", "em", "strong", "b"}
    for line in shown.splitlines():
        assert line.isprintable() or "\t" in line
    content = json.loads(review(new, against=old, format="json").text)
    assert content["changes"]


@pytest.mark.parametrize("text", _HOSTILE, ids=repr)
def test_a_flowchart_contains_only_its_own_signs(text: str) -> None:
    chart = flowchart(Picture([(text, "member"), ("b", "room")], [(0, 1, text)]))
    assert chart is not None
    lines = chart.splitlines()
    assert lines[0] == "flowchart LR"
    assert len(lines) == 4
    label = r'"[\w ,.\-/:…#;]*"'
    assert re.fullmatch(rf"  n0\(\[{label}\]\)", lines[1])
    assert re.fullmatch(rf"  n0 -->\|{label}\| n1", lines[3])
    # Only numbers of characters stand between the sign of a number and its end.
    assert re.sub(r"#\d+;", "", lines[1]).count("#") == 0


def test_a_large_picture_is_left_out() -> None:
    nodes = [(f"member {index}", "member") for index in range(41)]
    assert flowchart(Picture(nodes, [])) is None
    wide = [(f"{index}{'x' * 40}", "member") for index in range(40)]
    assert flowchart(Picture(wide, [])) is None
    few = flowchart(Picture([("x" * 50, "member")], []))
    assert few is not None
    assert "x" * 39 + "…" in few
    section = Section(("Flows",), [Picture(nodes, [])])
    assert "mermaid" not in markdown("Sheet", [section])


def test_markdown_of_each_block() -> None:
    section = Section(
        ("Tables",),
        [
            Sentence(("It has ", Quoted("a|b"), " * now"), ("Name", "Type")),
            Table(("A", "B"), [[(Quoted("a|b"),), ("-",)]], ("Name",)),
            Listing(("Text",), "SELECT 1\n```", ("Source.Text",)),
        ],
        [Section(("Inside",), [Sentence(("Words.",))])],
    )
    assert markdown("Sheet", [section]) == (
        "# Sheet\n\n"
        "## Tables\n\n"
        "It has `a|b` \\* now (`Name`, `Type`)\n\n"
        "| A | B |\n|---|---|\n| `a\\|b` | - |\n\n(`Name`)\n\n"
        "Text: (`Source.Text`)\n\n````text\nSELECT 1\n```\n````\n\n"
        "### Inside\n\nWords.\n"
    )


def test_json_of_each_block() -> None:
    section = Section(
        ("Tables",),
        [
            Sentence(("It has ", Quoted("a")), ("Name",)),
            Table(("A",), [[(Quoted("a"),)]], ("Name",)),
            Listing(("Text",), "SELECT 1", ("Source.Text",)),
            Picture([("a", "member"), ("b", "room")], [(0, 1, "is in")]),
        ],
        [Section(("Inside",))],
    )
    assert json.loads(data("Sheet", [section], (), ()))["sections"] == [
        {
            "title": "Tables",
            "content": [
                {"sentence": "It has a", "sources": ["Name"]},
                {"header": ["A"], "rows": [["a"]], "sources": ["Name"]},
                {"title": "Text", "text": "SELECT 1", "sources": ["Source.Text"]},
                {
                    "nodes": [{"label": "a", "kind": "member"}, {"label": "b", "kind": "room"}],
                    "edges": [{"from": 0, "to": 1, "label": "is in"}],
                },
            ],
            "sections": [{"title": "Inside", "content": [], "sections": []}],
        }
    ]


def test_a_page_has_no_scripts_and_needs_no_other_files() -> None:
    page = html("Sheet", [Section(("Words",), [Sentence(("Plain.",))])])
    assert "default-src 'none'" in page
    assert elements(page).tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "section",
        "p",
    }
    assert not re.search(r"\b(src|href)=|url\(", page)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("客户 é", "客户 é"),
        ("a\nb\tc", "a\\u000ab\\u0009c"),
        ("\u202e", "\\u202e"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_hidden_characters_become_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible("a\nb", keep="\n") == "a\nb"


def test_values_are_quoted_with_what_decides_them() -> None:
    assert quoted(None) == quoted("") == ("(nothing)",)
    assert listed(()) == ("nobody",)
    assert listed(["a", "b"]) == ("a", ", ", "b")
