"""Tests of `MatchingWorkflow`, its role, and the permissions of the role."""

from __future__ import annotations

from typing import Any

import jsii
import pytest
from aws_cdk import App, Aws, CfnParameter, Environment, Resource, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_entityresolution import CfnMatchingWorkflow, CfnSchemaMapping
from aws_cdk.aws_glue import CfnTable
from aws_cdk.aws_kms import Alias, Key
from aws_cdk.aws_s3 import Bucket
from aws_cdk.interfaces.aws_glue import ITableRef, TableReference

from cdk_cleanrooms import MatchingWorkflow
from tests.helpers import needs_cdk, problems_of, resource_of
from tests.resources.entity_resolution.declarations import (
    ROLE_ARN,
    TABLE_ARN,
    WORKFLOW_ARN,
    matching_workflow,
    messages_of,
    output,
    schema_mapping,
    table_input,
)
from tests.samples import ACCOUNT, REGION

KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/a1b2c3d4-5678-90ab-cdef-111111111111"
CATALOG = f"arn:aws:glue:{REGION}:{ACCOUNT}"


def statements_of(stack: Stack) -> list[dict[str, Any]]:
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    statements: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return statements


def test_the_role_has_exactly_the_documented_permissions(stack: Stack) -> None:
    matching_workflow(
        stack,
        inputs=[table_input(encryption_key=KEY_ARN)],
        output=output(encryption_key=KEY_ARN),
    )
    of_account = {"StringEquals": {"s3:ResourceAccount": {"Ref": "AWS::AccountId"}}}
    buckets, objects, written, tables, schemas, decrypt, encrypt = statements_of(stack)
    assert buckets == {
        "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
        "Condition": of_account,
        "Effect": "Allow",
        "Resource": ["arn:aws:s3:::crm-data", "arn:aws:s3:::matched-data"],
    }
    assert objects == {
        "Action": "s3:GetObject",
        "Condition": of_account,
        "Effect": "Allow",
        "Resource": "arn:aws:s3:::crm-data/customers/*",
    }
    assert written == {
        "Action": "s3:PutObject",
        "Condition": of_account,
        "Effect": "Allow",
        "Resource": "arn:aws:s3:::matched-data/matched/*",
    }
    assert tables["Resource"] == [
        f"{CATALOG}:catalog",
        f"{CATALOG}:database/crm",
        f"{CATALOG}:table/crm/customers",
    ]
    assert tables["Action"] == [
        "glue:BatchGetPartition",
        "glue:GetDatabase",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
    ]
    assert schemas["Action"] == ["glue:GetSchema", "glue:GetSchemaVersion"]
    assert schemas["Resource"] == [f"{CATALOG}:registry/*", f"{CATALOG}:schema/*"]
    assert (decrypt["Action"], decrypt["Resource"]) == ("kms:Decrypt", KEY_ARN)
    assert encrypt["Action"] == ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]


def test_only_entity_resolution_can_assume_the_role(stack: Stack) -> None:
    matching_workflow(stack)
    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    assert role["Properties"]["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": "entityresolution.amazonaws.com"},
        }
    ]


def test_the_workflow_waits_for_the_policy_of_its_role(stack: Stack) -> None:
    resource = resource_of(matching_workflow(stack))
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    assert resource["DependsOn"] == [policy]


def test_the_policy_has_the_prefix_of_the_output(stack: Stack) -> None:
    resource = resource_of(matching_workflow(stack, output=output(prefix="a/b")))
    (written,) = [each for each in statements_of(stack) if each["Action"] == "s3:PutObject"]
    (place,) = resource["Properties"]["OutputSourceConfig"]
    assert place["OutputS3Path"] == "s3://matched-data/a/b/"
    assert written["Resource"] == "arn:aws:s3:::matched-data/a/b/*"


def test_an_alias_is_not_a_key(stack: Stack) -> None:
    alias = Alias.from_alias_name(stack, "Alias", "alias/customers")
    problems = problems_of(
        lambda: matching_workflow(
            stack,
            inputs=[table_input(encryption_key=alias)],
            output=output(encryption_key=alias),
        )
    )
    assert [problem.property for problem in problems] == ["inputs", "output"]
    assert all("the construct 'Stack/Alias' is an alias" in problem.message for problem in problems)


