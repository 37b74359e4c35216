"""Folders that all processes of a test run share, because their content takes seconds to make."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """Return a folder of this test run, after the first process that needs it has made its content.

    Args:
        tmp_path_factory: The fixture.
        name: The name of the folder.
        make: A function that writes the content into the folder, which exists.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / name
    with (shared / f"{name}.done").open("a+") as done:
        fcntl.flock(done, fcntl.LOCK_EX)
        if not done.seek(0, os.SEEK_END):  # after the lock, because others write before it
            folder.mkdir(exist_ok=True)
            make(folder)
            done.write(name)
    return folder
