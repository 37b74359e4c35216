"""Fixtures that synthesize the examples."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import pytest

from .running import Assembly

Synthesize: TypeAlias = Callable[[str], Assembly]


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Synthesizes an example once for all tests in all processes, because it takes seconds."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    @cache
    def synthesize(name: str) -> Assembly:
        folder = shared / f"example-{name}"
        folder.mkdir(exist_ok=True)
        assembly = Assembly(folder / "cdk.out")
        with (folder / "done").open("a+") as done:
            fcntl.flock(done, fcntl.LOCK_EX)
            if not done.tell():
                assembly.synthesize(name)
                done.write(name)
        return assembly

    return synthesize
