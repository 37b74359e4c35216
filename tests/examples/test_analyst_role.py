"""Tests of the example `analyst_role`."""

from __future__ import annotations

import json

from .conftest import Synthesize
from .running import ASSOCIATION, resources_of


def test_the_role_can_only_get_two_associations(synthesize: Synthesize) -> None:
    template = synthesize("analyst_role").templates["Analysts"]
    (role,) = resources_of(template, "AWS::IAM::Role")
    (policy,) = resources_of(template, "AWS::IAM::Policy").values()
    (created,) = resources_of(template, ASSOCIATION)
    assert policy["Properties"]["Roles"] == [{"Ref": role}]

    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    assert {statement["Action"] for statement in statements} == {
        "cleanrooms:GetIdNamespaceAssociation"
    }
    resources = json.dumps([statement["Resource"] for statement in statements])
    assert "*" not in resources
    assert json.dumps({"Fn::GetAtt": [created, "Arn"]}) in resources
    assert (
        ":cleanrooms:us-east-1:111122223333:membership/a1b2c3d4-5678-90ab-cdef-111111111111"
        "/idnamespaceassociation/a1b2c3d4-5678-90ab-cdef-222222222222"
    ) in resources
