"""Which argument of which class names a resource of which type."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from ..._core import types
from ..._core.types import ResourceType
from ..arguments import Call
from ..listing import LISTINGS
from .snapshot import Found

PRINT_ORDER = (
    types.COLLABORATION,
    types.MEMBERSHIP,
    types.SCHEMA_MAPPING,
    types.MATCHING_WORKFLOW,
    types.ID_NAMESPACE,
    types.ID_MAPPING_WORKFLOW,
    types.ID_NAMESPACE_ASSOCIATION,
    types.ID_MAPPING_TABLE,
    types.ANALYSIS_TEMPLATE,
    types.CONFIGURED_TABLE,
    types.CONFIGURED_TABLE_ASSOCIATION,
    types.PRIVACY_BUDGET_TEMPLATE,
)
"""The types in an order in which each one only names types before it."""

REFERENCES: dict[tuple[str, str], tuple[ResourceType, ...]] = {
    ("AccessBudget", "association"): (
        types.CONFIGURED_TABLE_ASSOCIATION,
        types.ID_MAPPING_TABLE,
    ),
    ("AnalysisTemplate", "membership"): (types.MEMBERSHIP,),
    ("ConfiguredTableAssociation", "configured_table"): (types.CONFIGURED_TABLE,),
    ("ConfiguredTableAssociation", "membership"): (types.MEMBERSHIP,),
    ("CustomAnalysisRule", "allowed_analyses"): (types.ANALYSIS_TEMPLATE,),
    ("IdMappingTable", "id_mapping_workflow"): (types.ID_MAPPING_WORKFLOW,),
    ("IdMappingTable", "membership"): (types.MEMBERSHIP,),
    ("IdMappingTable", "source"): (types.ID_NAMESPACE_ASSOCIATION,),
    ("IdMappingTable", "target"): (types.ID_NAMESPACE_ASSOCIATION,),
    ("IdMappingWorkflow", "source"): (types.ID_NAMESPACE, types.MATCHING_WORKFLOW),
    ("IdMappingWorkflow", "target"): (types.ID_NAMESPACE, types.MATCHING_WORKFLOW),
    ("IdNamespace", "inputs"): (types.MATCHING_WORKFLOW,),
    ("IdNamespaceAssociation", "id_namespace"): (types.ID_NAMESPACE,),
    ("IdNamespaceAssociation", "membership"): (types.MEMBERSHIP,),
    ("Membership", "collaboration"): (types.COLLABORATION,),
    ("PrivacyBudgetTemplate", "membership"): (types.MEMBERSHIP,),
    ("TableInput", "schema_mapping"): (types.SCHEMA_MAPPING,),
}
"""The types of the resources that an argument of a class can name.

The same text in another argument, such as a name that equals a resource's ID, is no reference.
"""

ORDER_ONLY = frozenset({("IdMappingTable", "source"), ("IdMappingTable", "target")})
"""References that only say what must exist before. They accept no identifiers."""


class UnknownFormError(Exception):
    """The description of a resource has a form that this version does not know."""


def arguments_of(found: Found) -> dict[str, Any]:
    """Return the arguments with which a construct declares a resource, as literals.

    Args:
        found: The resource.

    Raises:
        UnknownFormError: If its description has an unknown form.
    """
    try:
        values = LISTINGS[found.type].argument_values({**found.members, "tags": {**found.tags}})
        if found.type is types.ID_MAPPING_TABLE:
            values.update(_sides(found.members))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnknownFormError(
            "this version of cdk-cleanrooms does not know the form of its description"
            f" ({type(error).__name__}: {error})"
        ) from error
    return values


def _sides(members: Mapping[str, Any]) -> dict[str, str]:
    """Return the associations from and to which a table maps IDs."""
    found = members.get("inputReferenceProperties", {}).get("idMappingTableInputSource", ())
    return {one["type"].lower(): one["idNamespaceAssociationId"] for one in found}


def references_in(
    owner: str, arguments: Mapping[str, Any]
) -> Iterator[tuple[tuple[ResourceType, ...], str]]:
    """Yield the types and the text of each reference in arguments.

    Args:
        owner: The name of the class whose arguments they are.
        arguments: The arguments.
    """
    for name, value in arguments.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Call):
                yield from references_in(one.name, one)
            elif isinstance(one, str) and (owner, name) in REFERENCES:
                yield REFERENCES[owner, name], one


def referred_by(found: Found) -> Iterator[tuple[ResourceType, str]]:
    """Yield what a resource names: each type that it can have, and its name, ID or ARN.

    Args:
        found: The resource.
    """
    try:
        arguments = {} if found.problem else arguments_of(found)
    except UnknownFormError:  # which the printer says
        return
    for referred, text in references_in(found.type.construct, arguments):
        for type in referred:
            yield type, text


def without(resources: Sequence[Found], excluded: Container[ResourceType]) -> Sequence[Found]:
    """Return resources without some types, and without what only resources of these types use.

    Args:
        resources: The resources.
        excluded: The types.
    """
    before = {reference for one in resources for reference in referred_by(one)}
    left = [one for one in resources if one.type not in excluded]
    while True:
        after = {reference for one in left for reference in referred_by(one)}
        used = [one for one in left if not _names(one) & before or _names(one) & after]
        if len(used) == len(left):
            return used
        left = used


def _names(found: Found) -> set[tuple[ResourceType, str]]:
    """Return the names by which others use a resource, none if it belongs to the collaboration."""
    if found.type.is_in_membership or found.type in (types.COLLABORATION, types.MEMBERSHIP):
        return set()
    return {(found.type, found.identifier), (found.type, found.arn)}


def name_in(value: str) -> str:
    """Return the identifier in a value that is an identifier or an ARN."""
    return value.rpartition("/")[2] if value.startswith("arn:") else value
