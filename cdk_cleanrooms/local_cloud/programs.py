"""Programs that end with this process, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

_SECONDS_TO_END = 10
# Standard input is closed when the process that started this one ends. It tells what to end then,
# which is by default the group that this process leads.
_WATCH = f"import os, sys; os.kill(int(sys.stdin.read() or 0), {int(signal.SIGTERM)})"


@contextmanager
def running(
    command: Sequence[str], *, own_group: bool, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """Run a program during a `with` block, and end it if this process is killed.

    Args:
        command: The program and its arguments.
        own_group: Whether the program is in a group of processes, all of which then end with it.
            Such a program cannot use the terminal, and Ctrl-C does not reach it.
        options: Further arguments of `subprocess.Popen`.
    """
    # Before the program and as the leader of its group, so that the program can be ended from its
    # first moment, even if a signal keeps this process from knowing that it has started.
    watcher = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )
    program: subprocess.Popen[str] | None = None

    def send(number: int) -> None:
        if own_group:
            os.killpg(watcher.pid, number)
        elif program:
            program.send_signal(number)

    try:
        program = subprocess.Popen(
            command, text=True, process_group=watcher.pid if own_group else None, **options
        )
        if not own_group:
            assert watcher.stdin is not None
            # A command in a terminal leads a group that contains only what it has started.
            is_leader = os.getpgrp() == os.getpid()
            watcher.stdin.write(str(-os.getpgrp() if is_leader else program.pid))
            watcher.stdin.flush()
        yield program
    except BaseException:
        send(signal.SIGTERM)
        try:
            if program:
                program.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            send(signal.SIGKILL)
        raise
    finally:
        watcher.kill()
        watcher.communicate()
        if program:
            with program:  # this closes its pipes and waits for it
                pass


def output_of(program: subprocess.Popen[str]) -> str | None:
    """Wait for a program, and return what it wrote to its pipe."""
    while True:
        # Python acts on a signal only between two steps. If one arrives just before a call that
        # waits, the call goes on. So it must end now and then.
        with suppress(subprocess.TimeoutExpired):
            return program.communicate(timeout=0.1)[0]
