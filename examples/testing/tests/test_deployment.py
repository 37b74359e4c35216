"""Tests that deploy the stack to a local cloud, which refuses what AWS refuses."""

from __future__ import annotations

import pytest
from aws_cdk import App, Environment

from cdk_cleanrooms.local_cloud import LocalAccount
from customer_matching.stack import CustomerMatchingStack

MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
CUSTOMERS = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"


@pytest.mark.cleanrooms_cloud(accounts=["111122223333"])
def test_the_association_is_created_and_outlives_the_stack(cleanrooms_cloud: LocalAccount) -> None:
    """The membership and the ID namespace exist in AWS, so the local cloud does not check them."""
    stack = CustomerMatchingStack(
        App(),
        "CustomerMatching",
        env=Environment(account="111122223333", region="us-east-1"),
        membership=MEMBERSHIP,
        id_namespace=CUSTOMERS,
    )
    cleanrooms_cloud.deploy(stack)
    (association,) = cleanrooms_cloud.resources("IdNamespaceAssociation")
    assert association["inputReferenceConfig"]["inputReferenceArn"] == CUSTOMERS
    assert association["tags"]["Team"] == "DataScience"

    cleanrooms_cloud.destroy(stack)
    assert [one["id"] for one in cleanrooms_cloud.resources()] == [association["id"]]
