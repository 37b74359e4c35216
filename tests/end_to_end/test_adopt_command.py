"""Tests of the command `cdk-cleanrooms adopt` with the real CDK CLI."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from .cdk_app import SYNTHESIZED, CdkApp, with_own_programs

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
OTHER_ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/visitors"

SOURCE = """\
import aws_cdk as cdk
from aws_cdk import App, CfnOutput, CfnWaitConditionHandle, Environment, Stack, Stage
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
environment = Environment(account="111122223333", region="us-east-1")


def associate(stack, name, **arguments):
    return IdNamespaceAssociation(
        stack,
        name,
        **{{
            "membership": {membership!r},
            "id_namespace": {id_namespace!r},
            "name": name,
            "adopt": True,
            **arguments,
        }},
    )


stack = Stack({scope}, {stack!r}, env=environment)
{body}
app.synth()
"""


# The option that keeps an assembly, so that a later command can use it.
KEPT = ("--output", "cdk.out")


class Outcome(NamedTuple):
    status: int
    output: str
    error: str


def declare(app: CdkApp, *body: str, scope: str = "app") -> None:
    """Write an app with these lines for its stack."""
    app.write(
        SOURCE.format(
            membership=app.membership,
            id_namespace=ID_NAMESPACE,
            scope=scope,
            stack=app.stack_name,
            body="\n".join(body),
        )
    )


def adopt(app: CdkApp, *arguments: str, environment: dict[str, str] | None = None) -> Outcome:
    """Run the command in the folder of the app."""
    process = subprocess.run(
        [sys.executable, "-m", "cdk_cleanrooms", "adopt", *arguments],
        cwd=app.folder,
        env={
            **with_own_programs(app.cloud.environment),
            "CDK_VALIDATION": "false",
            **(environment or {}),
        },
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    return Outcome(process.returncode, process.stdout, process.stderr)


def made_by_hand(app: CdkApp, name: str, **more: Any) -> str:
    """Create an association without a stack, as a person would, and return its ID."""
    created = app.cloud.client("cleanrooms").create_id_namespace_association(
        **{
            "membershipIdentifier": app.membership,
            "name": name,
            "inputReferenceConfig": {
                "inputReferenceArn": ID_NAMESPACE,
                "manageResourcePolicies": True,
            },
            **more,
        }
    )
    identifier: str = created["idNamespaceAssociation"]["id"]
    return identifier


def exists(app: CdkApp) -> bool:
    """Return whether the stack of the app is deployed."""
    client = app.cloud.client("cloudformation")
    return any(one["StackName"] == app.stack_name for one in client.describe_stacks()["Stacks"])


def managed(app: CdkApp, stack_name: str | None = None) -> set[str]:
    """Return the IDs of the associations that a stack manages."""
    resources = app.cloud.client("cloudformation").list_stack_resources(
        StackName=stack_name or app.stack_name
    )["StackResourceSummaries"]
    return {
        one["PhysicalResourceId"].split("|")[0]
        for one in resources
        if one["ResourceType"] == "AWS::CleanRooms::IdNamespaceAssociation"
    }


def test_existing_resources_are_adopted_and_missing_ones_created_by_one_command(
    app: CdkApp,
) -> None:
    existing = {name: made_by_hand(app, name) for name in ("a", "b", "c")}
    declare(app, *(f"associate(stack, {name!r})" for name in "abcde"))

    first = adopt(app, "--deploy", *KEPT)

    assert first.status == 0, first.error
    assert [line.split()[:2] for line in first.output.splitlines()] == [
        [action, f"{app.stack_name}/{name}"]
        for action, name in zip(
            ["adopt", "adopt", "adopt", "create", "create"], "abcde", strict=True
        )
    ]
    associations = app.associations()
    assert {one["name"] for one in associations} == set("abcde")
    assert existing.items() <= {one["name"]: one["id"] for one in associations}.items()
    assert managed(app) == {one["id"] for one in associations}

    second = adopt(app, "--deploy", *SYNTHESIZED)

    assert second.status == 0, second.error
    assert all(line.startswith("already managed") for line in second.output.splitlines())
    assert "There is nothing to adopt" in second.error
    assert app.associations() == associations


def test_a_dry_run_shows_what_the_deployment_then_changes(app: CdkApp) -> None:
    identifier = made_by_hand(app, "a", description="By hand", tags={"Made": "by hand"})
    before = app.associations()
    declare(
        app,
        "associate(stack, 'a', description='Ours', tags={'Team': 'Data'})",
        "associate(stack, 'b')",
    )

    status, output, error = adopt(app, "--dry-run", "--format", "json", *KEPT)

    assert status == 0, error
    [stack] = json.loads(output)["stacks"]
    assert (stack["stack"], stack["imported"], stack["deployed"]) == (app.stack_name, False, False)
    adopted, created = stack["constructs"]
    assert adopted["action"] == "adopt"
    assert adopted["identifier"]["IdNamespaceAssociationIdentifier"] == identifier
    assert adopted["changes"] == [
        {"property": "Description", "live": "By hand", "declared": "Ours", "replaces": False},
        {"property": "Tags.Made", "live": "by hand", "declared": None, "replaces": False},
        {"property": "Tags.Team", "live": None, "declared": "Data", "replaces": False},
    ]
    assert created["action"] == "create"
    assert app.associations() == before
    assert not exists(app)

    status, output, error = adopt(app, "--deploy", *SYNTHESIZED)

    assert status == 0, error
    assert output.splitlines()[0] == (
        f"adopt            {app.stack_name}/a  {identifier}  (the next deployment changes"
        " Description from 'By hand' to 'Ours', Tags.Made from 'by hand' to nothing, Tags.Team to"
        " 'Data')"
    )
    (changed,) = (one for one in app.associations() if one["id"] == identifier)
    assert (changed["description"], changed["tags"]) == ("Ours", {"Team": "Data"})


def refused(app: CdkApp, message: str, *arguments: str) -> Outcome:
    """Run the command, and check that it refuses with this message and changes nothing."""
    before = app.associations()
    had_stack = exists(app)
    resources = managed(app) if had_stack else set()

    outcome = adopt(app, *arguments)

    assert outcome.status == 1, outcome.error
    assert message in outcome.error
    last = outcome.error.splitlines()[-1]
    assert last.startswith("cdk-cleanrooms adopt: error: ")
    assert app.associations() == before
    assert exists(app) == had_stack
    if had_stack:
        assert managed(app) == resources
    return outcome


def test_a_resource_that_another_stack_manages_is_refused_until_that_stack_releases_it(
    app: CdkApp,
) -> None:
    retained = "associate(other, 'a', adopt=None).apply_removal_policy(cdk.RemovalPolicy.RETAIN)"
    other_stack = f"{app.stack_name}Other"
    other = f"other = Stack(app, {other_stack!r}, env=environment)"
    declare(app, other, retained)
    assert app.deploy(other_stack).status == 0
    declare(app, other, "associate(stack, 'a')", "CfnWaitConditionHandle(other, 'Rest')")
    [identifier] = managed(app, other_stack)

    refused(app, f"stack {other_stack} (as ", "--deploy", *KEPT)

    assert app.deploy(other_stack, *SYNTHESIZED).status == 0
    assert managed(app, other_stack) == set()
    outcome = adopt(app, *SYNTHESIZED)
    assert outcome.status == 0, outcome.error
    assert managed(app) == {identifier}


def test_a_difference_that_would_replace_is_refused_unless_allowed(app: CdkApp) -> None:
    identifier = made_by_hand(app, "a")
    declare(app, f"associate(stack, 'a', id_namespace={OTHER_ID_NAMESPACE!r})")
    property = "InputReferenceConfig.InputReferenceArn"

    message = f"would replace it, because {property} cannot be changed in place"
    refused(app, message, "--deploy", *KEPT)

    outcome = adopt(app, "--allow-replacement", *SYNTHESIZED)
    assert outcome.status == 0, outcome.error
    assert "by replacing it" in outcome.output
    assert managed(app) == {identifier}


def test_a_reference_to_something_not_deployed_yet_is_refused(app: CdkApp) -> None:
    made_by_hand(app, "a")
    parameter = "team = cdk.CfnParameter(stack, 'Team', default='Data')"
    declare(app, parameter, "associate(stack, 'a', tags={'Team': team.value_as_string})")

    refused(app, "it refers to Team, which is not deployed yet")

    declare(app, parameter, "CfnWaitConditionHandle(stack, 'Rest')")
    assert app.deploy().status == 0
    declare(
        app,
        parameter,
        "CfnWaitConditionHandle(stack, 'Rest')",
        "associate(stack, 'a', tags={'Team': team.value_as_string})",
    )
    outcome = adopt(app, "--dry-run")
    assert outcome.status == 0, outcome.error


def test_an_identifier_that_does_not_exist_is_refused(app: CdkApp) -> None:
    made_by_hand(app, "a")
    missing = "a1b2c3d4-5678-90ab-cdef-999999999999"
    declare(app, "associate(stack, 'a')", f"associate(stack, 'b', adopt={missing!r})")

    outcome = refused(app, f"there is no ID namespace association '{missing}|")

    assert [line.split()[0] for line in outcome.output.splitlines()] == ["adopt", "cannot"]


def test_a_stack_that_accepts_no_change_set_is_refused_with_the_way_out(app: CdkApp) -> None:
    made_by_hand(app, "a")
    declare(app, "associate(stack, 'a')")
    assert app.deploy().status != 0
    assert app.stack_status() == "ROLLBACK_COMPLETE"

    refused(app, f"run `cdk destroy {app.stack_name}`", *SYNTHESIZED)


def test_a_missing_cdk_cli_and_an_unknown_stack_are_reported(app: CdkApp) -> None:
    declare(app, "associate(stack, 'a')")

    refused(app, "there is no CDK CLI at nowhere/cdk", "--cdk", "nowhere/cdk")
    refused(app, "the app has no stack 'Other'; its stacks are: ", "Other")


def test_nothing_is_adopted_if_the_app_fails(app: CdkApp) -> None:
    app.write("raise SystemExit('no such thing')")

    refused(app, "cdk synth ended with status 1, so nothing was changed")


def test_several_stacks_and_a_stage_each_adopt_their_own_resources(app: CdkApp) -> None:
    existing = {name: made_by_hand(app, name) for name in ("a", "b", "c")}
    declare(
        app,
        "associate(stack, 'a')",
        "second = Stack(app, f'{stack.stack_name}Second', env=environment)",
        "associate(second, 'b')",
        "stage = Stage(app, f'Prod{stack.stack_name}')",
        "third = Stack(stage, 'Third', env=environment)",
        "associate(third, 'c')",
    )

    only_one = adopt(app, f"{app.stack_name}Second", *KEPT)
    assert only_one.status == 0, only_one.error
    assert managed(app, f"{app.stack_name}Second") == {existing["b"]}
    assert not exists(app)

    all_of_them = adopt(app, *SYNTHESIZED)
    assert all_of_them.status == 0, all_of_them.error
    assert sorted(line.split("  ")[0] for line in all_of_them.output.splitlines()) == [
        "adopt",
        "adopt",
        "already managed",
    ]
    assert managed(app) == {existing["a"]}
    assert managed(app, f"Prod{app.stack_name}-Third") == {existing["c"]}


def test_an_assembly_of_an_earlier_synthesis_is_used_unchanged(app: CdkApp) -> None:
    identifier = made_by_hand(app, "a")
    declare(app, "associate(stack, 'a')")
    assert app.cdk("synth", "--quiet").status == 0
    app.write("raise SystemExit('not run again')")

    outcome = adopt(app, *SYNTHESIZED)

    assert outcome.status == 0, outcome.error
    assert managed(app) == {identifier}


def test_context_on_the_command_line_reaches_the_app(app: CdkApp) -> None:
    identifier = made_by_hand(app, "a")
    declare(app, "associate(stack, stack.node.get_context('which'))")

    outcome = adopt(app, "-c", "which=a", "--output", "out of it")

    assert outcome.status == 0, outcome.error
    assert managed(app) == {identifier}
    assert (app.folder / "out of it" / "manifest.json").exists()


def test_a_look_up_in_the_app_is_answered(app: CdkApp) -> None:
    first, second = made_by_hand(app, "a"), made_by_hand(app, "b")
    declare(
        app,
        "found = IdNamespaceAssociation.from_lookup(stack, 'Found',"
        f" membership_identifier={app.membership!r},"
        f" id_namespace_association_identifier={second!r})",
        "associate(stack, 'a', description=found.name)",
    )

    outcome = adopt(app, "--dry-run")

    assert outcome.status == 0, outcome.error
    assert first in outcome.output
    assert "the next deployment changes Description to 'b'" in outcome.output


SHARED = """\
from cdk_cleanrooms import Collaboration, Member, Membership

