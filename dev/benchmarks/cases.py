"""What users do, many times in one stack, so that what it costs each time can be counted.

A case is a generator: it prepares what the operation needs, yields, and does it `count` times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, TypeAlias

from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation, IIdNamespaceAssociation

from . import l1, l2
from .values import ACCOUNT, ID_NAMESPACE, MEMBERSHIP, REGION, TAGS

Case: TypeAlias = Callable[[Stack, int], Iterator[None]]
Make: TypeAlias = Callable[[Stack, int], object]


def _association_id(index: int) -> str:
    return f"a1b2c3d4-5678-90ab-cdef-{index:012}"


def _associate(stack: Stack, index: int, **arguments: Any) -> IdNamespaceAssociation:
    needed = {"membership": MEMBERSHIP, "id_namespace": ID_NAMESPACE, "name": "customers"}
    return IdNamespaceAssociation(stack, f"Association{index}", **needed | arguments)


def _adopt(stack: Stack, index: int) -> object:
    return _associate(stack, index, adopt=_association_id(index))


def _from_existing(
    stack: Stack, index: int, membership: CfnMembership | str = MEMBERSHIP
) -> IIdNamespaceAssociation:
    return IdNamespaceAssociation.from_existing(
        stack,
        f"Association{index}",
        membership=membership,
        id_namespace_association_identifier=_association_id(index),
    )


def _from_arn(stack: Stack, index: int) -> object:
    return IdNamespaceAssociation.from_id_namespace_association_arn(
        stack,
        f"Association{index}",
        f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP}"
        f"/idnamespaceassociation/{_association_id(index)}",
    )


def _from_lookup(stack: Stack, index: int) -> object:
    return IdNamespaceAssociation.from_lookup(
        stack,
        f"Association{index}",
        membership_identifier=MEMBERSHIP,
        id_namespace_association_identifier=_association_id(index),
    )


def _membership(stack: Stack) -> CfnMembership:
    return CfnMembership(
        stack, "Membership", collaboration_identifier=MEMBERSHIP, query_log_status="DISABLED"
    )


def _make(make: Make) -> Case:
    def case(stack: Stack, count: int) -> Iterator[None]:
        yield
        for index in range(count):
            make(stack, index)

    return case


def _with_constructs(stack: Stack, count: int) -> Iterator[None]:
    membership = _membership(stack)
    id_namespaces = [
        CfnIdNamespace(stack, f"IdNamespace{index}", id_namespace_name="customers", type="SOURCE")
        for index in range(count)
    ]
    yield
    for index, id_namespace in enumerate(id_namespaces):
        _associate(stack, index, membership=membership, id_namespace=id_namespace)


def _from_existing_with_construct(stack: Stack, count: int) -> Iterator[None]:
    membership = _membership(stack)
    yield
    for index in range(count):
        _from_existing(stack, index, membership)


def _in_scopes_of_their_own(stack: Stack, count: int) -> Iterator[None]:
    scopes = [Construct(stack, f"Scope{index}") for index in range(count)]
    yield
    for scope in scopes:
        l2.minimal(scope, 0)


def _synthesize(make: Make) -> Case:
    def case(stack: Stack, count: int) -> Iterator[None]:
        app = stack.node.root
        assert isinstance(app, App)
        for index in range(count):
            make(stack, index)
        yield
        app.synth()

    return case


def _then(make: Make, *operations: Callable[[Any], object]) -> Case:
    """The case of the last of some operations on each construct."""
    *earlier, last = operations

    def case(stack: Stack, count: int) -> Iterator[None]:
        constructs = [make(stack, index) for index in range(count)]
        for construct in constructs:
            for operation in earlier:
                operation(construct)
        yield
        for construct in constructs:
            last(construct)

    return case


def _grant(make: Make, grant: Callable[[Any, Role], object]) -> Case:
    def case(stack: Stack, count: int) -> Iterator[None]:
        role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
        return _then(make, lambda association: grant(association.grants, role))(stack, count)

    return case


def _read(*attributes: str) -> Callable[[object], object]:
    return attrgetter(*attributes)


_ATTRIBUTES = (
    "membership_identifier",
    "membership_arn",
    "id_namespace_association_identifier",
    "id_namespace_association_arn",
    "id_namespace_association_ref",
)
_COLLABORATION = ("collaboration_identifier", "collaboration_arn")
_READ_FROM: dict[str, tuple[Make, tuple[str, ...]]] = {
    "": (l2.minimal, (*_ATTRIBUTES, *_COLLABORATION)),
    " of `from_existing`": (_from_existing, _ATTRIBUTES),
    " of `from_id_namespace_association_arn`": (_from_arn, _ATTRIBUTES),
    " of `from_lookup`": (_from_lookup, (*_ATTRIBUTES, *_COLLABORATION, "name")),
}

CASES: dict[str, Case] = {
    "L1, minimal": _make(l1.minimal),
    "L1, full": _make(l1.full),
    "minimal": _make(l2.minimal),
    "full, with tags": _make(l2.full),
    "with tags": _make(lambda stack, index: _associate(stack, index, tags=TAGS)),
    "with constructs for `membership` and `id_namespace`": _with_constructs,
    "with `removal_policy`": _make(
        lambda stack, index: _associate(stack, index, removal_policy=RemovalPolicy.RETAIN)
    ),
    "minimal, in a scope of its own": _in_scopes_of_their_own,
    "with `adopt`": _make(_adopt),
    "with `adopt`: synthesis": _synthesize(_adopt),
    "full: synthesis": _synthesize(l2.full),
    "`from_existing`": _make(_from_existing),
    "`from_existing` with a construct for `membership`": _from_existing_with_construct,
    "`from_id_namespace_association_arn`": _make(_from_arn),
    "`from_lookup`": _make(_from_lookup),
    "`add_tag`": _then(l2.minimal, lambda it: it.add_tag("Team", "DataScience")),
    "`add_tag`, once more": _then(
        l2.minimal, lambda it: it.add_tag("Team", "DataScience"), lambda it: it.add_tag("A", "B")
    ),
    "`remove_tag`": _then(l2.minimal, lambda it: it.remove_tag("Team")),
    "`grants.read`": _grant(l2.minimal, lambda grants, role: grants.read(role)),
    "`grants.manage`": _grant(l2.minimal, lambda grants, role: grants.manage(role)),
    "`grants.read` of `from_existing`": _grant(
        _from_existing, lambda grants, role: grants.read(role)
    ),
    **{
        f"read `{attribute}`{what}": _then(make, _read(attribute))
        for what, (make, attributes) in _READ_FROM.items()
        for attribute in attributes
    },
    **{
        f"read them all again{what}": _then(make, _read(*attributes), _read(*attributes))
        for what, (make, attributes) in _READ_FROM.items()
    },
}
