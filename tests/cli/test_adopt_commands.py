"""Tests of the commands that the messages of `cdk-cleanrooms adopt` tell the user to run."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_cleanrooms import _cli
from tests.cli.conftest import Adopt, Assembly, association, construct
from tests.cli.fake_aws import ASSOCIATION, DeployedStack, FakeAws
from tests.samples import COLLABORATION_ID, MEMBERSHIP_ID

COLLABORATION = "AWS::CleanRooms::Collaboration"
MEMBERSHIP = "AWS::CleanRooms::Membership"
COMMAND = re.compile(r"`(cdk[^`]*)`|: (cdk.*)$", re.MULTILINE)
SCOPE = "--app 'python app.py' --context stage=prod --context 'a=b c' --profile ours"
OWN = "--allow-replacement --cdk cdk"
VALUES = ["--parameters", "Stage=a b", "--tags=-x=1", "--ec2creds", "--progress", "events"]
REPEATED = "--ec2creds --parameters 'Stage=a b' --progress events --tags=-x=1"


def changed(aws: FakeAws, assembly: Assembly) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a", Description="Ours"))


def changed_beside_a_new_stack(aws: FakeAws, assembly: Assembly) -> None:
    changed(aws, assembly)
    assembly.has_stack(association("b"), id="New")


def waiting_for_an_export(aws: FakeAws, assembly: Assembly) -> None:
    aws.has_association("a")
    aws.listed["ListMemberships"] = [{"id": MEMBERSHIP_ID, "collaborationId": COLLABORATION_ID}]
    aws.has(MEMBERSHIP, MEMBERSHIP_ID, arn="arn:m", CollaborationIdentifier=COLLABORATION_ID)
    shared = construct("Membership", MEMBERSHIP, {"CollaborationIdentifier": COLLABORATION_ID})
    output = {"Value": {"Ref": "Membership"}, "Export": {"Name": "Membership"}}
    assembly.has_stack(shared, id="Shared", more={"Outputs": {"Membership": output}})
    imported = {"Fn::ImportValue": "Membership"}
    assembly.has_stack(
        association("a", MembershipIdentifier=imported), id="Ours", dependencies=["Shared"]
    )


def renamed(aws: FakeAws, assembly: Assembly) -> None:
    physical_id = f"{aws.has_association('a')}|{MEMBERSHIP_ID}"
    aws.stacks["Stack"] = DeployedStack(resources={"Old": (ASSOCIATION, physical_id)})
    assembly.has_stack(association("a"))


def with_a_renamed_collaboration(aws: FakeAws, assembly: Assembly) -> None:
    aws.stacks["Stack"] = DeployedStack(resources={"Old": (COLLABORATION, COLLABORATION_ID)})
    assembly.has_stack((*construct("New", COLLABORATION, {"Name": "ours"})[:2], None))


def in_a_membership_that_is_missing(_: FakeAws, assembly: Assembly) -> None:
    identifier = {"MembershipIdentifier": MEMBERSHIP_ID}
    membership = construct("Membership", MEMBERSHIP, {}, identifier=identifier)
    reference = {"Fn::GetAtt": ["Membership", "MembershipIdentifier"]}
    assembly.has_stack(membership, association("a", MembershipIdentifier=reference))


def in_state(status: str) -> Callable[[FakeAws, Assembly], None]:
    def have(aws: FakeAws, assembly: Assembly) -> None:
        aws.stacks["Stack"] = DeployedStack(status)
        assembly.has_stack(association("a"))

    return have


@pytest.mark.parametrize(
    ("have", "options", "command"),
    [
        (changed, OWN.split(), f"cdk deploy Stack --revert-drift {SCOPE}"),
        (
            changed_beside_a_new_stack,
            OWN.split(),
            f"cdk-cleanrooms adopt Stack New --deploy {SCOPE} {OWN}",
        ),
        (waiting_for_an_export, OWN.split(), f"cdk-cleanrooms adopt Ours --deploy {SCOPE} {OWN}"),
        (
            waiting_for_an_export,
            [*OWN.split(), "Ours", "--exclusively", "--deploy"],
            f"cdk-cleanrooms adopt Shared --deploy {SCOPE} {OWN}",
        ),
        (
            waiting_for_an_export,
            ["Ours", "--exclusively", "--deploy", *VALUES, "--", "--concurrency", "2"],
            f"cdk-cleanrooms adopt Shared --deploy {SCOPE} {REPEATED} -- --concurrency 2",
        ),
        # With this option, the command would not deploy Shared either.
        (
            waiting_for_an_export,
            ["Ours", "--exclusively", "--deploy", "--", "--no-execute"],
            f"cdk-cleanrooms adopt Shared --deploy {SCOPE}",
        ),
        (changed, VALUES, f"cdk deploy Stack --revert-drift {SCOPE} {REPEATED}"),
        (in_state("UPDATE_FAILED"), VALUES, f"cdk rollback Stack {SCOPE} --ec2creds"),
        (renamed, [], f"cdk refactor --unstable=refactor {SCOPE}"),
        (
            with_a_renamed_collaboration,
            ["Stack", "--deploy"],
            f"cdk refactor --unstable=refactor {SCOPE}",
        ),
        (
            in_a_membership_that_is_missing,
            OWN.split(),
            f"cdk-cleanrooms adopt Stack --deploy {SCOPE} {OWN}",
        ),
        (in_state("ROLLBACK_COMPLETE"), [], f"cdk destroy Stack {SCOPE}"),
        (in_state("IMPORT_ROLLBACK_FAILED"), [], f"cdk destroy Stack {SCOPE}"),
        (in_state("UPDATE_FAILED"), [], f"cdk rollback Stack {SCOPE}"),
    ],
)
def test_a_command_to_run_is_for_the_same_app_and_account(
    have: Callable[[FakeAws, Assembly], None],
    options: list[str],
    command: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    tmp_path: Path,
) -> None:
    (tmp_path / "credentials").write_text(
        "[ours]\naws_access_key_id = KEY\naws_secret_access_key = secret\n"
    )
    have(aws, assembly)

    error = adopt(
        "-a", "python app.py", "-c", "stage=prod", "-c", "a=b c", "--profile", "ours", *options
    ).error

    assert ["".join(found) for found in COMMAND.findall(error)] == [command], error


def test_a_message_names_a_command_only_in_the_way_that_adds_these_options() -> None:
    modules = [*Path(_cli.__file__).parent.glob("*.py")]
    written = {
        found
        for module in modules
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        for found in re.findall(r"`(cdk[- ][^`{]*)", ast.unparse(node))
    }

    # Another account runs this one.
    assert written == {"cdk bootstrap --trust "}
