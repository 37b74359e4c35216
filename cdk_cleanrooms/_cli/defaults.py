"""The values that AWS uses for properties that are not set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from .._core import types
from .._core.types import ResourceType

_COSTS = (
    ("QueryCompute",),
    ("JobCompute",),
    ("MachineLearning", "ModelTraining"),
    ("MachineLearning", "ModelInference"),
    ("MachineLearning", "SyntheticDataGeneration"),
)


def completed(
    resource_type: ResourceType, live: Mapping[str, Any], declared: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the properties of an existing resource with the values that are in effect.

    What is `False`, empty or not set is compared as the same thing elsewhere.

    Args:
        resource_type: The type of the resource.
        live: Its properties.
        declared: The properties in the template.
    """
    properties: dict[str, Any] = deepcopy(dict(live))
    if resource_type is types.PRIVACY_BUDGET_TEMPLATE:
        for budget in properties.get("Parameters", {}).get("BudgetParameters", ()):
            budget.setdefault("AutoRefresh", "DISABLED")
    if resource_type is types.CONFIGURED_TABLE and "Arn" in properties:
        reference = properties.get("TableReference", {})
        for name in {*reference} & {"Glue", "Athena"}:
            reference[name].setdefault("Region", properties["Arn"].split(":")[3])
    if resource_type not in (types.COLLABORATION, types.MEMBERSHIP):
        return properties
    properties.setdefault("JobLogStatus", "DISABLED")
    if resource_type is types.COLLABORATION:
        _complete_payments([*_members(properties)])
    elif not properties.get("PaymentConfiguration") and "PaymentConfiguration" in declared:
        # The collaboration says who pays then, and the membership agrees.
        properties["PaymentConfiguration"] = declared["PaymentConfiguration"]
    return properties


def _members(collaboration: dict[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield the abilities and the payments of each member."""
    yield (
        collaboration.get("CreatorMemberAbilities", []),
        collaboration.setdefault("CreatorPaymentConfiguration", {}),
    )
    for member in collaboration.get("Members", []):
        yield member.get("MemberAbilities", []), member.setdefault("PaymentConfiguration", {})


def _complete_payments(members: list[tuple[list[str], dict[str, Any]]]) -> None:
    """Let the member who can query pay for everything that no member pays for."""
    for path in _COSTS:
        entries = []
        for abilities, payments in members:
            entry = payments
            for name in path:
                entry = entry.setdefault(name, {})
            entries.append((abilities, entry))
        if not any(entry.get("IsResponsible") for _, entry in entries):
            for abilities, entry in entries:
                entry["IsResponsible"] = "CAN_QUERY" in abilities
