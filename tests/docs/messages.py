"""The messages of the library, read from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import dropwhile
from pathlib import Path

from .pages import ROOT

PACKAGE = ROOT / "cdk_cleanrooms"
COMMAND = PACKAGE / "_cli"
LOCAL_CLOUD = PACKAGE / "local_cloud"
# Most of its sentences are those of the sheet, which the command `review` writes.
REVIEW = PACKAGE / "_review"

_NO_MESSAGES = {"__main__.py", "__init__.py", "command.py"}
_FEW_WORDS = 3
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[,;:.]?")


def modules_of_constructs() -> list[Path]:
    """Return the modules that constructs consist of."""
    others = {COMMAND, LOCAL_CLOUD, REVIEW}
    return sorted(path for path in PACKAGE.rglob("*.py") if not others & {*path.parents})


@cache
def messages_of_constructs() -> list[str]:
    """Return patterns for the messages in the source of constructs."""
    return _messages(modules_of_constructs())


def messages_of_the_command() -> list[str]:
    """Return patterns for the messages in the source of the command."""
    files_of_adoption = PACKAGE / "_core/adoption_files.py"
    return _messages([*COMMAND.rglob("*.py"), REVIEW / "errors.py", files_of_adoption])


def _messages(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in sorted(paths):
        if path.name not in _NO_MESSAGES:
            found += [_pattern(text) for text in _texts(ast.parse(path.read_text("utf-8")))]
    return [pattern for pattern in found if pattern]


def _texts(tree: ast.AST) -> Iterator[list[str | None]]:
    """Yield each string except docstrings: its literal parts, and None for variable parts."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(".__doc__"):
            continue
        # The help of the command needs no page.
        if isinstance(node, ast.keyword) and node.arg == "help":
            continue
        if isinstance(node, ast.JoinedStr):
            yield [
                str(part.value) if isinstance(part, ast.Constant) else None for part in node.values
            ]
            # A variable part can contain a part of a message itself.
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from _texts(part)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield [node.value]
        else:
            yield from _texts(node)


def _pattern(parts: list[str | None]) -> str:
    words = " ".join(part or "" for part in parts).split()
    # Code that the command writes needs no page.
    if words[:1] in (["from"], ["class"], ["try:"]):
        return ""
    if len([word for word in words if _WORD.fullmatch(word)]) < _FEW_WORDS:
        return ""
    # A search for a pattern that begins with anything takes fifty times as long.
    parts = [*dropwhile(lambda part: part is None, parts)]
    return "".join(".*?" if part is None else re.escape(part.strip("\n")) for part in parts)
