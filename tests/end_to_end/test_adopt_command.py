"""Tests of the command `cdk-cleanrooms adopt`, with the real CDK CLI where it matters."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
from aws_cdk import (
    CfnParameter,
    CfnWaitConditionHandle,
    Environment,
    RemovalPolicy,
    Stack,
    Stage,
)

from cdk_cleanrooms import (
    Collaboration,
    IdMappingWorkflow,
    IdNamespace,
    IdNamespaceAssociation,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    SchemaInputAttribute,
    SchemaMapping,
    TableInput,
)
from tests.stacks import StackFailedError

from .cdk_app import CdkApp, environment_of_cli, unwrapped
from .conftest import Adopt, Outcome

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
OTHER_ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/visitors"
ENVIRONMENT = Environment(account="111122223333", region="us-east-1")


def associate(app: CdkApp, stack: Stack, name: str, **arguments: Any) -> IdNamespaceAssociation:
    """Declare an association that adopts."""
    defaults: dict[str, Any] = {
        "membership": app.membership,
        "id_namespace": ID_NAMESPACE,
        "name": name,
        "adopt": True,
    }
    return IdNamespaceAssociation(stack, name, **defaults | arguments)


def declare(app: CdkApp, *names: str, **arguments: Any) -> Stack:
    """Begin a new version of the app, with a stack of associations that adopt."""
    stack = app.new_stack()
    for name in names:
        associate(app, stack, name, **arguments)
    return stack


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


def managed(app: CdkApp, stack_name: str | None = None) -> set[str]:
    """Return the IDs of the associations that a stack manages, if it exists."""
    deployed = app.deployed(stack_name)
    if not deployed.exists():
        return set()
    return {
        physical_id.partition("|")[0]
        for physical_id in deployed.physical_ids().values()
        if f"|{app.membership}" in physical_id
    }


def plan_of(outcome: Outcome) -> list[str]:
    """Return the lines of the plan, without those that say what was done."""
    lines = outcome.output.splitlines()
    return [line for line in lines if not line.startswith(("imported ", "deployed "))]


def test_a_dry_run_shows_what_then_is_adopted_changed_and_created_in_a_stack_and_in_a_stage(
    app: CdkApp, adopt: Adopt, adopt_with_cli: Adopt
) -> None:
    by_hand = {"description": "By hand", "tags": {"Made": "by hand"}}
    existing = {
        "a": made_by_hand(app, "a", **by_hand),
        **{name: made_by_hand(app, name) for name in ("b", "c")},
    }
    in_stage = made_by_hand(app, "in a stage")
    before = app.associations()
    root = app.new_app()
    stage = Stage(root, f"Prod{app.stack_name}")
    other = f"Prod{app.stack_name}-Second"
    associate(app, Stack(stage, "Second", env=ENVIRONMENT), "in a stage")
    stack = Stack(root, app.stack_name, env=ENVIRONMENT)
    associate(app, stack, "a", description="Ours", tags={"Team": "Data"})
    for name in "bcde":
        associate(app, stack, name)

    status, output, error = adopt(app.stack_name, "--dry-run", "--format", "json")

    assert status == 0, error
    [planned] = json.loads(output)["stacks"]
    assert (planned["stack"], planned["imported"], planned["deployed"]) == (
        app.stack_name,
        False,
        False,
    )
    adopted, *others = planned["constructs"]
    assert adopted["action"] == "adopt"
    assert adopted["identifier"]["IdNamespaceAssociationIdentifier"] == existing["a"]
    assert adopted["changes"] == [
        {"property": "Description", "live": "By hand", "declared": "Ours", "replaces": False},
        {"property": "Tags.Made", "live": "by hand", "declared": None, "replaces": False},
        {"property": "Tags.Team", "live": None, "declared": "Data", "replaces": False},
    ]
    assert [one["action"] for one in others] == ["adopt", "adopt", "create", "create"]
    assert app.associations() == before
    assert not app.deployed().exists()

    first = adopt_with_cli(app.stack_name, "--deploy")

    assert first.status == 0, first.error
    assert plan_of(first)[0] == (
        f"adopt            {app.stack_name}/a  {existing['a']}  (the next deployment changes"
        " Description from 'By hand' to 'Ours', Tags.Made from 'by hand' to nothing, Tags.Team to"
        " 'Data')"
    )
    assert [line.split()[:2] for line in plan_of(first)] == [
        [action, f"{app.stack_name}/{name}"]
        for action, name in zip(
            ["adopt", "adopt", "adopt", "create", "create"], "abcde", strict=True
        )
    ]
    assert [line.split()[:2] for line in first.output.splitlines()[5:]] == [
        ["imported", app.stack_name],
        ["deployed", app.stack_name],
    ]
    associations = {one["name"]: one for one in app.associations()}
    assert associations.pop("in a stage")["id"] == in_stage
    assert {*associations} == set("abcde")
    assert existing.items() <= {name: one["id"] for name, one in associations.items()}.items()
    assert managed(app) == {one["id"] for one in associations.values()}
    changed = associations["a"]
    assert (changed["description"], changed["tags"]) == ("Ours", {"Team": "Data"})

    assert managed(app, other) == set()

    second = adopt(app.stack_name, "--deploy")

    assert second.status == 0, second.error
    assert all(line.startswith("already managed") for line in plan_of(second))
    assert "There is nothing to adopt" in second.error

    third = adopt_with_cli()

    assert third.status == 0, third.error
    assert sorted(line.split("  ")[0] for line in plan_of(third)) == [
        "adopt",
        *["already managed"] * 5,
    ]
    assert managed(app, other) == {in_stage}
    found = {one["name"]: one for one in app.associations()}
    assert found.pop("in a stage")["id"] == in_stage
    assert found == associations


def refused(app: CdkApp, adopt: Adopt, message: str, *arguments: str) -> Outcome:
    """Run the command, and check that it refuses with this message and changes nothing."""
    before = app.associations()
    had_stack = app.deployed().exists()
    resources = managed(app)

    outcome = adopt(*arguments)

    assert outcome.status == 1, outcome.error
    assert message in outcome.error
    last = outcome.error.splitlines()[-1]
    assert last.startswith("cdk-cleanrooms adopt: error: ")
    assert app.associations() == before
    assert app.deployed().exists() == had_stack
    assert managed(app) == resources
    return outcome


def test_a_resource_that_another_stack_manages_is_refused_until_that_stack_releases_it(
    app: CdkApp, adopt: Adopt
) -> None:
    other_stack = f"{app.stack_name}Other"
    other = Stack(app.new_app(), other_stack, env=ENVIRONMENT)
    associate(app, other, "a", adopt=None).apply_removal_policy(RemovalPolicy.RETAIN)
    app.deploy(other)
    root = app.new_app()
    associate(app, Stack(root, app.stack_name, env=ENVIRONMENT), "a")
    other = Stack(root, other_stack, env=ENVIRONMENT)
    CfnWaitConditionHandle(other, "Rest")
    [identifier] = managed(app, other_stack)

    refused(app, adopt, f"stack {other_stack} (as ", "--deploy")

    app.deploy(other)
    assert managed(app, other_stack) == set()
    outcome = adopt()
    assert outcome.status == 0, outcome.error
    assert managed(app) == {identifier}


def test_a_difference_that_would_replace_is_refused_unless_allowed(
    app: CdkApp, adopt: Adopt
) -> None:
    identifier = made_by_hand(app, "a")
    declare(app, "a", id_namespace=OTHER_ID_NAMESPACE)
    property = "InputReferenceConfig.InputReferenceArn"

    message = f"would replace it, because {property} cannot be changed in place"
    refused(app, adopt, message, "--deploy")

    outcome = adopt("--allow-replacement")
    assert outcome.status == 0, outcome.error
    assert "by replacing it" in outcome.output
    assert managed(app) == {identifier}


def test_a_reference_to_something_not_deployed_yet_is_refused(app: CdkApp, adopt: Adopt) -> None:
    made_by_hand(app, "a")

    def with_parameter() -> tuple[Stack, str]:
        stack = app.new_stack()
        CfnWaitConditionHandle(stack, "Rest")
        return stack, CfnParameter(stack, "Team", default="Data").value_as_string

    stack, team = with_parameter()
    associate(app, stack, "a", tags={"Team": team})
    refused(app, adopt, "it refers to Team, which is not deployed yet")

    app.deploy(with_parameter()[0])
    stack, team = with_parameter()
    associate(app, stack, "a", tags={"Team": team})
    outcome = adopt("--dry-run")
    assert outcome.status == 0, outcome.error


def test_an_identifier_that_does_not_exist_is_refused(app: CdkApp, adopt: Adopt) -> None:
    made_by_hand(app, "a")
    missing = "a1b2c3d4-5678-90ab-cdef-999999999999"
    associate(app, declare(app, "a"), "b", adopt=missing)

    outcome = refused(app, adopt, f"there is no ID namespace association '{missing}|")

    assert [line.split()[0] for line in outcome.output.splitlines()] == ["adopt", "cannot"]


def test_a_stack_that_accepts_no_change_set_is_refused_with_the_way_out(
    app: CdkApp, adopt: Adopt
) -> None:
    made_by_hand(app, "a")
    stack = declare(app, "a")
    with pytest.raises(StackFailedError):
        app.deploy(stack)
    assert app.stack_status() == "ROLLBACK_COMPLETE"

    refused(app, adopt, f"run `cdk destroy {app.stack_name} --app cdk.out`")


def test_a_missing_cdk_cli_and_an_unknown_stack_are_reported(app: CdkApp, adopt: Adopt) -> None:
    declare(app, "a")

    refused(app, adopt, "there is no CDK CLI at nowhere/cdk", "--cdk", "nowhere/cdk")
    refused(app, adopt, "the app has no stack 'Other'; its stacks are: ", "Other")


PROGRAM = """\
from aws_cdk import App, CfnOutput, Environment, Stack
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
found = IdNamespaceAssociation.from_lookup(
    stack,
    "Found",
    membership_identifier={membership!r},
    id_namespace_association_identifier={found!r},
)
IdNamespaceAssociation(
    stack,
    "Customers",
    membership={membership!r},
    id_namespace={id_namespace!r},
    name=stack.node.get_context("which"),
    description=found.name,
    adopt=True,
)
CfnOutput(stack, "Collaboration", value=found.collaboration_identifier)
app.synth()
"""


def program_with_look_up(app: CdkApp, identifier: str) -> str:
    """Write an app that looks an association up, and return the command that runs it."""
    return app.program(
        PROGRAM.format(
            stack=app.stack_name,
            membership=app.membership,
            id_namespace=ID_NAMESPACE,
            found=identifier,
        )
    )


def test_an_app_is_run_with_the_context_of_the_command_line_and_with_answers_to_its_look_ups(
    app: CdkApp, adopt: Adopt
) -> None:
    first, second = made_by_hand(app, "a"), made_by_hand(app, "Kundenstämme")
    program = program_with_look_up(app, second)

    outcome = adopt("--app", program, "-c", "which=a", "--output", "out of it")

    assert outcome.status == 0, outcome.error
    assert "the next deployment changes Description to 'Kundenstämme'" in outcome.output
    assert managed(app) == {first}
    template = app.folder / "out of it" / f"{app.stack_name}.template.json"
    outputs = json.loads(template.read_text("utf-8"))["Outputs"]
    [looked_up] = [one for one in app.associations() if one["id"] == second]
    assert outputs["Collaboration"]["Value"] == looked_up["collaborationId"]
    assert second in (app.folder / "cdk.context.json").read_text("utf-8")


def test_nothing_is_adopted_if_a_look_up_finds_nothing_so_that_the_app_fails(
    app: CdkApp, adopt: Adopt
) -> None:
    missing = str(uuid4())

    message = "cdk synth ended with status 1, so nothing was changed"
    program = program_with_look_up(app, missing)
    outcome = refused(app, adopt, message, "--app", program, "-c", "which=a")

    assert f"{missing}|{app.membership}" in unwrapped(outcome.error)


def share(app: CdkApp, stack: Stack) -> Membership:
    """Declare a collaboration and our membership in it, both of which adopt."""
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name=app.stack_name,
        description="Shared",
        creator=Member(display_name="Us", abilities=["CAN_QUERY"]),
        adopt=True,
    )
    return Membership(stack, "Membership", collaboration=collaboration, adopt=True)


def share_by_hand(app: CdkApp) -> str:
    """Create the same collaboration by hand, and return its ID."""
    created = app.cloud.client("cleanrooms").create_collaboration(
        name=app.stack_name,
        description="Shared",
        members=[],
        creatorDisplayName="Us",
        creatorMemberAbilities=["CAN_QUERY"],
        queryLogStatus="ENABLED",
    )
    identifier: str = created["collaboration"]["id"]
    return identifier


def test_a_whole_collaboration_is_created_and_a_later_association_adopted(
    app: CdkApp, adopt: Adopt
) -> None:
    share(app, app.new_stack())
    first = adopt("--deploy")
    assert first.status == 0, first.error
    assert [line.split()[0] for line in plan_of(first)] == ["create", "create"]
    [app.membership] = [
        physical_id
        for name, physical_id in app.deployed().physical_ids().items()
        if name.startswith("Membership")
    ]
    identifier = made_by_hand(app, "a")

    stack = app.new_stack()
    associate(app, stack, "a", membership=share(app, stack))
    second = adopt()

    assert second.status == 0, second.error
    assert sorted(line.split("  ")[0] for line in plan_of(second)) == [
        "adopt",
        "already managed",
        "already managed",
    ]
    assert managed(app) == {identifier}


def map_ids(app: CdkApp, stack: Stack, *, role: str, table: str) -> None:
    """Declare the resources of an ID mapping, all of which adopt."""
    named: dict[str, Any] = {"name": app.stack_name, "adopt": True}
    with_role = {**named, "role": role}
    schema = SchemaMapping(
        stack,
        "Schema",
        **named,
        mapped_input_fields=[
            SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
            SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
        ],
    )
    people = TableInput(table=table, schema_mapping=schema)
    matching = MatchingWorkflow(
        stack,
        "Matching",
        **with_role,
        inputs=[people],
        output=MatchingWorkflowOutput(bucket="matched-data", columns=["id", "email"]),
        rules={"Email": ["Email"]},
    )
    source = IdNamespace.source(stack, "Source", **with_role, inputs=[people])
    of_target = {**with_role, "name": f"{app.stack_name}-target"}
    target = IdNamespace.target(stack, "Target", **of_target, matching_workflow=matching)
    IdMappingWorkflow(stack, "Workflow", **with_role, source=source, target=target)


def map_by_hand(app: CdkApp, table: str) -> str:
    """Create all Entity Resolution resources by hand, and return the ARN of their role."""
    client, name = app.cloud.client("entityresolution"), app.stack_name
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "entityresolution.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = {"Version": "2012-10-17", "Statement": [statement]}
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


def test_a_whole_id_mapping_is_adopted_by_one_command_and_outlives_the_stack(
    app: CdkApp, adopt: Adopt
) -> None:
    collaboration = share_by_hand(app)
    app.membership = app.cloud.client("cleanrooms").create_membership(
        collaborationIdentifier=collaboration, queryLogStatus="ENABLED"
    )["membership"]["id"]
    identifier = made_by_hand(app, "a")
    table = "arn:aws:glue:us-east-1:111122223333:table/crm/people"
    role = map_by_hand(app, table)
    stack = app.new_stack()
    associate(app, stack, "a", membership=share(app, stack))
    map_ids(app, stack, role=role, table=table)

    def own() -> list[dict[str, Any]]:
        """Return the resources of this app, which shares the cloud with other apps."""
        marks = (app.stack_name, collaboration, app.membership)
        found = [one for one in app.cloud.resources() if any(it in str(one) for it in marks)]
        for one in found:
            # With --revert-drift, the deployment sets the default values of the service again.
            one.pop("updateTime", None)
            one["tags"] = {key: one["tags"][key] for key in one["tags"] if key[:4] != "aws:"}
        return found

    before = own()

    first = adopt("--deploy")

    assert first.status == 0, first.error
    name = app.stack_name
    # The end of a line would show a difference.
    assert sorted(line.split(maxsplit=2) for line in plan_of(first)) == [
        ["adopt", f"{name}/Collaboration", collaboration],
        ["adopt", f"{name}/Matching", name],
        ["adopt", f"{name}/Membership", app.membership],
        ["adopt", f"{name}/Schema", name],
        ["adopt", f"{name}/Source", name],
        ["adopt", f"{name}/Target", f"{name}-target"],
        ["adopt", f"{name}/Workflow", name],
        ["adopt", f"{name}/a", identifier],
    ]
    assert own() == before

    second = adopt("--dry-run")

    assert second.status == 0, second.error
    assert plan_of(second) == [
        line.replace("adopt          ", "already managed") for line in plan_of(first)
    ]
    assert own() == before

    app.destroy()
    assert own() == before


def test_two_collaborations_with_the_same_name_are_refused_and_both_identifiers_shown(
    app: CdkApp, adopt: Adopt
) -> None:
    identifiers = [share_by_hand(app) for _ in range(2)]
    share(app, app.new_stack())

    outcome = refused(app, adopt, "there are 2 collaborations ")

    assert all(one in outcome.error for one in identifiers)


def instead_of_the_cdk(app: CdkApp, on_import: str) -> str:
    """Write a CDK CLI that does something else on `cdk import`, and return its path."""
    path = app.folder / "other-cdk"
    path.write_text(f'#!/bin/sh\nif [ "$1" = import ]; then\n{on_import}\nfi\nexec cdk "$@"\n')
    path.chmod(0o755)
    return str(path)


# Seconds after which a run is certainly stuck, also on a loaded machine.
_PATIENCE = 900
COMMAND = [sys.executable, "-m", "cdk_cleanrooms", "adopt", "--deploy", "--app", "cdk.out"]


def test_a_run_that_is_interrupted_twice_can_be_repeated(app: CdkApp, adopt: Adopt) -> None:
    identifier = made_by_hand(app, "a", description="By hand")
    associate(app, declare(app, "a", description="Ours"), "b")
    app.prepare_for_cli()

    for on_import, is_imported in (
        # amid the import
        ('cdk "$@" --no-execute; kill -KILL $PPID; exit 1', False),
        # after the import, before the deployment
        ('cdk "$@"; kill -KILL $PPID; exit 1', True),
    ):
        killed = subprocess.run(
            [*COMMAND, "--cdk", instead_of_the_cdk(app, on_import)],
            cwd=app.folder,
            # A killed process leaves its temporary files behind.
            env={**environment_of_cli(app.cloud), "TMPDIR": str(app.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )

        assert killed.returncode == -9
        assert len(app.associations()) == 1
        assert (managed(app) == {identifier}) == is_imported

    again = adopt("--deploy")

    assert again.status == 0, again.error
    assert {one["name"] for one in app.associations()} == {"a", "b"}
    assert managed(app) == {one["id"] for one in app.associations()}
    assert identifier in managed(app)


def test_an_import_that_did_not_happen_is_noticed(app: CdkApp, adopt_with_cli: Adopt) -> None:
    made_by_hand(app, "a")
    declare(app, "a")
    instead = instead_of_the_cdk(app, "exit 0")

    outcome = refused(app, adopt_with_cli, "This command can be run again", "--cdk", instead)

    assert f"{app.stack_name}/a is not in the stack" in outcome.error


def test_two_runs_at_once_lose_and_duplicate_nothing(app: CdkApp, adopt_with_cli: Adopt) -> None:
    identifier = made_by_hand(app, "a")
    declare(app, "a", "b")
    app.prepare_for_cli()
    with subprocess.Popen(
        COMMAND,
        cwd=app.folder,
        env=environment_of_cli(app.cloud),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as other:
        here = adopt_with_cli("--deploy")
        _, error = other.communicate(timeout=_PATIENCE)
    for status, told in ((here.status, here.error), (other.returncode, error)):
        assert status == 0 or "run again" in told.splitlines()[-1], told

    assert sorted(one["name"] for one in app.associations()) == ["a", "b"]
    assert managed(app) == {one["id"] for one in app.associations()}
    assert identifier in managed(app)