def test_a_given_role_is_used_unchanged(stack: Stack) -> None:
    resource = resource_of(
        matching_workflow(stack, role=ROLE_ARN, inputs=[table_input(bucket=None)])
    )
    assert resource["Properties"]["RoleArn"] == ROLE_ARN
    Template.from_stack(stack).resource_count_is("AWS::IAM::Role", 0)


def test_constructs_become_their_names_and_arns(stack: Stack) -> None:
    table = CfnTable(
        stack,
        "Table",
        catalog_id=Aws.ACCOUNT_ID,
        database_name="crm",
        table_input={"name": "customers"},
    )
    bucket, key = Bucket(stack, "Bucket"), Key(stack, "Key")
    one = table_input(
        table=table, bucket=bucket, encryption_key=key, schema_mapping=schema_mapping(stack)
    )
    resource = resource_of(
        matching_workflow(stack, inputs=[one], output=output(bucket=bucket, columns=None))
    )
    (source,) = resource["Properties"]["InputSourceConfig"]
    (place,) = resource["Properties"]["OutputSourceConfig"]
    assert source["SchemaArn"]["Fn::GetAtt"][1] == "SchemaArn"
    # `Ref` of a table is its name, so splitting it, as in the CDK's reference, would fail.
    assert "Fn::Select" not in str(source)
    assert str(source["InputSourceARN"]).endswith(":table/crm/customers']]}")
    assert place["Output"] == [{"Name": "id"}, {"Name": "email"}]
    assert "Table" in resource["DependsOn"]


