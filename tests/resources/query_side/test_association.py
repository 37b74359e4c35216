"""Tests of configured table associations: names, roles, collaboration rules and warnings."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Aws, CfnParameter, Environment, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_secretsmanager import Secret

from cdk_cleanrooms import (
    AnalysisTemplate,
    AthenaTable,
    Collaboration,
    ConfiguredTable,
    ConfiguredTableAssociation,
    CustomAnalysisRule,
    DifferentialPrivacyBudget,
    GlueTable,
    IdMappingTable,
    Member,
    Membership,
    PrivacyBudgetTemplate,
    Results,
    SnowflakeTable,
    SqlSource,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import (
    COLLABORATION_ID,
    CONFIGURED_TABLE_ID,
    GLUE_TABLE_ARN,
    ID_MAPPING_WORKFLOW_ARN,
    KEY_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    ROLE_ARN,
    TEMPLATE_ARN,
)

from .declarations import ANALYST, PARTNER, aggregation, custom, membership, orders

OTHER_ID = "a1b2c3d4-5678-90ab-cdef-444444444444"
PARTNERS_ARN = f"arn:aws:cleanrooms:us-east-1:{PARTNER}:membership/{OTHER_ID}"
THIRD = "777788889999"


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Stack", env=Environment(account="111122223333", region="us-east-1"))


def role_of(stack: Stack) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the statements of the trust policy and of the policy of the only role."""
    template = Template.from_stack(stack)
    (role,) = template.find_resources("AWS::IAM::Role").values()
    (policy,) = template.find_resources("AWS::IAM::Policy").values()
    return (
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"],
        policy["Properties"]["PolicyDocument"]["Statement"],
    )


def conditions_of(stack: Stack) -> list[dict[str, Any]]:
    """Return the conditions under which the created role can be assumed."""
    trust, _ = role_of(stack)
    assert {each["Principal"]["Service"] for each in trust} == {"cleanrooms.amazonaws.com"}
    return [each["Condition"] for each in trust]


def sources_of(stack: Stack) -> Any:
    """Return the memberships for which the created role can be assumed."""
    sources = conditions_of(stack)[-1]["ForAnyValue:ArnEquals"]["aws:SourceArn"]
    return sources if isinstance(sources, list) else [sources]


def rule_of(association: ConfiguredTableAssociation) -> Any:
    """Return the collaboration rule of an association, or None."""
    rules = resource_of(association)["Properties"].get("ConfiguredTableAssociationAnalysisRules")
    return rules[0] if rules else None


@pytest.mark.parametrize("is_construct", [False, True])
def test_a_role_of_another_account_is_a_problem(is_construct: bool, stack: Stack) -> None:
    arn = f"arn:aws:iam::{PARTNER}:role/ReadsData"
    role = Role.from_role_arn(stack, "Role", arn) if is_construct else arn
    table = orders(stack)
    (problem,) = problems_of(lambda: table.associate("In", membership=MEMBERSHIP_ID, role=role))
    assert (problem.property, problem.value, problem.code) == ("role", role, "OtherAccount")


# Names


def test_the_name_is_by_default_that_of_the_table_in_lowercase_letters(stack: Stack) -> None:
    association = orders(stack, name="Our Orders").associate("In", membership=MEMBERSHIP_ID)
    assert (association.name, association.node.path) == ("our orders", "Stack/Orders/In")


def test_a_name_known_at_deployment_is_used_as_it_is(stack: Stack) -> None:
    name = CfnParameter(stack, "Name").value_as_string
    association = orders(stack, name=name).associate("In", membership=MEMBERSHIP_ID)
    assert stack.resolve(association.name) == {"Ref": "Name"}


def test_a_name_of_a_table_that_queries_cannot_have_is_a_problem(stack: Stack) -> None:
    table = orders(stack, name="sales.orders")
    (problem,) = problems_of(lambda: table.associate("In", membership=MEMBERSHIP_ID))
    assert problem.property == "name"
    assert problem.message.startswith("the name of the configured table, 'sales.orders' is not")
    assert problem.message.endswith(", or pass name")
    table.associate("In", membership=MEMBERSHIP_ID, name="sales_orders")


@pytest.mark.parametrize("name", ["a-b", "sales.orders", "orders\n", "", "n" * 129])
def test_a_name_that_queries_cannot_have_is_a_problem(name: str, stack: Stack) -> None:
    table = orders(stack)
    (problem, *_) = problems_of(lambda: table.associate("In", membership=MEMBERSHIP_ID, name=name))
    assert (problem.property, problem.value) == ("name", name)


def declare_mapping(stack: Stack, membership: Any, name: str = "ORDERS") -> IdMappingTable:
    return IdMappingTable(
        stack,
        "Mapping",
        membership=membership,
        id_mapping_workflow=ID_MAPPING_WORKFLOW_ARN,
        name=name,
    )


