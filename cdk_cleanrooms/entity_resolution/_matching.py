"""Check that source, target and workflow agree on how records match."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aws_cdk.aws_entityresolution import CfnIdNamespace

from .._core import checks
from .._core.facts import facts_about
from .._core.resource import Resource
from .._core.validation import Problem
from .tables import Table


class NamespaceMatching(NamedTuple):
    """The choices that an ID namespace allows; a tuple is empty if they are not known."""

    rule_definition_type: tuple[str, ...]
    attribute_matching_model: tuple[str, ...]
    record_matching_model: tuple[str, ...]


class NamespaceFacts(NamedTuple):
    """The facts about an ID namespace at synthesis; None if a fact is not known."""

    type: str | None = None
    is_provider: bool | None = None
    """Whether a provider service maps its IDs, and not rules."""
    matching: NamespaceMatching | None = None
    tables: Sequence[Table] = ()


def facts_of_namespace(namespace: Any) -> NamespaceFacts:
    """Return the facts about an ID namespace, a construct or an ARN."""
    if isinstance(namespace, CfnIdNamespace):
        return _facts_of_l1(namespace)
    facts = facts_about(namespace, NamespaceFacts)
    if facts is not None:
        return facts
    # Of the imports, only a look-up knows the type, after the CDK CLI has read it.
    type = getattr(namespace, "type", None) if isinstance(namespace, Resource) else None
    return NamespaceFacts(type if type is None or checks.is_known(type) else None)


def _facts_of_l1(namespace: Any) -> NamespaceFacts:
    """Return the facts about an L1. Reading a property is a request."""
    mappings = namespace.id_mapping_workflow_properties
    mapping = mappings[0] if isinstance(mappings, list) and mappings else None
    rule_based = getattr(mapping, "rule_based_properties", None)
    model = getattr(rule_based, "attribute_matching_model", None)
    return NamespaceFacts(
        namespace.type,
        {"PROVIDER": True, "RULE_BASED": False}.get(getattr(mapping, "id_mapping_type", "")),
        NamespaceMatching(
            rule_definition_type=_known(getattr(rule_based, "rule_definition_types", None)),
            attribute_matching_model=() if model is None else (model,),
            record_matching_model=_known(getattr(rule_based, "record_matching_models", None)),
        ),
    )


def _known(choices: list[str] | None) -> tuple[str, ...]:
    """Return the choices, or none for a list token, whose length is not known."""
    return () if not choices or checks.is_list_token(choices) else tuple(choices)


# The ID namespace's argument for each argument of the workflow.
_ARGUMENT_OF_NAMESPACE = {
    "rule_definition_type": "rule_definition_types",
    "attribute_matching_model": "attribute_matching_model",
    "record_matching_model": "record_matching_models",
}


def agree(
    namespaces: Mapping[str, Any],
    facts: Mapping[str, NamespaceFacts],
    chosen: Mapping[str, str | None],
) -> tuple[dict[str, str], list[Problem]]:
    """Find how records match, so that source, target and workflow agree.

    Args:
        namespaces: The arguments of the workflow that are namespaces, by their names.
        facts: What is known of each.
        chosen: The workflow's arguments by name. None means: take it from the ID namespaces.

    Returns:
        The choice for each argument, and the contradictions.
    """
    choices: dict[str, str] = {}
    problems: list[Problem] = []
    for argument, choice in chosen.items():
        allowed = {
            property: values
            for property, known in facts.items()
            if (values := getattr(known.matching, argument, ()))
        }
        if any(not checks.is_known(each) for each in [*sum(allowed.values(), ()), choice or ""]):
            choices[argument] = choice or next(iter(sum(allowed.values(), ())))
            continue
        found = [*_problems(argument, choice, allowed, namespaces)]
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
    namespaces: Mapping[str, Any],
) -> Iterator[Problem]:
    common = _common(allowed)
    differing = {
        property: values
        for property, values in allowed.items()
        if choice is None or choice not in values
    }

    def places() -> str:
        return " and ".join(
            f"{_ARGUMENT_OF_NAMESPACE[argument]} of the {property} {namespaces[property].node.path}"
            f" is {', '.join(values)}"
            for property, values in differing.items()
        )

    if choice is not None:
        if differing:
            message = f"{choice!r} is not allowed, because {places()}; use the same in both places"
            yield Problem(argument, choice, message, "MatchingNotAllowed")
    elif not allowed:
        message = "no ID namespace of this app defines this; pass it"
        yield Problem(argument, choice, message, "MatchingNotDefined")
    elif not common:
        message = f"source and target do not agree: {places()}; use the same in both places"
        yield Problem(argument, choice, message, "IdNamespacesDisagree")
    elif len(common) > 1:
        names = ", ".join(map(repr, common))
        message = f"the ID namespaces allow {names}; choose one"
        yield Problem(argument, choice, message, "SeveralChoices")
