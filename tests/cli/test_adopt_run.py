"""Tests of how `cdk-cleanrooms adopt` runs the CDK CLI, and of its messages after failures."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.cdk_cli import CdkCli
from cdk_cleanrooms._cli.stop import Stopped
from tests.cli.conftest import Adopt, Assembly, Cdk, association
from tests.cli.fake_aws import ASSOCIATION, DeployedStack, FakeAws
from tests.helpers import react_to_ctrl_c
from tests.samples import MEMBERSHIP_ID, REGION


def test_existing_resources_are_imported_and_the_next_step_is_shown(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    identifier = aws.has_association("a")
    assembly.has_stack(association("a"), association("b"))

    status, output, error = adopt()

    assert status == 0
    assert output.splitlines() == [
        f"adopt            Stack/A  {identifier}",
        "create           Stack/B",
        "imported         Stack  1 resource",
    ]
    assert error.splitlines() == [
        "Synthesizing the app",
        "The output of the CDK CLI",
        "Looking for the resources that Stack adopts",
        "Importing 1 resource into Stack",
        "The output of the CDK CLI",
        "Next, deploy the changes: cdk deploy Stack --revert-drift",
    ]
    assert cdk.commands() == ["synth", "import Stack"]
    assert cdk.calls()[1].endswith(" --force")
    assert cdk.mapping() == {
        "A": {
            "IdNamespaceAssociationIdentifier": identifier,
            "MembershipIdentifier": MEMBERSHIP_ID,
        }
    }


def test_nothing_is_left_to_do_if_adopted_resources_match_the_code(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    aws.has_association("b")
    assembly.has_stack(association("a"), association("b"))

    first = adopt()
    second = adopt()

    assert (first.status, second.status) == (0, 0)
    assert "Importing 2 resources into Stack" in first.error
    assert "Next" not in first.error
    assert second.error.splitlines()[-1] == "There is nothing to adopt"
    assert cdk.commands() == ["synth", "import Stack", "synth"]


def test_the_deployment_follows_and_reverts_drift(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    assembly.has_stack(association("b"), id="New")

    status, output, _ = adopt("--deploy", "--format", "json")

    assert status == 0
    assert cdk.commands() == ["synth", "import Stack", "deploy Stack", "deploy New"]
    assert ["--revert-drift" in call for call in cdk.calls()[2:]] == [True, False]
    # The CLI would ask about permissions, and without an answer deploy nothing.
    assert all(call.endswith(" --require-approval never") for call in cdk.calls()[2:])
    assert [(one["imported"], one["deployed"]) for one in json.loads(output)["stacks"]] == [
        (True, True),
        (False, True),
    ]


def test_a_failed_deployment_keeps_adopted_resources(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(deploy="exit 7")

    status, output, error = adopt("--deploy", "--format", "json")

    assert status == 1
    assert error.endswith(
        "error: cdk deploy Stack ended with status 7; its output above shows the reason. What was"
        " adopted stays adopted, and this command can be run again\n"
    )
    [stack] = json.loads(output)["stacks"]
    assert (stack["imported"], stack["deployed"]) == (True, False)


@pytest.mark.parametrize("status_of_import", [0, 1])
def test_an_import_that_did_not_happen_is_reported(
    status_of_import: int, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(**{"import": f"exit {status_of_import}"})

    status, _, error = adopt("--deploy")

    assert status == 1
    assert error.endswith(
        f"error: cdk import ended with status {status_of_import}, and Stack/A is not in the stack;"
        " its output above shows the reason. Nothing that existed was changed or deleted. This"
        " command can be run again: it continues with what is not adopted yet\n"
    )
    assert cdk.commands() == ["synth", "import Stack"]


def test_an_import_by_a_concurrent_run_counts(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    cdk.does(**{"import": f"cp \"$6\" '{cdk.folder}/imported/Stack'; exit 1"})

    status, _, error = adopt()

    assert (status, error.splitlines()[-1]) == (
        0,
        "Another run has imported resources into Stack in the meantime",
    )


def test_all_adopting_stacks_are_selected_including_those_in_stages(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    for name in "abc":
        aws.has_association(name)
    assembly.has_stack(association("a"))
    assembly.has_stack(id="Unrelated")
    Assembly(assembly.folder / "assembly-Prod").has_stack(
        association("b"), id="ProdStack", displayName="Prod/Stack"
    )
    assembly.add(
        "assembly-Prod",
        type="cdk:cloud-assembly",
        properties={"directoryName": "assembly-Prod"},
    )
    assembly.add("Tree", type="cdk:tree")

    assert adopt("Prod/*").output.split()[:1] == ["adopt"]
    assert cdk.commands() == ["synth", "import Prod/Stack"]
    # As in the CDK CLI, one star does not match a slash.
    looked = "Looking for the resources that Prod/Stack adopts"
    assert looked not in adopt("--dry-run", "*").error
    assert looked in adopt("--dry-run", "**/St?ck").error
    assert adopt("--dry-run", "Unrelated").output == ""
    assert "Looking for the resources that Unrelated adopts\n" not in adopt("--dry-run").error


@pytest.mark.parametrize(
    ("options", "imported"),
    [
        ((), ["import Shared", "import Ours"]),
        (("--exclusively",), ["import Ours"]),
    ],
)
def test_a_stack_that_is_deployed_before_a_selected_one_adopts_too(
    options: tuple[str, ...],
    imported: list[str],
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
) -> None:
    aws.has_association("a")
    aws.has_association("b")
    assembly.has_stack(association("a"), id="Shared")
    assembly.has_stack(id="Between", dependencies=["Shared"])
    assembly.has_stack(
        association("b"), id="Ours", dependencies=["Ours.assets", "Between", "Shared"]
    )

    outcome = adopt("Ours", *options)

    assert outcome.status == 0, outcome.error
    assert cdk.commands() == ["synth", *imported]


@pytest.mark.parametrize("folder", ["project", "home"])
def test_the_profile_and_the_region_of_the_cdks_settings_are_used(
    folder: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"), environment="aws://unknown-account/unknown-region")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    file = tmp_path / "cdk.json" if folder == "project" else tmp_path / "home" / ".cdk.json"

    settings = {"app": "python app.py", "region": REGION}
    file.write_text(json.dumps(settings))
    assert adopt("--dry-run").status == 0
    file.write_text(json.dumps({**settings, "profile": "missing"}))
    assert "missing" in adopt("--dry-run").error
    # As for the CDK CLI, an empty variable hides it.
    monkeypatch.setenv("CDK_PROFILE", "")
    assert adopt("--dry-run").status == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--deploy",)])
def test_an_app_in_which_nothing_adopts_has_nothing_to_adopt(
    assembly: Assembly, adopt: Adopt, options: tuple[str, ...]
) -> None:
    assembly.has_stack()

    status, output, error = adopt(*options)

    assert (status, output) == (0, "")
    assert error.endswith("There is nothing to adopt: no construct has adopt=…\n")


def test_the_adoptions_of_an_earlier_version_of_the_app_are_ignored(
    assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    assembly.has_stack(association("a"))
    template = assembly.folder / "Stack.template.json"
    template.write_text('{"Resources": {}}')

    outcome = adopt()

    assert (outcome.status, outcome.output) == (0, "")
    assert "There is nothing to adopt" in outcome.error
    assert cdk.commands() == ["synth"]


def test_an_unknown_stack_is_refused(assembly: Assembly, adopt: Adopt) -> None:
    assembly.has_stack(association("a"))

    assert adopt("Stack", "Other").error.endswith(
        "error: the app has no stack 'Other'; its stacks are: Stack\n"
    )


def test_an_existing_assembly_is_used_unchanged(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))

    status, _, error = adopt("--app", str(assembly.folder))

    assert status == 0, error
    assert cdk.calls()[0].startswith(f"import Stack --app {assembly.folder} ")


def test_a_folder_without_an_assembly_is_refused(adopt: Adopt, tmp_path: Path) -> None:
    status, _, error = adopt("--app", str(tmp_path))

    assert status == 1
    assert f"error: cannot read the cloud assembly in {tmp_path} (FileNotFoundError: " in error


def test_a_synthesis_that_fails_changes_nothing(adopt: Adopt, cdk: Cdk) -> None:
    cdk.does(synth="exit 3")

    assert adopt().error.endswith(
        "error: cdk synth ended with status 3, so nothing was changed; its output above shows"
        " the reason\n"
    )


def test_options_of_the_cdk_cli_reach_the_commands_that_support_them(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk, tmp_path: Path
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    (tmp_path / "config").write_text("[profile ours]\nregion = us-east-1\n")
    (tmp_path / "credentials").write_text(
        "[ours]\naws_access_key_id = KEY\naws_secret_access_key = secret\n"
    )

    status, _, error = adopt(
        *("--app", "python app.py", "--output", "out of it", "-c", "a=1", "-c", "b=2"),
        *("--profile", "ours", "--region", REGION, "--require-approval", "never"),
        *("--strict", "--no-rollback", "--deploy"),
    )

    assert status == 0, error
    assert (tmp_path / "out of it" / "manifest.json").exists()
    common = f"--context a=1 --context b=2 --profile ours --region {REGION}"
    synth, import_, deploy = cdk.calls()
    change_set = re.search("--change-set-name cdk-cleanrooms-[0-9a-f-]{36} ", deploy)
    assert change_set
    assert change_set[0] in import_
    assert synth == (f"synth --quiet --app python app.py --output out of it {common} --strict")
    assert import_.endswith(f" --force {common} --strict")
    assert deploy.replace(change_set[0], "") == (
        "deploy Stack --app out of it --exclusively --revert-drift --context a=1 --context b=2"
        f" --profile ours --region {REGION} --require-approval never --no-rollback --strict"
    )


def test_another_cdk_cli_can_be_chosen(assembly: Assembly, adopt: Adopt, cdk: Cdk) -> None:
    assembly.has_stack(association("a"))
    other = cdk.program.rename(cdk.folder / "other-cdk")

    assert adopt("--dry-run", "--cdk", str(other)).status == 0
    assert adopt("--cdk", "nowhere/cdk").error.endswith(
        "error: there is no CDK CLI at nowhere/cdk; install it, for example with npm install"
        " --global aws-cdk@2, or use --cdk PATH\n"
    )
    assert "error: there is no CDK CLI on PATH; install it" in adopt().error


def test_an_interruption_says_that_the_command_can_be_run_again(
    aws: FakeAws, assembly: Assembly, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise Stopped(signal.SIGINT)

    aws.has_association("a")
    assembly.has_stack(association("a"))
    monkeypatch.setattr(CdkCli, "import_resources", interrupted)
    file = tmp_path / "error"
    with file.open("w") as error, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", error)

        status = command.main(["adopt"])

    assert status == 130
    assert file.read_text().splitlines()[-1] == (
        "Interrupted; this command can be run again, and continues with what is not adopted yet."
    )


@pytest.mark.usefixtures("aws")
def test_ctrl_c_ends_the_command_and_the_cdk_cli_with_one_sentence(cdk: Cdk) -> None:
    cdk.does(synth="exec sleep 600")
    with subprocess.Popen(
        [sys.executable, "-m", "cdk_cleanrooms", "adopt"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=react_to_ctrl_c,
    ) as process:
        assert process.stderr is not None
        started = [process.stderr.readline() for _ in range(2)]
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group
        output, error = process.communicate()

    assert (process.returncode, output) == (130, "")
    assert started == ["Synthesizing the app\n", "The output of the CDK CLI\n"]
    assert error.splitlines() == [
        "Interrupted; this command can be run again, and continues with what is not adopted yet.",
    ]


def test_a_broken_stack_after_the_import_is_reported(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = aws.has_association("a")
    assembly.has_stack(association("a"))

    def import_badly(*_: object) -> int:
        resources = {"A": (ASSOCIATION, f"{identifier}|{MEMBERSHIP_ID}")}
        aws.stacks["Stack"] = DeployedStack("IMPORT_ROLLBACK_FAILED", resources)
        return 1

    monkeypatch.setattr(CdkCli, "import_resources", import_badly)

    status, _, error = adopt()

    assert status == 1
    assert "error: stack Stack is in state IMPORT_ROLLBACK_FAILED: it can only be deleted" in error