def test_tables_of_a_membership_have_different_names_in_lowercase_letters(stack: Stack) -> None:
    orders(stack).associate("In", membership=MEMBERSHIP_ID)
    declare_mapping(stack, MEMBERSHIP_ID)
    with pytest.raises(RuntimeError) as raised:
        stack.node.root.synth()  # type: ignore[attr-defined]
    assert (
        "Stack/Mapping: name: 'ORDERS' is also the name of Stack/Orders/In, in the same membership"
    ) in str(raised.value)


def test_tables_of_a_collaboration_have_different_names(stack: Stack) -> None:
    app = stack.node.root
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="overlap",
        description="Ours",
        creator=Member(display_name="Publisher"),
        members=[ANALYST],
    )
    ours = Membership(stack, "Ours", collaboration=collaboration)
    other = Stack(app, "Other", env=Environment(account=PARTNER, region="us-east-1"))  # type: ignore[arg-type]
    theirs = Membership(
        other, "Theirs", collaboration=collaboration, collaboration_identifier=COLLABORATION_ID
    )
    third = Membership(other, "Third", collaboration=OTHER_ID)
    orders(other).associate("In", membership=theirs)
    orders(other, "Further").associate("In", membership=third)
    with_id = Membership(stack, "Again", collaboration=COLLABORATION_ID)
    orders(stack).associate("In", membership=ours)
    orders(stack, "Same").associate("In", membership=with_id)
    with pytest.raises(RuntimeError) as raised:
        app.synth()  # type: ignore[attr-defined]
    assert (
        "Stack/Same/In: name: 'orders' is also the name of Other/Orders/In, in the same"
        " collaboration"
    ) in str(raised.value)
    assert "Stack/Orders/In: name" not in str(raised.value)


def test_a_name_that_is_still_to_be_looked_up_is_not_compared(stack: Stack) -> None:
    for name in ("First", "Second"):
        orders(stack, name).associate("In", membership="dummy-value-for-/membership")
    stack.node.root.synth()  # type: ignore[attr-defined]


# Roles


