"""The pages of the documentation, and the code blocks on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]

_markdown = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Block:
    """A fenced code block, and the `text` block directly below it, if there is one."""

    path: Path
    line: int
    language: str
    code: str
    output: str | None

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Return all Markdown pages of the project."""
    return sorted(
        [
            *ROOT.glob("*.md"),
            *ROOT.glob("docs/**/*.md"),
            *ROOT.glob("examples/**/README.md"),
        ]
    )


def blocks(*languages: str, path: Path | None = None) -> list[Block]:
    """Return the code blocks of one page or of all, in these languages or in any."""
    return [
        block
        for page in ([path] if path else pages())
        for block in _blocks_of(page)
        if not languages or block.language in languages
    ]


@cache
def _blocks_of(page: Path) -> list[Block]:
    found = []
    tokens = _markdown.parse(page.read_text(encoding="utf-8"))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type != "fence":
            continue
        has_output = following is not None and _language(following) == "text"
        found.append(
            Block(
                path=page,
                line=token.map[0] + 1 if token.map else 0,
                language=_language(token),
                code=token.content,
                output=following.content if following is not None and has_output else None,
            )
        )
    return found


def _language(token: Token) -> str:
    return token.info.strip() if token.type == "fence" else ""
