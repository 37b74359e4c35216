"""Tests of configured tables and of where their data is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsii
import pytest
from aws_cdk import App, Aws, CfnParameter, Environment, Fn, Resource, Stack
from aws_cdk.aws_athena import CfnWorkGroup
from aws_cdk.aws_dynamodb import CfnTable as CfnDynamoDbTable, Table as DynamoDbTable
from aws_cdk.aws_glue import CfnTable, Column, Database, DataFormat, S3Table, Schema
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_secretsmanager import CfnSecret, Secret
from aws_cdk.interfaces.aws_glue import ITableRef, TableReference

from cdk_cleanrooms import (
    AnalysisMethod,
    AthenaTable,
    GlueTable,
    SnowflakeTable,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import GLUE_TABLE_ARN, MEMBERSHIP_ARN, MEMBERSHIP_ID

from .declarations import membership, orders

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:snowflake-AbCdEf"


def reference_of(stack: Stack, table: Any, id: str = "Orders") -> Any:
    """Return the reference to a table in the template."""
    construct = orders(stack, id, table=table, analysis_rule=None)
    return resource_of(construct)["Properties"]["TableReference"]


def snowflake(**arguments: Any) -> SnowflakeTable:
    return SnowflakeTable(
        **{
            "secret": SECRET,
            "account_identifier": "example-prod",
            "database": "CRM",
            "schema": "PUBLIC",
            "table": "ORDERS 2026",
            "columns": {"order_id": "VARCHAR"},
            **arguments,
        }
    )


@pytest.mark.parametrize(
    ("methods", "written"),
    [
        ([AnalysisMethod.DIRECT_JOB], {"AnalysisMethod": "DIRECT_JOB"}),
        (
            ["DIRECT_QUERY", AnalysisMethod.DIRECT_JOB],
            {
                "AnalysisMethod": "MULTIPLE",
                "SelectedAnalysisMethods": ["DIRECT_QUERY", "DIRECT_JOB"],
            },
        ),
    ],
    ids=str,
)
def test_both_analysis_methods_are_written_as_multiple(
    methods: list[str], written: dict[str, Any], stack: Stack
) -> None:
    table = orders(stack, analysis_methods=methods, analysis_rule=None)
    properties = resource_of(table)["Properties"]
    assert {name: value for name, value in properties.items() if "Method" in name} == written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"analysis_methods": []}, "[] is empty; use [AnalysisMethod.DIRECT_QUERY]"),
        pytest.param(
            {"analysis_methods": Fn.split(",", Aws.STACK_ID)},
            "that is only known at deployment",
            id="a list that is a token",
        ),
        ({"analysis_methods": ["MULTIPLE"]}, "'MULTIPLE' is not one of 'DIRECT_QUERY'"),
        ({"allowed_columns": []}, "[] is empty; use a list of columns"),
        ({"allowed_columns": ["a"] * 2}, "'a' is given twice"),
        ({"allowed_columns": [f"c{n}" for n in range(101)]}, "there are 101 items; use at most"),
        ({"allowed_columns": ["a-b"]}, "'a-b' is not the name of a column"),
        ({"allowed_columns": ["Order"]}, "and Clean Rooms has none in columns; use 'order'"),
        ({"allowed_columns": ["c" * 129]}, "has 129 characters"),
        ({"table": GLUE_TABLE_ARN}, "is of type str; use a GlueTable, an AthenaTable or a"),
        ({"name": " "}, "' ' is all white space"),
    ],
    ids=str,
)
def test_an_argument_that_aws_refuses_is_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    (problem,) = problems_of(lambda: orders(stack, **arguments, analysis_rule=None))
    assert message in problem.message
    assert {problem.property} == {*arguments}


def test_methods_that_are_no_list_are_the_only_problem_of_a_table_with_a_rule(
    stack: Stack,
) -> None:
    (problem,) = problems_of(lambda: orders(stack, analysis_methods=1))
    assert problem.property == "analysis_methods"


def test_a_hundred_columns_with_hyphens_are_accepted(stack: Stack) -> None:
    orders(stack, allowed_columns=[f"column-{n}" for n in range(100)], analysis_rule=None)


@pytest.mark.unmeasured  # The tests of other quotas cover all lines.
def test_more_than_250_tables_in_a_region_cause_a_warning(app: App) -> None:
    ours = Environment(account="111122223333", region="us-east-1")
    first, second = Stack(app, "First", env=ours), Stack(app, "Second", env=ours)
    for number in range(251):
        orders(second if number % 2 else first, f"Table{number}", analysis_rule=None)
    (warning,) = warnings_of(first)
    assert "more than 250 configured tables in one account and Region" in warning
    assert warnings_of(second) == []


# AWS Glue


def glue_table(stack: Stack, **table_input: Any) -> CfnTable:
    return CfnTable(
        stack,
        "Table",
        catalog_id=stack.account,
        database_name="crm",
        table_input=CfnTable.TableInputProperty(**table_input),
    )


def test_the_names_come_from_a_literal_arn() -> None:
    arn = "arn:aws:glue:eu-west-1:111122223333:table/crm/my orders"
    stack = Stack(App(), "Stack", env=Environment(account="111122223333", region="eu-west-1"))
    assert reference_of(stack, GlueTable(table=arn)) == {
        "Glue": {"DatabaseName": "crm", "TableName": "my orders"}
    }


@pytest.mark.parametrize(("given", "written"), [(None, "us-east-1"), ("eu-west-2", "eu-west-2")])
def test_a_table_of_another_region_has_its_region(given: str | None, written: str) -> None:
    stack = Stack(App(), "Stack", env=Environment(account="111122223333", region="eu-west-1"))
    table = GlueTable(table=GLUE_TABLE_ARN, region=given)
    assert reference_of(stack, table)["Glue"]["Region"] == written


def test_a_table_that_the_app_declares_in_another_region_has_its_region() -> None:
    app = App()
    there = Stack(app, "There", env=Environment(account="111122223333", region="eu-west-1"))
    stack = Stack(app, "Stack", env=Environment(account="111122223333", region="us-east-1"))
    found = reference_of(stack, GlueTable(table=glue_table(there, name="orders")))
    assert found["Glue"]["Region"] == "eu-west-1"


def test_the_names_come_from_an_arn_known_at_deployment(stack: Stack) -> None:
    arn = CfnParameter(stack, "Arn").value_as_string
    found = reference_of(stack, GlueTable(table=arn))["Glue"]
    path = {"Fn::Split": ["/", {"Ref": "Arn"}]}
    assert found == {
        "DatabaseName": {"Fn::Select": [1, path]},
        "TableName": {"Fn::Select": [2, path]},
        "Region": {"Fn::Select": [3, {"Fn::Split": [":", {"Ref": "Arn"}]}]},
    }


def test_a_configured_table_waits_for_the_l1_of_its_table(stack: Stack) -> None:
    table = orders(stack, table=GlueTable(table=glue_table(stack, name="orders")))
    resource = resource_of(table)
    assert resource["Properties"]["TableReference"] == {
        "Glue": {"DatabaseName": "crm", "TableName": "orders"}
    }
    assert resource["DependsOn"] == ["Table"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("orders", "is not the ARN of a table of AWS Glue"),
        ("arn:aws:glue:us-east-1:111122223333:table/orders", "is not the ARN of a table"),
        (f"arn:aws:glue:us-east-1:111122223333:table/crm/{'t' * 2048}", "has 2094 characters"),
        (GLUE_TABLE_ARN.replace("crm", "my crm"), "is not the name of a database in Clean Rooms"),
        (f"{GLUE_TABLE_ARN}.v2", "'orders.v2' is not the name of a table in Clean Rooms"),
        (GLUE_TABLE_ARN.replace("crm", "d" * 129), "has 129 characters; use 1 to 128"),
        ("{{resolve:ssm:/table}}", "cannot be split into the parts of an ARN"),
        (GlueTable, "use the ARN of a table of AWS Glue"),
        (None, "None is of type NoneType; use the ARN of a table of AWS Glue"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_table_that_clean_rooms_cannot_find_is_a_problem(
    table: Any, message: str, stack: Stack
) -> None:
    found = problems_of(lambda: orders(stack, table=GlueTable(table=table)))
    assert any(message in problem.message for problem in found), found


@jsii.implements(ITableRef)
class TableOfAnotherLibrary(Resource):
    """A table whose construct has nothing but the reference that the CDK defines."""

    @property
    def table_ref(self) -> TableReference:
        return TableReference(catalog_id="111122223333", database_name="crm", table_name="orders")


def test_a_table_of_another_library_gives_its_names_by_its_reference(stack: Stack) -> None:
    found = reference_of(stack, GlueTable(table=TableOfAnotherLibrary(stack, "Table")))
    assert found == {"Glue": {"DatabaseName": "crm", "TableName": "orders"}}


def test_an_import_of_a_table_with_the_library_for_glue_gives_its_names(stack: Stack) -> None:
    table = S3Table.from_table_arn(stack, "Table", GLUE_TABLE_ARN)
    found = reference_of(stack, GlueTable(table=table))
    assert found == {"Glue": {"DatabaseName": "crm", "TableName": "orders", "Region": "us-east-1"}}


@pytest.mark.parametrize(
    "declare",
    [
        lambda stack: DynamoDbTable.from_table_name(stack, "Table", "orders"),
        lambda stack: CfnDynamoDbTable(stack, "Table", key_schema=[]),
        lambda stack: Bucket(stack, "Table"),
    ],
    ids=["an import from DynamoDB", "an L1 of DynamoDB", "a bucket"],
)
def test_a_construct_that_is_no_table_of_aws_glue_is_a_problem(
    declare: Callable[[Stack], Any], stack: Stack
) -> None:
    table = declare(stack)
    (problem,) = problems_of(lambda: orders(stack, table=GlueTable(table=table)))
    assert "use the ARN of a table of AWS Glue" in problem.message


def test_a_table_that_is_still_to_be_looked_up_is_accepted(stack: Stack) -> None:
    orders(stack, table=GlueTable(table="dummy-value-for-/table"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bucket": "My_Bucket"}, "its bucket, 'My_Bucket' is not the name of a bucket"),
        ({"prefix": "/orders"}, "its prefix, '/orders' begins with a slash; use 'orders'"),
        ({"prefix": "a\nb"}, "its prefix, 'a\\nb' has U+000A at position 2"),
        ({"prefix": "p" * 1025}, "has 1025 characters"),
        ({"encryption_key": "alias/data"}, "its encryption_key, 'alias/data' is not an ARN"),
        ({"region": "ap-southeast-3"}, "is not a Region in which CloudFormation accepts tables"),
    ],
    ids=str,
)
def test_every_part_of_a_table_is_checked(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    source = GlueTable(table=GLUE_TABLE_ARN, **arguments)
    (problem,) = problems_of(lambda: orders(stack, table=source))
    assert message in problem.message


# Amazon Athena


def test_a_table_of_athena_has_its_workgroup_and_its_results(stack: Stack) -> None:
    found = reference_of(
        stack,
        AthenaTable(
            table=GLUE_TABLE_ARN,
            work_group=CfnWorkGroup(stack, "WorkGroup", name="analysts"),
            output_bucket=Bucket.from_bucket_name(stack, "Results", "results-of-athena"),
            output_prefix="clean-rooms",
            catalog_name="AwsDataCatalog",
            region="us-east-1",
        ),
    )
    assert found == {
        "Athena": {
            "DatabaseName": "crm",
            "TableName": "orders",
            "WorkGroup": {"Ref": "WorkGroup"},
            "OutputLocation": "s3://results-of-athena/clean-rooms/",
            "CatalogName": "AwsDataCatalog",
            "Region": "us-east-1",
        }
    }


@pytest.mark.parametrize(
    ("arguments", "location"),
    [
        ({"output_prefix": "clean-rooms/"}, "s3://results/clean-rooms"),
        ({}, "s3://results"),
    ],
)
def test_the_location_of_the_results_of_athena_can_have_no_slash_at_its_end(
    arguments: dict[str, Any], location: str, stack: Stack
) -> None:
    source = AthenaTable(
        table=GLUE_TABLE_ARN,
        work_group="primary",
        output_bucket="results",
        output_trailing_slash=False,
        **arguments,
    )
    assert reference_of(stack, source)["Athena"]["OutputLocation"] == location


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"table": GLUE_TABLE_ARN.replace("orders", "my-orders")}, "use letters, digits and und"),
        ({"work_group": "primary group"}, "is not the name of a workgroup in Clean Rooms"),
        ({"work_group": None}, "use the name of the workgroup, a string, or the workgroup as a"),
        ({"output_bucket": "/results/"}, "is not the name of a bucket"),
        ({"output_prefix": "results"}, "its output_prefix needs a bucket; pass output_bucket"),
        ({"output_trailing_slash": False}, "its output_trailing_slash needs a bucket; pass out"),
        (
            {"output_bucket": "results", "output_trailing_slash": "no"},
            "its output_trailing_slash, 'no' is of type str",
        ),
        (
            {"output_bucket": "results", "output_prefix": "p" * 1020},
            "which has 1034 characters; use a prefix with which it has at most 1024",
        ),
        ({"catalog_name": "my catalog"}, "is not the name of a data catalog"),
        ({"catalog_name": "c" * 65}, "has 65 characters; use 1 to 64"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_every_part_of_a_table_of_athena_is_checked(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    source = AthenaTable(**{"table": GLUE_TABLE_ARN, "work_group": "primary", **arguments})
    (problem,) = problems_of(lambda: orders(stack, table=source, analysis_rule=None))
    assert message in problem.message


# Snowflake


def test_a_table_of_snowflake_has_its_columns(stack: Stack) -> None:
    secret = Secret.from_secret_complete_arn(stack, "Secret", SECRET)
    found = reference_of(stack, snowflake(secret=secret))
    assert found == {
        "Snowflake": {
            "SecretArn": SECRET,
            "AccountIdentifier": "example-prod",
            "DatabaseName": "CRM",
            "SchemaName": "PUBLIC",
            "TableName": "ORDERS 2026",
            "TableSchema": {"V1": [{"ColumnName": "order_id", "ColumnType": "VARCHAR"}]},
        }
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"secret": "snowflake"}, "its secret, 'snowflake' is not an ARN"),
        ({"secret": 1}, "its secret, 1 is of type int"),
        (
            {"account_identifier": "acme/prod"},
            "underscores, hyphens, spaces and periods",
        ),
        ({"account_identifier": "ab"}, "has 2 characters; use 3 to 256"),
        ({"table": "a.b"}, "has '.'; use letters, digits, underscores, hyphens and spaces"),
        ({"database": ""}, "its database, '' is empty"),
        ({"schema": 1}, "1 is of type int; use the schema in Snowflake"),
        ({"columns": {"ORDER_ID": "NUMBER"}}, "has none in columns; use 'order_id'"),
        ({"columns": {}}, "{} is empty; use a mapping of columns to types"),
        ({"columns": {"order_id": ""}}, "the value of 'order_id', '' is empty"),
        ({"columns": {f"c{n}": "DATE" for n in range(251)}}, "there are 251 items"),
        ({"encryption_key": "key"}, "its encryption_key, 'key' is not an ARN"),
    ],
    ids=str,
)
def test_every_part_of_a_table_of_snowflake_is_checked(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    source = snowflake(**arguments)
    (problem,) = problems_of(lambda: orders(stack, table=source, analysis_rule=None))
    assert message in problem.message


def test_a_column_that_snowflake_certainly_does_not_have_causes_a_warning(stack: Stack) -> None:
    source = snowflake(columns={"order_id": "NUMBER"})
    orders(stack, table=source, allowed_columns=["order_id", "amount"], analysis_rule=None)
    (warning,) = warnings_of(stack)
    assert "'amount' is not a column of the table, whose columns are 'order_id'" in warning


def test_the_columns_of_snowflake_can_be_known_at_deployment(stack: Stack) -> None:
    column = CfnParameter(stack, "Column").value_as_string
    orders(stack, table=snowflake(columns={column: "NUMBER"}), analysis_rule=None)
    assert warnings_of(stack) == []


def test_an_import_of_the_l1_of_a_secret_gives_the_id_that_it_has(stack: Stack) -> None:
    secret = CfnSecret.from_secret_id(stack, "Secret", SECRET)
    found = reference_of(stack, snowflake(secret=secret))
    assert found["Snowflake"]["SecretArn"] == SECRET
    by_name = CfnSecret.from_secret_id(stack, "Name", "snowflake")
    source = snowflake(secret=by_name)
    (problem,) = problems_of(lambda: orders(stack, "By", table=source, analysis_rule=None))
    assert "'snowflake' is not an ARN; use the ARN of a secret" in problem.message


def test_a_period_in_the_account_of_snowflake_is_accepted(stack: Stack) -> None:
    reference_of(stack, snowflake(account_identifier="example.eu-west-1"))


# Permissions


@pytest.mark.parametrize("given", [MEMBERSHIP_ARN, MEMBERSHIP_ID])
def test_permission_to_associate_names_table_membership_and_associations(
    given: str, stack: Stack
) -> None:
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    table = orders(stack)
    table.grants.associate(role, given)
    in_stack = stack.format_arn(
        service="cleanrooms", resource="membership", resource_name=MEMBERSHIP_ID
    )
    arn = MEMBERSHIP_ARN if given == MEMBERSHIP_ARN else in_stack
    resources = stack.resolve(
        [table.configured_table_arn, arn, f"{arn}/configuredtableassociation/*"]
    )
    policy = resource_of(role.node.find_child("DefaultPolicy"))  # type: ignore[arg-type]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert {each["Action"] for each in statements} == {
        "cleanrooms:CreateConfiguredTableAssociation"
    }
    assert [each["Resource"] for each in statements] == resources


def test_permission_to_associate_accepts_a_membership_of_the_app(stack: Stack) -> None:
    role = Role(stack, "Role", assumed_by=AccountRootPrincipal())
    assert orders(stack).grants.associate(role, membership(stack)).success


def test_permission_to_associate_needs_a_principal_and_a_membership(stack: Stack) -> None:
    grants = orders(stack).grants
    problems = problems_of(lambda: grants.associate("someone", "ours"))  # type: ignore[arg-type]
    assert [problem.property for problem in problems] == ["grantee", "membership"]


# Tables of the CDK's library for AWS Glue


def test_a_table_of_the_library_for_glue_gives_its_names_and_its_bucket(
    stack: Stack,
) -> None:
    made = S3Table(
        stack,
        "Table",
        database=Database(stack, "Database"),
        data_format=DataFormat.PARQUET,
        columns=[Column(name="order_id", type=Schema.STRING)],
    )
    table = orders(stack, table=GlueTable(table=made), analysis_rule=None)
    association = table.associate("In", membership=MEMBERSHIP_ARN.rpartition("/")[2])
    policy = resource_of(association.role.node.find_child("Policy"))  # type: ignore[union-attr, arg-type]
    resources = [each["Resource"] for each in policy["Properties"]["PolicyDocument"]["Statement"]]
    assert stack.resolve(made.bucket.bucket_arn) in resources


def test_the_results_of_athena_can_be_without_a_key_of_the_customer(stack: Stack) -> None:
    source = AthenaTable(table=GLUE_TABLE_ARN, work_group="primary", output_bucket="results")
    table = orders(stack, table=source, analysis_rule=None)
    association = table.associate("In", membership=MEMBERSHIP_ARN.rpartition("/")[2])
    policy = resource_of(association.role.node.find_child("Policy"))  # type: ignore[union-attr, arg-type]
    assert "kms:" not in str(policy["Properties"]["PolicyDocument"])
