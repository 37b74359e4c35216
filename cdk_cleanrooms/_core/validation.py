"""Checks of arguments, which report everything that is wrong in one error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from constructs import IConstruct

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one argument.

    Attributes:
        property: The name of the argument.
        value: The value that was given: the argument, or the part of it that is wrong (a tag's
            key).
        message: What is wrong with the value, and what to write instead.
        code: The name of this kind of mistake, such as `NameEmpty`. It does not depend on the
            argument's value, and the pages of errors explain it.
    """

    property: str
    value: object
    message: str
    code: str

    def __str__(self) -> str:
        return f"{self.property}: {self.message} [{self.code}]"


Rule: TypeAlias = Callable[[str, object], Iterator[Problem]]
"""A rule takes an argument's name and value, and yields each problem."""


class ValidationError(ValueError):
    """An error that reports all arguments of a construct that AWS would refuse.

    The text of the error consists of the construct's path and one line for each problem, which ends
    with the problem's code in brackets.

    Attributes:
        construct_path: The path of the construct in the construct tree.
        problems: The problems, in the order of the arguments.
    """

    construct_path: str
    problems: tuple[Problem, ...]

    def __init__(self, construct_path: str, problems: Iterable[Problem]) -> None:
        self.construct_path = construct_path
        self.problems = tuple(problems)
        super().__init__(construct_path, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{self.construct_path}: {count} problem{'' if count == 1 else 's'}"
        return "\n  ".join([heading, *map(str, self.problems)])


class UnknownArgumentError(ValidationError, TypeError):
    """An error that reports, with all other problems, a keyword that is no argument.

    Like Python's own error for such a keyword, it is a `TypeError`.
    """


_reported_next: list[Problem] = []


@contextmanager
def reported_next(problems: Iterable[Problem]) -> Iterator[None]:
    """Let the next `Arguments` begin with problems.

    Args:
        problems: The problems.
    """
    _reported_next[:] = problems
    try:
        yield
    finally:
        _reported_next.clear()


class Arguments:
    """Check the arguments of one call, and raise one error for all problems.

    Args:
        scope: The construct that the call is about, or the scope of the construct to be created.
        id: The ID of the construct to be created; None if the call is about `scope` itself.
    """

    def __init__(self, scope: IConstruct, id: str | None = None) -> None:
        self._scope = scope
        self._problems = [*_reported_next]
        self._error = UnknownArgumentError if _reported_next else ValidationError
        _reported_next.clear()
        self.id = plain(id) if isinstance(id, str) else id

    def check(self, property: str, value: T, *rules: Rule) -> T:
        """Apply rules to an argument.

        Args:
            property: The name of the argument.
            value: Its value.
            *rules: The rules.

        Returns:
            The value, with all text in it as plain `str`, so that the text that was checked is
            the text that is used.
        """
        text = plain(value)
        for rule in rules:
            self.report(rule(property, text))
        return text

    def report(self, problems: Iterable[Problem]) -> None:
        """Add problems that were found by other means than a rule."""
        self._problems.extend(problems)

    def refuse(self) -> None:
        """Raise a `ValidationError` if a problem was found."""
        if self._problems:
            # Reading the path costs a request to the CDK's process, so it is read only for errors.
            scope_path = getattr(getattr(self._scope, "node", None), "path", "")
            path = "/".join(str(part) for part in (scope_path, self.id) if part)
            # Two items of a list can have the same problem.
            once = {(each.property, each.message): each for each in self._problems}
            raise self._error(path, once.values())


def plain(value: T) -> T:
    """Return a value with all text in it as plain `str`.

    Otherwise, the value of a string enumeration's member could be checked, but its name could be
    used: `f"{member}"` is not always the value.

    Args:
        value: Text, a mapping, a list, a tuple or a dataclass; anything else is returned as it
            is.

    Returns:
        The value, or a copy of it.
    """
    return cast(T, _plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        )
    return value
