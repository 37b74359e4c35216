"""Functions that run side by side, with a bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, ParamSpec, TypeVar

LIMIT = 10
"""How many requests run at the same time, which is also how many connections botocore keeps."""

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


def side_by_side(function: Callable[[Item], T], items: Iterable[Item]) -> list[T]:
    """Apply a function to items, in several threads.

    Args:
        function: The function.
        items: The items.

    Returns:
        The results, in the order of the items.

    Raises:
        Exception: The exception of the first item that has one. Calls that have not started then
            never start.
    """
    work: SimpleQueue[tuple[Future[T], Item]] = SimpleQueue()
    futures = []
    for item in items:
        futures.append(Future[T]())
        work.put((futures[-1], item))

    def run() -> None:
        while True:
            try:
                future, item = work.get_nowait()
            except Empty:
                return
            if future.set_running_or_notify_cancel():
                _settle(future, function, item)

    # Unlike those of an executor, these threads do not delay the end of an interrupted process.
    for _ in range(min(LIMIT, len(futures))):
        Thread(target=run, daemon=True).start()
    try:
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()


class Once(Generic[P, T]):
    """A function that is called once for all of its calls with the same arguments.

    A call from another thread waits for the result of the first one.

    Args:
        function: The function.
    """

    def __init__(self, function: Callable[P, T]) -> None:
        self._function = function
        self._lock = Lock()
        self._results: dict[Any, Future[T]] = {}

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> T:
        """Return the result for these arguments."""
        key = (arguments, *named.items())
        with self._lock:
            is_first = key not in self._results
            future = self._results.setdefault(key, Future())
        if is_first:
            _settle(future, self._function, *arguments, **named)
        return future.result()

    def results(self) -> list[T]:
        """Return the results so far."""
        with self._lock:
            futures = [*self._results.values()]
        return [future.result() for future in futures if not future.exception()]

    def forget(self) -> None:
        """Call the function again for the following calls."""
        with self._lock:
            self._results.clear()


def _settle(
    future: Future[T], function: Callable[P, T], *arguments: P.args, **named: P.kwargs
) -> None:
    try:
        future.set_result(function(*arguments, **named))
    except BaseException as error:
        future.set_exception(error)
