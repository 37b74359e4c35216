"""Fixtures that synthesize the examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import pytest

from tests.shared import made_once

from .running import Assembly

Synthesize: TypeAlias = Callable[[str], Assembly]


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Synthesizes an example once for all tests in all processes, because it takes seconds."""

    @cache
    def synthesize(name: str) -> Assembly:
        folder = made_once(
            tmp_path_factory,
            f"example-{name}",
            lambda folder: Assembly(folder / "cdk.out").synthesize(name),
        )
        return Assembly(folder / "cdk.out")

    return synthesize
