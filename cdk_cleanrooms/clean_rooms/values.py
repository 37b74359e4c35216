"""Rules for numbers, lists and mappings, and for objects that consist of several values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from .._core import checks
from .._core.validation import Problem, Rule

# The CDK represents a number that is known at deployment by a number below this one.
_LEAST_NUMBER = -1e280


def parts(property: str, where: str, *triples: tuple[str, object, Rule]) -> Iterator[Problem]:
    """Yield what is wrong with the parts of a value.

    Args:
        property: The name of the argument.
        where: The text before the name of the part in a message, such as `its `.
        *triples: The name, the value and the rule of each part.
    """
    for name, part, rule in triples:
        for problem in rule(property, part):
            yield replace(problem, message=f"{where}{name}, {problem.message}")


def integer(least: int, greatest: int, *, exception: int | None = None) -> Rule:
    """Return a rule for a whole number.

    Args:
        least: The least number.
        greatest: The greatest number.
        exception: Another number that is accepted too, if there is one.

    Returns:
        The rule.
    """
    also = "" if exception is None else f"{exception}, or "
    expected = f"{also}a whole number from {least} to {greatest:,}"

    def rule(property: str, value: object) -> Iterator[Problem]:
        if isinstance(value, float) and value < _LEAST_NUMBER:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            yield checks.wrong_type(property, value, expected)
        elif not least <= value <= greatest and value != exception:
            yield Problem(property, value, f"{value} is not {expected}", "NumberOutOfRange")

    return rule


def each_once(one: Rule, expected: str, *, least: int = 0, greatest: int | None = None) -> Rule:
    """Return a rule for a list of different items.

    Args:
        one: The rule for an item.
        expected: What to write if the value is not a list.
        least: The least number of items.
        greatest: The greatest number of items, if there is one.

    Returns:
        The rule.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        if checks.is_list_token(value):
            return
        if isinstance(value, str) or not isinstance(value, Sequence):
            yield checks.wrong_type(property, value, expected)
            return
        yield from _number_of_items(property, value, len(value), expected, least, greatest)
        seen: set[object] = set()
        for item in value:
            yield from one(property, item)
            # A construct can define its own equality.
            key = item if isinstance(item, str) else id(item)
            if key in seen:
                message = f"{checks.shown(item)} is given twice; use it once"
                yield Problem(property, item, message, "GivenTwice")
            seen.add(key)

    return rule


def mapping(
    key: Rule, item: Rule, expected: str, *, least: int = 0, greatest: int | None = None
) -> Rule:
    """Return a rule for a mapping.

    Args:
        key: The rule for a key.
        item: The rule for the value of a key.
        expected: What to write if the value is not a mapping.
        least: The least number of keys.
        greatest: The greatest number of keys, if there is one.

    Returns:
        The rule.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield checks.wrong_type(property, value, expected)
            return
        yield from _number_of_items(property, value, len(value), expected, least, greatest)
        for name, part in value.items():
            yield from key(property, name)
            yield from parts(property, "the value of ", (checks.excerpt(name), part, item))

    return rule


def _number_of_items(
    property: str, value: object, count: int, expected: str, least: int, greatest: int | None
) -> Iterator[Problem]:
    if count < least:
        message = f"{checks.excerpt(value)} is empty; use {expected}"
        yield Problem(property, value, message, "ListEmpty")
    elif greatest is not None and count > greatest:
        message = f"there are {count} items; use at most {greatest}"
        yield Problem(property, value, message, "TooManyItems")


def instance(kind: type, expected: str, rule: Callable[[str, object], Iterable[Problem]]) -> Rule:
    """Return a rule for an object of a class.

    Args:
        kind: The class.
        expected: What to write if the value is of another class.
        rule: The rule for the object.

    Returns:
        The rule.
    """

    def rule_of_class(property: str, value: object) -> Iterator[Problem]:
        if type(value) is not kind:
            yield checks.wrong_type(property, value, expected)
        else:
            yield from rule(property, value)

    return rule_of_class


def is_list(value: object) -> bool:
    """Return whether a value is a list or another sequence, but not text."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def known_texts(value: object) -> list[str]:
    """Return the texts in a list or the keys of a mapping that are already known."""
    if checks.is_list_token(value):
        return []
    is_collection = isinstance(value, (Sequence, Mapping)) and not isinstance(value, str)
    items: Iterable[object] = value if is_collection else ()  # type: ignore[assignment]
    return [item for item in items if isinstance(item, str) and checks.is_known(item)]