def test_the_role_of_a_table_of_glue_reads_exactly_its_data(stack: Stack) -> None:
    key = Key(stack, "Key")
    bucket = Bucket(stack, "Data", encryption_key=key)
    table = orders(stack, table=GlueTable(table=GLUE_TABLE_ARN, bucket=bucket, prefix="orders"))
    association = table.associate("In", membership=MEMBERSHIP_ID)
    _, statements = role_of(stack)
    glue = "arn:aws:glue:us-east-1:111122223333"
    bucket_arn, key_arn = stack.resolve([bucket.bucket_arn, key.key_arn])
    own = {"StringEquals": {"s3:ResourceAccount": "111122223333"}}
    assert statements == [
        {
            "Effect": "Allow",
            "Action": [
                "glue:BatchGetPartition",
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            "Resource": [f"{glue}:catalog", f"{glue}:database/crm", f"{glue}:table/crm/orders"],
        },
        {
            "Effect": "Allow",
            "Action": ["glue:GetSchema", "glue:GetSchemaVersion"],
            "Resource": [f"{glue}:registry/*", f"{glue}:schema/*"],
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
            "Resource": bucket_arn,
            "Condition": own,
        },
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": {"Fn::Join": ["", [bucket_arn, "/orders/*"]]},
            "Condition": own,
        },
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key_arn},
    ]
    resource = resource_of(association)
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    assert resource["DependsOn"] == [policy]
    assert association.role is not None


def test_the_role_of_a_table_of_athena_runs_queries_and_writes_results(stack: Stack) -> None:
    table = orders(
        stack,
        table=AthenaTable(
            table=GLUE_TABLE_ARN,
            work_group="analysts",
            output_bucket=Bucket(stack, "Results", encryption_key=Key(stack, "Key")),
            output_prefix="clean-rooms/",
        ),
        analysis_rule=custom(),
    )
    table.associate("In", membership=MEMBERSHIP_ID)
    _, statements = role_of(stack)
    athena = "arn:aws:athena:us-east-1:111122223333"
    assert [each["Action"] for each in statements] == [
        [
            "athena:GetDataCatalog",
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:GetTableMetadata",
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
        ],
        ["glue:GetCatalog", "glue:GetDatabase", "glue:GetTable"],
        ["s3:GetBucketLocation", "s3:ListBucket"],
        [
            "s3:AbortMultipartUpload",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
        ],
        ["kms:Decrypt", "kms:GenerateDataKey"],
        "lakeformation:GetDataAccess",
    ]
    assert statements[0]["Resource"] == [
        f"{athena}:workgroup/analysts",
        f"{athena}:datacatalog/AwsDataCatalog",
    ]
    assert {"aws:ResourceAccount": "111122223333"} in [
        each.get("Condition", {}).get("StringEquals") for each in statements
    ]
    assert statements[3]["Resource"]["Fn::Join"][1][-1] == "/clean-rooms/*"
    assert statements[5]["Resource"] == "*"
    assert len(conditions_of(stack)) == 2


def snowflake(secret: Any, **arguments: Any) -> SnowflakeTable:
    return SnowflakeTable(
        secret=secret,
        account_identifier="example-prod",
        database="CRM",
        schema="PUBLIC",
        table="ORDERS",
        columns={"order_id": "VARCHAR"},
        **arguments,
    )


def test_the_role_of_a_table_of_snowflake_reads_the_secret(stack: Stack) -> None:
    key = Key(stack, "Key")
    secret = Secret(stack, "Secret", encryption_key=key)
    table = orders(
        stack,
        table=snowflake(secret),
        allowed_columns=["order_id"],
        analysis_rule=CustomAnalysisRule(),
    )
    us = membership(stack, ANALYST, Member(account_id=THIRD, display_name="Third"))
    table.associate("In", membership=us)
    _, statements = role_of(stack)
    secret_arn, key_arn = stack.resolve([secret.secret_arn, key.key_arn])
    assert statements == [
        {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret_arn},
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": key_arn,
            "Condition": {
                "StringEquals": {
                    "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
                    "kms:EncryptionContext:SecretARN": secret_arn,
                }
            },
        },
    ]
    (condition,) = conditions_of(stack)
    own = stack.resolve(us.membership_arn)
    assert condition == {
        "ForAnyValue:ArnEquals": {
            "aws:SourceArn": [own, f"arn:aws:cleanrooms:us-east-1:{PARTNER}:membership/*"]
        }
    }


@pytest.mark.parametrize("is_construct", [True, False])
def test_a_secret_without_its_last_characters_is_read_with_any(
    is_construct: bool, stack: Stack
) -> None:
    secret: Any = "arn:aws:secretsmanager:us-east-1:111122223333:secret:snowflake"
    if is_construct:
        secret = Secret.from_secret_partial_arn(stack, "Secret", secret)
    table = orders(
        stack,
        table=snowflake(secret, encryption_key=Key(stack, "Key")),
        allowed_columns=["order_id"],
        analysis_rule=CustomAnalysisRule(),
    )
    table.associate("In", membership=MEMBERSHIP_ID)
    _, (read, decrypt) = role_of(stack)
    any_ending = "arn:aws:secretsmanager:us-east-1:111122223333:secret:snowflake-??????"
    assert read["Resource"] == any_ending
    assert decrypt["Condition"] == {
        "StringLike": {
            "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": any_ending,
        }
    }


def test_a_secret_of_another_region_is_decrypted_there(stack: Stack) -> None:
    secret = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:snowflake-AbCdEf"
    table = orders(
        stack,
        table=snowflake(secret, encryption_key=KEY_ARN.replace("us-east-1", "eu-west-1")),
        allowed_columns=["order_id"],
        analysis_rule=CustomAnalysisRule(),
    )
    table.associate("In", membership=MEMBERSHIP_ID, query_runner_membership=PARTNERS_ARN)
    _, statements = role_of(stack)
    via = statements[1]["Condition"]["StringEquals"]["kms:ViaService"]
    assert via == "secretsmanager.eu-west-1.amazonaws.com"
    assert sources_of(stack)[1:] == [PARTNERS_ARN]


def test_a_secret_without_a_key_of_the_customer_needs_no_permission_for_it(stack: Stack) -> None:
    table = orders(
        stack,
        table=snowflake("arn:aws:secretsmanager:us-east-1:444455556666:secret:snowflake"),
        allowed_columns=["order_id"],
        analysis_rule=CustomAnalysisRule(),
    )
    table.associate("In", membership=MEMBERSHIP_ID)
    _, statements = role_of(stack)
    assert [each["Action"] for each in statements] == ["secretsmanager:GetSecretValue"]


def own_arn(stack: Stack) -> Any:
    return stack.resolve(
        f"arn:{Aws.PARTITION}:cleanrooms:us-east-1:111122223333:membership/{MEMBERSHIP_ID}"
    )


def test_the_role_trusts_any_membership_if_nothing_is_known(stack: Stack) -> None:
    orders(stack).associate("In", membership=MEMBERSHIP_ID)
    external_id, sources = conditions_of(stack)
    assert external_id == {"StringLike": {"sts:ExternalId": "arn:aws:*:us-east-1:*:dbuser:*/*"}}
    assert sources["ForAnyValue:ArnEquals"]["aws:SourceArn"] == [
        own_arn(stack),
        "arn:aws:cleanrooms:us-east-1:*:membership/*",
    ]


def test_the_role_trusts_exactly_the_memberships_that_are_given(stack: Stack) -> None:
    third = f"arn:aws:cleanrooms:us-east-1:{THIRD}:membership/{OTHER_ID}"
    orders(stack).associate(
        "In",
        membership=MEMBERSHIP_ID,
        query_runner_membership=PARTNERS_ARN,
        member_memberships=[third],
    )
    external_id, _ = conditions_of(stack)
    assert external_id["StringLike"]["sts:ExternalId"] == (
        f"arn:aws:*:us-east-1:*:dbuser:*/{OTHER_ID}*"
    )
    assert sources_of(stack) == [own_arn(stack), PARTNERS_ARN, third]


def test_the_role_trusts_the_accounts_of_the_other_members(stack: Stack) -> None:
    third = Member(account_id=THIRD, display_name="Third")
    us = membership(stack, ANALYST, third)
    orders(stack).associate("In", membership=us, query_runner_membership=PARTNERS_ARN)
    assert sources_of(stack) == [
        stack.resolve(us.membership_arn),
        PARTNERS_ARN,
        f"arn:aws:cleanrooms:us-east-1:{THIRD}:membership/*",
    ]


def test_the_role_trusts_a_membership_of_the_app_and_no_other_of_its_account(
    stack: Stack,
) -> None:
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="overlap",
        description="Ours",
        creator=Member(display_name="Publisher"),
        members=[ANALYST],
    )
    us = Membership(stack, "Ours", collaboration=collaboration)
    app = stack.node.root
    theirs = Membership(
        Stack(app, "Other", env=Environment(account=PARTNER, region="us-east-1")),  # type: ignore[arg-type]
        "Theirs",
        collaboration=collaboration,
        collaboration_identifier=COLLABORATION_ID,
    )
    association = orders(stack).associate(
        "In", membership=us, member_memberships=[theirs], role=ROLE_ARN
    )
    from cdk_cleanrooms.clean_rooms.memberships import arns_of_members

    assert arns_of_members(association, us, [theirs]) == [us.membership_arn, theirs.membership_arn]


def test_the_role_trusts_any_account_for_a_creator_whose_account_is_not_known() -> None:
    app = App()
    collaboration = Collaboration(
        Stack(app, "Creator"),
        "Collaboration",
        name="overlap",
        description="Ours",
        creator=Member(display_name="Publisher", abilities=["CAN_RECEIVE_RESULTS"]),
        members=[ANALYST],
    )
    stack = Stack(app, "Partner", env=Environment(account=PARTNER, region="us-east-1"))
    us = Membership(
        stack, "Ours", collaboration=collaboration, collaboration_identifier=COLLABORATION_ID
    )
    association = orders(stack).associate("In", membership=us)
    assert sources_of(stack)[1:] == ["arn:aws:cleanrooms:us-east-1:*:membership/*"]
    # Who can receive results is not known either.
    assert rule_of(association) is None


def test_a_membership_whose_account_is_not_known_is_trusted_besides_the_accounts_of_the_members(
    stack: Stack,
) -> None:
    us = membership(stack)
    l1 = CfnMembership(
        stack, "L1", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    orders(stack).associate("In", membership=us, member_memberships=[l1])
    own, other = stack.resolve([us.membership_arn, l1.attr_arn])
    assert sources_of(stack) == [own, other, f"arn:aws:cleanrooms:us-east-1:{PARTNER}:membership/*"]


def test_an_l1_as_a_membership_is_trusted_by_its_arn(stack: Stack) -> None:
    l1 = CfnMembership(
        stack, "L1", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )
    orders(stack).associate("In", membership=l1, member_memberships=[MEMBERSHIP_ARN])
    assert sources_of(stack) == [stack.resolve(l1.attr_arn), MEMBERSHIP_ARN]


def test_a_role_that_is_given_is_used(stack: Stack) -> None:
    table = orders(stack, table=GlueTable(table=GLUE_TABLE_ARN))
    association = table.associate("In", membership=MEMBERSHIP_ID, role=ROLE_ARN)
    assert association.role is None
    assert resource_of(association)["Properties"]["RoleArn"] == ROLE_ARN


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (GlueTable(table=GLUE_TABLE_ARN), "pass GlueTable(bucket=…) there, or pass role"),
        (
            AthenaTable(table=GLUE_TABLE_ARN, work_group="primary"),
            "pass AthenaTable(output_bucket=…) there, or pass role",
        ),
        (
            GlueTable(table=GLUE_TABLE_ARN, bucket="data", prefix="orders/*"),
            "the prefix 'orders/*' of the configured table has a wildcard",
        ),
    ],
    ids=str,
)
def test_a_role_that_cannot_be_created_is_a_problem(table: Any, message: str, stack: Stack) -> None:
    configured = orders(stack, table=table, analysis_rule=custom())
    (problem,) = problems_of(lambda: configured.associate("In", membership=MEMBERSHIP_ID))
    assert problem.property == "role"
    assert message in problem.message


