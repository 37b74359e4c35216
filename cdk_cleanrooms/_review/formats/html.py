"""Write the sheet as one file of HTML, without scripts, pictures or other files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ..document import Block, Listing, Quoted, Section, Sentence, Table, Text
from .untrusted import visible

_STYLE = """\
:root { color-scheme: light dark; --line: #c9ced6; --soft: #f3f5f8; --quiet: #56606e; }
@media (prefers-color-scheme: dark) {
  :root { --line: #454c57; --soft: #22262d; --quiet: #a7b0bd; }
}
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; padding-bottom: .25rem; }
p { margin: .4rem 0; overflow-wrap: anywhere; }
code { background: var(--soft); border-radius: .2rem; font-size: .9em; padding: .05em .25em;
  overflow-wrap: anywhere; white-space: pre-wrap; }
small, small code { color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: .6rem 0 .2rem; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left;
  vertical-align: top; min-width: 5.5rem; }
th { background: var(--soft); }
details { margin: .6rem 0; overflow-wrap: anywhere; }
pre { background: var(--soft); overflow-x: auto; padding: .6rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
@media print {
  body { font-size: 10pt; max-width: none; }
  h2, h3, h4 { break-after: avoid; }
  tr { break-inside: avoid; }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  th, td { min-width: 3rem; }
}
"""
_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>"""


def html(title: str, sections: Sequence[Section]) -> str:
    """Return the sheet.

    Args:
        title: The heading.
        sections: The sections.

    Returns:
        The text, which ends with a line break.
    """
    lines = [_HEAD.format(title=escape(title), style=_STYLE)]
    for section in sections:
        lines += _section(section, 2)
    return "\n".join([*lines, "</body>", "</html>", ""])


def _section(section: Section, level: int) -> Iterator[str]:
    name = f"h{min(level, 6)}"
    yield "<section>"
    yield f"<{name}>{_words(section.title)}</{name}>"
    for block in section.blocks:
        yield from _block(block)
    for each in section.sections:
        yield from _section(each, level + 1)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Sentence():
            yield f"<p>{_words(block.words)}{_sources(block.sources)}</p>"
        case Table():
            yield '<div class="wide"><table>'
            header = "".join(f"<th>{escape(it)}</th>" for it in block.header)
            yield f"<thead><tr>{header}</tr></thead>"
            yield "<tbody>"
            for row in block.rows:
                yield f"<tr>{''.join(f'<td>{_words(cell)}</td>' for cell in row)}</tr>"
            yield "</tbody></table></div>"
            if block.sources:
                yield f"<p>{_sources(block.sources).strip()}</p>"
        case Listing():
            yield f"<details open><summary>{_words(block.title)}{_sources(block.sources)}</summary>"
            content = visible(block.content, keep="\n\t")
            # The first line break in <pre> is no part of the text.
            yield f"<pre>\n{escape(content)}</pre>"
            yield "</details>"
        case _:
            # The table below a picture says the same.
            return


def _words(words: Text) -> str:
    return "".join(
        f"<code>{escape(visible(it))}</code>" if isinstance(it, Quoted) else escape(it)
        for it in words
    )


def _sources(sources: Sequence[str]) -> str:
    if not sources:
        return ""
    return f" <small>({', '.join(f'<code>{escape(visible(it))}</code>' for it in sources)})</small>"
