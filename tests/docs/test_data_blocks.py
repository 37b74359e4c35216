"""Tests that every block of data on the pages can be parsed."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Callable

import pytest
import yaml

from .pages import Block, blocks

_READERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    # Python that imports what is not installed here.
    "py": ast.parse,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}
_CHECKED_ELSEWHERE = {"python", "console", "sh", "shell", "text"}
_NOT_CHECKED = {"typescript", "{toctree}", "{include} ../CHANGELOG.md"}


@pytest.mark.parametrize("block", blocks(*_READERS), ids=str)
def test_a_block_can_be_parsed(block: Block) -> None:
    _READERS[block.language](block.code)


def test_every_block_is_in_a_known_language() -> None:
    known = {*_READERS, *_CHECKED_ELSEWHERE, *_NOT_CHECKED}
    others = [block for block in blocks() if block.language not in known]
    assert [str(one) for one in others if not one.language.startswith("{literalinclude}")] == []