collaboration = Collaboration(
    stack,
    "Collaboration",
    name="ours",
    description="Shared",
    creator=Member(display_name="Us", abilities=["CAN_QUERY"]),
    adopt=True,
)
membership = Membership(stack, "Membership", collaboration=collaboration, adopt=True)
association = associate(stack, "a", membership=membership)
"""


def test_a_whole_collaboration_is_created_and_a_later_association_adopted(app: CdkApp) -> None:
    body = SHARED.replace('"ours"', repr(app.stack_name))
    declare(app, body.replace("association =", "_ = lambda: "))
    first = adopt(app, "--deploy")
    assert first.status == 0, first.error
    assert [line.split()[0] for line in first.output.splitlines()] == ["create", "create"]
    pages = app.cloud.client("cleanrooms").get_paginator("list_memberships").paginate()
    [membership] = [
        one["id"]
        for page in pages
        for one in page["membershipSummaries"]
        if one["collaborationName"] == app.stack_name
    ]
    identifier = made_by_hand(app, "a", membershipIdentifier=membership)

    declare(app, body)
    second = adopt(app, "--deploy")

    assert second.status == 0, second.error
    assert sorted(line.split("  ")[0] for line in second.output.splitlines()) == [
        "adopt",
        "already managed",
        "already managed",
    ]
    assert managed(app) == {identifier}


ENTITY_RESOLUTION = """\
from cdk_cleanrooms import (
    IdMappingWorkflow,
    IdNamespace,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    SchemaInputAttribute,
    SchemaMapping,
    TableInput,
)

