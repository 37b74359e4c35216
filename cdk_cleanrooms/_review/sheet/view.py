"""The resources of an assembly, as the sheet looks them up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..document import Section, Text, quoted
from ..policies import Policy, policies
from ..resources import Assembly, Resource
from ..values import scalar

ANALYSIS_TEMPLATE = "AWS::CleanRooms::AnalysisTemplate"
ASSOCIATION = "AWS::CleanRooms::ConfiguredTableAssociation"
BUDGET = "AWS::CleanRooms::PrivacyBudgetTemplate"
COLLABORATION = "AWS::CleanRooms::Collaboration"
CONFIGURED_TABLE = "AWS::CleanRooms::ConfiguredTable"
ID_ASSOCIATION = "AWS::CleanRooms::IdNamespaceAssociation"
ID_MAPPING_TABLE = "AWS::CleanRooms::IdMappingTable"
ID_MAPPING_WORKFLOW = "AWS::EntityResolution::IdMappingWorkflow"
ID_NAMESPACE = "AWS::EntityResolution::IdNamespace"
INTERMEDIATE_TABLE = "AWS::CleanRooms::IntermediateTable"
MATCHING_WORKFLOW = "AWS::EntityResolution::MatchingWorkflow"
MEMBERSHIP = "AWS::CleanRooms::Membership"
SCHEMA_MAPPING = "AWS::EntityResolution::SchemaMapping"


class View:
    """The resources of an assembly.

    Args:
        assembly: The assembly.
    """

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.resources = assembly.resources()
        self._by_type: dict[str, list[Resource]] = {}
        self._by_reference: dict[str, Resource] = {}
        for resource in self.resources:
            self._by_type.setdefault(resource.type, []).append(resource)
            self._by_reference[resource.identity] = resource

    def of(self, type_name: str) -> list[Resource]:
        """Return the resources of a type, sorted by name."""
        return sorted(self._by_type.get(type_name, []), key=lambda it: (it.name, it.logical_id))

    def referred(self, value: Any) -> Resource | None:
        """Return the resource that a value refers to, or None."""
        text = scalar(value)
        end = text.find("\u203a")
        return self._by_reference.get(text[1:end]) if text.startswith("\u2039") else None

    def room(self, membership: Any) -> Text:
        """Return the name of the collaboration of a membership, or its ID if only that is known.

        Args:
            membership: The value that refers to the membership.

        Returns:
            The name.
        """
        found = self.referred(membership)
        if found is None:
            return ("of the membership ", *quoted(membership))
        collaboration = found.get("CollaborationIdentifier")
        room = self.referred(collaboration)
        return quoted(collaboration if room is None else room.name)

    def collaboration(self, membership: Any) -> Resource | None:
        """Return the collaboration of a membership, or None if the templates lack it."""
        us = self.referred(membership)
        found = us and self.referred(us.get("CollaborationIdentifier"))
        return found if found and found.type == COLLABORATION else None

    def users(self, type_name: str, property: str, resource: Resource) -> list[Resource]:
        """Return the resources of a type that refer to a resource with a property."""
        return self._users[type_name, property].get(resource.identity, [])

    @cached_property
    def _users(self) -> Mapping[tuple[str, str], Mapping[str, list[Resource]]]:
        return _Users(self)

    @cached_property
    def policies(self) -> Mapping[tuple[str, str], Policy]:
        """What policies say, by subject and property."""
        return policies(self.resources, lambda value: value)


class _Users(dict[tuple[str, str], Mapping[str, list[Resource]]]):
    """For each type and property, the resources that refer to others, found when needed."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def __missing__(self, key: tuple[str, str]) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        type_name, property = key
        for it in self._view.of(type_name):
            used = self._view.referred(it.get(property))
            if used is not None:
                found.setdefault(used.identity, []).append(it)
        self[key] = found
        return found


def described(kind: str, resource: Resource) -> Section:
    """Return a section about a resource, which says where it is declared."""
    section = Section((kind, " ", *quoted(resource.name)))
    stack = resource.stack
    where = [
        *(("construct ", *quoted(resource.path)) if resource.path else ()),
        *((", " if resource.path else "", "stack ", *quoted(stack.id)) if stack.id else ()),
    ]
    section.say(
        "Declared as ",
        *quoted(resource.type),
        ", ",
        *(where or ("logical ID ", *quoted(resource.logical_id))),
        ".",
    )
    if not isinstance(resource.presence, bool):
        section.say(
            "Whether it exists is decided at deployment: ",
            *quoted(resource.presence),
            ".",
            source="Condition",
        )
    return section
