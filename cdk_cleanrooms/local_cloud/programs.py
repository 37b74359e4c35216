"""Programs that end with this process, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_SECONDS_TO_END = 10
# Standard input is closed when the process that started this one ends.
_WATCH = f"import os, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), {int(signal.SIGTERM)})"


@contextmanager
def running(
    command: Sequence[str], *, own_group: bool, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """Run a program during a `with` block, and end it if this process is killed.

    Args:
        command: The program and its arguments.
        own_group: Whether the program leads a group of processes, all of which then end with it.
            Such a program cannot use the terminal, and Ctrl-C does not reach it.
        options: Further arguments of `subprocess.Popen`.
    """
    with subprocess.Popen(
        command, text=True, process_group=0 if own_group else None, **options
    ) as program:
        target = -program.pid if own_group else program.pid
        # A command in a terminal leads a group that contains only what it has started.
        is_leader = os.getpgrp() == os.getpid()
        watched = -os.getpgrp() if is_leader and not own_group else target
        watcher = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _WATCH, str(watched)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield program
        except BaseException:
            if program.poll() is None:
                _end(program, target)
            raise
        finally:
            watcher.kill()
            watcher.communicate()


def _end(program: subprocess.Popen[str], target: int) -> None:
    os.kill(target, signal.SIGTERM)
    try:
        program.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.kill(target, signal.SIGKILL)
