"""Tests of `source` and `target` of a table, which must exist before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsii
import pytest
from aws_cdk import App, Aws, Resource, Stack
from aws_cdk.aws_cleanrooms import CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.interfaces.aws_cleanrooms import (
    IdNamespaceAssociationReference,
    IIdNamespaceAssociationRef,
)
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import Associate, l1_of, problems_of, resource_of
from tests.resources.samples.id_namespace_association import SAMPLE as ASSOCIATION
from tests.samples import (
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    COLLABORATION_ID,
    MEMBERSHIP_ID,
)

from .conftest import MapIds

OTHER_MEMBERSHIP_ID = "a1b2c3d4-5678-90ab-cdef-777777777777"


@jsii.implements(IIdNamespaceAssociationRef)
class Association(Resource):
    """An association as another library or a user could write it."""

    @property
    def id_namespace_association_ref(self) -> IdNamespaceAssociationReference:
        return IdNamespaceAssociationReference(
            id_namespace_association_arn=ASSOCIATION_ARN,
            id_namespace_association_identifier=ASSOCIATION_ID,
            membership_identifier=MEMBERSHIP_ID,
        )


def test_the_associations_of_the_same_stack_are_created_first(
    stack: Stack, associate: Associate, map_ids: MapIds
) -> None:
    source = associate(id="Source")
    target = ASSOCIATION.by_hand(stack, name="visitors")
    table = map_ids(source=source, target=target)
    assert {*resource_of(table)["DependsOn"]} == {
        stack.resolve(l1_of(source).logical_id),
        stack.resolve(target.logical_id),
    }


def test_one_of_the_associations_can_be_omitted(associate: Associate, map_ids: MapIds) -> None:
    target = associate(id="Target")
    table = map_ids(target=target)
    assert resource_of(table)["DependsOn"] == [table.stack.resolve(l1_of(target).logical_id)]


def test_the_stack_of_an_association_is_deployed_before_the_stack_of_the_table(
    app: App, stack: Stack, associate: Associate, map_ids: MapIds
) -> None:
    elsewhere = Stack(app, "Associations")
    source = associate(scope=elsewhere, id="Source")
    table = map_ids(source=source)
    assert "DependsOn" not in resource_of(table)
    assert stack.dependencies == [elsewhere]


def test_without_associations_the_table_depends_on_nothing(map_ids: MapIds) -> None:
    assert "DependsOn" not in resource_of(map_ids())


def imported(scope: Construct, id: str, membership: str = MEMBERSHIP_ID) -> Any:
    return IdNamespaceAssociation.from_existing(
        scope, id, membership=membership, id_namespace_association_identifier=ASSOCIATION_ID
    )


def test_an_imported_association_adds_no_dependency(stack: Stack, map_ids: MapIds) -> None:
    assert "DependsOn" not in resource_of(map_ids(source=imported(stack, "Source")))


def test_a_construct_of_another_library_is_accepted(stack: Stack, map_ids: MapIds) -> None:
    table = map_ids(source=Association(stack, "Source"))
    assert resource_of(table)["Type"] == "AWS::CleanRooms::IdMappingTable"


def test_two_created_associations_with_the_same_values_are_different(
    app: App, associate: Associate, map_ids: MapIds
) -> None:
    map_ids(source=associate(id="Source"), target=associate(id="Target", name="visitors"))
    app.synth()


def the_same_object(stack: Stack) -> tuple[Any, Any]:
    association = ASSOCIATION.declare(stack)
    return association, association


def the_same_l1(stack: Stack) -> tuple[Any, Any]:
    association = ASSOCIATION.by_hand(stack)
    return association, association


def two_imports_of_one(stack: Stack) -> tuple[Any, Any]:
    return imported(stack, "Source"), ASSOCIATION.import_by_arn(stack)


@pytest.mark.parametrize("make", [the_same_object, the_same_l1, two_imports_of_one])
def test_the_same_association_twice_is_a_problem(
    make: Callable[[Stack], tuple[Any, Any]], stack: Stack, map_ids: MapIds
) -> None:
    source, target = make(stack)
    (problem,) = problems_of(lambda: map_ids(source=source, target=target))
    assert (problem.property, problem.value) == ("target", target)
    assert "this is the same association as source" in problem.message


@pytest.mark.unmeasured
def test_a_created_association_and_an_import_are_different(
    stack: Stack, associate: Associate, map_ids: MapIds
) -> None:
    table = map_ids(source=associate(), target=imported(stack, "Target"))
    assert len(resource_of(table)["DependsOn"]) == 1


@pytest.mark.parametrize("property", ["source", "target"])
def test_an_association_of_another_membership_is_a_problem(
    property: str, associate: Associate, map_ids: MapIds
) -> None:
    association = associate(membership=OTHER_MEMBERSHIP_ID)
    (problem,) = problems_of(lambda: map_ids(**{property: association}))
    assert (problem.property, problem.value) == (property, association)
    assert OTHER_MEMBERSHIP_ID in problem.message
    assert MEMBERSHIP_ID in problem.message


def created_membership(stack: Stack, id: str) -> CfnMembership:
    return CfnMembership(
        stack, id, collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )


def test_an_association_of_another_membership_of_the_app_is_a_problem(
    stack: Stack, associate: Associate, map_ids: MapIds
) -> None:
    own, other = created_membership(stack, "Own"), created_membership(stack, "Other")
    (problem,) = problems_of(lambda: map_ids(membership=own, source=associate(membership=other)))
    assert problem.property == "source"
    assert "belongs to the membership 'Stack/Other' and the table to 'Stack/Own'" in problem.message


def test_a_membership_of_the_app_can_be_given_in_two_ways(
    stack: Stack, associate: Associate, map_ids: MapIds
) -> None:
    membership = created_membership(stack, "Membership")
    table = map_ids(membership=membership, source=associate(membership=membership.ref))
    assert "DependsOn" in resource_of(table)


def test_an_unknown_membership_is_not_compared(
    stack: Stack, associate: Associate, map_ids: MapIds
) -> None:
    membership = created_membership(stack, "Membership")
    tables = [
        map_ids(id="First", membership=membership, source=associate(id="One")),
        map_ids(id="Second", source=associate(id="Two", membership=Aws.STACK_NAME)),
    ]
    assert all("DependsOn" in resource_of(table) for table in tables)


@pytest.mark.parametrize("wrong", ["customers", ASSOCIATION_ARN, 1, CfnIdNamespaceAssociation])
def test_a_value_that_is_not_an_association_is_a_problem(wrong: object, map_ids: MapIds) -> None:
    (problem,) = problems_of(lambda: map_ids(source=wrong))
    assert (problem.property, problem.value) == ("source", wrong)
    assert "use an ID namespace association, as a construct" in problem.message


def test_the_same_value_of_another_type_twice_is_reported_as_that(map_ids: MapIds) -> None:
    problems = problems_of(lambda: map_ids(source="customers", target="customers"))
    assert [problem.property for problem in problems] == ["source", "target"]
    assert all("is of type str" in problem.message for problem in problems)


def test_a_membership_in_place_of_an_association_is_a_problem(
    stack: Stack, map_ids: MapIds
) -> None:
    membership = created_membership(stack, "Membership")
    (problem,) = problems_of(lambda: map_ids(target=membership))
    assert problem.property == "target"
