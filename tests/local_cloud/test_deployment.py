"""Tests of deployments from the own process, through CloudFormation's API."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import (
    Annotations,
    CfnOutput,
    CfnParameter,
    CfnResource,
    Environment,
    NestedStack,
    Stack,
    Stage,
    Tags,
)
from aws_cdk.aws_iam import (
    AccountRootPrincipal,
    AnyPrincipal,
    Effect,
    IPrincipal,
    ManagedPolicy,
    PermissionsBoundary,
    PolicyDocument,
    PolicyStatement,
    Role,
    ServicePrincipal,
)
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_s3_assets import Asset
from aws_cdk.aws_ssm import StringParameter
from botocore.exceptions import ClientError

from cdk_cleanrooms import (
    Collaboration,
    IdNamespaceAssociation,
    Member,
    Membership,
    Results,
)
from cdk_cleanrooms.local_cloud import (
    DeploymentFailed,
    LeasedAccount,
    LocalAccount,
    LocalCloud,
    UnsupportedByLocalCloud,
)

# These tests are about what CloudFormation refuses, and not about the CDK's own validation.
App = partial(cdk.App, builtin_cloud_formation_validation=False)
CREATOR = Member(display_name="We", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])


@pytest.fixture
def account(cloud: LocalCloud, request: pytest.FixtureRequest) -> Iterator[LocalAccount]:
    with LeasedAccount(cloud.server, seed=request.node.nodeid) as leased:
        yield leased


def with_collaboration(stack: Stack, name: str = "overlap") -> Collaboration:
    collaboration = Collaboration(
        stack, "Collaboration", name=name, description="Ours", creator=CREATOR
    )
    CfnOutput(stack, "Name", value=name)
    CfnOutput(stack, "Id", value=collaboration.collaboration_identifier)
    return collaboration


def test_a_stack_without_an_environment_is_deployed_and_returns_its_outputs(
    account: LocalAccount,
) -> None:
    stack = Stack(App(), "S")
    Tags.of(stack).add("Team", "Data")
    with_collaboration(stack)
    outputs = account.deploy(stack)
    [made] = account.resources()
    assert outputs == {"Name": "overlap", "Id": made["id"]}
    assert made["tags"]["Team"] == "Data"
    assert account.events(stack)[-1]["ResourceStatus"] == "CREATE_COMPLETE"
    assert account.events("S") == account.events(stack)


def test_a_second_deployment_is_an_update(account: LocalAccount) -> None:
    app = App()
    stack = Stack(app, "S")
    with_collaboration(stack)
    first = account.deploy(stack)
    assert account.deploy(stack) == first
    # A change of outputs alone is a change.
    CfnOutput(stack, "More", value="1")
    assert account.deploy(stack) == first | {"More": "1"}
    changed = Stack(App(), "S")
    with_collaboration(changed, "renamed")
    assert account.deploy(changed) == first | {"Name": "renamed"}
    assert [one["name"] for one in account.resources()] == ["renamed"]


def test_a_stack_is_deployed_after_those_it_depends_on(account: LocalAccount) -> None:
    app = App()
    first = Stack(app, "First")
    second = Stack(app, "Second")
    empty = Stack(app, "Empty")
    bucket = Bucket(first, "Bucket", bucket_name="shared")
    CfnOutput(second, "Name", value=bucket.bucket_name)
    Bucket(second, "Other")
    assert account.deploy(second) == {"Name": "shared"}
    with pytest.raises(DeploymentFailed, match="is imported by stack Second") as failed:
        account.destroy(first)
    assert failed.value.stack == "First"
    outputs = account.deploy(app)
    # CloudFormation has no stacks without resources.
    assert (outputs["Second"], outputs["Empty"]) == ({"Name": "shared"}, {})
    account.destroy(empty)
    account.destroy()
    names = account.client("cloudformation").describe_stacks()["Stacks"]
    assert names == []


def test_the_stacks_of_a_stage_are_deployed(account: LocalAccount) -> None:
    app = App()
    stage = Stage(app, "Test")
    stack = Stack(stage, "S")
    CfnOutput(stack, "One", value="1")
    Bucket(stack, "Bucket")
    assert account.deploy(stage) == {"Test-S": {"One": "1"}}
    assert account.deploy(app) == {"Test-S": {"One": "1"}}


def test_parameters_have_values(account: LocalAccount) -> None:
    app = App()
    stack = Stack(app, "S")
    parameter = CfnParameter(stack, "Name")
    Bucket(stack, "Bucket", bucket_name=parameter.value_as_string)
    CfnOutput(stack, "Out", value=parameter.value_as_string)
    Bucket(Stack(app, "Other"), "Bucket")
    with pytest.raises(DeploymentFailed, match="Parameter 'Name' has no Default") as failed:
        account.deploy(stack)
    assert (failed.value.resource, failed.value.events) == ("S", [])
    # Only the stack that has the parameter gets it.
    outputs = account.deploy(app, parameters={"Name": "given"})
    assert outputs == {"S": {"Out": "given"}, "Other": {}}


def test_an_update_keeps_parameters_that_are_not_given_again(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    bucket = Bucket(stack, "B", bucket_name=CfnParameter(stack, "Name").value_as_string)
    account.deploy(stack, parameters={"Name": "given"})
    CfnOutput(stack, "Out", value=bucket.bucket_name)
    assert account.deploy(stack) == {"Out": "given"}
    # A template that drops the parameter needs no value.
    literal = Stack(App(), "S")
    Bucket(literal, "B", bucket_name="given")
    CfnOutput(literal, "More", value="1")
    assert account.deploy(literal) == {"More": "1"}
    with pytest.raises(ValueError, match=r"No stack has the parameters \['Nam'\]"):
        account.deploy(stack, parameters={"Nam": "given"})


def test_a_stack_in_another_region_or_account_is_found_and_deleted(account: LocalAccount) -> None:
    partner = account.other_account()
    for environment in (
        Environment(region="eu-west-1"),
        Environment(account=partner.account, region="eu-west-1"),
    ):
        stack = Stack(App(), "S", env=environment)
        Bucket(stack, "B")
        account.deploy(stack)
        assert account.events(stack)[-1]["ResourceStatus"] == "CREATE_COMPLETE"
        client = account.client(
            "cloudformation", account=environment.account, region=environment.region
        )
        account.destroy(stack)
        assert client.describe_stacks()["Stacks"] == []


def test_stacks_of_one_name_are_refused(account: LocalAccount) -> None:
    app = App()
    for id in ("First", "Second"):
        Bucket(Stack(app, id, stack_name="Same"), "Bucket")
    with pytest.raises(ValueError, match="2 stacks with the name Same"):
        account.deploy(app)
    assert account.client("cloudformation").describe_stacks()["Stacks"] == []


def test_only_a_stack_a_stage_or_an_app_is_deployed(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    for target in (Bucket(stack, "B"), NestedStack(stack, "Nested"), "S", None):
        with pytest.raises(TypeError, match=f"an app, but not {type(target).__name__}"):
            account.deploy(target)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["membership", "AWS::CleanRooms::Membership", ""])
def test_resources_of_an_unknown_kind_are_refused(kind: str, account: LocalAccount) -> None:
    with pytest.raises(ValueError, match=r"use one of .*'Membership'"):
        account.resources(kind)


def test_an_account_is_its_own_if_it_is_asked_for(account: LocalAccount) -> None:
    assert account.other_account(account.account) is account


def test_a_failure_names_the_construct_and_the_reason_and_can_be_repaired(
    account: LocalAccount,
) -> None:
    def stack(name: str) -> Stack:
        made = Stack(App(), "S")
        with_collaboration(made)
        properties = {"MembershipIdentifier": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
        if name:
            properties["Name"] = name
        CfnResource(
            made,
            "Table",
            type="AWS::CleanRooms::IdMappingTable",
            properties=properties,
        )
        return made

    with pytest.raises(DeploymentFailed) as failed:
        account.deploy(stack("t"))
    error = failed.value
    assert (error.stack, error.status, error.resource) == ("S", "ROLLBACK_COMPLETE", "S/Table")
    assert "required key [InputReferenceConfig] not found" in error.reason
    assert error.events[-1]["ResourceStatus"] == "ROLLBACK_COMPLETE"
    assert str(error).startswith("S ROLLBACK_COMPLETE: S/Table: Properties validation failed")
    repaired = Stack(App(), "S")
    with_collaboration(repaired)
    assert account.deploy(repaired)["Name"] == "overlap"


def test_a_stack_that_cannot_be_deleted_is_reported(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    collaboration = with_collaboration(stack)
    membership = Membership(
        stack, "M", collaboration=collaboration, results=Results(bucket="results")
    )
    membership.node.default_child.add_override("DeletionPolicy", "Delete")  # type: ignore[union-attr]
    account.deploy(stack)
    [made] = account.resources("Membership")
    account.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=made["id"],
        name="people",
        inputReferenceConfig={
            "inputReferenceArn": (
                f"arn:aws:entityresolution:us-east-1:{account.account}:idnamespace/people"
            ),
            "manageResourcePolicies": True,
        },
    )
    with pytest.raises(DeploymentFailed, match="while it has resources") as failed:
        account.destroy(stack)
    assert failed.value.status == "DELETE_FAILED"


def test_what_needs_the_cli_is_refused(account: LocalAccount, tmp_path: Path) -> None:
    (tmp_path / "query.sql").write_text("SELECT 1", "utf-8")
    stack = Stack(App(), "S")
    Asset(stack, "Asset", path=str(tmp_path / "query.sql"))
    with pytest.raises(UnsupportedByLocalCloud, match=r"has assets.*: Asset.*\.cdk\(\"deploy\"\)"):
        account.deploy(stack)
    environment = Environment(account=account.account, region=account.region)
    stack = Stack(App(), "S", env=environment)
    StringParameter.value_from_lookup(stack, "/name")
    with pytest.raises(UnsupportedByLocalCloud, match=r"looks up .*\(ssm\)"):
        account.deploy(stack)


def test_an_unsupported_type_has_an_error_of_its_own(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    CfnResource(stack, "R", type="AWS::CleanRoomsML::TrainingDataset")
    with pytest.raises(ClientError, match="UnsupportedByLocalCloud"):
        account.deploy(stack)


def test_an_error_of_the_app_is_a_failure(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    Annotations.of(Bucket(stack, "B")).add_error("Not this bucket.")
    with pytest.raises(DeploymentFailed, match="S: S/B: Not this bucket"):
        account.deploy(stack)
    assert account.client("cloudformation").describe_stacks()["Stacks"] == []


def test_a_stack_for_another_account_is_refused_with_the_remedy(account: LocalAccount) -> None:
    stack = Stack(App(), "S", env=Environment(account="555566667777", region="eu-west-1"))
    CfnOutput(stack, "One", value="1")
    Bucket(stack, "B")
    with pytest.raises(ValueError, match=r"cleanrooms_cloud\(accounts=\['555566667777'\]\)"):
        account.deploy(stack)
    account.other_account("555566667777")
    assert account.deploy(stack) == {"One": "1"}
    client = account.client("cloudformation", account="555566667777", region="eu-west-1")
    assert [one["StackName"] for one in client.describe_stacks()["Stacks"]] == ["S"]


@pytest.mark.parametrize("is_new", [True, False])
def test_a_resource_that_a_construct_adopts_is_imported_and_changed(
    account: LocalAccount, is_new: bool
) -> None:
    membership = "a1b2c3d4-5678-90ab-cdef-111111111111"
    namespace = f"arn:aws:entityresolution:us-east-1:{account.account}:idnamespace/people"
    made = account.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=membership,
        name="people",
        inputReferenceConfig={"inputReferenceArn": namespace, "manageResourcePolicies": True},
    )["idNamespaceAssociation"]
    stack = Stack(App(), "S", env=Environment(account=account.account, region=account.region))
    Bucket(stack, "Bucket", bucket_name="results")
    if not is_new:
        account.deploy(stack)
    CfnOutput(stack, "One", value="1")
    IdNamespaceAssociation(
        stack,
        "A",
        membership=membership,
        id_namespace=namespace,
        name="people",
        description="Ours",
        adopt=made["id"],
    )
    assert account.deploy(stack) == {"One": "1"}
    [held] = account.resources("IdNamespaceAssociation")
    assert (held["id"], held["description"]) == (made["id"], "Ours")
    assert account.deploy(stack) == {"One": "1"}


def test_accounts_are_empty_and_used_by_one_at_a_time(cloud: LocalCloud) -> None:
    with LeasedAccount(cloud.server, seed="x") as first:
        with LeasedAccount(cloud.server, seed="x") as second:
            assert first.account != second.account
        taken = first.account
        with (
            pytest.raises(RuntimeError, match=f"Another test uses account {taken}"),
            LeasedAccount(cloud.server, seed="y", accounts=[taken]),
        ):
            pass
        stack = Stack(App(), "S")
        with_collaboration(stack)
        identifier = first.deploy(stack)["Id"]
    with LeasedAccount(cloud.server, seed="x") as again:
        assert again.account == taken
        assert again.resources() == []
        assert again.deploy(stack)["Id"] == identifier


USES_AN_ACCOUNT = """
from cdk_cleanrooms.local_cloud import LeasedAccount, LocalCloudServer
with LeasedAccount(LocalCloudServer({url!r}), seed="", accounts=[{account!r}]):
    print("ready", flush=True)
    input()
