"""Tests of `Membership`: values from its collaboration, and roles for its results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aws_cdk import App, CfnTag, Environment, RemovalPolicy, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnCollaboration, CfnIdNamespaceAssociation, CfnMembership
from aws_cdk.aws_iam import AccountPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket

from cdk_cleanrooms import (
    Collaboration,
    IdNamespaceAssociation,
    JobResults,
    Member,
    Membership,
    PaymentResponsibility,
    ResultFormat,
    Results,
)
from dev.benchmarks.kernel import counted_requests
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import ACCOUNT, COLLABORATION_ID, ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

PARTNER = "444455556666"
STRANGER = "777788889999"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/service-role/cleanrooms-results"
MEMBERSHIP_ARN = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP_ID}"
RETAINED = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

Join = Callable[..., Membership]
Collaborate = Callable[..., Collaboration]


def environment(account: str) -> Environment:
    return Environment(account=account, region=REGION)


@pytest.fixture
def stack(app: App) -> Stack:
    """The stack of the creator."""
    return Stack(app, "Stack", env=environment(ACCOUNT))


@pytest.fixture
def partners_stack(app: App) -> Stack:
    return Stack(app, "Partner", env=environment(PARTNER))


@pytest.fixture
def join(stack: Stack) -> Join:
    def declare(**arguments: Any) -> Membership:
        good: dict[str, Any] = {
            "scope": stack,
            "id": "Membership",
            "collaboration": COLLABORATION_ID,
        }
        return Membership(**good | arguments)

    return declare


@pytest.fixture
def collaborate(stack: Stack) -> Collaborate:
    def declare(
        creator: dict[str, Any] | None = None,
        partner: dict[str, Any] | None = None,
        **arguments: Any,
    ) -> Collaboration:
        good: dict[str, Any] = {
            "scope": stack,
            "id": "Collaboration",
            "name": "audience-overlap",
            "description": "Which customers we share",
            "creator": Member(
                **{
                    "display_name": "Us",
                    "abilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
                    **(creator or {}),
                }
            ),
            "members": [
                Member(**{"display_name": "They", "account_id": PARTNER, **(partner or {})})
            ],
        }
        return Collaboration(**good | arguments)

    return declare


def messages_of(refused: Callable[[], object]) -> list[str]:
    return [f"{problem.property}: {problem.message}" for problem in problems_of(refused)]


def properties_of(membership: Membership) -> dict[str, Any]:
    properties: dict[str, Any] = resource_of(membership)["Properties"]
    return properties


Output = CfnMembership.MembershipProtectedQueryOutputConfigurationProperty
JobOutput = CfnMembership.MembershipProtectedJobOutputConfigurationProperty


@pytest.mark.parametrize(
    ("arguments", "properties"),
    [
        pytest.param({}, {}, id="minimal"),
        pytest.param({"query_log_enabled": True}, {"query_log_status": "ENABLED"}, id="query logs"),
        pytest.param({"job_log_enabled": True}, {"job_log_status": "ENABLED"}, id="job logs"),
        pytest.param({"metrics_enabled": True}, {"is_metrics_enabled": True}, id="metrics"),
        pytest.param({"tags": {"Team": "A"}}, {"tags": [CfnTag(key="Team", value="A")]}, id="tags"),
        pytest.param(
            {"pays_for": [PaymentResponsibility.QUERY_COMPUTE, "MODEL_TRAINING"]},
            {
                "payment_configuration": CfnMembership.MembershipPaymentConfigurationProperty(
                    query_compute=CfnMembership.MembershipQueryComputePaymentConfigProperty(
                        is_responsible=True
                    ),
                    machine_learning=CfnMembership.MembershipMLPaymentConfigProperty(
                        model_training=CfnMembership.MembershipModelTrainingPaymentConfigProperty(
                            is_responsible=True
                        )
                    ),
                )
            },
            id="payments",
        ),
        pytest.param(
            {
                "results": Results(
                    bucket="results",
                    prefix="overlap/",
                    format=ResultFormat.CSV,
                    single_file_output=True,
                    role=ROLE_ARN,
                )
            },
            {
                "default_result_configuration": (
                    CfnMembership.MembershipProtectedQueryResultConfigurationProperty(
                        output_configuration=Output(
                            s3=CfnMembership.ProtectedQueryS3OutputConfigurationProperty(
                                bucket="results",
                                key_prefix="overlap/",
                                result_format="CSV",
                                single_file_output=True,
                            )
                        ),
                        role_arn=ROLE_ARN,
                    )
                )
            },
            id="results",
        ),
        pytest.param(
            {"job_results": JobResults(bucket="results", role=ROLE_ARN)},
            {
                "default_job_result_configuration": (
                    CfnMembership.MembershipProtectedJobResultConfigurationProperty(
                        output_configuration=JobOutput(
                            s3=CfnMembership.ProtectedJobS3OutputConfigurationInputProperty(
                                bucket="results"
                            )
                        ),
                        role_arn=ROLE_ARN,
                    )
                )
            },
            id="results of jobs",
        ),
    ],
)
def test_the_resource_equals_that_of_an_l1_written_by_hand(
    arguments: dict[str, Any], properties: dict[str, Any], stack: Stack, join: Join
) -> None:
    required: dict[str, Any] = {
        "collaboration_identifier": COLLABORATION_ID,
        "query_log_status": "DISABLED",
    }
    by_hand = CfnMembership(stack, "ByHand", **required | properties)
    assert resource_of(join(**arguments)) == {**resource_of(by_hand), **RETAINED}


def test_a_membership_is_retained_even_if_its_first_deployment_fails(
    join: Join, collaborate: Collaborate
) -> None:
    # A member who has left cannot join again, and the creator cannot leave.
    for membership in (join(), join(id="Creators", collaboration=collaborate())):
        resource = resource_of(membership)
        assert {key: resource[key] for key in RETAINED} == RETAINED


@pytest.mark.parametrize(
    ("arguments", "deletion_policy"),
    [
        ({"removal_policy": RemovalPolicy.DESTROY}, "Delete"),
        ({"adopt": MEMBERSHIP_ID}, "Retain"),
        ({"adopt": True}, "Retain"),
    ],
)
def test_the_given_removal_policy_is_used(
    arguments: dict[str, Any], deletion_policy: str, join: Join
) -> None:
    assert resource_of(join(**arguments))["DeletionPolicy"] == deletion_policy


@pytest.mark.parametrize(
    "policy", [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE]
)
def test_deleting_the_creators_membership_causes_a_warning(
    policy: RemovalPolicy, stack: Stack, join: Join, collaborate: Collaborate
) -> None:
    join(collaboration=collaborate(), removal_policy=policy)
    (warning,) = warnings_of(stack)
    assert "[ack: cdk-cleanrooms:creatorsMembershipIsNotRetained]" in warning


def test_an_adopted_membership_that_is_retained_causes_no_warning(
    stack: Stack, join: Join, collaborate: Collaborate
) -> None:
    policy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
    join(collaboration=collaborate(), removal_policy=policy, adopt=MEMBERSHIP_ID)
    assert "creatorsMembershipIsNotRetained" not in "".join(warnings_of(stack))


def test_the_creator_takes_over_logs_metrics_and_payments(
    join: Join, collaborate: Collaborate
) -> None:
    collaboration = collaborate(
        job_log_enabled=True, metrics_enabled=True, creator={"pays_for": ["JOB_COMPUTE"]}
    )
    properties = properties_of(join(collaboration=collaboration))
    assert properties["QueryLogStatus"] == "ENABLED"
    assert properties["JobLogStatus"] == "ENABLED"
    assert properties["IsMetricsEnabled"] is True
    assert properties["PaymentConfiguration"] == {
        "QueryCompute": {"IsResponsible": False},
        "JobCompute": {"IsResponsible": True},
    }


def test_a_partner_takes_over_its_own_values_with_a_given_collaboration_id(
    join: Join, collaborate: Collaborate, partners_stack: Stack
) -> None:
    collaboration = collaborate(
        metrics_enabled=True,
        creator={"pays_for": []},
        partner={"pays_for": ["QUERY_COMPUTE"]},
    )
    properties = properties_of(
        join(
            scope=partners_stack,
            collaboration=collaboration,
            collaboration_identifier=COLLABORATION_ID,
        )
    )
    assert properties == {
        "CollaborationIdentifier": COLLABORATION_ID,
        "QueryLogStatus": "ENABLED",
        "IsMetricsEnabled": True,
        "PaymentConfiguration": {"QueryCompute": {"IsResponsible": True}},
    }


def test_a_partner_who_only_contributes_data_has_no_metrics(
    join: Join, collaborate: Collaborate, partners_stack: Stack
) -> None:
    membership = join(
        scope=partners_stack,
        collaboration=collaborate(metrics_enabled=True),
        collaboration_identifier=COLLABORATION_ID,
    )
    assert "IsMetricsEnabled" not in properties_of(membership)


def test_in_an_unknown_environment_the_membership_is_that_of_the_creator(app: App) -> None:
    open_stack = Stack(app, "Open")
    collaboration = Collaboration(
        open_stack,
        "Collaboration",
        name="audience-overlap",
        description="Which customers we share",
        creator=Member(display_name="Us", abilities=["CAN_QUERY"], pays_for=["QUERY_COMPUTE"]),
        members=[Member(display_name="They", account_id=PARTNER)],
    )
    membership = Membership(open_stack, "Membership", collaboration=collaboration)
    assert properties_of(membership)["PaymentConfiguration"] == {
        "QueryCompute": {"IsResponsible": True}
    }


def open_collaboration(app: App) -> Collaboration:
    """Declare a collaboration in a stack without an environment, whose account runs queries."""
    return Collaboration(
        Stack(app, "Creator"),
        "Collaboration",
        name="audience-overlap",
        description="Which customers we share",
        creator=Member(
            display_name="Us",
            abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            pays_for=["QUERY_COMPUTE"],
        ),
        members=[Member(display_name="They", account_id=PARTNER)],
    )


def test_in_an_unknown_environment_the_role_for_results_trusts_the_account_of_the_stack(
    app: App,
) -> None:
    collaboration = open_collaboration(app)
    results = Results(bucket="results")
    stack = collaboration.stack
    Membership(stack, "Membership", collaboration=collaboration, results=results)
    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    trust = json.dumps(role["Properties"]["AssumeRolePolicyDocument"])
    assert '{"Ref": "AWS::AccountId"}, ":membership/*"' in trust


def test_a_membership_by_id_in_an_unknown_environment_is_not_that_of_the_creator(app: App) -> None:
    membership = Membership(
        Stack(app, "Partner"),
        "Membership",
        collaboration=open_collaboration(app),
        collaboration_identifier=COLLABORATION_ID,
    )
    assert "PaymentConfiguration" not in properties_of(membership)


@pytest.mark.parametrize("kind", ["Collaboration", "CfnCollaboration"])
def test_an_account_cannot_join_a_collaboration_of_the_app_twice(
    kind: str, join: Join, collaborate: Collaborate, app: App, stack: Stack
) -> None:
    l1: dict[str, Any] = {"name": "a", "description": "b", "creator_display_name": "c"}
    collaboration = (
        collaborate()
        if kind == "Collaboration"
        else CfnCollaboration(stack, "L1", query_log_status="ENABLED", **l1)
    )
    join(collaboration=collaboration)
    join(id="Again", collaboration=collaboration)
    with pytest.raises(RuntimeError, match="Stack/Membership joins the same collaboration, and an"):
        app.synth()


def test_several_accounts_can_join_the_same_collaboration(
    join: Join, app: App, partners_stack: Stack
) -> None:
    join()
    join(scope=partners_stack)
    app.synth()


def test_an_argument_takes_precedence_over_the_collaboration(
    join: Join, collaborate: Collaborate
) -> None:
    membership = join(collaboration=collaborate(), query_log_enabled=False)
    assert properties_of(membership)["QueryLogStatus"] == "DISABLED"


def test_all_arguments_take_precedence_over_the_collaboration(
    join: Join, collaborate: Collaborate
) -> None:
    collaboration = collaborate(
        job_log_enabled=True, metrics_enabled=True, creator={"pays_for": ["JOB_COMPUTE"]}
    )
    properties = properties_of(
        join(
            collaboration=collaboration,
            query_log_enabled=False,
            job_log_enabled=False,
            metrics_enabled=False,
        )
    )
    assert properties["QueryLogStatus"] == "DISABLED"
    assert not {"JobLogStatus", "IsMetricsEnabled"} & properties.keys()


def test_nothing_is_taken_over_in_an_unknown_environment(
    app: App, join: Join, collaborate: Collaborate
) -> None:
    membership = join(
        scope=Stack(app, "Open"),
        collaboration=collaborate(creator={"pays_for": ["JOB_COMPUTE"]}),
        collaboration_identifier=COLLABORATION_ID,
    )
    assert "PaymentConfiguration" not in properties_of(membership)


def test_nothing_is_taken_over_in_an_unknown_account(
    app: App, join: Join, collaborate: Collaborate
) -> None:
    membership = join(
        scope=Stack(app, "Open", env=Environment(region="us-east-1")),
        collaboration=collaborate(creator={"pays_for": ["JOB_COMPUTE"]}),
    )
    assert "PaymentConfiguration" not in properties_of(membership)


def test_nothing_is_taken_over_from_an_l1(stack: Stack, join: Join) -> None:
    l1 = CfnCollaboration(
        stack,
        "Collaboration",
        name="audience-overlap",
        description="Which customers we share",
        creator_display_name="Us",
        query_log_status="ENABLED",
    )
    properties = properties_of(join(collaboration=l1))
    assert properties == {
        "CollaborationIdentifier": {"Fn::GetAtt": ["Collaboration", "CollaborationIdentifier"]},
        "QueryLogStatus": "DISABLED",
    }


def test_an_account_that_is_not_a_member_cannot_join(
    app: App, join: Join, collaborate: Collaborate
) -> None:
    stranger = Stack(app, "Stranger", env=environment(STRANGER))
    (message,) = messages_of(lambda: join(scope=stranger, collaboration=collaborate()))
    assert message == (
        "collaboration: the stack's account 777788889999 is not a member of the collaboration,"
        " whose members are 111122223333, 444455556666; invite it, or declare the membership in"
        " the stack of a member"
    )


def test_the_cdk_reads_the_id_of_a_collaboration_in_another_account(
    join: Join, collaborate: Collaborate, partners_stack: Stack
) -> None:
    membership = join(scope=partners_stack, collaboration=collaborate())
    identifier = resource_of(membership)["Properties"]["CollaborationIdentifier"]
    assert identifier["Fn::GetStackOutput"]["StackName"] == "Stack"


def test_an_id_cannot_be_given_twice(join: Join) -> None:
    (message,) = messages_of(lambda: join(collaboration_identifier=COLLABORATION_ID))
    assert "leave collaboration_identifier out and pass the ID as collaboration" in message


@pytest.mark.parametrize("property", ["query_log_enabled", "job_log_enabled", "metrics_enabled"])
def test_logs_and_metrics_that_the_collaboration_does_not_allow_are_refused(
    property: str, join: Join, collaborate: Collaborate
) -> None:
    collaboration = collaborate(query_log_enabled=False)
    (message,) = messages_of(lambda: join(collaboration=collaboration, **{property: True}))
    assert message.startswith(f"{property}: the collaboration has no ")
    assert message.endswith("so its members cannot turn them on; leave the argument out")


def test_metrics_are_only_for_members_who_query_or_pay(
    join: Join, collaborate: Collaborate, partners_stack: Stack
) -> None:
    arguments = {
        "scope": partners_stack,
        "collaboration": collaborate(metrics_enabled=True),
        "collaboration_identifier": COLLABORATION_ID,
    }
    (message,) = messages_of(lambda: join(**arguments, metrics_enabled=True))
    assert message.startswith("metrics_enabled: 'They' neither queries nor pays")


@pytest.mark.parametrize(
    ("creator_pays", "given", "expected"),
    [
        (
            None,
            ["JOB_COMPUTE"],
            "pays_for: QUERY_COMPUTE is missing, but 'Us' pays for it in the collaboration; leave"
            " pays_for out to take it over from the collaboration",
        ),
        (
            ["QUERY_COMPUTE", "MODEL_TRAINING"],
            ["QUERY_COMPUTE"],
            "pays_for: MODEL_TRAINING is missing, but 'Us' pays for it in the collaboration; leave"
            " pays_for out to take it over from the collaboration",
        ),
    ],
)
def test_a_payer_cannot_omit_a_payment_of_the_collaboration(
    creator_pays: list[str] | None,
    given: list[str],
    expected: str,
    join: Join,
    collaborate: Collaborate,
) -> None:
    collaboration = collaborate(creator={"pays_for": creator_pays})
    assert messages_of(lambda: join(collaboration=collaboration, pays_for=given)) == [expected]


def test_a_member_cannot_pay_for_what_another_member_pays(
    join: Join, collaborate: Collaborate
) -> None:
    collaboration = collaborate(partner={"pays_for": ["QUERY_COMPUTE"]})
    (message,) = messages_of(lambda: join(collaboration=collaboration, pays_for=["QUERY_COMPUTE"]))
    assert message.startswith(
        "pays_for: the collaboration does not say that 'Us' pays for QUERY_COMPUTE"
    )


def test_the_member_who_can_query_pays_by_default(join: Join, collaborate: Collaborate) -> None:
    membership = join(collaboration=collaborate(), pays_for=["QUERY_COMPUTE"])
    assert properties_of(membership)["PaymentConfiguration"] == {
        "QueryCompute": {"IsResponsible": True}
    }


def test_a_member_who_only_receives_results_must_say_where(
    join: Join, collaborate: Collaborate, partners_stack: Stack
) -> None:
    arguments = {
        "scope": partners_stack,
        "collaboration": collaborate(partner={"abilities": ["CAN_RECEIVE_RESULTS"]}),
        "collaboration_identifier": COLLABORATION_ID,
    }
    assert messages_of(lambda: join(**arguments)) == [
        "results: 'They' receives results but cannot query, so AWS needs to know where they go; use"
        " Results(bucket=…)"
    ]
    join(**arguments, results=Results(bucket="results"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            {"collaboration": "audience-overlap"},
            "collaboration: 'audience-overlap' is not the ID of a collaboration; use its lowercase"
            " UUID",
        ),
        (
            {"collaboration": None},
            "collaboration: None is of type NoneType; use the ID of a collaboration, a string, or"
            " the collaboration as a construct",
        ),
        (
            {"query_log_enabled": "ENABLED"},
            "query_log_enabled: 'ENABLED' is of type str; use True or False, without quotes",
        ),
        ({"pays_for": ["LUNCH"]}, "pays_for: 'LUNCH' is not one of 'QUERY_COMPUTE'"),
        (
            {"results": "results"},
            "results: 'results' is of type str; use Results(bucket=…)",
        ),
        (
            {"job_results": Results(bucket="results")},
            "is of type Results; use JobResults(bucket=…)",
        ),
        (
            {"results": Results(bucket="My_Bucket")},
            "results: its bucket, 'My_Bucket' is not the name of a bucket; use 3 to 63 lowercase"
            " letters, digits, periods and hyphens",
        ),
        (
            {"results": Results(bucket="arn:aws:s3:::results")},
            "results: its bucket, 'arn:aws:s3:::results' is an ARN; use the name of the bucket,"
            " 'results'",
        ),
        (
            {"results": Results(bucket="192.168.0.1")},
            "results: its bucket, '192.168.0.1' is not the name of a bucket",
        ),
        (
            {"results": Results(bucket="results", prefix="a b")},
            "results: its prefix, 'a b' is not a prefix for results; use letters, digits and"
            " ! . = * / _ -",
        ),
        (
            {"results": Results(bucket="results", prefix="a" * 513)},
            "has 513 characters; use 0 to 512 characters",
        ),
        (
            {"results": Results(bucket="results", format="JSON")},
            "results: its format, 'JSON' is not one of 'CSV', 'PARQUET'",
        ),
        (
            {"results": Results(bucket="results", role=f"{ROLE_ARN},ours")},
            "has a comma, which Clean Rooms does not accept in the ARN of a role",
        ),
        (
            {"results": Results(bucket="results", role="results-role")},
            "results: its role, 'results-role' is not the ARN of a role; use"
            " 'arn:aws:iam::<account>:role/<name>', or the role as a construct",
        ),
        (
            {"results": Results(bucket="results", query_runner_membership=MEMBERSHIP_ID)},
            "is not an ARN; use the ARN of a membership",
        ),
        (
            {"adopt": "membership-12345"},
            "adopt: 'membership-12345' is not the ID of a membership; use its lowercase UUID",
        ),
        (
            {"adopt": True, "collaboration": "{{resolve:ssm:/collaboration}}"},
            "is only known at deployment",
        ),
    ],
)
def test_a_mistake_is_reported_for_its_argument(
    arguments: dict[str, Any], expected: str, join: Join
) -> None:
    (message,) = messages_of(lambda: join(**arguments))
    assert expected in message


def roles_and_policies_of(stack: Stack) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    template = Template.from_stack(stack)
    return template.find_resources("AWS::IAM::Role"), template.find_resources("AWS::IAM::Policy")


def test_the_role_for_results_has_the_documented_trust_and_permissions(
    stack: Stack, join: Join
) -> None:
    membership = join(
        results=Results(bucket="results", prefix="overlap/", query_runner_membership=MEMBERSHIP_ARN)
    )
    ((role_id, role),) = roles_and_policies_of(stack)[0].items()
    ((policy_id, policy),) = roles_and_policies_of(stack)[1].items()
    service = {"Service": "cleanrooms.amazonaws.com"}
    assert role["Properties"]["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": service,
            "Action": "sts:AssumeRole",
            "Condition": {
                "ArnLike": {"sts:ExternalId": f"arn:aws:*:{REGION}:*:dbuser:*/{MEMBERSHIP_ID}*"}
            },
        },
        {
            "Effect": "Allow",
            "Principal": service,
            "Action": "sts:AssumeRole",
            "Condition": {"ForAnyValue:ArnEquals": {"aws:SourceArn": [MEMBERSHIP_ARN]}},
        },
    ]
    condition = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
    assert policy["Properties"]["Roles"] == [{"Ref": role_id}]
    assert policy["Properties"]["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
            "Resource": "arn:aws:s3:::results",
            "Condition": condition,
        },
        {
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::results/overlap/*",
            "Condition": condition,
        },
    ]
    resource = resource_of(membership)
    assert resource["DependsOn"] == [policy_id]
    configuration = resource["Properties"]["DefaultResultConfiguration"]
    assert configuration["RoleArn"] == {"Fn::GetAtt": [role_id, "Arn"]}


def test_the_trust_policy_names_the_account_of_the_member_who_can_query(
    join: Join, collaborate: Collaborate, partners_stack: Stack
) -> None:
    join(
        scope=partners_stack,
        collaboration=collaborate(partner={"abilities": ["CAN_RECEIVE_RESULTS"]}),
        collaboration_identifier=COLLABORATION_ID,
        results=Results(bucket="results"),
    )
    (role,) = roles_and_policies_of(partners_stack)[0].values()
    statements = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert [statement["Condition"] for statement in statements] == [
        {"ArnLike": {"sts:ExternalId": f"arn:aws:*:{REGION}:*:dbuser:*/*"}},
        {
            "ForAnyValue:ArnEquals": {
                "aws:SourceArn": [f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/*"]
            }
        },
    ]


def test_the_role_for_results_of_jobs_trusts_the_runner_and_the_receiver(
    stack: Stack, join: Join
) -> None:
    runner = MEMBERSHIP_ARN.replace(ACCOUNT, PARTNER)
    join(job_results=JobResults(bucket="results", query_runner_membership=runner))
    (role,) = roles_and_policies_of(stack)[0].values()
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {
        "ForAnyValue:ArnEquals": {
            "aws:SourceArn": [runner, f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/*"]
        }
    }


def test_a_prefix_with_a_wildcard_needs_a_given_role(join: Join) -> None:
    (message,) = messages_of(lambda: join(results=Results(bucket="results", prefix="a*")))
    assert "its prefix, 'a*' contains a star, which is a wildcard in the policy" in message
    join(results=Results(bucket="results", prefix="a*", role=ROLE_ARN))


def test_a_bucket_and_a_role_can_be_constructs(stack: Stack, join: Join) -> None:
    bucket = Bucket(stack, "Bucket")
    role = Role(stack, "Role", assumed_by=AccountPrincipal(ACCOUNT))
    membership = join(results=Results(bucket=bucket, role=role))
    assert membership.results_role is None
    assert properties_of(membership)["DefaultResultConfiguration"] == {
        "OutputConfiguration": {
            "S3": {"Bucket": stack.resolve(bucket.bucket_name), "ResultFormat": "PARQUET"}
        },
        "RoleArn": stack.resolve(role.role_arn),
    }


def test_a_role_can_be_created_for_constructs(stack: Stack, join: Join) -> None:
    bucket = Bucket(stack, "Bucket")
    arn = MEMBERSHIP_ARN.replace(ACCOUNT, PARTNER)
    runner = Membership.from_membership_arn(stack, "Runner", arn)
    join(results=Results(bucket=bucket, query_runner_membership=runner))
    roles, policies = roles_and_policies_of(stack)
    (role,), (policy,) = roles.values(), policies.values()
    assert arn in str(role["Properties"]["AssumeRolePolicyDocument"])
    bucket_arn = stack.resolve(bucket.bucket_arn)
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [statement["Resource"] for statement in statements] == [
        bucket_arn,
        {"Fn::Join": ["", [bucket_arn, "/*"]]},
    ]


@pytest.mark.parametrize(
    ("arguments", "deletion_policy"),
    [({}, "Retain"), ({"removal_policy": RemovalPolicy.DESTROY}, "Delete")],
)
def test_a_role_is_retained_as_long_as_its_membership(
    arguments: dict[str, Any], deletion_policy: str, stack: Stack, join: Join
) -> None:
    join(results=Results(bucket="results"), **arguments)
    for resources in roles_and_policies_of(stack):
        (resource,) = resources.values()
        assert resource["DeletionPolicy"] == deletion_policy


def test_a_role_of_the_creator_is_deleted_if_the_first_deployment_fails(
    stack: Stack, join: Join, collaborate: Collaborate
) -> None:
    join(collaboration=collaborate(), results=Results(bucket="results"))
    for resources in roles_and_policies_of(stack):
        (resource,) = resources.values()
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"


def test_a_key_can_be_granted_to_the_role_for_results(stack: Stack, join: Join) -> None:
    membership = join(results=Results(bucket="results"))
    assert membership.results_role is not None
    Key(stack, "Key").grant_encrypt(membership.results_role)
    policies = roles_and_policies_of(stack)[1]
    assert len(policies) == 2


def test_a_key_can_be_granted_to_the_role_for_results_of_jobs(stack: Stack, join: Join) -> None:
    membership = join(job_results=JobResults(bucket="results"))
    assert membership.results_role is None
    assert membership.job_results_role is not None
    Key(stack, "Key").grant_encrypt(membership.job_results_role)
    assert len(roles_and_policies_of(stack)[1]) == 2


def test_an_association_belongs_to_the_membership(stack: Stack, join: Join) -> None:
    membership = join()
    association = IdNamespaceAssociation(
        stack, "Association", membership=membership, id_namespace=ID_NAMESPACE_ARN, name="customers"
    )
    l1 = association.node.default_child
    assert isinstance(l1, CfnIdNamespaceAssociation)
    identifier = resource_of(l1)["Properties"]["MembershipIdentifier"]
    assert identifier == stack.resolve(membership.membership_identifier)


def test_attributes_are_those_of_the_resource(stack: Stack, join: Join) -> None:
    membership = join()
    l1 = membership.node.default_child
    assert isinstance(l1, CfnMembership)
    logical_id = stack.resolve(l1.logical_id)
    assert membership.collaboration_identifier == COLLABORATION_ID
    assert stack.resolve(
        [
            membership.membership_arn,
            membership.membership_identifier,
            membership.collaboration_arn,
            membership.collaboration_creator_account_id,
            CfnMembership.arn_for_membership(membership),
        ]
    ) == [
        {"Fn::GetAtt": [logical_id, attribute]}
        for attribute in (
            "Arn",
            "MembershipIdentifier",
            "CollaborationArn",
            "CollaborationCreatorAccountId",
            "Arn",
        )
    ]


def test_an_import_by_id_is_in_the_account_and_region_of_the_stack(stack: Stack) -> None:
    membership = Membership.from_existing(stack, "Existing", membership_identifier=MEMBERSHIP_ID)
    assert membership.membership_identifier == MEMBERSHIP_ID
    assert membership.membership_arn.endswith(
        f":cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP_ID}"
    )


def test_an_import_by_arn_is_in_the_account_and_region_of_the_arn(stack: Stack) -> None:
    arn = MEMBERSHIP_ARN.replace(ACCOUNT, PARTNER)
    membership = Membership.from_membership_arn(stack, "Existing", arn)
    assert membership.membership_arn == arn
    assert membership.membership_identifier == MEMBERSHIP_ID
    assert membership.env.account == PARTNER


def test_a_look_up_returns_a_dummy_collaboration_before_the_cli_has_read_it(stack: Stack) -> None:
    membership = Membership.from_lookup(stack, "Existing", membership_identifier=MEMBERSHIP_ID)
    assert membership.membership_identifier == MEMBERSHIP_ID
    assert membership.collaboration_creator_account_id == ACCOUNT
    assert membership.collaboration_arn.endswith(membership.collaboration_identifier)


def test_grants_name_the_membership(stack: Stack) -> None:
    role = Role(stack, "Analyst", assumed_by=AccountPrincipal(ACCOUNT))
    grants = Membership.from_membership_arn(stack, "Existing", MEMBERSHIP_ARN).grants
    for grant in (grants.read, grants.manage, grants.query, grants.run_jobs):
        grant(role)
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert {statement["Resource"] for statement in statements} == {MEMBERSHIP_ARN}
    actions = [statement["Action"] for statement in statements]
    assert "cleanrooms:StartProtectedQuery" in str(actions)
    assert "cleanrooms:StartProtectedJob" in str(actions)


def test_a_membership_needs_three_requests(join: Join) -> None:
    join(id="First")
    # No other test joins this collaboration, so no other app has to be searched for a membership.
    elsewhere = COLLABORATION_ID.replace("3333", "8888")
    with counted_requests() as requests:
        join(id="Second", collaboration=elsewhere, tags={"Team": "A"}, query_log_enabled=True)
    # The L2, the L1 and the removal policy.
    assert requests.total() == 3