def test_an_imported_table_needs_a_name_and_a_role(stack: Stack) -> None:
    table = ConfiguredTable.from_existing(
        stack, "Table", configured_table_identifier=CONFIGURED_TABLE_ID
    )
    problems = problems_of(lambda: table.associate("In", membership=MEMBERSHIP_ID))
    assert [problem.property for problem in problems] == ["name", "role"]


def test_the_memberships_of_members_are_constructs_or_arns(stack: Stack) -> None:
    table = orders(stack)
    problems = problems_of(
        lambda: table.associate(
            "In",
            membership=MEMBERSHIP_ID,
            query_runner_membership=MEMBERSHIP_ID,
            member_memberships=[MEMBERSHIP_ID],
        )
    )
    assert [problem.property for problem in problems] == [
        "query_runner_membership",
        "member_memberships",
    ]


# The collaboration rule


def test_the_receivers_are_those_who_can_receive_results_in_the_collaboration(
    stack: Stack,
) -> None:
    creator = Member(display_name="Publisher", abilities=["CAN_RECEIVE_RESULTS"])
    us = membership(
        stack,
        ANALYST,
        Member(account_id=THIRD, display_name="Third"),
        creator=creator,
        results=Results(bucket="results", role=ROLE_ARN),
    )
    association = orders(stack).associate("In", membership=us)
    assert rule_of(association) == {
        "Type": "AGGREGATION",
        "Policy": {"V1": {"Aggregation": {"AllowedResultReceivers": ["111122223333", PARTNER]}}},
    }


