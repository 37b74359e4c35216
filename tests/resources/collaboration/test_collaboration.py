"""Tests of `Collaboration` and its members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from aws_cdk import App, CfnParameter, CfnTag, Environment, RemovalPolicy, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnCollaboration
from aws_cdk.aws_iam import AccountPrincipal, Role

from cdk_cleanrooms import (
    AutoApprovedChangeType,
    Collaboration,
    CustomMLMemberAbility,
    DataEncryptionMetadata,
    Member,
    MemberAbility,
    PaymentResponsibility,
)
from dev.benchmarks.kernel import counted_requests
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import ACCOUNT, COLLABORATION_ID, REGION

PARTNER = "444455556666"
ENVIRONMENT = Environment(account=ACCOUNT, region=REGION)
COLLABORATION_ARN = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:collaboration/{COLLABORATION_ID}"
CREATOR = Member(
    display_name="Advertiser",
    abilities=[MemberAbility.CAN_QUERY, MemberAbility.CAN_RECEIVE_RESULTS],
)
RETAINED = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}

Collaborate = Callable[..., Collaboration]


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Stack", env=ENVIRONMENT)


@pytest.fixture
def collaborate(stack: Stack) -> Collaborate:
    def declare(**arguments: Any) -> Collaboration:
        good: dict[str, Any] = {
            "scope": stack,
            "id": "Collaboration",
            "name": "audience-overlap",
            "description": "Which customers we share",
            "creator": CREATOR,
        }
        return Collaboration(**good | arguments)

    return declare


def partner(number: int = 0, **values: Any) -> Member[Any]:
    account = f"{444455556666 + number}"
    return Member(**{"account_id": account, "display_name": f"Partner {number}"} | values)


def messages_of(refused: Callable[[], object]) -> list[str]:
    return [f"{problem.property}: {problem.message}" for problem in problems_of(refused)]


L1Member = CfnCollaboration.MemberSpecificationProperty
Payment = CfnCollaboration.PaymentConfigurationProperty
QueryCompute = CfnCollaboration.QueryComputePaymentConfigProperty


@pytest.mark.parametrize(
    ("arguments", "properties"),
    [
        pytest.param({}, {}, id="minimal"),
        pytest.param(
            {"query_log_enabled": False}, {"query_log_status": "DISABLED"}, id="no query logs"
        ),
        pytest.param({"job_log_enabled": True}, {"job_log_status": "ENABLED"}, id="job logs"),
        pytest.param({"metrics_enabled": True}, {"is_metrics_enabled": True}, id="metrics"),
        pytest.param({"tags": {"Team": "A"}}, {"tags": [CfnTag(key="Team", value="A")]}, id="tags"),
        pytest.param(
            {"members": [partner(abilities=["CAN_RECEIVE_RESULTS"])]},
            {
                "members": [
                    L1Member(
                        account_id=PARTNER,
                        display_name="Partner 0",
                        member_abilities=["CAN_RECEIVE_RESULTS"],
                    )
                ]
            },
            id="member",
        ),
        pytest.param(
            {
                "members": [
                    partner(
                        ml_abilities=[CustomMLMemberAbility.CAN_RECEIVE_MODEL_OUTPUT],
                        pays_for=[PaymentResponsibility.MODEL_INFERENCE, "JOB_COMPUTE"],
                    )
                ]
            },
            {
                "members": [
                    L1Member(
                        account_id=PARTNER,
                        display_name="Partner 0",
                        member_abilities=[],
                        ml_member_abilities=CfnCollaboration.MLMemberAbilitiesProperty(
                            custom_ml_member_abilities=["CAN_RECEIVE_MODEL_OUTPUT"]
                        ),
                        payment_configuration=Payment(
                            query_compute=QueryCompute(is_responsible=False),
                            job_compute=CfnCollaboration.JobComputePaymentConfigProperty(
                                is_responsible=True
                            ),
                            machine_learning=CfnCollaboration.MLPaymentConfigProperty(
                                model_inference=CfnCollaboration.ModelInferencePaymentConfigProperty(
                                    is_responsible=True
                                )
                            ),
                        ),
                    )
                ]
            },
            id="member who pays for models and jobs",
        ),
        pytest.param(
            {
                "creator": Member(
                    display_name="Advertiser",
                    account_id=ACCOUNT,
                    abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
                    pays_for=["QUERY_COMPUTE"],
                )
            },
            {
                "creator_payment_configuration": Payment(
                    query_compute=QueryCompute(is_responsible=True)
                )
            },
            id="creator who pays",
        ),
        pytest.param(
            {
                "data_encryption_metadata": DataEncryptionMetadata(
                    allow_cleartext=True,
                    allow_duplicates=False,
                    allow_joins_on_columns_with_different_names=False,
                    preserve_nulls=True,
                ),
                "auto_approved_change_types": [AutoApprovedChangeType.ADD_MEMBER],
                "allowed_result_regions": ["eu-central-1", "us-east-1"],
            },
            {
                "data_encryption_metadata": CfnCollaboration.DataEncryptionMetadataProperty(
                    allow_cleartext=True,
                    allow_duplicates=False,
                    allow_joins_on_columns_with_different_names=False,
                    preserve_nulls=True,
                ),
                "auto_approved_change_types": ["ADD_MEMBER"],
                "allowed_result_regions": ["eu-central-1", "us-east-1"],
            },
            id="encryption, approvals and Regions",
        ),
    ],
)
def test_the_resource_equals_that_of_an_l1_written_by_hand(
    arguments: dict[str, Any],
    properties: dict[str, Any],
    stack: Stack,
    collaborate: Collaborate,
) -> None:
    required: dict[str, Any] = {
        "name": "audience-overlap",
        "description": "Which customers we share",
        "creator_display_name": "Advertiser",
        "creator_member_abilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        "members": [],
        "query_log_status": "ENABLED",
    }
    by_hand = CfnCollaboration(stack, "ByHand", **required | properties)
    assert resource_of(collaborate(**arguments)) == {**resource_of(by_hand), **RETAINED}


def test_a_collaboration_is_retained_unless_its_first_deployment_fails(
    collaborate: Collaborate,
) -> None:
    resource = resource_of(collaborate())
    assert {key: resource[key] for key in RETAINED} == RETAINED


@pytest.mark.parametrize(
    ("arguments", "deletion_policy"),
    [
        ({"removal_policy": RemovalPolicy.DESTROY}, "Delete"),
        ({"removal_policy": RemovalPolicy.RETAIN}, "Retain"),
        ({"adopt": COLLABORATION_ID}, "Retain"),
        ({"adopt": True}, "RetainExceptOnCreate"),
    ],
)
def test_the_given_removal_policy_is_used(
    arguments: dict[str, Any], deletion_policy: str, collaborate: Collaborate
) -> None:
    assert resource_of(collaborate(**arguments))["DeletionPolicy"] == deletion_policy


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"description": ""}, "description: '' is empty; use 1 to 255 characters"),
        (
            {"description": " \n"},
            r"description: ' \n' is all white space; use a description that can be seen",
        ),
        (
            {"members": [partner(abilities=["CAN_QUERY"])]},
            "members: 'Advertiser' and 'Partner 0' have CAN_QUERY, but only one member of a"
            " collaboration can query; give CAN_QUERY to one of them",
        ),
        (
            {"description": "\n\u2028"},
            "description: '\\n\\u2028' is all white space; use a description that can be seen",
        ),
        (
            {"allowed_result_regions": ["US-EAST-1"]},
            "allowed_result_regions: 'US-EAST-1' is not a Region; use its code, such as"
            " 'us-east-1'",
        ),
        (
            {"members": [partner(abilities=["CAN_RUN_JOB"])]},
            "members: 'Partner 0' has CAN_RUN_JOB without CAN_QUERY, but only the member who can"
            " query can run jobs; give both to the same member",
        ),
        (
            {"creator": Member(display_name="Us", abilities=["CAN_RUN_JOB"])},
            "creator: 'Us' has CAN_RUN_JOB without CAN_QUERY, but only the member who can query can"
            " run jobs; give both to the same member",
        ),
        (
            {"members": [partner(), partner(display_name="Again")]},
            "members: 'Partner 0' and 'Again' have the same account 444455556666; an account can"
            " be a member only once",
        ),
        (
            {"members": [partner(account_id=ACCOUNT)]},
            "members: 'Partner 0' has the creator's account 111122223333; members are the other"
            " accounts",
        ),
        (
            {"creator": Member(display_name="Us", account_id=PARTNER)},
            "creator: account 444455556666 creates the collaboration, but the stack is in"
            " 111122223333; leave account_id out, or declare the collaboration in a stack for"
            " 444455556666",
        ),
        (
            {"members": [partner(number) for number in range(10)]},
            "members: 10 members are more than the 9 that a collaboration can have in addition"
            " to its creator",
        ),
        (
            {"members": [Member(display_name="Partner")]},
            "members: 'Partner' has no account_id; use the ID of its AWS account, 12 digits",
        ),
        (
            {"members": [partner(account_id="4444-5555-6666")]},
            "members: the account_id of 'Partner 0', '4444-5555-6666' is not the ID of an AWS"
            " account; use its 12 digits",
        ),
        (
            {"members": [partner(account_id=444455556666)]},
            "members: the account_id of 'Partner 0', 444455556666 is of type int; use the account"
            " ID, a string of 12 digits",
        ),
        (
            {"members": [partner(display_name="")]},
            "members: the display_name of '', '' is empty; use 1 to 100 characters",
        ),
        (
            {"members": [partner(abilities=["CAN_FLY"])]},
            "members: the abilities of 'Partner 0', 'CAN_FLY' is not one of 'CAN_QUERY',"
            " 'CAN_RUN_JOB', 'CAN_RECEIVE_RESULTS'",
        ),
        (
            {"members": [partner(abilities="CAN_RECEIVE_RESULTS")]},
            "members: the abilities of 'Partner 0', 'CAN_RECEIVE_RESULTS' is of type str; use a"
            " list of members of MemberAbility, such as [MemberAbility.CAN_QUERY]",
        ),
        (
            {"members": [partner(abilities=["CAN_RECEIVE_RESULTS"] * 2)]},
            "members: the abilities of 'Partner 0', 'CAN_RECEIVE_RESULTS' is given twice; use it"
            " once",
        ),
        (
            {"members": [partner(pays_for=["LUNCH"])]},
            "members: the pays_for of 'Partner 0', 'LUNCH' is not one of 'QUERY_COMPUTE',"
            " 'JOB_COMPUTE', 'MODEL_TRAINING', 'MODEL_INFERENCE', 'SYNTHETIC_DATA_GENERATION'",
        ),
        (
            {"members": partner()},
            "a list of members, [Member(account_id=…, display_name=…)]",
        ),
        (
            {"members": [PARTNER]},
            "members: '444455556666' is of type str; use a Member, such as"
            " Member(account_id='111122223333', display_name='Partner')",
        ),
        (
            {"creator": "Advertiser"},
            "creator: 'Advertiser' is of type str; use a Member, such as"
            " Member(display_name='Example Corp')",
        ),
        (
            {"query_log_enabled": "ENABLED"},
            "query_log_enabled: 'ENABLED' is of type str; use True or False, without quotes",
        ),
        (
            {"data_encryption_metadata": {}},
            "data_encryption_metadata: {} is of type dict; use a DataEncryptionMetadata",
        ),
        (
            {"auto_approved_change_types": ["REMOVE_MEMBER"]},
            "auto_approved_change_types: 'REMOVE_MEMBER' is not one of 'ADD_MEMBER',"
            " 'GRANT_RECEIVE_RESULTS_ABILITY', 'REVOKE_RECEIVE_RESULTS_ABILITY'",
        ),
        (
            {"allowed_result_regions": ["Frankfurt"]},
            "allowed_result_regions: 'Frankfurt' is not a Region; use its code, such as"
            " 'us-east-1'",
        ),
        (
            {"allowed_result_regions": "us-east-1"},
            "allowed_result_regions: 'us-east-1' is of type str; use a list of Regions, such as"
            " ['us-east-1']",
        ),
        (
            {"allowed_result_regions": ["us-east-1", "us-east-1"]},
            "allowed_result_regions: 'us-east-1' is given twice; use it once",
        ),
        (
            {
                "data_encryption_metadata": DataEncryptionMetadata(
                    allow_cleartext=cast(Any, "yes"),
                    allow_duplicates=True,
                    allow_joins_on_columns_with_different_names=True,
                    preserve_nulls=True,
                )
            },
            "data_encryption_metadata: its allow_cleartext, 'yes' is of type str; use True or",
        ),
        (
            {"removal_policy": RemovalPolicy.SNAPSHOT},
            "removal_policy: SNAPSHOT is not supported: this resource type has no snapshots; use"
            " RETAIN",
        ),
        (
            {"adopt": "audience-overlap"},
            "adopt: 'audience-overlap' is not the ID of a collaboration; use its lowercase UUID",
        ),
    ],
)
def test_a_mistake_is_reported_for_its_argument(
    arguments: dict[str, Any], expected: str, collaborate: Collaborate
) -> None:
    (message,) = messages_of(lambda: collaborate(**arguments))
    assert expected in message


def test_all_mistakes_are_reported_in_one_error(collaborate: Collaborate) -> None:
    members = [partner(abilities=["CAN_QUERY"]), partner(abilities=["CAN_RUN_JOB"])]
    problems = problems_of(lambda: collaborate(name="", description="", members=members))
    assert [problem.property for problem in problems] == [
        "name",
        "description",
        "members",
        "members",
        "members",
    ]


@pytest.mark.parametrize(
    "members",
    [
        [partner(0, pays_for=["QUERY_COMPUTE"]), partner(1, pays_for=["QUERY_COMPUTE"])],
        [partner(number, abilities=["CAN_RECEIVE_RESULTS"]) for number in range(2)],
    ],
    ids=["payers", "receivers"],
)
def test_several_members_can_pay_and_receive_results(
    members: list[Member], stack: Stack, collaborate: Collaborate
) -> None:
    collaborate(members=members)
    assert warnings_of(stack) == []


def test_accounts_known_only_at_deployment_are_not_compared(
    stack: Stack, collaborate: Collaborate
) -> None:
    account = CfnParameter(stack, "Account").value_as_string
    collaboration = collaborate(members=[partner(account_id=account)])
    (member,) = resource_of(collaboration)["Properties"]["Members"]
    assert member["AccountId"] == {"Ref": "Account"}


def test_a_collaboration_whose_results_nobody_receives_causes_a_warning(
    stack: Stack, collaborate: Collaborate
) -> None:
    collaborate(creator=Member(display_name="Us", abilities=["CAN_QUERY"]))
    (warning,) = warnings_of(stack)
    assert "No member of this collaboration can receive results" in warning
    assert "[ack: cdk-cleanrooms:nobodyReceivesResults]" in warning


def test_more_members_than_the_default_quota_cause_a_warning(
    stack: Stack, collaborate: Collaborate
) -> None:
    collaborate(members=[partner(number) for number in range(5)])
    assert warnings_of(stack) == []
    collaborate(id="Larger", members=[partner(number) for number in range(6)])
    (warning,) = warnings_of(stack)
    assert "[ack: cdk-cleanrooms:tooManyMembers]" in warning


def test_two_collaborations_can_have_the_same_name(app: App, collaborate: Collaborate) -> None:
    collaborate()
    collaborate(id="Second")
    app.synth()


def test_attributes_are_those_of_the_resource(stack: Stack, collaborate: Collaborate) -> None:
    collaboration = collaborate()
    logical_id = stack.resolve(collaboration.node.default_child.logical_id)  # type: ignore[union-attr]
    assert stack.resolve(
        [
            collaboration.collaboration_arn,
            collaboration.collaboration_identifier,
            CfnCollaboration.arn_for_collaboration(collaboration),
        ]
    ) == [
        {"Fn::GetAtt": [logical_id, "Arn"]},
        {"Fn::GetAtt": [logical_id, "CollaborationIdentifier"]},
        {"Fn::GetAtt": [logical_id, "Arn"]},
    ]


def test_an_import_by_id_is_in_the_account_and_region_of_the_stack(stack: Stack) -> None:
    collaboration = Collaboration.from_existing(
        stack, "Existing", collaboration_identifier=COLLABORATION_ID
    )
    assert collaboration.collaboration_identifier == COLLABORATION_ID
    assert collaboration.collaboration_arn.endswith(
        f":cleanrooms:{REGION}:{ACCOUNT}:collaboration/{COLLABORATION_ID}"
    )
    assert CfnCollaboration.arn_for_collaboration(collaboration) == collaboration.collaboration_arn


def test_an_import_by_arn_is_in_the_account_and_region_of_the_arn(stack: Stack) -> None:
    arn = COLLABORATION_ARN.replace(ACCOUNT, PARTNER)
    collaboration = Collaboration.from_collaboration_arn(stack, "Existing", arn)
    assert collaboration.collaboration_arn == arn
    assert collaboration.collaboration_identifier == COLLABORATION_ID
    assert collaboration.env.account == PARTNER


def test_a_look_up_returns_a_dummy_name_before_the_cli_has_read_it(stack: Stack) -> None:
    collaboration = Collaboration.from_lookup(
        stack, "Existing", collaboration_identifier=COLLABORATION_ID
    )
    assert collaboration.collaboration_identifier == COLLABORATION_ID
    assert collaboration.name == "dummy"
    assert ":collaboration/" in collaboration.collaboration_arn


def test_an_import_of_another_kind_of_resource_is_refused(stack: Stack) -> None:
    arn = COLLABORATION_ARN.replace("collaboration/", "membership/")
    (message,) = messages_of(lambda: Collaboration.from_collaboration_arn(stack, "Existing", arn))
    assert "is not the ARN of a collaboration" in message


def test_grants_name_the_collaboration(stack: Stack) -> None:
    role = Role(stack, "Analyst", assumed_by=AccountPrincipal(ACCOUNT))
    collaboration = Collaboration.from_collaboration_arn(stack, "Existing", COLLABORATION_ARN)
    collaboration.grants.read(role)
    collaboration.grants.manage(role)
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert {statement["Resource"] for statement in statements} == {COLLABORATION_ARN}
    assert [action for statement in statements for action in statement["Action"]] == [
        "cleanrooms:GetCollaboration",
        "cleanrooms:ListMembers",
        "cleanrooms:DeleteCollaboration",
        "cleanrooms:TagResource",
        "cleanrooms:UntagResource",
        "cleanrooms:UpdateCollaboration",
    ]


def test_a_collaboration_needs_three_requests(collaborate: Collaborate) -> None:
    collaborate(id="First")
    with counted_requests() as requests:
        collaborate(id="Second", members=[partner()], tags={"Team": "A"})
    # The L2, the L1 and the removal policy.
    assert requests.total() == 3
