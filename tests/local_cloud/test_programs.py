"""Tests of the programs that the local cloud runs, and that it must not leave behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

import pytest

from cdk_cleanrooms.local_cloud import programs
from cdk_cleanrooms.local_cloud.programs import output_of, running

IGNORES_THE_SIGNAL = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(3600)
"""

CONNECTS = """
import socket, time
connection = socket.create_connection({address!r})
time.sleep(3600)
"""
STARTS = """
import subprocess, sys
subprocess.run([sys.executable, "-c", {source!r}])
"""
RUNS = """
import sys
from cdk_cleanrooms.local_cloud.programs import running
with running([sys.executable, "-c", {app!r}], own_group={own_group}) as program:
    program.wait()
"""
SECONDS = 900

both = pytest.mark.parametrize("own_group", [True, False])


def status_of(source: str, *, own_group: bool, has_ended: bool) -> int:
    """Interrupt the use of a program, and return the program's status."""
    command = [sys.executable, "-c", source]
    with (
        suppress(KeyboardInterrupt),
        running(command, own_group=own_group, stdout=subprocess.PIPE) as program,
    ):
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        if has_ended:
            program.wait()
        raise KeyboardInterrupt
    status: int = program.returncode
    return status


@both
def test_a_program_that_does_not_end_is_killed(
    own_group: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_SECONDS_TO_END", 0)
    status = status_of(IGNORES_THE_SIGNAL, own_group=own_group, has_ended=False)
    assert status == -signal.SIGKILL


@both
def test_what_a_program_runs_ends_with_a_command_that_is_killed(own_group: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SECONDS)
        app = STARTS.format(source=CONNECTS.format(address=server.getsockname()))
        source = RUNS.format(app=app, own_group=own_group)
        # A shell starts each command in a group of its own.
        with subprocess.Popen([sys.executable, "-c", source], process_group=0) as command:
            connection, _ = server.accept()
            command.kill()
    with connection:
        connection.settimeout(SECONDS)
        assert connection.recv(1) == b""


@both
def test_nothing_is_sent_to_a_program_that_has_ended(own_group: bool) -> None:
    assert status_of("print('ready')", own_group=own_group, has_ended=True) == 0


def test_a_program_ends_if_an_interruption_hides_that_it_has_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[subprocess.Popen[str]] = []

    def start_and_interrupt(*arguments: Any, **options: Any) -> subprocess.Popen[str]:
        started.append(start(*arguments, **options))
        if len(started) == 2:  # the first one is our own
            raise KeyboardInterrupt
        return started[0]

    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start_and_interrupt)
    with pytest.raises(KeyboardInterrupt), running(["sleep", "600"], own_group=True):
        pass
    assert started[1].wait(SECONDS) == -signal.SIGTERM


def test_a_signal_that_does_not_interrupt_the_wait_is_noticed() -> None:
    # The wait is not interrupted if another thread gets the signal, as if it came just before.
    other = threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM))
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        with suppress(SystemExit), running(["sleep", "60"], own_group=True) as program:
            other.start()
            output_of(program)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert program.returncode == -signal.SIGTERM
