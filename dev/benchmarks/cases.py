"""Operations of users, repeated in one stack so that the requests of each can be counted.

A case is a generator. It prepares the operation, yields, and then performs it `count` times.

Operations that all resources share are counted for an ID namespace association. In addition, each
resource inside a membership has five cases. To add them for a new resource, add a `Resource` to
`RESOURCES`. The requests of all other resources are counted for arguments that are literals, in
`tests/resources`, and for a whole app, in `id_mapping`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeAlias

from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow, CfnIdNamespace
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from constructs import Construct

from cdk_cleanrooms import (
    AnalysisTemplate,
    ConfiguredTable,
    ConfiguredTableAssociation,
    DifferentialPrivacyBudget,
    IdMappingTable,
    IdNamespaceAssociation,
    IIdNamespaceAssociation,
    PrivacyBudgetTemplate,
    SqlSource,
)

from . import l1, l2
from .values import (
    ACCOUNT,
    COLLABORATION,
    ID_NAMESPACE,
    KEY,
    REGION,
    ROLE,
    TAGS,
    WORKFLOW,
    new_id,
)

Case: TypeAlias = Callable[[Stack, int], Iterator[None]]
Make: TypeAlias = Callable[[Stack, int], object]

# The membership of imports, which have no quota.
_MEMBERSHIP = new_id()


def _associate(stack: Stack, index: int, **arguments: Any) -> IdNamespaceAssociation:
    needed = {"membership": new_id(), "id_namespace": ID_NAMESPACE, "name": "customers"}
    return IdNamespaceAssociation(stack, f"Association{index}", **needed | arguments)


def _adopt(stack: Stack, index: int) -> object:
    return _associate(stack, index, adopt=new_id())


def _adopt_by_name_with_reference(stack: Stack, index: int) -> object:
    return _associate(
        stack, index, adopt=True, name=f"n{index}", id_namespace=_id_namespace(stack, index)
    )


def _from_existing(
    stack: Stack, index: int, membership: CfnMembership | str = _MEMBERSHIP
) -> IIdNamespaceAssociation:
    return IdNamespaceAssociation.from_existing(
        stack,
        f"Association{index}",
        membership=membership,
        id_namespace_association_identifier=new_id(),
    )


def _from_arn(stack: Stack, index: int) -> object:
    return IdNamespaceAssociation.from_id_namespace_association_arn(
        stack,
        f"Association{index}",
        f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{_MEMBERSHIP}"
        f"/idnamespaceassociation/{new_id()}",
    )


def _from_lookup(stack: Stack, index: int) -> object:
    return IdNamespaceAssociation.from_lookup(
        stack,
        f"Association{index}",
        membership_identifier=_MEMBERSHIP,
        id_namespace_association_identifier=new_id(),
    )


def _membership(stack: Stack, index: int = 0) -> CfnMembership:
    return CfnMembership(
        stack,
        f"Membership{index}",
        collaboration_identifier=COLLABORATION,
        query_log_status="DISABLED",
    )


def _id_namespace(stack: Stack, index: int) -> CfnIdNamespace:
    return CfnIdNamespace(
        stack, f"IdNamespace{index}", id_namespace_name="customers", type="SOURCE"
    )


def _id_mapping_workflow(stack: Stack, index: int) -> CfnIdMappingWorkflow:
    return CfnIdMappingWorkflow(
        stack,
        f"IdMappingWorkflow{index}",
        id_mapping_techniques=CfnIdMappingWorkflow.IdMappingTechniquesProperty(
            id_mapping_type="PROVIDER"
        ),
        input_source_config=[
            CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty(input_source_arn=ID_NAMESPACE)
        ],
        role_arn=ROLE,
        workflow_name="customers",
    )


def _make(make: Make) -> Case:
    def case(stack: Stack, count: int) -> Iterator[None]:
        yield
        for index in range(count):
            make(stack, index)

    return case


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
    """Return a case that counts only the last of some operations on each construct."""
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


def _shared_cases() -> dict[str, Case]:
    """Return the cases that are the same for every resource."""
    return {
        "L1, minimal": _make(l1.minimal),
        "L1, full": _make(l1.full),
        "with tags": _make(lambda stack, index: _associate(stack, index, tags=TAGS)),
        "with `removal_policy`": _make(
            lambda stack, index: _associate(stack, index, removal_policy=RemovalPolicy.RETAIN)
        ),
        "minimal, in a scope of its own": _in_scopes_of_their_own,
        "with `adopt`": _make(_adopt),
        "with `adopt`: synthesis": _synthesize(_adopt),
        "with `adopt=True` and a reference: synthesis": _synthesize(_adopt_by_name_with_reference),
        "full: synthesis": _synthesize(l2.full),
        "`from_existing` with a construct for `membership`": _from_existing_with_construct,
        "`from_id_namespace_association_arn`": _make(_from_arn),
        "`from_lookup`": _make(_from_lookup),
        "`add_tag`": _then(l2.minimal, lambda it: it.add_tag("Team", "DataScience")),
        "`add_tag`, once more": _then(
            l2.minimal,
            lambda it: it.add_tag("Team", "DataScience"),
            lambda it: it.add_tag("A", "B"),
        ),
        "`remove_tag`": _then(l2.minimal, lambda it: it.remove_tag("Team")),
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


@dataclass(frozen=True)
class Resource:
    """The values for the cases of one resource."""

    construct: Any
    """The class of the construct."""
    minimal: Callable[[], Mapping[str, object]]
    """A function that returns the required arguments."""
    full: Mapping[str, object]
    """The other arguments, except constructs, `removal_policy` and `adopt`."""
    constructs: Callable[[Stack, int], Mapping[str, object]]
    """A function that creates the constructs for arguments that accept constructs."""
    existing: Callable[[], Mapping[str, object]]
    """A function that returns the arguments of `from_existing`."""

    def cases(self) -> dict[str, Case]:
        """Return the five cases of the resource."""
        name = self.construct.__name__
        return {
            f"`{name}`, minimal": _make(self._minimal),
            f"`{name}`, full, with tags": _make(lambda stack, index: self._full(stack, index)),
            f"`{name}` with constructs for its arguments": self._with_constructs,
            f"`{name}.from_existing`": _make(
                lambda stack, index: self.construct.from_existing(
                    stack, f"Resource{index}", **self.existing()
                )
            ),
            f"`{name}`: `grants.read`": _grant(
                self._minimal, lambda grants, role: grants.read(role)
            ),
        }

    def _minimal(self, stack: Stack, index: int, **others: object) -> object:
        return self.construct(stack, f"Resource{index}", **{**self.minimal(), **others})

    def _full(self, stack: Stack, index: int) -> object:
        return self._minimal(stack, index, **self.full, tags=TAGS)

    def _with_constructs(self, stack: Stack, count: int) -> Iterator[None]:
        constructs = [self.constructs(stack, index) for index in range(count)]
        yield
        for index, arguments in enumerate(constructs):
            self._minimal(stack, index, **arguments)


RESOURCES = (
    Resource(
        IdNamespaceAssociation,
        minimal=lambda: {
            "membership": new_id(),
            "id_namespace": ID_NAMESPACE,
            "name": "customers",
        },
        full={
            "description": "Our customers",
            "manage_resource_policies": True,
            "allow_use_as_dimension_column": True,
        },
        constructs=lambda stack, index: {
            "membership": _membership(stack, index),
            "id_namespace": _id_namespace(stack, index),
        },
        existing=lambda: {
            "membership": _MEMBERSHIP,
            "id_namespace_association_identifier": new_id(),
        },
    ),
    Resource(
        IdMappingTable,
        minimal=lambda: {
            "membership": new_id(),
            "id_mapping_workflow": WORKFLOW,
            "name": "customers",
        },
        full={
            "description": "Our customers",
            "manage_resource_policies": True,
            "encryption_key": KEY,
        },
        constructs=lambda stack, index: {
            "membership": _membership(stack, index),
            "id_mapping_workflow": _id_mapping_workflow(stack, index),
            "source": _from_existing(stack, 2 * index),
            "target": _from_existing(stack, 2 * index + 1),
        },
        existing=lambda: {
            "membership": _MEMBERSHIP,
            "id_mapping_table_identifier": new_id(),
        },
    ),
    Resource(
        ConfiguredTableAssociation,
        minimal=lambda: {
            "membership": new_id(),
            "configured_table": new_id(),
            "name": "customers",
            "role": ROLE,
            "collaboration_rule": False,
        },
        full={
            "collaboration_rule": True,
            "result_receivers": [ACCOUNT],
            "analysis_rule_type": "CUSTOM",
            "description": "Our customers",
        },
        constructs=lambda stack, index: {
            "membership": _membership(stack, index),
            "configured_table": ConfiguredTable.from_existing(
                stack, f"Table{index}", configured_table_identifier=new_id()
            ),
        },
        existing=lambda: {
            "membership": _MEMBERSHIP,
            "configured_table_association_identifier": new_id(),
        },
    ),
    Resource(
        AnalysisTemplate,
        minimal=lambda: {
            "membership": new_id(),
            "name": "customers",
            "source": SqlSource("SELECT 1"),
        },
        full={
            "source": SqlSource("SELECT :since"),
            "parameters": {"since": "DATE"},
            "referenced_tables": ["customers"],
            "description": "Our customers",
        },
        constructs=lambda stack, index: {"membership": _membership(stack, index)},
        existing=lambda: {
            "membership": _MEMBERSHIP,
            "analysis_template_identifier": new_id(),
        },
    ),
    Resource(
        PrivacyBudgetTemplate,
        minimal=lambda: {
            "membership": new_id(),
            "budget": DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30),
        },
        full={
            "budget": DifferentialPrivacyBudget(
                epsilon=3, users_noise_per_query=30, refresh_monthly=True
            )
        },
        constructs=lambda stack, index: {"membership": _membership(stack, index)},
        existing=lambda: {
            "membership": _MEMBERSHIP,
            "privacy_budget_template_identifier": new_id(),
        },
    ),
)

CASES: dict[str, Case] = _shared_cases()
for _resource in RESOURCES:
    CASES |= _resource.cases()