@pytest.mark.parametrize(
    ("mapping", "arn"),
    [
        (f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:schemamapping/crm", None),
        ("crm", "schemamapping/crm"),
    ],
)
def test_a_schema_mapping_can_be_given_by_its_name_or_its_arn(
    mapping: str, arn: str | None, stack: Stack
) -> None:
    resource = resource_of(matching_workflow(stack, inputs=[table_input(schema_mapping=mapping)]))
    (source,) = resource["Properties"]["InputSourceConfig"]
    assert source["SchemaArn"] == mapping if arn is None else arn in str(source["SchemaArn"])


@pytest.mark.parametrize(
    ("technique", "properties"),
    [
        (
            {"attribute_matching_model": "MANY_TO_MANY"},
            {
                "ResolutionType": "RULE_MATCHING",
                "RuleBasedProperties": {
                    "AttributeMatchingModel": "MANY_TO_MANY",
                    "Rules": [{"RuleName": "Email", "MatchingKeys": ["Email"]}],
                },
            },
        ),
        (
            {
                "rules": None,
                "rule_conditions": {"Email": "Exact(Email)"},
                "transitive_matching": True,
                "real_time_matching": True,
            },
            {
                "ResolutionType": "RULE_MATCHING",
                "EnableRealTimeMatching": True,
                "RuleConditionProperties": {
                    "Rules": [{"RuleName": "Email", "Condition": "Exact(Email)"}],
                    "MatchingConfig": {"EnableTransitiveMatching": True},
                },
            },
        ),
        ({"rules": None, "machine_learning": True}, {"ResolutionType": "ML_MATCHING"}),
        (
            {
                "rules": None,
                "role": ROLE_ARN,
                "provider": CfnMatchingWorkflow.ProviderPropertiesProperty(
                    provider_service_arn="arn:aws:entityresolution:us-east-1::providerservice/a/b"
                ),
            },
            {
                "ResolutionType": "PROVIDER",
                "ProviderProperties": {
                    "ProviderServiceArn": "arn:aws:entityresolution:us-east-1::providerservice/a/b"
                },
            },
        ),
    ],
)
def test_each_way_of_matching_has_its_own_properties(
    technique: dict[str, Any], properties: dict[str, Any], stack: Stack
) -> None:
    resource = resource_of(matching_workflow(stack, **technique))
    assert resource["Properties"]["ResolutionTechniques"] == properties


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rules": None}, "rules: no way of matching was given; pass exactly one of"),
        ({"machine_learning": True}, "rules and machine_learning were given; pass exactly one of"),
        ({"rules": {}}, "rules: there are 0 rules; use 1 to 25"),
        ({"rules": {"Email": []}}, "the rule 'Email' has 0 match keys; use 1 to 15"),
        ({"inputs": []}, "inputs: there are 0 inputs; use 1 to 20"),
        ({"inputs": [TABLE_ARN]}, "use TableInput(table="),
        ({"inputs": [table_input(bucket=None)]}, "pass the bucket that it is in, or a role"),
        ({"inputs": [table_input(prefix="a*")]}, "has a wildcard of IAM policies"),
        ({"inputs": [table_input(prefix="/a")]}, "begins with a slash; use 'a'"),
        (
            {"inputs": [table_input(table=TABLE_ARN.replace("us-east-1", "US-EAST-1"))]},
            "because its Region is 'US-EAST-1' and not '<region>'",
        ),
        ({"inputs": [table_input(table="crm.customers")]}, "its table, 'crm.customers' is not an"),
        ({"inputs": [table_input(schema_mapping=3)]}, "use a schema mapping as a construct, or"),
        ({"inputs": [table_input(schema_mapping="a b")]}, "'a b' is not the name of a schema"),
        ({"inputs": [table_input(bucket="CRM")]}, "its bucket, 'CRM' is not the name of a bucket"),
        ({"inputs": [table_input(bucket="arn:aws:s3:::a")]}, "is an ARN; use the name of the"),
        ({"rules": {"Email": "Email"}}, "use a list of match keys, such as ['Email']"),
        ({"rules": {"E-Mail!": ["Email"]}}, "rules: 'E-Mail!' has characters other than letters"),
        (
            {"rules": None, "rule_conditions": ["Exact(Email)"]},
            "use a mapping, such as {'Email': 'Exact(email)'}",
        ),
        ({"rules": None, "rule_conditions": {}}, "there are 0 rules; use 1 to 25"),
        (
            {"rules": None, "rule_conditions": {"!": "Exact(Email)"}},
            "rule_conditions: '!' has characters other than letters",
        ),
        ({"rules": None, "rule_conditions": {"Email": ""}}, "'' is empty; use 1 to 2048"),
        ({"rules": None, "rule_conditions": {"Email": "\ud800"}}, "has U+D800 at position 1"),
        ({"rules": None, "provider": {}}, "role: a provider service needs permissions that are"),
        (
            {"rules": None, "provider": "LiveRamp", "role": ROLE_ARN},
            "provider: 'LiveRamp' is of type str; use CfnMatchingWorkflow.ProviderProperties",
        ),
        ({"output": output(columns="id")}, "use a list of columns, such as ['email']"),
        (
            {"output": output(columns=[f"c{number}" for number in range(751)])},
            "there are 751 columns; use at most 750",
        ),
        ({"output": output(columns=["☺"])}, "output: '☺' has characters other than letters"),
        ({"output": output(columns=None)}, "its columns are not known"),
        ({"output": output(hashed_columns=["x"])}, "'x' is in hashed_columns but not in columns"),
        ({"output": output(prefix="a\nb")}, "its prefix, 'a\\nb' has U+000A at position 2"),
        ({"output": output(prefix="a" * 1006)}, "are a path of 1025 characters; use at most 1024"),
        ({"output": output(trailing_slash="no")}, "its trailing_slash, 'no' is of type str"),
        ({"output": output(apply_normalization="no")}, "its apply_normalization, 'no' is of type"),
        ({"role": ROLE_ARN.ljust(513, "a")}, "the ARN of a role has at most 512"),
        ({"transitive_matching": True}, "this is only for rule_conditions"),
        ({"attribute_matching_model": "SOME"}, "'SOME' is not one of"),
    ],
)
def test_values_that_aws_would_refuse_are_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    (found,) = messages_of(lambda: matching_workflow(stack, **arguments))
    assert message in found


def test_a_path_without_a_slash_at_its_end_can_have_the_longest_prefix(stack: Stack) -> None:
    matching_workflow(stack, output=output(prefix="a" * 1006, trailing_slash=False))
    assert "MatchingWorkflow" in str(Template.from_stack(stack).to_json())


