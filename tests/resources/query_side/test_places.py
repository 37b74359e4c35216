"""Tests of the accounts, Regions and keys of what the query side refers to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Aws, Environment, Stack
from aws_cdk.aws_athena import CfnWorkGroup
from aws_cdk.aws_glue import CfnTable, S3Table
from aws_cdk.aws_kms import Alias, Key
from aws_cdk.aws_s3 import Bucket, CfnBucket
from aws_cdk.aws_secretsmanager import CfnSecret, Secret

from cdk_cleanrooms import (
    AccessBudget,
    AggregationThreshold,
    AnalysisTemplate,
    AthenaTable,
    ConfiguredTable,
    ConfiguredTableAssociation,
    GlueTable,
    Member,
    Membership,
    PrivacyBudgetTemplate,
    PySparkSource,
    Results,
    SnowflakeTable,
    SqlSource,
)
from tests.helpers import problems_of, warnings_of
from tests.resources.query_side.declarations import (
    ANALYST,
    COLUMNS,
    PARTNER,
    custom,
    membership,
    orders,
)
from tests.resources.query_side.test_association import role_of
from tests.samples import (
    ACCOUNT,
    CONFIGURED_TABLE_ARN,
    GLUE_TABLE_ARN,
    KEY_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    REGION,
    ROLE_ARN,
    TABLE_ASSOCIATION_ARN,
    TEMPLATE_ARN,
)

ELSEWHERE = "eu-west-1"
SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:snowflake-AbCdEf"
MODEL_ARN = f"{MEMBERSHIP_ARN}/configuredaudiencemodelassociation/{MEMBERSHIP_ID}"
NOBODY: dict[str, Any] = {"allowed_analysis_providers": []}


class Places:
    """Stacks of one app: ours, one in another Region, and one of the partner."""

    def __init__(self) -> None:
        app = App()
        self.ours = Stack(app, "Ours", env=Environment(account=ACCOUNT, region=REGION))
        self.abroad = Stack(app, "Abroad", env=Environment(account=ACCOUNT, region=ELSEWHERE))
        self.theirs = Stack(app, "Theirs", env=Environment(account=PARTNER, region=REGION))


@pytest.fixture
def places() -> Places:
    return Places()


def elsewhere(arn: str) -> str:
    return arn.replace(REGION, ELSEWHERE)


def theirs(arn: str) -> str:
    return arn.replace(ACCOUNT, PARTNER)


def associate(stack: Stack, **arguments: Any) -> ConfiguredTableAssociation:
    given: dict[str, Any] = {"membership": MEMBERSHIP_ID, "result_receivers": [ACCOUNT]}
    if "configured_table" in arguments:
        given |= {"name": "orders", "role": ROLE_ARN, "result_receivers": None}
    else:
        given["configured_table"] = orders(
            stack, analysis_rule=custom(additional_analyses="ALLOWED")
        )
    return ConfiguredTableAssociation(stack, "In", **{**given, **arguments})


def analyze(stack: Stack, **arguments: Any) -> AnalysisTemplate:
    given = {"membership": MEMBERSHIP_ID, "name": "overlap", "source": SqlSource("select 1")}
    return AnalysisTemplate(stack, "Template", **{**given, **arguments})


def script(**arguments: Any) -> PySparkSource:
    return PySparkSource(**{"bucket": "code", "entry_point": "main.py", **arguments})


def glue_table(stack: Stack, **arguments: Any) -> CfnTable:
    given = {
        "catalog_id": Aws.ACCOUNT_ID,
        "database_name": "crm",
        "table_input": CfnTable.TableInputProperty(
            name="orders",
            storage_descriptor=CfnTable.StorageDescriptorProperty(
                columns=[CfnTable.ColumnProperty(name=name.upper()) for name in COLUMNS],
                location="s3://data/orders/",
            ),
        ),
    }
    return CfnTable(stack, "GlueTable", **{**given, **arguments})


def athena(**arguments: Any) -> AthenaTable:
    return AthenaTable(**{"table": GLUE_TABLE_ARN, "work_group": "primary", **arguments})


def snowflake(**arguments: Any) -> SnowflakeTable:
    given = {
        "secret": SECRET_ARN,
        "account_identifier": "example-prod",
        "database": "crm",
        "schema": "public",
        "table": "orders",
        "columns": dict.fromkeys(COLUMNS, "VARCHAR"),
    }
    return SnowflakeTable(**{**given, **arguments})


def table(stack: Stack, source: Any) -> ConfiguredTable:
    return orders(stack, table=source, analysis_rule=custom())


def work_group(stack: Stack) -> CfnWorkGroup:
    return CfnWorkGroup(stack, "WorkGroup", name="queries")


REFUSED: dict[str, tuple[Callable[[Places], object], str, str]] = {
    "a membership of another account": (
        lambda at: analyze(
            at.ours, membership=Membership.from_membership_arn(at.ours, "M", theirs(MEMBERSHIP_ARN))
        ),
        "membership",
        "OtherAccount",
    ),
    "a membership of another Region": (
        lambda at: associate(at.abroad, membership=membership(at.ours), result_receivers=None),
        "membership",
        "OtherRegion",
    ),
    "a configured table of another Region": (
        lambda at: associate(
            at.ours,
            configured_table=ConfiguredTable.from_configured_table_arn(
                at.ours, "T", elsewhere(CONFIGURED_TABLE_ARN)
            ),
        ),
        "configured_table",
        "OtherRegion",
    ),
    "a configured table of another account": (
        lambda at: associate(
            at.ours,
            configured_table=orders(at.theirs, table=GlueTable(table=theirs(GLUE_TABLE_ARN))),
        ),
        "configured_table",
        "OtherAccount",
    ),
    "the membership of a query runner in another Region": (
        lambda at: associate(at.ours, query_runner_membership=elsewhere(theirs(MEMBERSHIP_ARN))),
        "query_runner_membership",
        "OtherRegion",
    ),
    "the membership of a member in another Region": (
        lambda at: associate(at.ours, member_memberships=[elsewhere(theirs(MEMBERSHIP_ARN))]),
        "member_memberships",
        "OtherRegion",
    ),
    "the membership of a member who cannot query": (
        lambda at: associate(
            at.ours,
            membership=membership(at.ours, ANALYST),
            result_receivers=None,
            query_runner_membership=MEMBERSHIP_ARN,
        ),
        "query_runner_membership",
        "NotQueryRunner",
    ),
    "the membership of a member who runs no jobs": (
        lambda at: analyze(
            at.ours,
            membership=membership(
                at.ours,
                ANALYST,
                creator=Member(display_name="Us", abilities=["CAN_RECEIVE_RESULTS"]),
                results=Results(bucket="results"),
            ),
            source=script(query_runner_membership=MEMBERSHIP_ARN),
        ),
        "source",
        "NotQueryRunner",
    ),
    "a job runner of another Region": (
        lambda at: analyze(
            at.ours, source=script(query_runner_membership=elsewhere(MEMBERSHIP_ARN))
        ),
        "source",
        "OtherRegion",
    ),
    "a model of another Region": (
        lambda at: associate(at.ours, allowed_additional_analyses=[elsewhere(MODEL_ARN)]),
        "allowed_additional_analyses",
        "OtherRegion",
    ),
    "a template of another Region": (
        lambda at: orders(
            at.ours, analysis_rule=custom(allowed_analyses=[elsewhere(TEMPLATE_ARN)], **NOBODY)
        ),
        "analysis_rule",
        "OtherRegion",
    ),
    "a template of a stack in another Region": (
        lambda at: orders(
            at.ours, analysis_rule=custom(allowed_analyses=[analyze(at.abroad)], **NOBODY)
        ),
        "analysis_rule",
        "OtherRegion",
    ),
    "the association of another Region": (
        lambda at: limit(at.ours, association=elsewhere(TABLE_ASSOCIATION_ARN)),
        "budget",
        "OtherRegion",
    ),
    "the association of another account": (
        lambda at: limit(
            at.ours,
            association=ConfiguredTableAssociation.from_configured_table_association_arn(
                at.ours, "A", theirs(TABLE_ASSOCIATION_ARN)
            ),
        ),
        "budget",
        "OtherAccount",
    ),
    "a workgroup of another account": (
        lambda at: table(at.ours, athena(work_group=work_group(at.theirs))),
        "table",
        "OtherAccount",
    ),
    "a workgroup of another Region than the table": (
        lambda at: table(
            at.ours, athena(table=elsewhere(GLUE_TABLE_ARN), work_group=work_group(at.ours))
        ),
        "table",
        "OtherRegion",
    ),
    "results of Athena in another Region": (
        lambda at: table(at.ours, athena(output_bucket=Bucket(at.abroad, "Results"))),
        "table",
        "OtherRegion",
    ),
    "a key of another Region than the bucket": (
        lambda at: table(
            at.ours,
            GlueTable(
                table=GLUE_TABLE_ARN,
                bucket=Bucket(at.ours, "Data"),
                encryption_key=elsewhere(KEY_ARN),
            ),
        ),
        "table",
        "OtherRegion",
    ),
    "a key of another Region than the secret": (
        lambda at: table(at.ours, snowflake(encryption_key=elsewhere(KEY_ARN))),
        "table",
        "OtherRegion",
    ),
    "a key of another Region than the secret as a construct": (
        lambda at: table(
            at.ours, snowflake(secret=Secret(at.ours, "S"), encryption_key=Key(at.abroad, "K"))
        ),
        "table",
        "OtherRegion",
    ),
    "a bucket that is not that of the location": (
        lambda at: table(at.ours, GlueTable(table=glue_table(at.ours), bucket="others")),
        "table",
        "LocationInOtherBucket",
    ),
    "a bucket with another name than that of the location": (
        lambda at: table(
            at.ours,
            GlueTable(table=glue_table(at.ours), bucket=Bucket(at.ours, "B", bucket_name="others")),
        ),
        "table",
        "LocationInOtherBucket",
    ),
    "a prefix outside of the location": (
        lambda at: table(at.ours, GlueTable(table=glue_table(at.ours), prefix="customers")),
        "table",
        "LocationOutsidePrefix",
    ),
    "a column that the table does not have": (
        lambda at: orders(
            at.ours,
            table=GlueTable(table=glue_table(at.ours)),
            allowed_columns=["order_idd"],
            analysis_rule=None,
        ),
        "allowed_columns",
        "ColumnNotInTable",
    ),
    "a number in AWS Glue that identifies people": (
        lambda at: identify(at.ours, GlueTable(table=typed(at.ours, "bigint"))),
        "analysis_rule",
        "IdentityColumnType",
    ),
    "a table whose types cannot be known": (
        lambda at: identify(at.ours, GlueTable(table="orders")),
        "table",
        "TableArnMalformed",
    ),
    "a number in Amazon Athena that identifies people": (
        lambda at: identify(at.ours, athena(table=typed(at.ours, "decimal(10,2)"))),
        "analysis_rule",
        "IdentityColumnType",
    ),
    "a number in Snowflake that identifies people": (
        lambda at: identify(at.ours, snowflake(columns=dict.fromkeys(COLUMNS, "NUMBER"))),
        "analysis_rule",
        "IdentityColumnType",
    ),
}


def identify(stack: Stack, source: Any) -> ConfiguredTable:
    threshold = AggregationThreshold(identity_column="email_hash", minimum_identity_count=10)
    return orders(stack, table=source, analysis_rule=custom(aggregation_threshold=threshold))


def typed(stack: Stack, type: str) -> CfnTable:
    descriptor = CfnTable.StorageDescriptorProperty(
        columns=[CfnTable.ColumnProperty(name=name, type=type) for name in COLUMNS]
    )
    table_input = CfnTable.TableInputProperty(name="orders", storage_descriptor=descriptor)
    return glue_table(stack, table_input=table_input)


def limit(stack: Stack, **arguments: Any) -> PrivacyBudgetTemplate:
    return PrivacyBudgetTemplate(stack, "Budget", budget=AccessBudget(lifetime=5, **arguments))


@pytest.mark.parametrize(("declare", "property", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_certainly_elsewhere_or_does_not_fit_is_refused(
    places: Places, declare: Callable[[Places], object], property: str, code: str
) -> None:
    (problem,) = problems_of(lambda: declare(places))
    assert (problem.property, problem.code) == (property, code)


def test_the_closest_column_is_named(places: Places) -> None:
    (problem,) = problems_of(lambda: REFUSED["a column that the table does not have"][0](places))
    assert problem.message.endswith("; use 'order_id'")


ACCEPTED: dict[str, Callable[[Places], object]] = {
    "text in AWS Glue that identifies people": lambda at: identify(
        at.ours, GlueTable(table=typed(at.ours, "varchar(64)"))
    ),
    "a type that is known at deployment": lambda at: identify(
        at.ours, GlueTable(table=typed(at.ours, Aws.STACK_NAME))
    ),
    "text in Snowflake that identifies people": lambda at: identify(at.ours, snowflake()),
    "a table that is not declared here": lambda at: identify(
        at.ours, GlueTable(table=GLUE_TABLE_ARN)
    ),
    "a template of a partner": lambda at: orders(
        at.ours, analysis_rule=custom(allowed_analyses=[theirs(TEMPLATE_ARN)], **NOBODY)
    ),
    "a table of another Region": lambda at: table(
        at.ours, GlueTable(table=elsewhere(GLUE_TABLE_ARN), bucket="data")
    ),
    "a table of another account in a data catalog of its own": lambda at: table(
        at.ours, athena(table=theirs(GLUE_TABLE_ARN), catalog_name="shared")
    ),
    "a workgroup in the Region of the table": lambda at: table(
        at.ours, athena(table=elsewhere(GLUE_TABLE_ARN), work_group=work_group(at.abroad))
    ),
    "results of Athena in another account": lambda at: table(
        at.ours,
        athena(
            output_bucket=Bucket.from_bucket_attributes(
                at.ours, "Results", bucket_name="results", account=PARTNER
            )
        ),
    ),
    "the data of another account": lambda at: table(
        at.ours,
        GlueTable(
            table=GLUE_TABLE_ARN,
            bucket=Bucket.from_bucket_attributes(
                at.ours, "Data", bucket_name="data", account=PARTNER
            ),
            encryption_key=theirs(KEY_ARN),
        ),
    ),
    "a bucket whose Region is only assumed": lambda at: table(
        at.ours,
        GlueTable(
            table=GLUE_TABLE_ARN,
            bucket=Bucket.from_bucket_name(at.ours, "Data", "data"),
            encryption_key=elsewhere(KEY_ARN),
        ),
    ),
    "a key in the Region of an imported bucket": lambda at: table(
        at.ours,
        GlueTable(
            table=GLUE_TABLE_ARN,
            bucket=Bucket.from_bucket_attributes(
                at.ours, "Data", bucket_name="data", region=ELSEWHERE
            ),
            encryption_key=elsewhere(KEY_ARN),
        ),
    ),
    "a secret of another account": lambda at: table(at.ours, snowflake(secret=theirs(SECRET_ARN))),
    "a bucket whose name is known at deployment": lambda at: table(
        at.ours, GlueTable(table=glue_table(at.ours), bucket=Bucket(at.ours, "B"))
    ),
    "the prefix of the location": lambda at: table(
        at.ours, GlueTable(table=glue_table(at.ours), bucket="data", prefix="orders")
    ),
    "a budget of the own account": lambda at: limit(at.ours, association=TABLE_ASSOCIATION_ARN),
}


@pytest.mark.parametrize("declare", ACCEPTED.values(), ids=ACCEPTED)
def test_what_can_be_right_is_accepted(places: Places, declare: Callable[[Places], object]) -> None:
    declare(places)
    assert [text for text in warnings_of(places.ours) if "cdk-cleanrooms" in text] == []


@pytest.mark.parametrize(
    "source",
    [
        lambda _: GlueTable(table=theirs(GLUE_TABLE_ARN)),
        lambda at: GlueTable(table=S3Table.from_table_arn(at.ours, "T", theirs(GLUE_TABLE_ARN))),
        lambda at: athena(table=glue_table(at.ours, catalog_id=PARTNER)),
        lambda at: GlueTable(table=glue_table(at.theirs, catalog_id=Aws.ACCOUNT_ID)),
    ],
    ids=["ARN", "import", "catalog", "stack"],
)
def test_a_table_of_another_account_causes_a_warning(
    places: Places, source: Callable[[Places], Any]
) -> None:
    table(places.ours, source(places))
    (warning,) = [text for text in warnings_of(places.ours) if "cdk-cleanrooms" in text]
    assert "cdk-cleanrooms:tableInOtherAccount" in warning
    assert "looks for the table in the data catalog of its own account" in warning


def test_a_prefix_that_may_be_right_causes_a_warning(places: Places) -> None:
    table(places.ours, GlueTable(table=glue_table(places.ours), prefix="orders/2026"))
    (warning,) = warnings_of(places.ours)
    assert "cdk-cleanrooms:locationOutsidePrefix" in warning


@pytest.mark.parametrize(
    "bucket",
    ["data", Bucket, CfnBucket],
    ids=["the name", "a bucket with this name", "an L1 with this name"],
)
def test_the_prefix_follows_from_the_location_if_only_the_bucket_is_given(
    bucket: Any, places: Places
) -> None:
    given = bucket if bucket == "data" else bucket(places.ours, "Data", bucket_name="data")
    configured = table(places.ours, GlueTable(table=glue_table(places.ours), bucket=given))
    configured.associate("In", membership=MEMBERSHIP_ID, collaboration_rule=False)
    _, statements = role_of(places.ours)
    (objects,) = [each["Resource"] for each in statements if each["Action"] == "s3:GetObject"]
    assert "/orders/*" in json.dumps(objects)


@pytest.mark.parametrize("is_alias", [False, True])
def test_the_role_of_a_table_of_snowflake_can_use_the_key_of_an_alias(
    places: Places, is_alias: bool
) -> None:
    key = Key(places.ours, "Key")
    alias = Alias(places.ours, "Alias", alias_name="alias/snowflake", target_key=key)
    secret = Secret(places.ours, "Secret", encryption_key=alias if is_alias else key)
    configured = table(places.ours, snowflake(secret=secret))
    configured.associate("In", membership=MEMBERSHIP_ID, collaboration_rule=False)
    _, statements = role_of(places.ours)
    keys = [each["Resource"] for each in statements if each["Action"] == "kms:Decrypt"]
    assert keys == [places.ours.resolve(key.key_arn)]


def test_the_role_of_a_table_of_snowflake_can_use_the_key_of_the_l1_of_a_secret(
    places: Places,
) -> None:
    secret = CfnSecret(places.ours, "Secret", kms_key_id=KEY_ARN)
    configured = table(places.ours, snowflake(secret=secret))
    configured.associate("In", membership=MEMBERSHIP_ID, collaboration_rule=False)
    _, statements = role_of(places.ours)
    keys = [each["Resource"] for each in statements if each["Action"] == "kms:Decrypt"]
    assert keys == [KEY_ARN]


def test_the_membership_of_a_query_runner_is_accepted_where_nobody_can_query(
    places: Places,
) -> None:
    nobody = Member(display_name="Us", abilities=["CAN_RECEIVE_RESULTS"])
    partner = Member(display_name="Partner", account_id=PARTNER)
    ours = membership(places.ours, partner, creator=nobody, results=Results(bucket="results"))
    associate(places.ours, membership=ours, query_runner_membership=MEMBERSHIP_ARN)
