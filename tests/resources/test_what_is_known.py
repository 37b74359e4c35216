"""Tests of what an app says about its resources: one thing is changed in a valid app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import (
    App,
    Aws,
    CfnParameter,
    Environment,
    Fn,
    RemovalPolicy,
    Stack,
    Tags,
)
from aws_cdk.assertions import Template
from aws_cdk.aws_entityresolution import (
    CfnIdMappingWorkflow,
    CfnIdNamespace,
    CfnMatchingWorkflow,
)
from aws_cdk.aws_glue import CfnTable, Column, Database, DataFormat, S3Table, S3TableStorage, Schema
from aws_cdk.aws_iam import AccountPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket, CfnBucket

from cdk_cleanrooms import (
    Collaboration,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespace,
    IdNamespaceAssociation,
    JobResults,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    Results,
    SchemaMapping,
    TableInput,
    WorkflowOutput,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.resources.entity_resolution.declarations import FIELDS
from tests.samples import ACCOUNT, COLLABORATION_ID, MEMBERSHIP_ID, REGION

PARTNER = "444455556666"
OTHER_REGION = "eu-west-1"
TABLE_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/customers"
KEY_ELSEWHERE = f"arn:aws:kms:{OTHER_REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
THEIR_ROLE = f"arn:aws:iam::{PARTNER}:role/Theirs"
OUR_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Ours"
ER = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}"


class Mapping:
    """A valid app that maps IDs, in which arguments can be changed by the part they belong to.

    A function as an argument gets this object.
    """

    def __init__(self, app: App, **changes: dict[str, Any]) -> None:
        self.app = app
        self.stack = stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))

        def arguments(part: str, **usual: Any) -> dict[str, Any]:
            changed = {
                name: value(self) if callable(value) and not isinstance(value, type) else value
                for name, value in changes.get(part, {}).items()
            }
            return usual | changed

        self.schema = SchemaMapping(
            stack, "Schema", **arguments("schema", name="schema", mapped_input_fields=FIELDS)
        )
        self.input = TableInput(
            **arguments(
                "input", table=TABLE_ARN, schema_mapping=self.schema, bucket="data", prefix="in"
            )
        )
        output = MatchingWorkflowOutput(**arguments("output", bucket="data", prefix="out"))
        self.matching = MatchingWorkflow(
            stack,
            "Matching",
            **arguments(
                "matching",
                name="matching",
                inputs=[self.input],
                output=output,
                rules={"Email": ["Email"]},
            ),
        )
        self.source = IdNamespace.source(
            stack, "Source", **arguments("source", name="source", inputs=[self.input])
        )
        self.target = IdNamespace.target(
            stack, "Target", **arguments("target", name="target", matching_workflow=self.matching)
        )
        self.workflow = IdMappingWorkflow(
            stack,
            "Workflow",
            **arguments("workflow", name="workflow", source=self.source, target=self.target),
        )
        self.collaboration = Collaboration(
            stack,
            "Collaboration",
            name="collaboration",
            description="An ID mapping",
            creator=Member(display_name="Us", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]),
            members=[Member(account_id=PARTNER, display_name="Them")],
        )
        self.membership = Membership(
            stack, "Membership", **arguments("membership", collaboration=self.collaboration)
        )
        self.first = IdNamespaceAssociation(
            stack,
            "First",
            **arguments(
                "first", membership=self.membership, id_namespace=self.source, name="first"
            ),
        )
        self.second = IdNamespaceAssociation(
            stack,
            "Second",
            **arguments(
                "second", membership=self.membership, id_namespace=self.target, name="second"
            ),
        )
        self.table = IdMappingTable(
            stack,
            "Table",
            **arguments(
                "table",
                membership=self.membership,
                id_mapping_workflow=self.workflow,
                name="table",
                source=self.first,
                target=self.second,
            ),
        )


def elsewhere(mapping: Mapping) -> Stack:
    return Stack(mapping.app, "Elsewhere", env=Environment(account=ACCOUNT, region=OTHER_REGION))


def theirs(mapping: Mapping) -> Stack:
    return Stack(mapping.app, "Theirs", env=Environment(account=PARTNER, region=REGION))


def bucket_of(**where: Any) -> Callable[[Mapping], Any]:
    return lambda mapping: Bucket.from_bucket_attributes(
        mapping.stack, "ImportedBucket", bucket_name="imported", **where
    )


def second_source(mapping: Mapping) -> IdNamespace:
    return IdNamespace.source(
        mapping.stack, "SecondSource", name="second-source", inputs=[mapping.input]
    )


def l1_source(mapping: Mapping) -> CfnIdNamespace:
    return CfnIdNamespace(elsewhere(mapping), "L1", id_namespace_name="elsewhere", type="SOURCE")


def namespace_in(stack: Callable[[Mapping], Stack]) -> Callable[[Mapping], Any]:
    return lambda mapping: IdNamespace.from_existing(
        stack(mapping), "Namespace", id_namespace_name="elsewhere"
    )


PROVIDER = CfnMatchingWorkflow.ProviderPropertiesProperty(
    provider_service_arn="arn:aws:entityresolution:us-east-1::providerservice/Provider/Service"
)
MEMBERSHIP_OF_PARTNER = f"arn:aws:cleanrooms:{REGION}:{PARTNER}:membership/{MEMBERSHIP_ID}"

REFUSED: dict[str, tuple[dict[str, dict[str, Any]], set[str]]] = {
    "a namespace of another Region": (
        {"first": {"id_namespace": namespace_in(elsewhere)}},
        {"OtherRegion"},
    ),
    "a namespace of another account": (
        {"first": {"id_namespace": namespace_in(theirs)}},
        {"OtherAccount"},
    ),
    "an L1 of a namespace of another Region": (
        {"first": {"id_namespace": l1_source}},
        {"OtherRegion"},
    ),
    "a workflow of another Region": (
        {
            "table": {
                "id_mapping_workflow": f"{ER}:idmappingworkflow/w".replace(REGION, OTHER_REGION)
            }
        },
        {"OtherRegion"},
    ),
    "a workflow construct of another account": (
        {
            "table": {
                "id_mapping_workflow": lambda mapping: IdMappingWorkflow.from_existing(
                    theirs(mapping), "Workflow", id_mapping_workflow_name="theirs"
                )
            }
        },
        {"OtherAccount"},
    ),
    "a schema mapping of another Region": (
        {
            "input": {"schema_mapping": f"{ER}:schemamapping/x".replace(REGION, OTHER_REGION)},
            "output": {"columns": ["id"]},
        },
        {"OtherRegion"},
    ),
    "a schema mapping construct of another account": (
        {
            "input": {
                "schema_mapping": lambda mapping: SchemaMapping.from_existing(
                    theirs(mapping), "Schema", schema_mapping_name="theirs"
                )
            },
            "output": {"columns": ["id"]},
        },
        {"OtherAccount"},
    ),
    "a namespace of another Region for a workflow": (
        {"workflow": {"source": f"{ER}:idnamespace/x".replace(REGION, OTHER_REGION)}},
        {"OtherRegion"},
    ),
    "a role of another account for matching": (
        {"matching": {"role": THEIR_ROLE}},
        {"OtherAccount"},
    ),
    "a role of another account for a namespace": (
        {"source": {"role": THEIR_ROLE}},
        {"OtherAccount"},
    ),
    "a role construct of another account": (
        {
            "workflow": {
                "role": lambda mapping: Role.from_role_arn(mapping.stack, "Role", THEIR_ROLE)
            }
        },
        {"OtherAccount"},
    ),
    "a role of another account for results": (
        {"membership": {"results": Results(bucket="results", role=THEIR_ROLE)}},
        {"OtherAccount"},
    ),
    "a key of another Region for a table": (
        {"table": {"encryption_key": KEY_ELSEWHERE}},
        {"OtherRegion"},
    ),
    "a key of another Region for an output": (
        {"output": {"encryption_key": KEY_ELSEWHERE}},
        {"OtherRegion"},
    ),
    "a key of another Region for results": (
        {"membership": {"results": Results(bucket="results", encryption_key=KEY_ELSEWHERE)}},
        {"OtherRegion"},
    ),
    "a key construct of another Region": (
        {"table": {"encryption_key": lambda mapping: Key(elsewhere(mapping), "Key")}},
        {"OtherRegion"},
    ),
    "an output bucket of another account": (
        {"output": {"bucket": bucket_of(account=PARTNER)}},
        {"OtherAccount"},
    ),
    "an output bucket of another Region": (
        {"output": {"bucket": bucket_of(region=OTHER_REGION)}},
        {"OtherRegion"},
    ),
    "an output bucket of another stack": (
        {"output": {"bucket": lambda mapping: Bucket(elsewhere(mapping), "Bucket")}},
        {"OtherRegion"},
    ),
    "an output of a mapping in a bucket of another account": (
        {
            "workflow": {
                "output": lambda mapping: WorkflowOutput(bucket=bucket_of(account=PARTNER)(mapping))
            }
        },
        {"OtherAccount"},
    ),
    "a results bucket of another account": (
        {
            "membership": {
                "results": lambda mapping: Results(bucket=bucket_of(account=PARTNER)(mapping))
            }
        },
        {"OtherAccount"},
    ),
    "a results bucket of another Region": (
        {
            "membership": {
                "job_results": lambda mapping: JobResults(
                    bucket=bucket_of(region=OTHER_REGION)(mapping)
                )
            }
        },
        {"OtherRegion"},
    ),
    "sides that are swapped": (
        {
            "table": {
                "source": lambda mapping: mapping.second,
                "target": lambda mapping: mapping.first,
            }
        },
        {"AssociationOfOtherSide"},
    ),
    "a target that associates a source": (
        {"second": {"id_namespace": second_source}},
        {"AssociationOfOtherSide"},
    ),
    "an association of a namespace that is not mapped": (
        {"first": {"id_namespace": second_source}},
        {"NamespaceNotMapped"},
    ),
    "an association of another ARN than the workflow maps": (
        {
            "workflow": {"source": f"{ER}:idnamespace/mapped"},
            "first": {"id_namespace": f"{ER}:idnamespace/other"},
        },
        {"NamespaceNotMapped"},
    ),
    "an association of a construct whose name is not that of the ARN that is mapped": (
        {"workflow": {"source": f"{ER}:idnamespace/mapped"}},
        {"NamespaceNotMapped"},
    ),
    "an association of an imported namespace whose name is not that of the ARN": (
        {
            "workflow": {"source": f"{ER}:idnamespace/mapped"},
            "first": {
                "id_namespace": lambda mapping: IdNamespace.from_id_namespace_arn(
                    mapping.stack, "Theirs", f"{ER}:idnamespace/other"
                )
            },
        },
        {"NamespaceNotMapped"},
    ),
    "the wrong type for a workflow that is not known": (
        {
            "table": {
                "id_mapping_workflow": f"{ER}:idmappingworkflow/w",
                "source": lambda mapping: mapping.second,
                "target": None,
            }
        },
        {"AssociationOfOtherSide"},
    ),
    "a column that no schema mapping has": ({"output": {"columns": ["emial"]}}, {"UnknownColumn"}),
    "a column twice": ({"output": {"columns": ["id", "id"]}}, {"GivenTwice"}),
    "a hashed column twice": (
        {"output": {"columns": ["id", "email"], "hashed_columns": ["email", "email"]}},
        {"GivenTwice"},
    ),
    "a match key of a source's own rules that is missing": (
        {
            "source": {"rules": {"Phone": ["Phone"]}, "rule_definition_types": ["SOURCE"]},
            "target": {"rule_definition_types": ["SOURCE"]},
        },
        {"MatchKeyUnknown"},
    ),
    "the membership of a member who cannot query": (
        {
            "membership": {
                "results": Results(bucket="results", query_runner_membership=MEMBERSHIP_OF_PARTNER)
            }
        },
        {"NotQueryRunner"},
    ),
    "a membership of another Region": (
        {
            "membership": {
                "results": Results(
                    bucket="results",
                    query_runner_membership=MEMBERSHIP_OF_PARTNER.replace(
                        REGION, OTHER_REGION
                    ).replace(PARTNER, ACCOUNT),
                )
            }
        },
        {"OtherRegion"},
    ),
    "a namespace whose ARN is too long for an association": (
        {"source": {"name": "n" * 255}},
        {"ArnLength"},
    ),
    "an incremental provider service": (
        {"matching": {"rules": None, "provider": PROVIDER, "role": OUR_ROLE, "incremental": True}},
        {"ProviderIsNotIncremental"},
    ),
    **{
        f"{condition} in real time": (
            {
                "matching": {
                    "rules": None,
                    "rule_conditions": {"Rule": condition},
                    "real_time_matching": True,
                }
            },
            {"NotInRealTime"},
        )
        for condition in (
            "Cosine(email, 0.8)",
            "Exact(id) AND Levenshtein (email, 2)",
            "Soundex(email)",
            "Exact(email, EmptyValues=Ignore)",
        )
    },
    "a purpose without rules": (
        {"matching": {"rules": None, "machine_learning": True, "match_purpose": "INDEXING"}},
        {"OnlyForRules"},
    ),
    "a workflow without a target": ({"workflow": {"target": None}}, {"TargetMissing"}),
}


@pytest.fixture
def app() -> App:
    return App()


@pytest.mark.parametrize(("changes", "codes"), REFUSED.values(), ids=REFUSED)
def test_a_contradiction_is_refused(
    app: App, changes: dict[str, dict[str, Any]], codes: set[str]
) -> None:
    problems = problems_of(lambda: Mapping(app, **changes))
    assert codes <= {problem.code for problem in problems}


ACCEPTED: dict[str, dict[str, dict[str, Any]]] = {
    "nothing": {},
    "an input bucket of another account": {"input": {"bucket": bucket_of(account=PARTNER)}},
    "a key of another account": {
        "output": {
            "encryption_key": KEY_ELSEWHERE.replace(OTHER_REGION, REGION).replace(ACCOUNT, PARTNER)
        }
    },
    "a partner's namespace as a target": {
        "workflow": {
            "target": f"{ER}:idnamespace/theirs".replace(ACCOUNT, PARTNER),
        },
        "table": {"target": None},
    },
    "the membership of the member who can query": {
        "membership": {
            "results": Results(
                bucket="results",
                query_runner_membership=MEMBERSHIP_OF_PARTNER.replace(PARTNER, ACCOUNT),
            )
        }
    },
    "exact conditions in real time": {
        "matching": {
            "rules": None,
            "rule_conditions": {"Rule": "Exact(email) AND ExactManyToMany(id)"},
            "real_time_matching": True,
        },
        "target": {"rules": {"Email": ["Email"]}},
    },
    "an index": {"matching": {"match_purpose": "INDEXING"}},
    "the longest name for an association": {"source": {"name": "n" * 196}},
    "results in another bucket": {"membership": {"results": Results(bucket="results")}},
    "a role of the own account": {"matching": {"role": OUR_ROLE}},
}


@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_a_valid_app_stays_valid_and_has_no_warnings(
    app: App, changes: dict[str, dict[str, Any]]
) -> None:
    mapping = Mapping(app, **changes)
    assert warnings_of(mapping.stack) == []


WARNED: dict[str, tuple[dict[str, dict[str, Any]], str]] = {
    "an output in the prefix of an input": (
        {"output": {"prefix": "in/matched"}},
        "outputAmongInputs",
    ),
    "an output in the bucket of an input without a prefix": (
        {"input": {"prefix": None}},
        "outputAmongInputs",
    ),
    "results among the source data": (
        {"membership": {"results": Results(bucket="data")}},
        "resultsAmongSourceData",
    ),
    "a table without its associations": (
        {"table": {"source": None, "target": None}},
        "tableDoesNotWait",
    ),
    "a table without one of its associations": ({"table": {"target": None}}, "tableDoesNotWait"),
    "incremental machine learning": (
        {
            "matching": {"rules": None, "machine_learning": True, "incremental": True},
            "target": {"rules": {"Email": ["Email"]}},
        },
        "incrementalMachineLearning",
    ),
}


@pytest.mark.parametrize(("changes", "warning"), WARNED.values(), ids=WARNED)
def test_what_is_probably_wrong_causes_a_warning(
    app: App, changes: dict[str, dict[str, Any]], warning: str
) -> None:
    mapping = Mapping(app, **changes)
    assert [text for text in warnings_of(mapping.stack) if f"cdk-cleanrooms:{warning}]" in text]


def test_a_table_is_warned_of_an_association_that_is_declared_later(app: App) -> None:
    mapping = Mapping(app, second={"id_namespace": second_source}, table={"target": None})
    assert warnings_of(mapping.stack) == []
    IdNamespaceAssociation(
        mapping.stack,
        "Third",
        membership=mapping.membership,
        id_namespace=mapping.target,
        name="third",
    )
    assert len(warnings_of(mapping.stack)) == 1


def test_an_association_of_another_membership_causes_no_warning(app: App) -> None:
    mapping = Mapping(
        app,
        second={"membership": MEMBERSHIP_ID},
        table={"target": None},
    )
    assert warnings_of(mapping.stack) == []


def test_the_tags_of_an_aspect_count(app: App) -> None:
    mapping = Mapping(app, first={"tags": {f"k{index}": "v" for index in range(50)}})
    Tags.of(mapping.stack).add("one", "more")
    with pytest.raises(RuntimeError, match="51 tags are more than the 50"):
        app.synth()


def test_fifty_tags_of_which_some_come_from_an_aspect_are_accepted(app: App) -> None:
    mapping = Mapping(app, first={"tags": {f"k{index}": "v" for index in range(49)}})
    Tags.of(mapping.stack).add("one", "more")
    app.synth()


def glue_table(
    *columns: str,
    location: str | None = "s3://data/in/",
    partitions: tuple[str, ...] = (),
    **properties: Any,
) -> Callable[[Mapping], CfnTable]:
    l1 = CfnTable

    def declare(mapping: Mapping) -> CfnTable:
        return l1(
            mapping.stack,
            "GlueTable",
            catalog_id=ACCOUNT,
            database_name="crm",
            table_input=l1.TableInputProperty(
                name="customers",
                partition_keys=[l1.ColumnProperty(name=each) for each in partitions] or None,
                storage_descriptor=l1.StorageDescriptorProperty(
                    columns=[l1.ColumnProperty(name=each) for each in columns],
                    location=location,
                ),
                **properties,
            ),
        )

    return declare


def reading(app: App, **values: Any) -> tuple[Mapping, list[Any]]:
    """Return the app, and the objects that the role of its matching workflow can read."""
    mapping = Mapping(app, input={"bucket": None, "prefix": None, **values})
    found = [
        statement["Resource"]
        for policy in Template.from_stack(mapping.stack).find_resources("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Action"] == "s3:GetObject"
    ]
    return mapping, found


def test_bucket_and_prefix_follow_from_the_location_of_a_table(app: App) -> None:
    _, objects = reading(app, table=glue_table("id", "email"))
    assert set(objects) == {"arn:aws:s3:::data/in/*"}


def test_the_prefix_follows_from_the_location_if_only_the_bucket_is_given(app: App) -> None:
    _, objects = reading(app, table=glue_table("id", "email"), bucket="data")
    assert set(objects) == {"arn:aws:s3:::data/in/*"}


def test_a_prefix_that_is_given_is_used(app: App) -> None:
    _, objects = reading(app, table=glue_table("id", "email"), prefix="/".join(["in"]))
    assert set(objects) == {"arn:aws:s3:::data/in/*"}


def test_the_location_can_have_the_name_of_a_bucket_of_the_app(app: App) -> None:
    def table(mapping: Mapping) -> CfnTable:
        bucket = Bucket(mapping.stack, "Bucket", encryption_key=Key(mapping.stack, "Key"))
        return glue_table("id", "email", location=f"s3://{bucket.bucket_name}/in")(mapping)

    mapping, objects = reading(app, table=table)
    assert objects
    bucket = mapping.stack.node.find_child("Bucket").node.default_child
    assert isinstance(bucket, CfnBucket)
    logical_id = mapping.stack.resolve(bucket.logical_id)
    assert all(str(logical_id) in str(each) for each in objects)


@pytest.mark.parametrize("location", [None, "file:///data", "s3:///in"])
def test_a_location_that_says_no_bucket_is_ignored(app: App, location: str | None) -> None:
    table = glue_table("id", "email", location=location)
    problems = problems_of(lambda: Mapping(app, input={"table": table, "bucket": None}))
    assert [problem.code for problem in problems] == ["BucketMissing"]


def s3_table(*columns: str) -> Callable[[Mapping], S3Table]:
    def declare(mapping: Mapping) -> S3Table:
        bucket = Bucket(mapping.stack, "Bucket", encryption_key=Key(mapping.stack, "Key"))
        return S3Table(
            mapping.stack,
            "GlueTable",
            database=Database(mapping.stack, "Database", database_name="crm"),
            table_name="customers",
            s3_prefix="in/",
            data_format=DataFormat.CSV,
            columns=[Column(name=each, type=Schema.STRING) for each in columns],
            storage=S3TableStorage.from_bucket(bucket),
        )

    return declare


def test_bucket_and_prefix_follow_from_a_table_of_the_library_for_glue(app: App) -> None:
    _, objects = reading(app, table=s3_table("id", "email"))
    assert objects
    assert all(str(each).endswith("/in/*']]}") for each in objects)


def test_a_field_that_an_s3_table_does_not_name_causes_a_warning(app: App) -> None:
    mapping, _ = reading(app, table=s3_table("id"))
    assert any("cdk-cleanrooms:fieldNotInTable" in text for text in warnings_of(mapping.stack))


TABLES: dict[str, tuple[dict[str, Any], str]] = {
    "a field that is no column": ({"table": glue_table("customer_id", "email")}, "FieldNotInTable"),
    "a location in another bucket": (
        {"table": glue_table("id", "email"), "bucket": "other"},
        "LocationInOtherBucket",
    ),
    "a location outside of the prefix": (
        {"table": glue_table("id", "email"), "bucket": "data", "prefix": "elsewhere"},
        "LocationOutsidePrefix",
    ),
    "a location with a similar prefix": (
        {"table": glue_table("id", "email"), "bucket": "data", "prefix": "i"},
        "LocationOutsidePrefix",
    ),
}


@pytest.mark.parametrize(("values", "code"), TABLES.values(), ids=TABLES)
def test_a_table_that_does_not_fit_is_refused(app: App, values: dict[str, Any], code: str) -> None:
    usual = {"bucket": None, "prefix": None}
    problems = problems_of(lambda: Mapping(app, input=usual | values))
    assert {problem.code for problem in problems} == {code}


def test_two_different_buckets_of_the_app_are_refused(app: App) -> None:
    def table(mapping: Mapping) -> CfnTable:
        bucket = Bucket(mapping.stack, "First")
        return glue_table("id", "email", location=f"s3://{bucket.bucket_name}/in")(mapping)

    def bucket(mapping: Mapping) -> Bucket:
        return Bucket(mapping.stack, "Second")

    problems = problems_of(lambda: Mapping(app, input={"table": table, "bucket": bucket}))
    assert [problem.code for problem in problems] == ["LocationInOtherBucket"]


@pytest.mark.parametrize(
    "values",
    [
        {"table": glue_table("ID", "Email")},
        {"table": glue_table("id", partitions=("email",))},
        {"table": glue_table()},
        {
            "table": glue_table("id", "email", location=Fn.import_value("Location")),
            "bucket": "data",
        },
        {"table": glue_table("id", "email"), "prefix": ""},
        {"table": glue_table("id", "email"), "bucket": Fn.import_value("Bucket")},
        {
            "table": glue_table("id", "email"),
            "bucket": lambda mapping: Bucket.from_bucket_name(mapping.stack, "B", "data"),
        },
    ],
)
@pytest.mark.unmeasured
def test_a_table_that_fits_or_cannot_be_compared_is_accepted(
    app: App, values: dict[str, Any]
) -> None:
    usual = {"bucket": None, "prefix": None}
    mapping = Mapping(app, input=usual | values, output={"bucket": "matched"})
    assert warnings_of(mapping.stack) == []


@pytest.mark.parametrize(
    "values",
    [
        {"table": glue_table("id", "email"), "prefix": "in/2024"},
        {"table": glue_table("id", "email", partitions=("day",)), "prefix": "elsewhere"},
    ],
)
def test_a_prefix_that_may_be_right_causes_a_warning(app: App, values: dict[str, Any]) -> None:
    mapping = Mapping(app, input={"bucket": None, **values})
    assert any("locationOutsidePrefix" in text for text in warnings_of(mapping.stack))


def test_a_collaboration_of_another_account_of_the_app_is_accepted(app: App) -> None:
    mapping = Mapping(app)
    stack = theirs(mapping)
    membership = Membership(stack, "Membership", collaboration=mapping.collaboration)
    template = app.synth().get_stack_by_name("Theirs").template
    l1 = membership.node.default_child
    assert l1 is not None
    (resource,) = template["Resources"].values()
    identifier = resource["Properties"]["CollaborationIdentifier"]
    assert identifier["Fn::GetStackOutput"]["StackName"] == "Stack"


def tokens(stack: Stack) -> list[str]:
    return CfnParameter(stack, "List", type="CommaDelimitedList").value_as_list


def test_whole_list_tokens_are_passed_through(app: App) -> None:
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    the_list = tokens(stack)
    reference = {"Ref": "List"}
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="collaboration",
        description="An ID mapping",
        creator=Member(display_name="Us", abilities=the_list, ml_abilities=the_list),
        members=[Member(account_id=PARTNER, display_name="Them", abilities=the_list)],
        auto_approved_change_types=the_list,
        allowed_result_regions=Fn.split(",", Fn.import_value("Regions")),
    )
    Membership(stack, "Membership", collaboration=collaboration, pays_for=[])
    properties = resource_of(collaboration)["Properties"]
    assert properties["CreatorMemberAbilities"] == reference
    assert properties["Members"][0]["MemberAbilities"] == reference
    assert properties["AutoApprovedChangeTypes"] == reference
    assert properties["AllowedResultRegions"] == {
        "Fn::Split": [",", {"Fn::ImportValue": "Regions"}]
    }
    assert warnings_of(stack) == []


def test_whole_list_tokens_are_passed_through_in_entity_resolution(app: App) -> None:
    mapping = Mapping(app)
    the_list = tokens(mapping.stack)
    namespace = IdNamespace.source(
        mapping.stack,
        "Tokens",
        name="tokens",
        inputs=[mapping.input],
        rules={"Email": the_list},
        rule_definition_types=the_list,
        record_matching_models=the_list,
    )
    (properties,) = resource_of(namespace)["Properties"]["IdMappingWorkflowProperties"]
    rules = properties["RuleBasedProperties"]
    reference = {"Ref": "List"}
    assert rules["RuleDefinitionTypes"] == reference
    assert rules["RecordMatchingModels"] == reference
    assert rules["Rules"][0]["MatchingKeys"] == reference


def test_a_list_token_that_becomes_objects_is_refused(app: App) -> None:
    stack = Stack(app, "Stack")
    the_list = tokens(stack)
    problems = problems_of(
        lambda: Collaboration(
            stack,
            "Collaboration",
            name="collaboration",
            description="An ID mapping",
            creator=Member(display_name="Us", pays_for=the_list),
        )
    )
    assert [problem.code for problem in problems] == ["ListIsToken"]
    problems = problems_of(lambda: Mapping(App(), output={"columns": the_list}))
    assert [problem.code for problem in problems] == ["ListIsToken"]


def test_items_of_a_list_token_are_accepted_as_columns(app: App) -> None:
    the_list = Fn.split(",", Fn.import_value("Columns"))
    mapping = Mapping(app, output={"columns": [Fn.select(0, the_list), Fn.select(1, the_list)]})
    assert len(resource_of(mapping.matching)["Properties"]["OutputSourceConfig"][0]["Output"]) == 2


def one_account(mapping: Mapping, **arguments: Any) -> dict[str, Any]:
    workflow = IdMappingWorkflow(
        mapping.stack,
        "OneAccount",
        **{
            "name": "one-account",
            "target": mapping.matching,
            "rule_definition_type": "TARGET",
            "attribute_matching_model": "MANY_TO_MANY",
            "record_matching_model": "ONE_SOURCE_TO_ONE_TARGET",
            "output": WorkflowOutput(bucket="mapped"),
            **arguments,
        },
    )
    properties: dict[str, Any] = resource_of(workflow)["Properties"]
    return properties


def test_a_table_can_be_mapped_to_a_matching_workflow_of_the_account(app: App) -> None:
    mapping = Mapping(app)
    properties = one_account(mapping, source=mapping.input, rules={"Email": ["Email"]})
    source, target = properties["InputSourceConfig"]
    assert source.keys() == {"InputSourceARN", "SchemaArn"}
    assert target.keys() == {"InputSourceARN"}
    techniques = properties["IdMappingTechniques"]
    assert techniques["RuleBasedProperties"]["Rules"] == [
        {"RuleName": "Email", "MatchingKeys": ["Email"]}
    ]


def test_a_matching_workflow_can_be_the_source(app: App) -> None:
    mapping = Mapping(app)
    properties = one_account(
        mapping,
        source=f"{ER}:matchingworkflow/first",
        target=f"{ER}:matchingworkflow/second",
        role=OUR_ROLE,
        normalization_version="1.0",
    )
    assert [each["InputSourceARN"] for each in properties["InputSourceConfig"]] == [
        f"{ER}:matchingworkflow/first",
        f"{ER}:matchingworkflow/second",
    ]
    assert properties["IdMappingTechniques"]["NormalizationVersion"] == "1.0"


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ({"source": f"{ER}:matchingworkflow/a"}, ["RoleMissing"]),
        (
            {"source": f"{ER}:matchingworkflow/a b", "role": OUR_ROLE},
            ["MatchingWorkflowArnMalformed"],
        ),
        (
            {
                "source": f"{ER}:matchingworkflow/a".replace(REGION, OTHER_REGION),
                "role": OUR_ROLE,
            },
            ["OtherRegion"],
        ),
    ],
)
def test_what_is_wrong_with_a_side_in_one_account_is_refused(
    app: App, arguments: dict[str, Any], codes: list[str]
) -> None:
    mapping = Mapping(app)
    problems = problems_of(lambda: one_account(mapping, **arguments))
    assert [problem.code for problem in problems] == codes


def test_rules_are_not_for_a_provider_service(app: App) -> None:
    provider = CfnIdMappingWorkflow.ProviderPropertiesProperty(
        provider_service_arn="arn:aws:entityresolution:us-east-1::providerservice/P/S"
    )
    mapping = Mapping(app)

    def declare(**arguments: Any) -> IdMappingWorkflow:
        return IdMappingWorkflow(
            mapping.stack,
            "Provided",
            name="provided",
            source=mapping.input,
            provider=provider,
            role=OUR_ROLE,
            **arguments,
        )

    problems = problems_of(lambda: declare(rules={"Email": ["Email"]}))
    assert [problem.code for problem in problems] == ["OnlyForRules"]
    assert len(resource_of(declare())["Properties"]["InputSourceConfig"]) == 1


def test_problems_that_follow_from_another_are_left_out(app: App) -> None:
    mapping = Mapping(app)
    problems = problems_of(
        lambda: IdMappingWorkflow(
            mapping.stack, "Names", name="names", source="customers", target="subscribers"
        )
    )
    assert [problem.property for problem in problems] == ["source", "target"]


def test_a_grant_to_an_account_is_a_success_and_has_a_stable_statement(app: App) -> None:
    mapping = Mapping(app)
    assert mapping.source.grants.use(AccountPrincipal(PARTNER)).success
    mapping.source.grants.use(AccountPrincipal(Aws.ACCOUNT_ID)).assert_success()
    l1s = mapping.source.node.children
    ids = [each.node.id for each in l1s if each.node.id.startswith("PolicyStatement")]
    assert ids == [f"PolicyStatement{PARTNER}", "PolicyStatement6341428167c77407"]


def test_a_resource_policy_of_another_account_is_refused(app: App) -> None:
    mapping = Mapping(app)
    namespace = IdNamespace.from_id_namespace_arn(
        mapping.stack, "Theirs", f"{ER}:idnamespace/x".replace(ACCOUNT, PARTNER)
    )
    problems = problems_of(lambda: namespace.grants.use(AccountPrincipal(ACCOUNT)))
    assert [problem.code for problem in problems] == ["OtherAccount"]


def test_the_closest_choice_is_named(app: App) -> None:
    stack = Stack(app, "Stack")
    (problem,) = problems_of(
        lambda: Collaboration(
            stack,
            "Collaboration",
            name="collaboration",
            description="An ID mapping",
            creator=Member(display_name="Us", abilities=["CAN_RUN_JOBS"]),
        )
    )
    assert problem.message.endswith("did you mean 'CAN_RUN_JOB'?")


def test_a_class_and_a_private_class_are_named_as_a_reader_knows_them(app: App) -> None:
    mapping = Mapping(app)
    association: Any = IdNamespaceAssociation
    (problem,) = problems_of(lambda: Mapping(App(), table={"source": lambda _: association}))
    assert "the class IdNamespaceAssociation is given" in problem.message
    (problem,) = problems_of(
        lambda: IdMappingTable(
            mapping.stack,
            "Other",
            membership=mapping.membership,
            id_mapping_workflow=mapping.workflow,
            name="other",
            source=mapping.target,  # type: ignore[arg-type]
        )
    )
    assert "is of type IdNamespace;" in problem.message


def test_a_membership_can_be_retained_or_destroyed_with_results_in_another_bucket(
    app: App,
) -> None:
    stack = Stack(app, "Stack")
    membership = Membership(
        stack,
        "Membership",
        collaboration=COLLABORATION_ID,
        results=Results(bucket="results"),
        removal_policy=RemovalPolicy.DESTROY,
    )
    assert resource_of(membership)["DeletionPolicy"] == "Delete"


def test_a_role_that_is_given_may_read_outside_of_the_prefix(app: App) -> None:
    table = glue_table("id", "email", partitions=("day",))
    role = {"role": OUR_ROLE}
    mapping = Mapping(
        app,
        input={"bucket": None, "table": table, "prefix": "elsewhere"},
        matching=role,
        source=role,
        workflow=role,
    )
    assert not any("locationOutsidePrefix" in text for text in warnings_of(mapping.stack))


def test_results_that_are_declared_before_the_source_data_cause_a_warning(stack: Stack) -> None:
    Membership(stack, "Membership", collaboration=COLLABORATION_ID, results=Results(bucket="data"))
    schema = SchemaMapping(stack, "Schema", name="schema", mapped_input_fields=FIELDS)
    data = TableInput(table=TABLE_ARN, schema_mapping=schema, bucket="data", prefix="in")
    IdNamespace.source(stack, "Source", name="source", inputs=[data])

    (warning,) = [text for text in warnings_of(stack) if "resultsAmongSourceData" in text]
    assert "from which Stack/Source reads its data" in warning


@pytest.mark.parametrize("region", [REGION, None], ids=["in one place", "in open places"])
@pytest.mark.parametrize("is_construct", [False, True], ids=["by name", "as a construct"])
@pytest.mark.unmeasured
def test_results_among_the_source_data_of_another_stack_cause_a_warning(
    app: App, is_construct: bool, region: str | None
) -> None:
    place = Environment(account=ACCOUNT, region=region) if region else None
    first, second = Stack(app, "Data", env=place), Stack(app, "Results", env=place)
    bucket = Bucket(first, "Bucket") if is_construct else "data"
    schema = SchemaMapping(first, "Schema", name="schema", mapped_input_fields=FIELDS)
    data = TableInput(table=TABLE_ARN, schema_mapping=schema, bucket=bucket, prefix="in")
    IdNamespace.source(first, "Source", name="source", inputs=[data])
    Membership(second, "Member", collaboration=COLLABORATION_ID, results=Results(bucket=bucket))

    (warning,) = [text for text in warnings_of(second) if "resultsAmongSourceData" in text]
    assert "from which Data/Source reads its data" in warning


def test_a_name_that_is_another_one_in_another_stack_causes_no_warning(app: App) -> None:
    first, second = Stack(app, "Data"), Stack(app, "Results")
    name = f"data-{Aws.REGION}"
    schema = SchemaMapping(first, "Schema", name="schema", mapped_input_fields=FIELDS)
    data = TableInput(table=TABLE_ARN, schema_mapping=schema, bucket=name, prefix="in")
    IdNamespace.source(first, "Source", name="source", inputs=[data])
    Membership(second, "Member", collaboration=COLLABORATION_ID, results=Results(bucket=name))
    assert warnings_of(second) == []


def test_a_bucket_of_another_app_causes_no_warning(app: App) -> None:
    for each in (app, App()):
        stack = Stack(each, "Stack")
        if each is app:
            schema = SchemaMapping(stack, "Schema", name="schema", mapped_input_fields=FIELDS)
            data = TableInput(table=TABLE_ARN, schema_mapping=schema, bucket="both", prefix="in")
            IdNamespace.source(stack, "Source", name="source", inputs=[data])
        else:
            results = Results(bucket="both")
            Membership(stack, "Member", collaboration=COLLABORATION_ID, results=results)
            assert warnings_of(stack) == []