"""


def test_an_account_is_free_again_after_the_process_that_used_it_was_killed(
    cloud: LocalCloud,
) -> None:
    account = "121212121212"
    program = USES_AN_ACCOUNT.format(url=cloud.url, account=account)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        assert not cloud.server.lease(account)
        process.kill()
    with LeasedAccount(cloud.server, seed="", accounts=[account]) as leased:
        assert leased.account == account


RESULTS = ["s3:PutObject", "kms:GenerateDataKey"]
READS = ["glue:GetTable", "s3:ListBucket", "s3:GetObject", "kms:Decrypt"]


def results(stack: Stack, actions: list[str]) -> None:
    """Declare a membership whose results go to an encrypted bucket, with a role."""
    bucket = Bucket(stack, "Bucket", encryption_key=Key(stack, "Key"))
    role = Role(stack, "Role", assumed_by=ServicePrincipal("cleanrooms.amazonaws.com"))
    role.add_to_policy(PolicyStatement(actions=actions, resources=["*"]))
    collaboration = with_collaboration(stack)
    Membership(
        stack, "Member", collaboration=collaboration, results=Results(bucket=bucket, role=role)
    )


@pytest.mark.parametrize("missing", [None, *RESULTS])
def test_a_role_for_results_must_be_able_to_write(
    account: LocalAccount, missing: str | None
) -> None:
    stack = Stack(App(), "S")
    results(stack, [one for one in RESULTS if one != missing])
    if missing is None:
        account.deploy(stack)
        return
    with pytest.raises(DeploymentFailed, match=f"does not allow {missing} on ") as failed:
        account.deploy(stack)
    assert failed.value.resource == "S/Member/Resource"


def test_a_role_is_evaluated_again_when_its_policy_changes(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    results(stack, RESULTS)
    account.deploy(stack)
    less = Stack(App(), "S")
    results(less, RESULTS[:1])
    with pytest.raises(DeploymentFailed, match="kms:GenerateDataKey") as failed:
        account.deploy(less)
    assert failed.value.status == "UPDATE_ROLLBACK_COMPLETE"


def encrypted_table(stack: Stack, account: LocalAccount) -> CfnResource:
    """Declare a table in an encrypted bucket."""
    bucket = Bucket(stack, "Bucket", encryption_key=Key(stack, "Key"))
    database = CfnResource(
        stack,
        "Database",
        type="AWS::Glue::Database",
        properties={"CatalogId": account.account, "DatabaseInput": {"Name": "people"}},
    )
    table = CfnResource(
        stack,
        "Table",
        type="AWS::Glue::Table",
        properties={
            "CatalogId": account.account,
            "DatabaseName": "people",
            "TableInput": {
                "Name": "customers",
                "StorageDescriptor": {"Location": f"s3://{bucket.bucket_name}/customers/"},
            },
        },
    )
    table.add_dependency(database)
    return table


def role_for(stack: Stack, service: str, statements: Sequence[PolicyStatement]) -> str:
    role = Role(stack, "Role", assumed_by=ServicePrincipal(service))
    for statement in statements:
        role.add_to_policy(statement)
    return role.role_arn


def association_of_a_table(
    stack: Stack, account: LocalAccount, *statements: PolicyStatement
) -> None:
    """Associate a table in an encrypted bucket with a membership, with a role."""
    table = encrypted_table(stack, account)
    configured = CfnResource(
        stack,
        "Configured",
        type="AWS::CleanRooms::ConfiguredTable",
        properties={
            "Name": "customers",
            "AllowedColumns": ["id"],
            "AnalysisMethod": "DIRECT_QUERY",
            "TableReference": {"Glue": {"DatabaseName": "people", "TableName": "customers"}},
        },
    )
    association = CfnResource(
        stack,
        "Reader",
        type="AWS::CleanRooms::ConfiguredTableAssociation",
        properties={
            "Name": "customers",
            "MembershipIdentifier": "a1b2c3d4-5678-90ab-cdef-111111111111",
            "ConfiguredTableIdentifier": configured.ref,
            "RoleArn": role_for(stack, "cleanrooms.amazonaws.com", statements),
        },
    )
    association.add_dependency(table)


def namespace_of_a_table(stack: Stack, account: LocalAccount, *statements: PolicyStatement) -> None:
    """Declare an ID namespace of a table in an encrypted bucket, with a role."""
    table = encrypted_table(stack, account)
    glue = f"arn:aws:glue:{account.region}:{account.account}:table/people/customers"
    namespace = CfnResource(
        stack,
        "Reader",
        type="AWS::EntityResolution::IdNamespace",
        properties={
            "IdNamespaceName": "customers",
            "Type": "SOURCE",
            "RoleArn": role_for(stack, "entityresolution.amazonaws.com", statements),
            "InputSourceConfig": [{"InputSourceARN": glue, "SchemaName": "elsewhere"}],
            "IdMappingWorkflowProperties": [{"IdMappingType": "RULE_BASED"}],
        },
    )
    namespace.add_dependency(table)


@pytest.mark.parametrize("declare", [namespace_of_a_table, association_of_a_table])
@pytest.mark.parametrize("missing", [None, *READS])
def test_a_role_must_be_able_to_read_the_table_of_a_namespace_or_an_association(
    account: LocalAccount, missing: str | None, declare: Callable[..., None]
) -> None:
    stack = Stack(App(), "S")
    actions = [one for one in READS if one != missing]
    declare(stack, account, PolicyStatement(actions=actions, resources=["*"]))
    if missing is None:
        account.deploy(stack)
        return
    with pytest.raises(DeploymentFailed, match=f"does not allow {missing} on ") as failed:
        account.deploy(stack)
    assert failed.value.resource == "S/Reader"


PUT: dict[str, Any] = {"actions": ["s3:PutObject"], "resources": ["*"]}


def allowed_if(role: Role, operator: str, **conditions: str) -> None:
    named = {key.replace("_", ":"): value for key, value in conditions.items()}
    role.add_to_policy(PolicyStatement(**PUT, conditions={operator: named}))


def denied_in_the_bucket(bucket: Bucket, principal: IPrincipal, *conditions: Any) -> Any:
    bucket.add_to_resource_policy(
        PolicyStatement(
            effect=Effect.DENY,
            principals=[principal],
            actions=["s3:*"],
            resources=[bucket.arn_for_objects("*")],
            conditions=dict(conditions),
        )
    )


def bounded_by(role: Role, actions: list[str]) -> Any:
    statement = PolicyStatement(actions=actions, resources=["*"])
    boundary = ManagedPolicy(role, "Boundary", statements=[statement])
    PermissionsBoundary.of(role).apply(boundary)


def bounded_elsewhere(role: Role) -> Any:
    arn = "arn:aws:iam::111122223333:policy/elsewhere"
    PermissionsBoundary.of(role).apply(ManagedPolicy.from_managed_policy_arn(role, "B", arn))


def attached(role: Role, actions: list[str]) -> None:
    statement = PolicyStatement(actions=actions, resources=["*"])
    role.add_managed_policy(ManagedPolicy(role, "Managed", statements=[statement]))


OTHERS = ("ArnNotEquals", {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/other"})
UNKNOWN = ("StringEquals", {"aws:PrincipalOrgID": "o-1"})

ENOUGH: dict[str, Callable[[Role, Bucket], Any]] = {
    "a condition without a known value": lambda role, _: allowed_if(
        role, "StringEquals", aws_ResourceOrgID="o-1"
    ),
    "the account of the bucket": lambda role, _: allowed_if(
        role, "StringEquals", s3_ResourceAccount=Stack.of(role).account
    ),
    "a variable in a condition": lambda role, _: allowed_if(
        role, "StringEquals", aws_ResourceAccount="${aws:PrincipalAccount}"
    ),
    "a variable in a resource": lambda role, bucket: role.add_to_policy(
        PolicyStatement(
            actions=["s3:PutObject"], resources=[f"{bucket.bucket_arn}/${{aws:PrincipalTag/a}}*"]
        )
    ),
    "everything but something": lambda role, _: role.add_to_policy(
        PolicyStatement(
            actions=["s3:PutObject"], not_resources=["arn:aws:s3:::${aws:PrincipalTag/a}/*"]
        )
    ),
    "a managed policy of AWS": lambda role, _: role.add_managed_policy(
        ManagedPolicy.from_aws_managed_policy_name("AmazonS3FullAccess")
    ),
    "a managed policy": lambda role, _: attached(role, ["s3:Put*"]),
    "a boundary": lambda role, _: (
        role.add_to_policy(PolicyStatement(**PUT)),
        bounded_by(role, ["*"]),
    ),
    "a boundary elsewhere": lambda role, _: (
        role.add_to_policy(PolicyStatement(**PUT)),
        bounded_elsewhere(role),
    ),
    "a denial under a condition without a known value": lambda role, bucket: (
        role.add_to_policy(PolicyStatement(**PUT)),
        denied_in_the_bucket(bucket, AnyPrincipal(), UNKNOWN),
    ),
    "a denial of a variable": lambda role, _: (
        role.add_to_policy(PolicyStatement(**PUT)),
        role.add_to_policy(
            PolicyStatement(
                effect=Effect.DENY,
                actions=["s3:PutObject"],
                resources=["arn:aws:s3:::${aws:PrincipalTag/a}/*"],
            )
        ),
    ),
    "the policy of the bucket": lambda role, bucket: bucket.add_to_resource_policy(
        PolicyStatement(
            principals=[role], actions=["s3:Put*"], resources=[bucket.arn_for_objects("*")]
        )
    ),
}

TOO_LITTLE: dict[str, Callable[[Role, Bucket], Any]] = {
    "another account": lambda role, _: allowed_if(
        role, "StringEquals", s3_ResourceAccount="999999999999"
    ),
    "another bucket": lambda role, bucket: role.add_to_policy(
        PolicyStatement(actions=["s3:*"], resources=[f"{bucket.bucket_arn}-other/*"])
    ),
    "no transport": lambda role, _: allowed_if(role, "Bool", aws_SecureTransport="false"),
    "a managed policy": lambda role, _: attached(role, ["s3:Get*"]),
    "a boundary": lambda role, _: (
        role.add_to_policy(PolicyStatement(**PUT)),
        bounded_by(role, ["s3:Get*", "sts:*"]),
    ),
    "a denial by the bucket": lambda role, bucket: (
        role.add_to_policy(PolicyStatement(**PUT)),
        denied_in_the_bucket(bucket, AnyPrincipal()),
    ),
    "a denial of all other roles": lambda role, bucket: (
        role.add_to_policy(PolicyStatement(**PUT)),
        denied_in_the_bucket(bucket, AnyPrincipal(), OTHERS),
    ),
}


def results_with(stack: Stack, change: Callable[[Role, Bucket], Any]) -> None:
    """Declare a membership whose results go to a bucket, with a role that a function changes."""
    bucket = Bucket(stack, "Bucket", enforce_ssl=True)
    role = Role(stack, "Role", assumed_by=ServicePrincipal("cleanrooms.amazonaws.com"))
    change(role, bucket)
    collaboration = with_collaboration(stack)
    Membership(stack, "M", collaboration=collaboration, results=Results(bucket=bucket, role=role))


@pytest.mark.parametrize("change", ENOUGH.values(), ids=ENOUGH.keys())
def test_what_may_be_allowed_is_accepted(
    account: LocalAccount, change: Callable[[Role, Bucket], Any]
) -> None:
    stack = Stack(App(), "S")
    results_with(stack, change)
    account.deploy(stack)


@pytest.mark.parametrize("change", TOO_LITTLE.values(), ids=TOO_LITTLE.keys())
def test_what_is_certainly_not_allowed_is_refused(
    account: LocalAccount, change: Callable[[Role, Bucket], Any]
) -> None:
    stack = Stack(App(), "S")
    results_with(stack, change)
    with pytest.raises(
        DeploymentFailed, match="does not allow s3:PutObject on arn:aws:s3"
    ) as failed:
        account.deploy(stack)
    assert failed.value.resource == "S/M/Resource"


def test_a_key_must_allow_its_use_to_the_role(account: LocalAccount) -> None:
    stack = Stack(App(), "S")
    statement = PolicyStatement(
        principals=[AccountRootPrincipal()], actions=["kms:Describe*"], resources=["*"]
    )
    key = Key(stack, "Key", policy=PolicyDocument(statements=[statement]))
    bucket = Bucket(stack, "Bucket", encryption_key=key)
    role = Role(stack, "Role", assumed_by=ServicePrincipal("cleanrooms.amazonaws.com"))
    role.add_to_policy(PolicyStatement(actions=["s3:*", "kms:*"], resources=["*"]))
    collaboration = with_collaboration(stack)
    Membership(stack, "M", collaboration=collaboration, results=Results(bucket=bucket, role=role))
    with pytest.raises(DeploymentFailed, match="does not allow kms:GenerateDataKey on arn:aws:kms"):
        account.deploy(stack)


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        (ServicePrincipal("entityresolution.amazonaws.com"), None),
        (AccountRootPrincipal(), None),
        (ServicePrincipal("cleanrooms.amazonaws.com"), {"ArnLike": {"aws:SourceArn": "arn:*"}}),
    ],
)
def test_the_service_must_be_able_to_assume_the_role(
    account: LocalAccount, principal: IPrincipal, condition: Any
) -> None:
    stack = Stack(App(), "S")
    if condition:
        principal = principal.with_conditions(condition)  # type: ignore[attr-defined]
    role = Role(stack, "Role", assumed_by=principal)
    role.add_to_policy(PolicyStatement(**PUT))
    collaboration = with_collaboration(stack)
    results = Results(bucket="elsewhere", role=role)
    Membership(stack, "M", collaboration=collaboration, results=results)
    if condition:
        account.deploy(stack)
        return
    with pytest.raises(
        DeploymentFailed,
        match=r"trust policy .* does not allow sts:AssumeRole to cleanrooms\.amazonaws\.com",
    ):
        account.deploy(stack)


@pytest.mark.parametrize("missing", ["catalog", "database"])
def test_a_role_needs_the_database_and_the_catalog_of_a_glue_table_too(
    account: LocalAccount, missing: str
) -> None:
    names = {"catalog": "catalog", "database": "database/people", "table": "table/people/*"}
    glue = f"arn:aws:glue:{account.region}:{account.account}:"
    stack = Stack(App(), "S")
    namespace_of_a_table(
        stack,
        account,
        PolicyStatement(
            actions=["glue:GetTable"],
            resources=[f"{glue}{name}" for kind, name in names.items() if kind != missing],
        ),
        PolicyStatement(actions=["s3:*", "kms:*"], resources=["*"]),
    )
    with pytest.raises(DeploymentFailed, match=f"glue:GetTable on {glue}{names[missing]}, which"):
        account.deploy(stack)
