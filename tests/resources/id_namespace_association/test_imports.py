"""Tests of imports of an association by its ARN or its identifiers."""

from __future__ import annotations

import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk.aws_cleanrooms import CfnMembership

from cdk_cleanrooms import IdNamespaceAssociation, IIdNamespaceAssociation, ValidationError
from tests.helpers import problems_of
from tests.samples import (
    ACCOUNT,
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    COLLABORATION_ID,
    MEMBERSHIP_ID,
    REGION,
)

by_identifier = IdNamespaceAssociation.from_existing
by_arn = IdNamespaceAssociation.from_id_namespace_association_arn


def test_an_import_by_identifiers_can_have_a_membership_of_the_same_app(stack: Stack) -> None:
    membership = CfnMembership(
        stack, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    association = by_identifier(
        stack,
        "Association",
        membership=membership,
        id_namespace_association_identifier=ASSOCIATION_ID,
    )
    arn = {"Fn::GetAtt": ["Membership", "Arn"]}
    assert stack.resolve(association.membership_arn) == arn
    assert stack.resolve(association.id_namespace_association_arn) == {
        "Fn::Join": ["", [arn, f"/idnamespaceassociation/{ASSOCIATION_ID}"]]
    }
    assert stack.resolve(association.membership_identifier) == {
        "Fn::GetAtt": ["Membership", "MembershipIdentifier"]
    }


@pytest.fixture
def imported_by_a_token(stack: Stack) -> IIdNamespaceAssociation:
    return by_arn(stack, "Association", CfnParameter(stack, "Arn").value_as_string)


def part_of_the_parameter(index: int, delimiter: str) -> dict[str, object]:
    return {"Fn::Select": [index, {"Fn::Split": [delimiter, {"Ref": "Arn"}]}]}


def test_an_import_reads_its_attributes_from_an_arn_known_at_deployment(
    imported_by_a_token: IIdNamespaceAssociation, stack: Stack
) -> None:
    assert stack.resolve(imported_by_a_token.id_namespace_association_arn) == {"Ref": "Arn"}
    assert stack.resolve(
        imported_by_a_token.id_namespace_association_identifier
    ) == part_of_the_parameter(3, "/")
    assert stack.resolve(imported_by_a_token.membership_identifier) == part_of_the_parameter(1, "/")
    assert stack.resolve(imported_by_a_token.membership_arn) == {
        "Fn::Join": ["", [part_of_the_parameter(0, "/"), "/", part_of_the_parameter(1, "/")]]
    }


def test_an_import_by_an_arn_known_at_deployment_has_the_environment_of_the_arn(
    imported_by_a_token: IIdNamespaceAssociation, stack: Stack
) -> None:
    environment = imported_by_a_token.env
    assert stack.resolve(environment.account) == part_of_the_parameter(4, ":")
    assert stack.resolve(environment.region) == part_of_the_parameter(3, ":")


def test_an_import_can_have_identifiers_known_at_deployment(stack: Stack) -> None:
    association = by_identifier(
        stack,
        "Association",
        membership=CfnParameter(stack, "Membership").value_as_string,
        id_namespace_association_identifier=CfnParameter(stack, "Identifier").value_as_string,
    )
    (parts,) = stack.resolve(association.id_namespace_association_arn).values()
    assert parts[1][-4:] == [
        ":membership/",
        {"Ref": "Membership"},
        "/idnamespaceassociation/",
        {"Ref": "Identifier"},
    ]


def arn(membership: str = MEMBERSHIP_ID, association: str = ASSOCIATION_ID) -> str:
    return (
        f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{membership}"
        f"/idnamespaceassociation/{association}"
    )


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param(1, id="number"),
        pytest.param([ASSOCIATION_ARN], id="list"),
        pytest.param("", id="empty"),
        pytest.param(arn(membership=MEMBERSHIP_ID[:-1]), id="membership too short"),
        pytest.param(arn(membership=MEMBERSHIP_ID + "1"), id="membership too long"),
        pytest.param(arn(association=ASSOCIATION_ID[:-1]), id="identifier too short"),
        pytest.param(arn(association=ASSOCIATION_ID + "1"), id="identifier too long"),
        pytest.param(arn(association=ASSOCIATION_ID.upper()), id="upper-case identifier"),
        pytest.param(arn() + "\n", id="line break"),
        pytest.param(arn().replace(":aws:", ":aws-cn:"), id="another partition"),
        pytest.param(arn().replace("idnamespace", "configuredtable"), id="another resource"),
        pytest.param(arn().replace(REGION, ""), id="no Region"),
        pytest.param(arn().replace(ACCOUNT, ""), id="no account"),
    ],
)
def test_an_import_refuses_text_that_is_not_the_arn_of_an_association(
    value: str, stack: Stack
) -> None:
    (problem,) = problems_of(lambda: by_arn(stack, "Association", value))
    assert (problem.property, problem.value) == ("id_namespace_association_arn", value)


def test_the_error_about_an_import_contains_its_path(stack: Stack) -> None:
    with pytest.raises(ValidationError, match=r"^Stack/Association: 1 problem\n"):
        by_arn(stack, "Association", "not an ARN")