def test_the_account_of_the_creator_is_that_of_the_stack() -> None:
    stack = Stack(App(), "Stack")
    creator = Member(display_name="Publisher", abilities=["CAN_RECEIVE_RESULTS", "CAN_QUERY"])
    us = membership(stack, Member(account_id=PARTNER, display_name="Other"), creator=creator)
    association = orders(stack).associate("In", membership=us, result_receivers=[creator])
    branch = rule_of(association)["Policy"]["V1"]["Aggregation"]
    assert branch == {"AllowedResultReceivers": [{"Ref": "AWS::AccountId"}]}


@pytest.mark.parametrize(
    ("rule", "branch"),
    [
        (aggregation(additional_analyses="ALLOWED"), "Aggregation"),
        (custom(additional_analyses="REQUIRED"), "Custom"),
    ],
    ids=str,
)
def test_the_rule_has_the_type_of_the_table_and_what_is_given(
    rule: Any, branch: str, stack: Stack
) -> None:
    model = (
        "arn:aws:cleanrooms-ml:us-east-1:*:membership/*/configured-model-algorithm-association/*"
    )
    association = orders(stack, analysis_rule=rule).associate(
        "In",
        membership=MEMBERSHIP_ID,
        result_receivers=[ANALYST, THIRD],
        allowed_additional_analyses=[model],
        analysis_rule_type=rule.type,
    )
    found = rule_of(association)
    assert found == {
        "Type": branch.upper(),
        "Policy": {
            "V1": {
                branch: {
                    "AllowedResultReceivers": [PARTNER, THIRD],
                    "AllowedAdditionalAnalyses": [model],
                }
            }
        },
    }


def test_additional_analyses_alone_make_a_rule(stack: Stack) -> None:
    model = f"{MEMBERSHIP_ARN}/configuredaudiencemodelassociation/*"
    table = orders(stack, analysis_rule=custom(additional_analyses="ALLOWED"))
    association = table.associate(
        "In", membership=MEMBERSHIP_ID, allowed_additional_analyses=[model]
    )
    assert rule_of(association)["Policy"]["V1"] == {
        "Custom": {"AllowedAdditionalAnalyses": [model]}
    }


def test_an_association_without_a_collaboration_rule_can_be_declared(stack: Stack) -> None:
    association = orders(stack).associate(
        "In", membership=membership(stack), collaboration_rule=False
    )
    assert rule_of(association) is None
    assert warnings_of(stack) == []


def test_the_rule_of_an_imported_table_needs_its_type(stack: Stack) -> None:
    arguments: dict[str, Any] = {
        "membership": MEMBERSHIP_ID,
        "configured_table": CONFIGURED_TABLE_ID,
        "name": "orders",
        "role": ROLE_ARN,
        "result_receivers": [PARTNER],
    }
    (problem,) = problems_of(lambda: ConfiguredTableAssociation(stack, "In", **arguments))
    assert problem.property == "analysis_rule_type"
    assert "which result_receivers need; pass analysis_rule_type" in problem.message
    association = ConfiguredTableAssociation(stack, "In", **arguments, analysis_rule_type="LIST")
    assert rule_of(association)["Type"] == "LIST"


