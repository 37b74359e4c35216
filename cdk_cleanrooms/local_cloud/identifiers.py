"""Random identifiers that are the same in every run of the server.

A snapshot of what a test reads then holds in the next run. An identifier follows from the account,
the code that asks for it, and how often this code has asked before. So requests that only read, or
that are sent more often on a slow machine, change no identifier.
"""

from __future__ import annotations

import hashlib
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType

Place = tuple[str, str]


class ReproducibleIdentifiers:
    """The identifiers of all accounts."""

    def __init__(self) -> None:
        # Returns the account of the current request, once there can be one.
        self.account: Callable[[], str] = str
        self._asked: Counter[tuple[str, Place]] = Counter()
        self._wrappers: set[CodeType] = set()

    def ignore(self, function: Callable[..., object]) -> None:
        """Count the callers of a function, which only passes an identifier on."""
        self._wrappers.add(function.__code__)

    def uuid4(self) -> uuid.UUID:
        """Return the next identifier, in place of `uuid.uuid4`."""
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_code in self._wrappers:
            frame = frame.f_back
        assert frame is not None
        code = frame.f_code
        # Without the number of the line, which changes from version to version.
        place = (str(frame.f_globals.get("__name__")), code.co_qualname)
        key = (self.account(), place)
        self._asked[key] += 1
        text = "/".join(map(str, (key[0], *place, self._asked[key])))
        return uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)

    def forget(self, account: str) -> None:
        """Begin again with the identifiers of an account."""
        for key in [key for key in self._asked if key[0] == account]:
            del self._asked[key]
