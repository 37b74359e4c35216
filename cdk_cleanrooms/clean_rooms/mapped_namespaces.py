"""Which ID namespaces an ID mapping table maps, and which associations it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from aws_cdk import Annotations
from constructs import Construct

from .._core import checks, types
from .._core.environment import stack_of
from .._core.facts import MappedNamespaces, remember
from .._core.references import arn_of
from .._core.resource import Resource
from .._core.tags import TagMethods

_ARN = arn_of(types.ID_NAMESPACE)


def type_of_namespace(namespace: object) -> str | None:
    """Return `SOURCE` or `TARGET`, or None if the type of an ID namespace is not known."""
    type = getattr(namespace, "type", None) if isinstance(namespace, Resource) else None
    return type if isinstance(type, str) and checks.is_known(type) else None


def is_same_namespace(first: object, second: object) -> bool:
    """Return whether two ID namespaces are certainly the same, as constructs or ARNs."""
    return first is second or (
        first is not None and second is not None and _ARN.read(first) == _ARN.read(second)
    )


def is_other_namespace(first: object, second: object) -> bool:
    """Return whether two ID namespaces are certainly different, as constructs or ARNs."""
    if second is None or is_same_namespace(first, second):
        return False
    if isinstance(first, TagMethods) and isinstance(second, TagMethods):
        return True
    names = [_name_of(first), _name_of(second)]
    return None not in names and names[0] != names[1]


def _name_of(namespace: Any) -> str | None:
    """Return the name of an ID namespace, or None if it is not known."""
    if isinstance(namespace, str):
        name: Any = namespace.rsplit("/", 1)[-1]
    elif isinstance(namespace, TagMethods):
        name = getattr(namespace, "name", None)
    else:
        name = getattr(namespace, "id_namespace_name", None)
    return name if isinstance(name, str) and checks.is_known(name) else None


class _Association(NamedTuple):
    construct: Construct
    id_namespace: object


class _Table(NamedTuple):
    construct: Construct
    mapped: MappedNamespaces
    missing: tuple[str, ...]


class _Content:
    """The associations and tables that the app declares in one membership."""

    def __init__(self) -> None:
        self.associations: list[_Association] = []
        self.tables: list[_Table] = []


class _Contents(dict[str, _Content]):
    """The contents of memberships that are given by their IDs, in one stack."""


def _content_of(construct: Construct, membership: object) -> _Content:
    if not isinstance(membership, str):
        return remember(membership, _Content, _Content)
    contents = remember(stack_of(construct), _Contents, _Contents)
    return contents.setdefault(membership, _Content())


def note_association(construct: Construct, membership: object, id_namespace: object) -> None:
    """Note an association, and warn of tables that should name it.

    Args:
        construct: The association.
        membership: Its membership, as a construct or its ID.
        id_namespace: Its ID namespace, as a construct or its ARN.
    """
    content = _content_of(construct, membership)
    association = _Association(construct, id_namespace)
    content.associations.append(association)
    for table in content.tables:
        _warn(table, association)


def note_table(
    construct: Construct,
    membership: object,
    mapped: MappedNamespaces | None,
    sides: Mapping[str, object],
) -> None:
    """Note a table, and warn of associations that it should name.

    Args:
        construct: The table.
        membership: Its membership, as a construct or its ID.
        mapped: The ID namespaces that its workflow maps, if they are known.
        sides: The associations that were given.
    """
    missing = tuple(side for side, association in sides.items() if association is None)
    if mapped is None or not missing:
        return
    content = _content_of(construct, membership)
    table = _Table(construct, mapped, missing)
    content.tables.append(table)
    for association in content.associations:
        _warn(table, association)


def _warn(table: _Table, association: _Association) -> None:
    for side in table.missing:
        if is_same_namespace(association.id_namespace, getattr(table.mapped, side)):
            path = association.construct.node.path
            Annotations.of(table.construct).add_warning_v2(
                "cdk-cleanrooms:tableDoesNotWait",
                f"The ID mapping workflow maps the ID namespace of {path}, and CloudFormation can"
                f" create this table before that association. Pass it as {side}, or acknowledge"
                " this warning.",
            )
