"""The agreement of source, target and workflow on how records match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .._core import rules
from .._core.validation import Problem


class NamespaceMatching(NamedTuple):
    """What an ID namespace allows."""

    rule_definition_type: tuple[str, ...]
    attribute_matching_model: tuple[str, ...]
    record_matching_model: tuple[str, ...]


# What a namespace calls its choices.
_ARGUMENT_OF_NAMESPACE = {
    "rule_definition_type": "rule_definition_types",
    "attribute_matching_model": "attribute_matching_model",
    "record_matching_model": "record_matching_models",
}


def agree(
    namespaces: Mapping[str, Any], chosen: Mapping[str, str | None]
) -> tuple[dict[str, str], list[Problem]]:
    """Find how records match, so that source, target and workflow agree.

    Args:
        namespaces: The arguments of the workflow that are namespaces, by their names.
        chosen: What the workflow chooses, by the names of its arguments; None for what follows
            from the namespaces.

    Returns:
        The choice for each argument, and the contradictions.
    """
    known = {
        property: namespace
        for property, namespace in namespaces.items()
        if getattr(namespace, "_matching", None) is not None
    }
    choices: dict[str, str] = {}
    problems: list[Problem] = []
    for argument, choice in chosen.items():
        allowed = {
            property: getattr(namespace._matching, argument)
            for property, namespace in known.items()
        }
        if any(not rules.is_known(each) for each in [*sum(allowed.values(), ()), choice or ""]):
            choices[argument] = choice or next(iter(sum(allowed.values(), ())))
            continue
        found = [*_problems(argument, choice, allowed, known)]
        problems += found
        if choice is not None:
            choices[argument] = choice
        elif not found:
            choices[argument] = _common(allowed)[0]
    return choices, problems


def _common(allowed: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the choices that every namespace allows, in the order of the first one."""
    first, *others = allowed.values() or [()]
    return [each for each in first if all(each in other for other in others)]


def _problems(
    argument: str,
    choice: str | None,
    allowed: Mapping[str, tuple[str, ...]],
    known: Mapping[str, Any],
) -> Iterator[Problem]:
    common = _common(allowed)
    differing = {
        property: values
        for property, values in allowed.items()
        if choice is None or choice not in values
    }

    def places() -> str:
        return " and ".join(
            f"{_ARGUMENT_OF_NAMESPACE[argument]} of the {property} {known[property].node.path} is"
            f" {', '.join(values)}"
            for property, values in differing.items()
        )

    if choice is not None:
        if differing:
            message = f"{choice!r} is not allowed, because {places()}; use the same in both places"
            yield Problem(argument, choice, message)
    elif not allowed:
        message = "no ID namespace of this app says how records match; give it"
        yield Problem(argument, choice, message)
    elif not common:
        message = f"source and target do not agree: {places()}; use the same in both places"
        yield Problem(argument, choice, message)
    elif len(common) > 1:
        names = ", ".join(map(repr, common))
        yield Problem(argument, choice, f"the ID namespaces allow {names}; choose one")
