"""Tests of the stack."""

from __future__ import annotations

import pytest
from aws_cdk import App, Environment
from aws_cdk.assertions import Template
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cdk_cleanrooms import ValidationError
from customer_matching.stack import CustomerMatchingStack

ASSOCIATION = "AWS::CleanRooms::IdNamespaceAssociation"
MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
CUSTOMERS = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"


def matching_stack(id_namespace: str = CUSTOMERS) -> CustomerMatchingStack:
    """Create the stack as the app does, with the ID namespace of the test."""
    return CustomerMatchingStack(
        App(),
        "CustomerMatching",
        env=Environment(account="111122223333", region="us-east-1"),
        membership=MEMBERSHIP,
        id_namespace=id_namespace,
    )


@pytest.fixture(scope="module")
def template() -> Template:
    """The template. Synthesis takes a second or more, so all tests share it."""
    return Template.from_stack(matching_stack())


def test_the_customers_are_associated_with_the_membership(template: Template) -> None:
    """Check the two most important properties; the snapshot below contains the others."""
    template.has_resource_properties(
        ASSOCIATION,
        {
            "MembershipIdentifier": MEMBERSHIP,
            "InputReferenceConfig": {"InputReferenceArn": CUSTOMERS},
        },
    )


def test_the_association_outlives_the_stack(template: Template) -> None:
    """Our partner's queries need it."""
    template.has_resource(ASSOCIATION, {"DeletionPolicy": "Retain"})


def test_an_id_namespace_of_another_account_is_refused() -> None:
    """The library refuses it at synthesis, before anything is deployed."""
    foreign = CUSTOMERS.replace("111122223333", "444455556666")
    with pytest.raises(ValidationError) as refused:
        matching_stack(foreign)
    assert [problem.property for problem in refused.value.problems] == ["id_namespace"]


def test_the_resources_are_those_of_the_snapshot(
    template: Template, snapshot: SnapshotAssertion
) -> None:
    """After an intended change, update the snapshot with `pytest --snapshot-update`."""
    # Only the resources: the CDK adds the rest of the template, which changes with its version.
    assert template.to_json()["Resources"] == snapshot(extension_class=JSONSnapshotExtension)