@pytest.mark.parametrize(
    ("table", "arguments", "message"),
    [
        ({}, {"result_receivers": []}, "result_receivers: [] would let nobody receive"),
        ({}, {"result_receivers": PARTNER}, "use a list of members or accounts"),
        ({}, {"result_receivers": ["Partner"]}, "'Partner' is not the ID of an AWS account"),
        (
            {},
            {"collaboration_rule": False, "result_receivers": [PARTNER]},
            "result_receivers: collaboration_rule is False",
        ),
        (
            {},
            {"collaboration_rule": False, "analysis_rule_type": "LIST"},
            "analysis_rule_type: collaboration_rule is False",
        ),
        (
            {"analysis_rule": None},
            {"result_receivers": [PARTNER]},
            "the configured table has no analysis rule",
        ),
        ({}, {"analysis_rule_type": "LIST"}, "is of the type AGGREGATION; leave"),
        ({}, {"analysis_rule_type": "OTHER"}, "'OTHER' is not one of 'AGGREGATION'"),
        (
            {},
            {
                "allowed_additional_analyses": [
                    f"{MEMBERSHIP_ARN}/configuredaudiencemodelassociation/*"
                ]
            },
            "does not allow additional analyses; pass additional_analyses='ALLOWED'",
        ),
        (
            {"analysis_rule": custom(additional_analyses="ALLOWED")},
            {"allowed_additional_analyses": ["any model"]},
            "'any model' is not the ARN of a model in a membership",
        ),
        (
            {"analysis_rule": custom(additional_analyses="ALLOWED")},
            {
                "allowed_additional_analyses": [
                    f"{MEMBERSHIP_ARN}/configuredaudiencemodelassociation/{'a' * 200}"
                ]
            },
            "characters; use at most 256",
        ),
    ],
    ids=str,
)
def test_a_collaboration_rule_that_aws_refuses_is_a_problem(
    table: dict[str, Any], arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    configured = orders(stack, **table)
    problems = problems_of(
        lambda: configured.associate("In", membership=MEMBERSHIP_ID, **arguments)
    )
    assert any(message in str(problem) for problem in problems), problems


@pytest.mark.parametrize("receiver", [THIRD, Member(account_id=THIRD, display_name="Third")])
def test_a_receiver_who_cannot_receive_results_is_a_problem(receiver: Any, stack: Stack) -> None:
    us, table = membership(stack), orders(stack)
    (problem,) = problems_of(
        lambda: table.associate("In", membership=us, result_receivers=[receiver])
    )
    assert f"'{THIRD}' is not a member of the collaboration who can receive" in problem.message
    assert f"use one of '{PARTNER}'" in problem.message


def test_a_receiver_whose_account_is_not_known_is_a_problem(stack: Stack) -> None:
    table, receiver = orders(stack), Member(display_name="Somebody")
    (problem,) = problems_of(
        lambda: table.associate("In", membership=MEMBERSHIP_ID, result_receivers=[receiver])
    )
    assert (problem.property, problem.code) == ("result_receivers", "AccountIdMissing")


def test_the_creator_of_another_stack_can_receive_results(stack: Stack) -> None:
    creator = Member(display_name="Publisher", abilities=["CAN_RECEIVE_RESULTS"])
    ours = membership(stack, creator=creator, results=Results(bucket="results", role=ROLE_ARN))
    other = Stack(stack.node.root, "Other", env=Environment(account=PARTNER, region="us-east-1"))  # type: ignore[arg-type]
    theirs = Membership(
        other,
        "Theirs",
        collaboration=ours.node.scope.node.find_child("Collaboration"),  # type: ignore[union-attr, arg-type]
        collaboration_identifier=COLLABORATION_ID,
    )
    association = orders(other).associate("In", membership=theirs, result_receivers=[creator])
    branch = rule_of(association)["Policy"]["V1"]["Aggregation"]
    assert branch == {"AllowedResultReceivers": ["111122223333"]}


@pytest.mark.parametrize("receiver", [PARTNER, ANALYST], ids=str)
def test_a_receiver_who_can_receive_results_is_accepted(receiver: Any, stack: Stack) -> None:
    association = orders(stack).associate(
        "In", membership=membership(stack), result_receivers=[receiver]
    )
    branch = rule_of(association)["Policy"]["V1"]["Aggregation"]
    assert branch == {"AllowedResultReceivers": [PARTNER]}


def test_receivers_known_at_deployment_are_accepted(stack: Stack) -> None:
    account = CfnParameter(stack, "Account").value_as_string
    us = membership(stack)
    orders(stack).associate("In", membership=us, result_receivers=[account])


def test_receivers_are_not_compared_with_members_whose_accounts_are_not_known() -> None:
    stack = Stack(App(), "Stack")
    us = membership(stack)
    orders(stack).associate("In", membership=us, result_receivers=[THIRD])


# Warnings


@pytest.mark.parametrize(
    ("rule", "warning"),
    [
        (None, "The configured table has no analysis rule, so nobody can query it"),
        (aggregation(), "It is not known here who can receive results"),
    ],
    ids=str,
)
def test_an_association_that_may_not_be_ready_causes_a_warning(
    rule: Any, warning: str, stack: Stack
) -> None:
    orders(stack, analysis_rule=rule).associate("In", membership=MEMBERSHIP_ID)
    (found,) = warnings_of(stack)
    assert found.startswith(warning)


@pytest.mark.parametrize(
    ("rule", "warning"),
    [
        (CustomAnalysisRule(), "The custom analysis rule of the configured table has no allowed"),
        (custom(additional_analyses="ALLOWED"), "allows additional analyses, but the association"),
    ],
    ids=str,
)
def test_a_rule_that_lacks_its_counterpart_causes_a_warning(
    rule: Any, warning: str, stack: Stack
) -> None:
    orders(stack, analysis_rule=rule).associate(
        "In", membership=MEMBERSHIP_ID, result_receivers=[PARTNER]
    )
    (found,) = warnings_of(stack)
    assert warning in found


def test_more_than_25_associations_in_a_membership_cause_a_warning(stack: Stack) -> None:
    table = orders(stack)
    for number in range(26):
        table.associate(
            f"In{number}",
            membership=MEMBERSHIP_ID,
            name=f"orders_{number}",
            role=ROLE_ARN,
            collaboration_rule=False,
        )
    (warning,) = warnings_of(stack)
    assert "more than 25 configured table associations" in warning


# Permissions


@pytest.mark.parametrize("make", ["Membership", "CfnMembership"])
def test_who_reads_an_association_of_the_app_reads_the_schema_in_the_collaboration(
    make: str, stack: Stack
) -> None:
    us: Any = (
        membership(stack)
        if make == "Membership"
        else CfnMembership(
            stack, "L1", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
        )
    )
    association = orders(stack).associate("In", membership=us, role=ROLE_ARN)
    role = Role(stack, "Reader", assumed_by=AccountRootPrincipal())
    association.grants.read(role)
    _, statements = role_of(stack)
    assert [each["Action"] for each in statements] == [
        [
            "cleanrooms:GetConfiguredTableAssociation",
            "cleanrooms:GetConfiguredTableAssociationAnalysisRule",
            "cleanrooms:GetSchema",
            "cleanrooms:GetSchemaAnalysisRule",
        ],
        ["cleanrooms:GetSchema", "cleanrooms:GetSchemaAnalysisRule"],
    ]
    attribute = getattr(us, "collaboration_arn", None) or us.attr_collaboration_arn
    assert statements[1]["Resource"] == stack.resolve(attribute)


# Tables of one membership


def private(column: str) -> CustomAnalysisRule:
    return custom(differential_privacy_column=column)


def declare_budget(stack: Stack) -> None:
    budget = DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30)
    PrivacyBudgetTemplate(stack, "Budget", membership=MEMBERSHIP_ID, budget=budget)


