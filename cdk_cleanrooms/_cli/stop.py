"""Signals that end the command, and are passed on to the CDK CLI."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any, Self

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGHUP", "SIGINT", "SIGTERM") if hasattr(signal, name)
)


class Stopped(BaseException):
    """A signal ended the command.

    Attributes:
        number: The number of the signal.
    """

    def __init__(self, number: int) -> None:
        name = signal.Signals(number).name
        super().__init__("Interrupted" if name == "SIGINT" else f"Stopped by {name}")
        self.number = number


class Stoppable:
    """A context in which a signal raises `Stopped`, after the running program has ended."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None
        self._stopped: int | None = None
        self._cannot_stop_now = False
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` ignores SIGHUP
                self._handlers[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def run(self, command: Sequence[str], *, stdout: int) -> int:
        """Run a program without input, and return its exit status.

        Raises:
            Stopped: If a signal arrived, after the program has ended, or before it was started.
        """
        self._raise_if_stopped()
        # Without a terminal, the program leads a group of its own, so that a signal also ends the
        # app that it runs. In a terminal, both stay in one group, which can use the terminal.
        self._is_group_leader = os.name == "posix" and not _has_terminal()
        self._cannot_stop_now = True
        try:
            self._program = program = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                process_group=0 if self._is_group_leader else None,
            )
        finally:
            self._cannot_stop_now = False
        with program:
            if self._stopped is not None:  # the signal arrived before the program was known
                self._pass_on(program, self._stopped)
            # Python acts on a signal only between two steps. If one arrives just before a call that
            # waits, or reaches another thread, the call goes on. So it must end now and then.
            waiting = Thread(target=program.wait)
            waiting.start()
            while waiting.is_alive():
                waiting.join(timeout=0.1)
        self._program = None
        self._raise_if_stopped()
        return program.returncode

    @contextmanager
    def temporary_folder(self) -> Iterator[Path]:
        """Create a folder, and delete it afterwards, even if a signal arrives meanwhile."""
        self._cannot_stop_now = True
        folder = tempfile.TemporaryDirectory(prefix="cdk-cleanrooms-")
        try:
            self._cannot_stop_now = False
            self._raise_if_stopped()
            yield Path(folder.name)
        finally:
            self._cannot_stop_now = True
            folder.cleanup()
            self._cannot_stop_now = False

    def _handle(self, number: int, _: FrameType | None) -> None:
        is_first = self._stopped is None
        self._stopped = number if self._stopped is None else self._stopped
        if self._cannot_stop_now:
            return
        if self._program is not None and self._program.poll() is None:
            self._pass_on(self._program, number)
        elif is_first:
            raise Stopped(number)

    def _raise_if_stopped(self) -> None:
        if self._stopped is not None:
            raise Stopped(self._stopped)

    def _pass_on(self, program: subprocess.Popen[bytes], number: int) -> None:
        if self._is_group_leader:
            with suppress(ProcessLookupError):  # it has ended, but Python does not know it yet
                os.killpg(program.pid, number)
        else:
            program.send_signal(number)


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True
