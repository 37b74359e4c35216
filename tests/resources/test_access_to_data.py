"""Tests of the roles that are created: keys, accounts, retention, and apps without roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsii
import pytest
from aws_cdk import (
    App,
    CfnParameter,
    CfnResource,
    Environment,
    IStableAnyProducer,
    Lazy,
    RemovalPolicies,
    RemovalPolicy,
    Stack,
)
from aws_cdk.assertions import Template
from aws_cdk.aws_glue import CfnTable, Column, Database, DataFormat, S3Table, S3TableStorage, Schema
from aws_cdk.aws_iam import Role
from aws_cdk.aws_kms import Alias, Key
from aws_cdk.aws_s3 import Bucket, BucketEncryption, CfnBucket, IBucket
from constructs import Construct

from cdk_cleanrooms import (
    AnalysisTemplate,
    AthenaTable,
    ConfiguredTable,
    IdMappingWorkflow,
    JobResults,
    MatchingWorkflow,
    Membership,
    PySparkSource,
    Results,
    WorkflowOutput,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.resources.entity_resolution.declarations import (
    id_mapping_workflow,
    matching_workflow,
    output,
    source,
    table_input,
)
from tests.samples import ACCOUNT, COLLABORATION_ID, GLUE_TABLE_ARN, MEMBERSHIP_ID, REGION

KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
PARTNER = "444455556666"
READ = ["kms:Decrypt"]
WRITE = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))


def statements_of(stack: Stack) -> list[dict[str, Any]]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    return [
        statement
        for policy in policies.values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def permissions_on_keys(stack: Stack) -> list[tuple[list[str], Any]]:
    """Return the actions and the resources of each statement for KMS, in order."""
    found = []
    for statement in statements_of(stack):
        actions = statement["Action"]
        actions = [actions] if isinstance(actions, str) else actions
        if any(action.startswith("kms:") for action in actions):
            found.append((actions, statement["Resource"]))
    return found


def encrypted(stack: Stack, id: str = "Encrypted") -> Bucket:
    return Bucket(stack, id, encryption_key=Key(stack, f"{id}Key"))


def join(stack: Stack, **arguments: Any) -> Membership:
    return Membership(stack, "Membership", collaboration=COLLABORATION_ID, **arguments)


READERS: dict[str, Callable[[Stack, Any], object]] = {
    "matching workflow": lambda stack, bucket: matching_workflow(
        stack, inputs=[table_input(bucket=bucket)]
    ),
    "ID namespace": lambda stack, bucket: source(stack, inputs=[table_input(bucket=bucket)]),
    "ID mapping workflow": lambda stack, bucket: id_mapping_workflow(
        stack,
        source=source(
            stack,
            inputs=[table_input(bucket=bucket)],
            role=f"arn:aws:iam::{ACCOUNT}:role/Source",
        ),
    ),
}
WRITERS: dict[str, Callable[[Stack, Any], object]] = {
    "matching workflow": lambda stack, bucket: matching_workflow(
        stack, output=output(bucket=bucket)
    ),
    "ID mapping workflow": lambda stack, bucket: id_mapping_workflow(
        stack, output=WorkflowOutput(bucket=bucket)
    ),
    "results": lambda stack, bucket: join(stack, results=Results(bucket=bucket)),
    "results of jobs": lambda stack, bucket: join(stack, job_results=JobResults(bucket=bucket)),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_role_that_reads_a_bucket_can_decrypt_with_its_key_only(
    stack: Stack, reader: Callable[[Stack, Any], object]
) -> None:
    bucket = encrypted(stack)
    reader(stack, bucket)
    assert bucket.encryption_key is not None
    key = stack.resolve(bucket.encryption_key.key_arn)
    assert (READ, key) in permissions_on_keys(stack)
    assert {str(resource) for _, resource in permissions_on_keys(stack)} == {str(key)}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_a_role_that_writes_to_a_bucket_can_encrypt_with_its_key_only(
    stack: Stack, writer: Callable[[Stack, Any], object]
) -> None:
    bucket = encrypted(stack)
    writer(stack, bucket)
    assert bucket.encryption_key is not None
    assert permissions_on_keys(stack) == [(WRITE, stack.resolve(bucket.encryption_key.key_arn))]


def imported(stack: Stack) -> IBucket:
    key = Key.from_key_arn(stack, "TheirKey", KEY_ARN)
    return Bucket.from_bucket_attributes(
        stack, "Imported", bucket_name="imported", encryption_key=key
    )


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_the_key_of_an_imported_bucket_is_used(
    stack: Stack, writer: Callable[[Stack, Any], object]
) -> None:
    writer(stack, imported(stack))
    assert permissions_on_keys(stack) == [(WRITE, KEY_ARN)]


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_the_key_of_a_bucket_that_is_given_by_its_name_attribute_is_used(
    stack: Stack, writer: Callable[[Stack, Any], object]
) -> None:
    bucket = encrypted(stack)
    writer(stack, bucket.bucket_name)
    assert bucket.encryption_key is not None
    assert permissions_on_keys(stack) == [(WRITE, stack.resolve(bucket.encryption_key.key_arn))]


def test_a_key_that_the_bucket_has_created_is_used(stack: Stack) -> None:
    bucket = Bucket(stack, "Bucket", encryption=BucketEncryption.KMS)
    matching_workflow(stack, output=output(bucket=bucket))
    assert bucket.encryption_key is not None
    key = stack.resolve(bucket.encryption_key.key_arn)
    assert permissions_on_keys(stack) == [(WRITE, key)]


@pytest.mark.parametrize(
    "bucket",
    [
        lambda _: "by-name",
        lambda stack: Bucket(stack, "Bucket"),
        lambda stack: Bucket(stack, "Bucket", encryption=BucketEncryption.KMS_MANAGED),
        lambda stack: Bucket.from_bucket_name(stack, "Bucket", "imported"),
        lambda stack: Bucket(stack, "Bucket").node.default_child,
    ],
)
@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.unmeasured
def test_a_bucket_without_a_key_that_is_known_gives_no_permission_on_one(
    stack: Stack,
    writer: Callable[[Stack, Any], object],
    bucket: Callable[[Stack], object],
) -> None:
    writer(stack, bucket(stack))
    assert permissions_on_keys(stack) == []


def test_a_name_that_is_put_together_is_accepted() -> None:
    stack = Stack(App(), "Stack")
    join(stack, results=Results(bucket=f"results-{stack.account}"))
    assert permissions_on_keys(stack) == []


def l1(stack: Stack, key: str | None, algorithm: str = "aws:kms", **others: Any) -> CfnBucket:
    default = CfnBucket.ServerSideEncryptionByDefaultProperty(
        sse_algorithm=algorithm, kms_master_key_id=key
    )
    rule = CfnBucket.ServerSideEncryptionRuleProperty(server_side_encryption_by_default=default)
    encryption = CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[rule])
    return CfnBucket(stack, "L1", **{"bucket_encryption": encryption, **others})


@pytest.mark.parametrize(
    "named",
    [
        lambda key: key.key_arn,
        lambda key: key.key_id,
        lambda key: key.node.default_child.ref,
        lambda key: key.node.default_child.attr_arn,
    ],
    ids=["key_arn", "key_id", "ref", "attr_arn"],
)
def test_the_key_of_an_l1_of_a_bucket_is_used(stack: Stack, named: Callable[[Any], str]) -> None:
    key = Key(stack, "Key")
    join(stack, results=Results(bucket=l1(stack, named(key))))
    assert permissions_on_keys(stack) == [(WRITE, stack.resolve(key.key_arn))]


def test_the_key_of_the_l1_in_a_bucket_is_used(stack: Stack) -> None:
    bucket = encrypted(stack)
    join(stack, results=Results(bucket=bucket.node.default_child))  # type: ignore[arg-type]
    assert bucket.encryption_key is not None
    assert permissions_on_keys(stack) == [(WRITE, stack.resolve(bucket.encryption_key.key_arn))]


@pytest.mark.parametrize("named", [KEY_ARN, KEY_ARN.rpartition("/")[2]], ids=["ARN", "ID"])
def test_a_literal_key_of_an_l1_is_used(stack: Stack, named: str) -> None:
    join(stack, results=Results(bucket=l1(stack, named)))
    ((actions, resource),) = permissions_on_keys(stack)
    assert (actions, str(resource).rpartition("/")[2][:36]) == (WRITE, KEY_ARN.rpartition("/")[2])


@pytest.mark.parametrize(
    "bucket",
    [
        lambda stack: l1(stack, None),
        lambda stack: l1(stack, None, "AES256"),
        lambda stack: l1(stack, "alias/aws/s3"),
        lambda stack: l1(stack, f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/s3"),
        lambda stack: CfnBucket(stack, "L1"),
        lambda stack: l1(stack, None, bucket_encryption=Lazy.any(Nothing())),
    ],
)
@pytest.mark.unmeasured
def test_an_l1_without_a_key_of_the_customer_gives_no_permission(
    stack: Stack, bucket: Callable[[Stack], CfnBucket]
) -> None:
    join(stack, results=Results(bucket=bucket(stack)))
    assert permissions_on_keys(stack) == []
    assert warnings_of(stack) == []


@jsii.implements(IStableAnyProducer)
class Nothing:
    def produce(self) -> None:
        return None


def test_the_key_of_an_alias_of_the_app_is_used(stack: Stack) -> None:
    key = Key(stack, "Key")
    alias = Alias(stack, "Alias", alias_name="alias/data", target_key=key)
    join(stack, results=Results(bucket=Bucket(stack, "Bucket", encryption_key=alias)))
    assert permissions_on_keys(stack) == [(WRITE, stack.resolve(key.key_arn))]


@pytest.mark.parametrize(
    "bucket",
    [
        lambda stack: l1(stack, "alias/data"),
        lambda stack: l1(stack, f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/data"),
        lambda stack: l1(stack, CfnParameter(stack, "Parameter").value_as_string),
        lambda stack: Bucket(
            stack, "Bucket", encryption_key=Alias.from_alias_name(stack, "Alias", "alias/data")
        ),
    ],
    ids=["alias", "ARN of an alias", "parameter", "imported alias"],
)
def test_a_key_that_is_not_known_causes_a_warning(
    stack: Stack, bucket: Callable[[Stack], Any]
) -> None:
    join(stack, results=Results(bucket=bucket(stack)))
    assert permissions_on_keys(stack) == []
    (warning,) = warnings_of(stack)
    assert "cdk-cleanrooms:keyIsNotKnown" in warning


@pytest.mark.parametrize(
    "declare",
    [
        lambda stack, bucket: AnalysisTemplate(
            stack,
            "Template",
            membership=MEMBERSHIP_ID,
            name="overlap",
            source=PySparkSource(bucket=bucket, entry_point="main.py"),
        ),
        lambda stack, bucket: ConfiguredTable(
            stack,
            "Table",
            name="orders",
            table=AthenaTable(table=GLUE_TABLE_ARN, work_group="primary", output_bucket=bucket),
            allowed_columns=["order_id"],
        ).associate("In", membership=MEMBERSHIP_ID),
    ],
    ids=["a PySpark script", "a table of Amazon Athena"],
)
def test_a_key_that_is_not_known_and_that_no_argument_takes_can_be_granted_to_the_role(
    stack: Stack, declare: Callable[[Stack, CfnBucket], Any]
) -> None:
    construct = declare(stack, l1(stack, "alias/data"))
    Key(stack, "Key").grant_decrypt(construct.role)
    (warning,) = [text for text in warnings_of(stack) if "keyIsNotKnown" in text]
    assert "Grant it to the property `role` of this construct" in warning
    assert permissions_on_keys(stack) != []


def test_an_imported_alias_is_no_key(stack: Stack) -> None:
    alias = Alias.from_alias_name(stack, "Alias", "alias/data")
    (problem,) = problems_of(
        lambda: join(stack, results=Results(bucket="results", encryption_key=alias))
    )
    assert problem.code == "KeyIsAlias"


def test_a_key_of_another_region_than_an_input_bucket_is_refused(stack: Stack) -> None:
    data = table_input(
        bucket=Bucket(stack, "Data"), encryption_key=KEY_ARN.replace(REGION, "eu-west-1")
    )
    problems = problems_of(lambda: matching_workflow(stack, inputs=[data]))
    assert {problem.code for problem in problems} == {"OtherRegion"}


def test_a_key_that_is_given_goes_before_that_of_the_bucket(stack: Stack) -> None:
    join(stack, results=Results(bucket=encrypted(stack), encryption_key=KEY_ARN))
    assert permissions_on_keys(stack) == [(WRITE, KEY_ARN)]


def test_results_with_a_role_of_the_user_create_no_role(stack: Stack) -> None:
    membership = join(
        stack,
        results=Results(bucket=encrypted(stack), role=f"arn:aws:iam::{ACCOUNT}:role/Results"),
    )
    assert membership.results_role is None
    assert statements_of(stack) == []


def test_the_policy_of_the_key_is_left_alone(stack: Stack) -> None:
    key = Key(stack, "Key")
    before = stack.resolve(key.node.default_child.key_policy)  # type: ignore[union-attr]
    matching_workflow(stack, output=output(bucket=Bucket(stack, "Bucket", encryption_key=key)))
    assert stack.resolve(key.node.default_child.key_policy) == before  # type: ignore[union-attr]


def test_an_input_bucket_of_another_account_is_named_with_its_account_and_key(
    stack: Stack,
) -> None:
    key_arn = KEY_ARN.replace(ACCOUNT, PARTNER)
    theirs = Bucket.from_bucket_attributes(
        stack,
        "Theirs",
        bucket_name="lake",
        account=PARTNER,
        encryption_key=Key.from_key_arn(stack, "TheirKey", key_arn),
    )
    matching_workflow(stack, inputs=[table_input(bucket=theirs), table_input(bucket="ours")])
    accounts = {
        str(statement["Resource"]): statement["Condition"]["StringEquals"]["s3:ResourceAccount"]
        for statement in statements_of(stack)
        if statement["Action"] == "s3:GetObject"
    }
    lake = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::lake/customers/*"]]}
    assert accounts == {str(lake): PARTNER, "arn:aws:s3:::ours/customers/*": ACCOUNT}
    assert (READ, key_arn) in permissions_on_keys(stack)


@pytest.mark.parametrize(
    ("descriptor", "is_allowed"),
    [
        ({"columns": [{"name": "id"}]}, False),
        ({"columns": [{"name": "id"}], "schemaReference": {"schemaVersionId": "1"}}, True),
        ({"columns": []}, True),
        (None, True),
    ],
    ids=["columns", "columns and a schema", "no columns", "nothing"],
)
def test_a_role_can_read_schemas_unless_its_table_has_columns_of_its_own(
    stack: Stack, descriptor: dict[str, Any] | None, is_allowed: bool
) -> None:
    table = CfnTable(
        stack,
        "Table",
        catalog_id=ACCOUNT,
        database_name="crm",
        table_input={"name": "customers", "storageDescriptor": descriptor},
    )
    source(stack, inputs=[table_input(table=table, schema_mapping="customers")])
    actions = [statement["Action"] for statement in statements_of(stack)]
    assert (["glue:GetSchema", "glue:GetSchemaVersion"] in actions) is is_allowed


def test_a_table_of_the_library_for_glue_is_accepted(stack: Stack) -> None:
    table = S3Table(
        stack,
        "Table",
        database=Database(stack, "Database", database_name="crm"),
        table_name="customers",
        data_format=DataFormat.CSV,
        columns=[Column(name="id", type=Schema.STRING)],
        storage=S3TableStorage.from_bucket(encrypted(stack)),
    )
    workflow = matching_workflow(stack, inputs=[table_input(table=table, bucket=table.bucket)])
    resource = resource_of(workflow)
    (config,) = resource["Properties"]["InputSourceConfig"]
    assert stack.resolve(config["InputSourceARN"]) == stack.resolve(table.table_arn)
    l1 = table.node.default_child
    assert isinstance(l1, CfnResource)
    assert stack.resolve(l1.logical_id) in resource["DependsOn"]


def test_an_import_of_a_table_with_the_library_for_glue_is_accepted(stack: Stack) -> None:
    arn = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/customers"
    table = S3Table.from_table_arn(stack, "Table", arn)
    workflow = matching_workflow(stack, inputs=[table_input(table=table)])
    (config,) = resource_of(workflow)["Properties"]["InputSourceConfig"]
    assert config["InputSourceARN"] == arn


USERS: dict[str, Callable[..., Any]] = {
    "matching workflow": matching_workflow,
    "ID namespace": source,
    "ID mapping workflow": lambda stack, **arguments: IdMappingWorkflow(
        stack,
        "Workflow",
        name="workflow",
        source=source(stack),
        target=f"arn:aws:entityresolution:{REGION}:{PARTNER}:idnamespace/target",
        **arguments,
    ),
    "membership": lambda stack, **arguments: join(
        stack, **{"results": Results(bucket="results"), **arguments}
    ),
}


def roles_and_policies(stack: Stack, construct: Construct) -> list[dict[str, Any]]:
    """Return the roles and policies that a construct creates."""
    resources = Template.from_stack(stack).to_json()["Resources"]
    found = []
    for each in construct.node.find_all():
        if isinstance(each, CfnResource) and each.cfn_resource_type.startswith("AWS::IAM::"):
            found.append(resources[stack.resolve(each.logical_id)])
    return found


def retention(resource: dict[str, Any]) -> tuple[Any, Any]:
    return resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")


def apply_to_l1(user: Construct, policy: RemovalPolicy) -> None:
    l1 = user.node.default_child
    assert isinstance(l1, CfnResource)
    l1.apply_removal_policy(policy)


WAYS: dict[str, Callable[[Any, RemovalPolicy], object]] = {
    "on the construct": lambda user, policy: user.apply_removal_policy(policy),
    "on the L1": apply_to_l1,
    "on the type": lambda user, policy: RemovalPolicies.of(user).apply(
        policy,
        apply_to_resource_types=[user.node.default_child.cfn_resource_type],
        priority=300,
    ),
}


@pytest.mark.parametrize("declare", USERS.values(), ids=USERS)
@pytest.mark.parametrize("policy", [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])
@pytest.mark.unmeasured
def test_the_created_role_of_a_retained_resource_is_retained(
    stack: Stack, declare: Callable[..., Any], policy: RemovalPolicy
) -> None:
    user = declare(stack, removal_policy=policy)
    expected = retention(resource_of(user))
    assert [retention(each) for each in roles_and_policies(stack, user)] == [expected] * 2


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("declare", USERS.values(), ids=USERS)
@pytest.mark.unmeasured
def test_the_created_role_is_retained_by_a_policy_that_is_applied_later(
    stack: Stack, declare: Callable[..., Any], way: Callable[[Any, RemovalPolicy], object]
) -> None:
    user = declare(stack, removal_policy=RemovalPolicy.DESTROY)
    way(user, RemovalPolicy.RETAIN)
    expected = [("Retain", "Retain")] * 2
    assert [retention(each) for each in roles_and_policies(stack, user)] == expected


@pytest.mark.parametrize("declare", USERS.values(), ids=USERS)
def test_the_created_role_of_an_adopted_resource_is_retained(
    stack: Stack, declare: Callable[..., Any]
) -> None:
    user = declare(stack, adopt=True)
    expected = retention(resource_of(user))
    assert expected[0] is not None
    assert [retention(each) for each in roles_and_policies(stack, user)] == [expected] * 2


@pytest.mark.parametrize("declare", USERS.values(), ids=USERS)
def test_the_created_role_of_a_resource_that_is_deleted_is_deleted(
    stack: Stack, declare: Callable[..., Any]
) -> None:
    user = declare(stack, removal_policy=RemovalPolicy.DESTROY)
    kept = {retention(each)[0] for each in roles_and_policies(stack, user)}
    assert kept <= {None, "Delete"}


def test_a_permission_that_is_added_to_a_retained_role_is_retained(stack: Stack) -> None:
    membership = join(stack, results=Results(bucket="results"))
    assert membership.results_role is not None
    Key(stack, "Key").grant_encrypt(membership.results_role)
    kept = [retention(each) for each in roles_and_policies(stack, membership)]
    assert kept == [("Retain", "Retain")] * 3


@pytest.mark.parametrize("declare", USERS.values(), ids=USERS)
@pytest.mark.parametrize("named", [False, True])
def test_an_app_that_may_not_create_roles_has_neither_roles_nor_policies(
    declare: Callable[..., Any], named: bool, tmp_path: Any
) -> None:
    app = App(outdir=str(tmp_path))
    paths = ["Matching/Role", "Source/Role", "Workflow/Role", "Membership/ResultsRole"]
    roles = {f"Stack/{path}": "er-role" for path in paths}
    Role.customize_roles(app, prevent_synthesis=True, use_precreated_roles=roles if named else None)
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    user = declare(stack)
    user.apply_removal_policy(RemovalPolicy.RETAIN)
    template = app.synth().get_stack_by_name("Stack").template
    types = {each["Type"] for each in template["Resources"].values()}
    assert not {each for each in types if each.startswith("AWS::IAM::")}
    report = (tmp_path / "iam-policy-report.json").read_text("utf-8")
    assert "s3:" in report


def test_matching_workflow_and_results_have_the_role_that_was_created_before() -> None:
    app = App()
    Role.customize_roles(
        app, prevent_synthesis=True, use_precreated_roles={"Stack/Matching/Role": "er-role"}
    )
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    workflow: MatchingWorkflow = matching_workflow(stack)
    assert str(stack.resolve(workflow.role_arn)).endswith(f":iam::{ACCOUNT}:role/er-role']]}}")