def associate_with_rules(stack: Stack, *rules: Any) -> None:
    for number, rule in enumerate(rules):
        orders(stack, f"Table{number}", name=f"table{number}", analysis_rule=rule).associate(
            "In", membership=MEMBERSHIP_ID, role=ROLE_ARN, result_receivers=[PARTNER]
        )


def test_tables_whose_rules_are_of_different_types_cause_a_warning(stack: Stack) -> None:
    associate_with_rules(stack, custom(), custom(), aggregation())
    (warning,) = warnings_of(stack)
    assert warning.startswith(
        "The analysis rule is of the type AGGREGATION, and that of Stack/Table0/In is of the type"
        " CUSTOM"
    )


@pytest.mark.parametrize("position", [0, 2])
def test_different_columns_of_people_cause_a_warning(position: int, stack: Stack) -> None:
    declare_budget(stack)
    rules = [private("email_hash"), private("order_id")]
    rules.insert(position, custom())
    associate_with_rules(stack, *rules)
    (warning,) = warnings_of(stack)
    first = rules.index(private("email_hash"))
    assert warning.startswith(
        f"The column 'order_id' identifies people here, and 'email_hash' in Stack/Table{first}/In"
    )


def test_a_column_of_people_is_compared_with_the_first_one(stack: Stack) -> None:
    declare_budget(stack)
    associate_with_rules(stack, *map(private, ("email_hash", "order_id", "email_hash")))
    (warning,) = warnings_of(stack)
    assert warning.startswith("The column 'order_id' identifies people here")


def test_equal_columns_of_people_cause_no_warning(stack: Stack) -> None:
    declare_budget(stack)
    associate_with_rules(stack, private("email_hash"), private("email_hash"))
    assert warnings_of(stack) == []


def test_differential_privacy_without_a_budget_causes_a_warning(stack: Stack) -> None:
    budget = DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30)
    other = "a1b2c3d4-5678-90ab-cdef-000000000000"
    PrivacyBudgetTemplate(stack, "Other", membership=other, budget=budget)
    PrivacyBudgetTemplate(Stack(App(), "Other"), "B", membership=MEMBERSHIP_ID, budget=budget)
    PrivacyBudgetTemplate(stack, "Removed", membership=MEMBERSHIP_ID, budget=budget)
    stack.node.try_remove_child("Removed")
    associate_with_rules(stack, private("email_hash"))
    (warning,) = warnings_of(stack)
    assert warning.startswith("The table has differential privacy, and this app declares no")


# The collaboration and its results


def collaboration_named(stack: Stack, id: str) -> Collaboration:
    return Collaboration(
        stack, id, name=id, description="Ours", creator=Member(display_name="Us"), members=[ANALYST]
    )


def template_in(us: Membership, id: str) -> AnalysisTemplate:
    return AnalysisTemplate(us, id, membership=us, name=id, source=SqlSource("SELECT 1"))


def two_memberships(stack: Stack, first: Any, second: Any) -> tuple[Membership, Membership]:
    return (
        Membership(stack, "Ours", collaboration=first),
        Membership(stack, "Others", collaboration=second),
    )