named = {"name": stack.stack_name, "adopt": True}
with_role = {**named, "role": ROLE}
schema = SchemaMapping(
    stack,
    "Schema",
    **named,
    mapped_input_fields=[
        SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
        SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
    ],
)
people = TableInput(table=TABLE, schema_mapping=schema)
matching = MatchingWorkflow(
    stack,
    "Matching",
    **with_role,
    inputs=[people],
    output=MatchingWorkflowOutput(bucket="matched-data", columns=["id", "email"]),
    rules={"Email": ["Email"]},
)
source = IdNamespace.source(stack, "Source", **with_role, inputs=[people])
of_target = {**with_role, "name": f"{stack.stack_name}-target"}
target = IdNamespace.target(stack, "Target", **of_target, matching_workflow=matching)
IdMappingWorkflow(stack, "Workflow", **with_role, source=source, target=target)
"""


def map_by_hand(app: CdkApp, table: str) -> str:
    """Create all Entity Resolution resources by hand, and return the ARN of their role."""
    client, name = app.cloud.client("entityresolution"), app.stack_name
    trust = {"Version": "2012-10-17", "Statement": []}
    iam = app.cloud.client("iam")
    created = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    role: str = created["Role"]["Arn"]
    rules = [{"ruleName": "Email", "matchingKeys": ["Email"]}]
    client.create_schema_mapping(
        schemaName=name,
        mappedInputFields=[
            {"fieldName": "id", "type": "UNIQUE_ID"},
            {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
        ],
    )
    people = {"inputSourceARN": table, "schemaName": name}
    workflow = client.create_matching_workflow(
        workflowName=name,
        inputSourceConfig=[people],
        outputSourceConfig=[
            {
                "outputS3Path": "s3://matched-data/",
                "output": [{"name": "id"}, {"name": "email"}],
            }
        ],
        resolutionTechniques={
            "resolutionType": "RULE_MATCHING",
            "ruleBasedProperties": {"rules": rules, "attributeMatchingModel": "ONE_TO_ONE"},
        },
        roleArn=role,
    )["workflowArn"]
    namespaces = {
        type: client.create_id_namespace(
            idNamespaceName=f"{name}{suffix}",
            type=type,
            inputSourceConfig=[inputs],
            idMappingWorkflowProperties=[
                {
                    "idMappingType": "RULE_BASED",
                    "ruleBasedProperties": {
                        "attributeMatchingModel": "ONE_TO_ONE",
                        "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                        "ruleDefinitionTypes": ["TARGET"],
                        **more,
                    },
                }
            ],
            roleArn=role,
        )["idNamespaceArn"]
        for type, suffix, inputs, more in (
            ("SOURCE", "", people, {}),
            ("TARGET", "-target", {"inputSourceARN": workflow}, {"rules": rules}),
        )
    }
    client.create_id_mapping_workflow(
        workflowName=name,
        inputSourceConfig=[
            {"inputSourceARN": arn, "type": type} for type, arn in namespaces.items()
        ],
        idMappingTechniques={
            "idMappingType": "RULE_BASED",
            "ruleBasedProperties": {
                "attributeMatchingModel": "ONE_TO_ONE",
                "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
                "ruleDefinitionType": "TARGET",
            },
        },
        roleArn=role,
    )
    return role


def test_a_whole_id_mapping_is_adopted_by_one_command_and_outlives_the_stack(app: CdkApp) -> None:
    client = app.cloud.client("cleanrooms")
    collaboration = client.create_collaboration(
        name=app.stack_name,
        description="Shared",
        members=[],
        creatorDisplayName="Us",
        creatorMemberAbilities=["CAN_QUERY"],
        queryLogStatus="ENABLED",
    )["collaboration"]["id"]
    membership = client.create_membership(
        collaborationIdentifier=collaboration, queryLogStatus="ENABLED"
    )["membership"]["id"]
    identifier = made_by_hand(app, "a", membershipIdentifier=membership)
    table = "arn:aws:glue:us-east-1:111122223333:table/crm/people"
    role = map_by_hand(app, table)
    declare(
        app,
        SHARED.replace('"ours"', repr(app.stack_name)),
        ENTITY_RESOLUTION.replace("ROLE", repr(role)).replace("TABLE", repr(table)),
    )

    def own() -> list[dict[str, Any]]:
        """Return the resources of this app, which shares the cloud with other apps."""
        marks = (app.stack_name, collaboration, membership)
        found = [one for one in app.cloud.resources() if any(it in str(one) for it in marks)]
        for one in found:
            # With --revert-drift, the deployment sets the default values of the service again.
            one.pop("updateTime", None)
            one["tags"] = {key: one["tags"][key] for key in one["tags"] if key[:4] != "aws:"}
        return found

    before = own()

    first = adopt(app, "--deploy", *KEPT)

    assert first.status == 0, first.error
    name = app.stack_name
    # The end of a line would show a difference.
    assert sorted(line.split(maxsplit=2) for line in first.output.splitlines()) == [
        ["adopt", f"{name}/Collaboration", collaboration],
        ["adopt", f"{name}/Matching", name],
        ["adopt", f"{name}/Membership", membership],
        ["adopt", f"{name}/Schema", name],
        ["adopt", f"{name}/Source", name],
        ["adopt", f"{name}/Target", f"{name}-target"],
        ["adopt", f"{name}/Workflow", name],
        ["adopt", f"{name}/a", identifier],
    ]
    assert own() == before

    second = adopt(app, "--dry-run", *SYNTHESIZED)

    assert second.status == 0, second.error
    assert second.output == first.output.replace("adopt          ", "already managed")
    assert own() == before

    destroyed = app.destroy(*SYNTHESIZED)
    assert destroyed.status == 0, destroyed.output
    assert own() == before


def test_two_collaborations_with_the_same_name_are_refused_and_both_identifiers_shown(
    app: CdkApp,
) -> None:
    client = app.cloud.client("cleanrooms")
    identifiers = [
        client.create_collaboration(
            name=app.stack_name,
            description="Shared",
            members=[],
            creatorDisplayName="Us",
            creatorMemberAbilities=["CAN_QUERY"],
            queryLogStatus="ENABLED",
        )["collaboration"]["id"]
        for _ in range(2)
    ]
    declare(app, SHARED.replace('"ours"', repr(app.stack_name)))

    outcome = refused(app, "there are 2 collaborations ")

    assert all(one in outcome.error for one in identifiers)


def instead_of_the_cdk(app: CdkApp, on_import: str) -> str:
    """Write a CDK CLI that does something else on `cdk import`, and return its path."""
    path = app.folder / "other-cdk"
    path.write_text(f'#!/bin/sh\nif [ "$1" = import ]; then\n{on_import}\nfi\nexec cdk "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("on_import", "is_imported"),
    [
        pytest.param('cdk "$@"; kill -KILL $PPID; exit 1', True, id="before the deployment"),
        pytest.param(
            'cdk "$@" --no-execute; kill -KILL $PPID; exit 1', False, id="amid the import"
        ),
    ],
)
def test_an_interrupted_run_can_be_repeated(on_import: str, is_imported: bool, app: CdkApp) -> None:
    identifier = made_by_hand(app, "a", description="By hand")
    declare(app, "associate(stack, 'a', description='Ours')", "associate(stack, 'b')")

    killed = adopt(
        app,
        "--deploy",
        *KEPT,
        "--cdk",
        instead_of_the_cdk(app, on_import),
        # A killed process leaves its temporary files behind.
        environment={"TMPDIR": str(app.folder)},
    )

    assert killed.status == -9
    assert len(app.associations()) == 1
    assert (exists(app) and managed(app) == {identifier}) == is_imported

    again = adopt(app, "--deploy", *SYNTHESIZED)

    assert again.status == 0, again.error
    assert {one["name"] for one in app.associations()} == {"a", "b"}
    assert managed(app) == {one["id"] for one in app.associations()}
    assert identifier in managed(app)


def test_an_import_that_did_not_happen_is_noticed(app: CdkApp) -> None:
    made_by_hand(app, "a")
    declare(app, "associate(stack, 'a')")

    outcome = refused(
        app, "This command can be run again", "--cdk", instead_of_the_cdk(app, "exit 0")
    )

    assert f"{app.stack_name}/a is not in the stack" in outcome.error


def test_two_runs_at_once_lose_and_duplicate_nothing(app: CdkApp) -> None:
    identifier = made_by_hand(app, "a")
    declare(app, "associate(stack, 'a')", "associate(stack, 'b')")
    command = [sys.executable, "-m", "cdk_cleanrooms", "adopt", "--deploy"]
    runs = [
        subprocess.Popen(
            command,
            cwd=app.folder,
            env={**with_own_programs(app.cloud.environment), "CDK_VALIDATION": "false"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for run in runs:
        _, error = run.communicate(timeout=300)
        assert run.returncode == 0 or "run again" in error.splitlines()[-1], error

    assert sorted(one["name"] for one in app.associations()) == ["a", "b"]
    assert managed(app) == {one["id"] for one in app.associations()}
    assert identifier in managed(app)