@pytest.mark.parametrize("hashed", [["emial"], "email", None])
def test_hashed_columns_are_checked_if_all_columns_are_written(hashed: Any, stack: Stack) -> None:
    inputs = [table_input(schema_mapping=schema_mapping(stack))]
    written = output(columns=None, hashed_columns=hashed)
    problems = problems_of(lambda: matching_workflow(stack, inputs=inputs, output=written))
    assert {problem.property for problem in problems} == {"output"}


@pytest.mark.parametrize("prefix", ["a" * 1005, Aws.REGION * 100])
def test_the_path_of_the_output_may_be_as_long_as_aws_accepts(prefix: str, stack: Stack) -> None:
    matching_workflow(stack, output=output(prefix=prefix), role=ROLE_ARN)


def test_a_match_key_that_no_field_has_is_a_problem(stack: Stack) -> None:
    one = table_input(schema_mapping=schema_mapping(stack))
    (found,) = messages_of(lambda: matching_workflow(stack, inputs=[one], rules={"Mail": ["mail"]}))
    assert "the rule 'Mail' has the match key 'mail', and the schema mappings" in found
    assert "have 'Email'" in found


def test_a_matching_workflow_can_be_imported_by_its_name_or_its_arn(stack: Stack) -> None:
    by_name = MatchingWorkflow.from_existing(stack, "Name", matching_workflow_name="subscribers")
    by_arn = MatchingWorkflow.from_matching_workflow_arn(stack, "Arn", WORKFLOW_ARN)
    assert by_name.matching_workflow_name == by_arn.matching_workflow_name == "subscribers"


@jsii.implements(ITableRef)
class TableByReference(Resource):
    """A table of another library, with the CDK's reference, but not the L1's attributes."""

    @property
    def table_ref(self) -> TableReference:
        return TableReference(catalog_id=ACCOUNT, database_name="crm", table_name="customers")


@needs_cdk("2.274")
def test_a_table_can_come_from_another_construct_library(app: App) -> None:
    stack = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    table = TableByReference(stack, "Table")
    resource = resource_of(matching_workflow(stack, inputs=[table_input(table=table)]))
    (source,) = resource["Properties"]["InputSourceConfig"]
    assert source["InputSourceARN"] == {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, TABLE_ARN.removeprefix("arn:aws")]]
    }


def test_the_parts_of_a_tables_arn_can_be_known_at_deployment(stack: Stack) -> None:
    arn = CfnParameter(stack, "TableArn").value_as_string
    matching_workflow(stack, inputs=[table_input(table=arn)])
    (tables,) = [one for one in statements_of(stack) if "glue:GetTable" in one["Action"]]
    before, path = (
        {"Fn::Select": [index, {"Fn::Split": [":table/", {"Ref": "TableArn"}]}]} for index in (0, 1)
    )
    database = {"Fn::Select": [0, {"Fn::Split": ["/", path]}]}
    assert tables["Resource"] == [
        {"Fn::Join": ["", [before, ":catalog"]]},
        {"Fn::Join": ["", [before, ":database/", database]]},
        {"Ref": "TableArn"},
    ]


def test_the_database_of_a_tables_arn_can_be_known_at_deployment(stack: Stack) -> None:
    path = CfnParameter(stack, "Path").value_as_string
    matching_workflow(stack, inputs=[table_input(table=f"{CATALOG}:table/{path}")])
    (tables,) = [one for one in statements_of(stack) if "glue:GetTable" in one["Action"]]
    database = {"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Path"}]}]}
    assert tables["Resource"][1] == {"Fn::Join": ["", [f"{CATALOG}:database/", database]]}


def test_the_arn_of_a_cdk_schema_mapping_is_built_from_its_name(app: App) -> None:
    stack = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION))
    schema = CfnSchemaMapping.from_schema_name(stack, "Schema", "customers")
    resource = resource_of(matching_workflow(stack, inputs=[table_input(schema_mapping=schema)]))
    (source,) = resource["Properties"]["InputSourceConfig"]
    assert source["SchemaArn"] == {
        "Fn::Join": [
            "",
            [
                "arn:",
                {"Ref": "AWS::Partition"},
                f":entityresolution:{REGION}:{ACCOUNT}:schemamapping/customers",
            ],
        ]
    }