def warnings_of_templates(stack: Stack, rule: Any, membership: Any) -> list[str]:
    orders(stack, analysis_rule=rule).associate(
        "In", membership=membership, role=ROLE_ARN, result_receivers=[PARTNER]
    )
    return [each for each in warnings_of(stack) if "templatesOfOtherCollaborations" in each]


@pytest.mark.parametrize("are_constructs", [True, False])
def test_a_rule_with_templates_of_other_collaborations_alone_causes_a_warning(
    are_constructs: bool, stack: Stack
) -> None:
    identifiers: list[Any] = [COLLABORATION_ID, OTHER_ID]
    if are_constructs:
        identifiers = [collaboration_named(stack, name) for name in ("First", "Second")]
    ours, others = two_memberships(stack, *identifiers)
    rule = CustomAnalysisRule(allowed_analyses=[template_in(others, "Theirs")])
    (warning,) = warnings_of_templates(stack, rule, ours)
    assert warning.startswith("Each analysis template that the analysis rule of the configured")


def test_a_rule_with_a_template_of_this_collaboration_causes_no_warning(stack: Stack) -> None:
    ours, others = two_memberships(stack, COLLABORATION_ID, OTHER_ID)
    templates = [template_in(others, "Theirs"), template_in(ours, "Ours")]
    assert not warnings_of_templates(stack, CustomAnalysisRule(allowed_analyses=templates), ours)


def test_templates_whose_collaborations_cannot_be_compared_cause_no_warning(stack: Stack) -> None:
    ours, others = two_memberships(stack, COLLABORATION_ID, collaboration_named(stack, "Second"))
    rule = CustomAnalysisRule(allowed_analyses=[template_in(others, "Theirs")])
    assert not warnings_of_templates(stack, rule, ours)


def test_a_template_that_is_given_by_its_arn_causes_no_warning(stack: Stack) -> None:
    rule = CustomAnalysisRule(allowed_analyses=[TEMPLATE_ARN])
    assert not warnings_of_templates(stack, rule, membership(stack))


def test_results_in_the_bucket_of_a_table_cause_a_warning(stack: Stack) -> None:
    us = Membership(
        stack,
        "Ours",
        collaboration=COLLABORATION_ID,
        results=Results(bucket="data", role=ROLE_ARN),
    )
    orders(stack).associate("In", membership=us, collaboration_rule=False)
    (warning,) = warnings_of(stack)
    assert warning.startswith("The results go to the bucket from which Stack/Orders/In reads its")


def test_results_in_the_bucket_of_a_table_of_another_stack_cause_a_warning(stack: Stack) -> None:
    other = Stack(stack.node.root, "Other", env=Environment(account="111122223333"))  # type: ignore[arg-type]
    orders(other).associate("In", membership=MEMBERSHIP_ID, collaboration_rule=False)
    results = Results(bucket="data", role=ROLE_ARN)
    Membership(stack, "Ours", collaboration=COLLABORATION_ID, results=results)
    (warning,) = warnings_of(stack)
    assert warning.startswith("The results go to the bucket from which Other/Orders/In reads its")


def test_the_bucket_of_a_table_of_another_app_causes_no_warning(stack: Stack) -> None:
    orders(Stack(App(), "Other")).associate(
        "In", membership=MEMBERSHIP_ID, collaboration_rule=False
    )
    results = Results(bucket="data", role=ROLE_ARN)
    Membership(stack, "Ours", collaboration=COLLABORATION_ID, results=results)
    assert warnings_of(stack) == []


def test_a_membership_and_a_table_of_another_account_are_problems(stack: Stack) -> None:
    other = Stack(stack.node.root, "Other", env=Environment(account=PARTNER, region="us-east-1"))  # type: ignore[arg-type]
    us, table = membership(stack), orders(other)
    found = problems_of(lambda: table.associate("In", membership=us))
    assert [(each.property, each.code) for each in found] == [("membership", "OtherAccount")]
    found = problems_of(
        lambda: ConfiguredTableAssociation(stack, "In", membership=us, configured_table=table)
    )
    assert [(each.property, each.code) for each in found] == [("configured_table", "OtherAccount")]
    arn = f"arn:aws:cleanrooms:eu-west-1:111122223333:configuredtable/{CONFIGURED_TABLE_ID}"
    imported = ConfiguredTable.from_configured_table_arn(stack, "Imported", arn)
    (problem,) = problems_of(
        lambda: ConfiguredTableAssociation(
            stack, "In", membership=us, configured_table=imported, name="orders", role=ROLE_ARN
        )
    )
    assert (problem.property, problem.code) == ("configured_table", "OtherRegion")


def test_memberships_in_a_list_that_is_known_at_deployment_are_a_problem(stack: Stack) -> None:
    arns = CfnParameter(stack, "Arns", type="CommaDelimitedList").value_as_list
    table = orders(stack)
    (problem,) = problems_of(
        lambda: table.associate("In", membership=MEMBERSHIP_ID, member_memberships=arns)
    )
    assert (problem.property, problem.code) == ("member_memberships", "ListIsToken")
