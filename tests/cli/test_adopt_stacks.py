"""Tests of `cdk-cleanrooms adopt` with several stacks, and of the number of its requests."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Adopt, Assembly, Cdk, association, construct
from tests.cli.fake_aws import ASSOCIATION, DeployedStack, FakeAws
from tests.samples import ACCOUNT, COLLABORATION_ID, MEMBERSHIP_ID, REGION

MEMBERSHIP = "AWS::CleanRooms::Membership"
ATTRIBUTE = {"Fn::GetAtt": ["Membership", "MembershipIdentifier"]}
EXPORT = {"Fn::ImportValue": "Shared:Membership"}
WEAK = {"Fn::GetStackOutput": {"StackName": "Shared", "OutputName": "Membership"}}


def have_membership(aws: FakeAws) -> None:
    aws.listed["ListMemberships"] = [{"id": MEMBERSHIP_ID, "collaborationId": COLLABORATION_ID}]
    aws.has(MEMBERSHIP, MEMBERSHIP_ID, arn="arn:m", CollaborationIdentifier=COLLABORATION_ID)


def have_app(assembly: Assembly, reference: dict[str, Any]) -> None:
    """Add a stack whose association is in the membership of another stack."""
    shared = construct("Membership", MEMBERSHIP, {"CollaborationIdentifier": COLLABORATION_ID})
    output = {"Value": ATTRIBUTE, "Export": {"Name": "Shared:Membership"}}
    others = {
        "Unexported": {"Value": "x"},
        "Unrelated": {"Value": "x", "Export": {"Name": {"Fn::Base64": "unknown"}}},
        "Other": {"Value": "x", "Export": {"Name": "Shared:Other"}},
    }
    assembly.has_stack(
        association("a", MembershipIdentifier=reference), id="Ours", dependencies=["Shared"]
    )
    assembly.has_stack(shared, id="Shared", more={"Outputs": {**others, "Membership": output}})


references = pytest.mark.parametrize("reference", [EXPORT, WEAK], ids=["export", "weak"])


@references
def test_what_is_in_a_new_membership_of_another_stack_is_created(
    reference: dict[str, Any], assembly: Assembly, adopt: Adopt
) -> None:
    have_app(assembly, reference)

    status, output, error = adopt()

    assert status == 0, error
    assert [line.split() for line in output.splitlines()] == [
        ["create", "Stack/Membership"],
        ["create", "Stack/A"],
    ]
    assert error.endswith("Next, deploy the changes: cdk deploy Shared Ours\n")


def test_a_new_stack_beside_an_existing_one_is_deployed_by_the_same_command(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("b"), id="New")
    assembly.has_stack(association("a", Description="Ours"), id="Adopting")

    error = adopt().error

    assert error.endswith("Next, deploy the changes: cdk-cleanrooms adopt New Adopting --deploy\n")


def test_an_output_that_a_stack_of_the_app_does_not_have_is_not_there_yet(
    assembly: Assembly, adopt: Adopt
) -> None:
    have_app(assembly, {"Fn::GetStackOutput": {"StackName": "Shared", "OutputName": "Missing"}})

    status, _, error = adopt()

    assert status == 1
    assert "it refers to the output Missing of stack Shared, which is not deployed yet" in error


def test_an_import_whose_name_is_not_known_does_not_prevent_adoption(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    identifier = aws.has_association("a")
    assembly.has_stack(association("a", Description={"Fn::ImportValue": {"Fn::Base64": "unknown"}}))

    status, output, error = adopt("--dry-run")

    assert (status, output.split()) == (0, ["adopt", "Stack/A", identifier]), error


@references
def test_without_a_deployment_the_plan_says_what_comes_after_which(
    reference: dict[str, Any], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    have_membership(aws)
    identifier = aws.has_association("a")
    have_app(assembly, reference)

    given = ["-c", "adopt=true", "--region", REGION, "--verbose"]

    status, output, error = adopt(*given, "--allow-replacement", "--cdk", str(cdk.program))

    assert status == 0, error
    assert output.splitlines() == [
        f"adopt            Stack/Membership  {MEMBERSHIP_ID}",
        f"adopt            Stack/A  {identifier}  (after the deployment of Shared)",
        "imported         Shared  1 resource",
    ]
    assert cdk.commands() == ["synth", "import Shared"]
    assert error.splitlines()[-1] == (
        "Next, deploy Shared, and then adopt what Ours adopts; one command does both:"
        f" cdk-cleanrooms adopt Ours --deploy --context adopt=true --region {REGION}"
        f" --allow-replacement --cdk {cdk.program}"
    )


@references
def test_with_a_deployment_each_stack_is_imported_and_deployed_in_turn(
    reference: dict[str, Any], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    have_membership(aws)
    aws.has_association("a")
    have_app(assembly, reference)

    status, output, error = adopt("--deploy", "--format", "json")

    assert status == 0, error
    assert cdk.commands() == [
        "synth",
        "import Shared",
        "deploy Shared",
        "import Ours",
        "deploy Ours",
    ]
    assert all("--exclusively" in call for call in cdk.calls() if call.startswith("deploy"))
    stacks = json.loads(output)["stacks"]
    assert [(one["stack"], one["imported"], one["deployed"]) for one in stacks] == [
        ("Shared", True, True),
        ("Ours", True, True),
    ]
    assert stacks[1]["constructs"][0]["after"] == ["Shared"]


@references
def test_a_stack_whose_output_is_deployed_needs_no_further_deployment(
    reference: dict[str, Any], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    have_membership(aws)
    aws.has_association("a")
    aws.exports["Shared:Membership"] = MEMBERSHIP_ID
    aws.stacks["Shared"] = DeployedStack(
        resources={"Membership": (MEMBERSHIP, MEMBERSHIP_ID)},
        outputs={"Membership": MEMBERSHIP_ID},
    )
    have_app(assembly, reference)

    status, output, error = adopt("Ours", "--exclusively")

    assert (status, "after" in output) == (0, False), error
    assert cdk.commands() == ["synth", "import Ours"]


@pytest.mark.parametrize("deploys", [True, False])
def test_a_stack_that_reads_from_another_account_follows_without_a_declared_dependency(
    deploys: bool, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    have_membership(aws)
    aws.has_association("a")
    role = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::{ACCOUNT}:role/Reader"]]}
    output = WEAK["Fn::GetStackOutput"] | {"RoleArn": role, "Region": REGION}
    consumer = association("a", MembershipIdentifier={"Fn::GetStackOutput": output})
    environment = f"aws://{ACCOUNT}/{REGION}"
    assembly.has_stack(consumer, id="Ours", environment=environment)
    shared = construct("Membership", MEMBERSHIP, {"CollaborationIdentifier": COLLABORATION_ID})
    outputs = {"Outputs": {"Membership": {"Value": ATTRIBUTE}}}
    assembly.has_stack(shared, id="Shared", more=outputs, environment=environment)

    status, _, error = adopt(*(["--deploy"] if deploys else []))

    assert status == 0, error
    assert cdk.commands() == ["synth", "import Shared"] + (
        ["deploy Shared", "import Ours", "deploy Ours"] if deploys else []
    )
    assert ("one command does both: cdk-cleanrooms adopt Shared Ours --deploy" in error) != deploys


def test_what_refers_to_a_resource_that_is_adopted_later_waits_with_it(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    have_membership(aws)
    for name in "abc":
        aws.has_association(name)
    have_app(assembly, EXPORT)
    assembly.has_stack(
        association("c", attributes={"DependsOn": ["B"]}),
        association("b", attributes={"DependsOn": "A"}),
        association("a", MembershipIdentifier=EXPORT),
        association("d"),
        id="Ours",
        dependencies=["Shared"],
    )
    aws.has_association("d")

    status, output, error = adopt()

    assert status == 0, error
    waiting = [line.split()[1] for line in output.splitlines() if "after the deployment" in line]
    assert waiting == ["Stack/C", "Stack/B", "Stack/A"]
    assert output.count("after the deployment of Shared)") == 3
    assert cdk.mapping("Ours").keys() == {"D"}


@pytest.mark.parametrize(
    "options",
    [("Ours", "--exclusively", "--deploy"), ("--deploy", "--", "--method", "prepare-change-set")],
    ids=["alone", "only prepared"],
)
def test_a_deployment_of_the_consumer_is_refused_before_that_of_the_producer(
    options: tuple[str, ...], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    have_membership(aws)
    aws.has_association("a")
    aws.stacks["Shared"] = DeployedStack(resources={"Membership": (MEMBERSHIP, MEMBERSHIP_ID)})
    have_app(assembly, EXPORT)

    status, _, error = adopt(*options)

    assert status == 1
    assert (
        "it refers to an output of Shared, which is not deployed yet; run `cdk-cleanrooms adopt"
        " Shared --deploy` first"
    ) in error
    assert cdk.commands() == ["synth"]


def test_a_new_stack_among_the_dependencies_is_deployed_without_reverting_drift(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    aws.stacks["Ours"] = DeployedStack()
    assembly.has_stack(association("a"), id="Ours", dependencies=["New"])
    assembly.has_stack(id="New")

    assert adopt("Ours", "--deploy").status == 0
    assert cdk.commands() == ["synth", "deploy New", "import Ours", "deploy Ours"]
    assert ["--revert-drift" in call for call in cdk.calls()[1:]] == [False, False, True]


def test_a_resource_that_two_stacks_adopt_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a"))
    assembly.has_stack(association("a", logical_id="B"), id="Other")

    assert "already belongs to Stack/A; declare it in one place" in adopt("--dry-run").error


@pytest.mark.parametrize("is_declared", [False, True])
def test_a_resource_that_the_same_stack_manages_under_another_id_is_refused(
    is_declared: bool, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    identifier = aws.has_association("a")
    physical_id = f"{identifier}|{MEMBERSHIP_ID}"
    aws.stacks["Stack"] = DeployedStack(resources={"Old": (ASSOCIATION, physical_id)})
    old = association("a", logical_id="Old")
    assembly.has_stack(association("a"), *([(*old[:2], None)] if is_declared else []))

    error = adopt("--dry-run").error

    assert ("Stack/A: this stack manages it already, as Stack/Old; declare" in error) == is_declared
    # The CDK CLI refuses this command without the option.
    way = "if you have moved or renamed the construct, run `cdk refactor --unstable=refactor`"
    assert (f"already, as Old; {way}" in error) != is_declared


def test_a_stack_with_the_same_name_in_the_tags_is_this_stack(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    stack_id = f"arn:aws:cloudformation:{REGION}:1:stack/Stack"
    identifier = aws.has_association("a", tags={"aws:cloudformation:stack-id": stack_id})
    aws.stacks["Stack"] = DeployedStack("REVIEW_IN_PROGRESS")
    assembly.has_stack(association("a"))
    assert adopt("--dry-run").status == 0

    aws.stacks["Stack"] = DeployedStack(resources={"Old": (ASSOCIATION, identifier)})
    assert "this stack manages it already, as Old; if" in adopt("--dry-run").error


@pytest.mark.parametrize(
    "status", ["IMPORT_FAILED", "IMPORT_ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_COMPLETE"]
)
def test_a_resource_that_was_not_created_or_imported_does_not_count_as_managed(
    status: str, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    physical_id = f"{aws.has_association('a')}|{MEMBERSHIP_ID}"
    aws.stacks["Stack"] = DeployedStack(
        "IMPORT_ROLLBACK_COMPLETE", {"A": (ASSOCIATION, physical_id)}, resource_status=status
    )
    assembly.has_stack(association("a"))

    assert adopt("--dry-run").output.startswith("adopt  ")


def test_a_physical_id_without_the_membership_is_understood(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    identifier = aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(resources={"A": (ASSOCIATION, identifier)})
    assembly.has_stack(association("a", identifier=identifier, Description="Ours"))

    assert adopt("--dry-run").output == (
        f"already managed  Stack/A  {identifier}"
        "  (the next deployment changes Description to 'Ours')\n"
    )


def test_an_incomplete_physical_id_in_an_unknown_membership_is_not_compared(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    identifier = aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(resources={"A": (ASSOCIATION, identifier)})
    membership = {"Fn::Base64": "unknown"}
    assembly.has_stack(association("a", MembershipIdentifier=membership))

    assert adopt("--dry-run").output == f"already managed  Stack/A  {identifier}\n"


def test_quoted_names_in_a_deployed_template_in_yaml_are_read(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(
        template='"Parameters":\n    "Yes":\n        Type: String\nConditions:\n  \'Null\': x\n'
    )
    assembly.has_stack(association("a", attributes={"DependsOn": ["Yes", "Null"]}))

    assert adopt("--dry-run").status == 0


def test_the_assembly_of_another_version_is_refused(assembly: Assembly, adopt: Adopt) -> None:
    assembly.has_stack(association("a"))
    (assembly.folder / "Stack.adopt.json").write_text('{"Version": 99, "Adoptions": {}}')

    assert "Stack.adopt.json was written with version 99 that this" in adopt().error


# The number of requests


@pytest.mark.parametrize("managed", [False, True])
def test_each_list_is_read_once_and_each_resource_at_most_twice(
    managed: bool, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    names = [f"n{number}" for number in range(60)]
    physical_ids = [f"{aws.has_association(name)}|{MEMBERSHIP_ID}" for name in names]
    if managed:
        aws.stacks["Stack"] = DeployedStack(
            resources={
                name.capitalize(): (ASSOCIATION, physical_id)
                for name, physical_id in zip(names, physical_ids, strict=True)
            }
        )
    assembly.has_stack(*map(association, names))

    output = adopt("--dry-run").output

    # The plan has the order of the code.
    assert [line.split("Stack/")[1].split()[0].lower() for line in output.splitlines()] == names
    assert Counter(aws.requests) == {
        "GetCallerIdentity": 1,
        "DescribeStacks": 1,
        "GetResource": 60,
        **(
            {"ListStackResources": 1}
            if managed
            else {"ListIdNamespaceAssociations": 1, "ListTagsForResource": 60}
        ),
    }


def test_the_resources_of_another_stack_are_listed_once(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    other = f"arn:aws:cloudformation:{REGION}:1:stack/Other"
    for name in "abcdefgh":
        aws.has_association(name, tags={"aws:cloudformation:stack-id": other})
    assembly.has_stack(*map(association, "abcdefgh"))

    assert adopt("--dry-run").status == 0
    assert aws.requests.count("ListStackResources") == 1


# Options of `cdk deploy`


def deployed_with(adopt: Adopt, cdk: Cdk, *options: str) -> list[str]:
    """Return the options of `cdk deploy`, without those that it always has."""
    status, _, error = adopt("Ours", "--deploy", "--", *options)
    assert status == 0, error
    [call] = [one for one in cdk.calls() if one.startswith("deploy Ours")]
    words = call.split()
    return words[words.index("--exclusively") + 1 :]


@pytest.mark.parametrize(
    ("options", "passed_on"),
    [
        ((), ["--revert-drift", "--require-approval", "never"]),
        (
            ("--concurrency", "4", "--all"),
            ["--revert-drift", "--require-approval", "never", "--concurrency", "4"],
        ),
        (
            ("--method", "direct"),
            ["--require-approval", "never", "--method", "direct"],
        ),
        (("--no-revert-drift", "-e"), ["--require-approval", "never", "--no-revert-drift"]),
        (
            ("--change-set-name=ours",),
            ["--revert-drift", "--require-approval", "never", "--change-set-name=ours"],
        ),
        (
            ("-m", "prepare-change-set"),
            ["--revert-drift", "--require-approval", "never", "-m", "prepare-change-set"],
        ),
        (
            ("--require-approval=broadening", "--revert-drift"),
            ["--revert-drift", "--require-approval=broadening"],
        ),
    ],
)
def test_options_after_two_hyphens_are_passed_on_to_the_deployment(
    options: tuple[str, ...],
    passed_on: list[str],
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
) -> None:
    aws.stacks["Ours"] = DeployedStack()
    assembly.has_stack(id="Ours")

    assert deployed_with(adopt, cdk, *options) == passed_on
    [call] = [one for one in cdk.calls() if one.startswith("deploy Ours")]
    # A method without change sets refuses a name, and a prepared one is executed by its usual name.
    has_own_name = {*options}.isdisjoint({"direct", "prepare-change-set", "--change-set-name=ours"})
    assert ("--change-set-name cdk-cleanrooms-" in call) == has_own_name


def test_the_method_of_the_environment_counts_too(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.stacks["Ours"] = DeployedStack()
    assembly.has_stack(id="Ours")
    monkeypatch.setenv("CDK_METHOD", "direct")

    assert deployed_with(adopt, cdk) == ["--require-approval", "never"]
    assert "--change-set-name" not in cdk.calls()[-1]


def test_what_a_deployment_without_reverting_drift_leaves_is_said(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    _, _, managed = (aws.has_association(name) for name in "abc")
    aws.stacks["Managed"] = DeployedStack(resources={"C": (ASSOCIATION, managed)})
    assembly.has_stack(association("a", Description="Ours"), id="Changed")
    assembly.has_stack(association("b"), association("new"), id="Equal")
    assembly.has_stack(association("c", Description="Ours"), id="Managed")

    error = adopt("--deploy", "--", "--method", "direct").error
    assert error.endswith("Next, deploy the changes: cdk deploy Changed --revert-drift\n")
    assert "Next" not in adopt("--deploy").error


@pytest.mark.parametrize(
    "options", [("--method=prepare-change-set",), ("--no-execute",), ("--execute=false",)]
)
def test_a_deployment_that_only_prepares_a_change_set_does_not_count(
    options: tuple[str, ...], assembly: Assembly, adopt: Adopt
) -> None:
    assembly.has_stack(id="Ours")

    outcome = adopt("Ours", "--deploy", "--format", "json", "--", *options)

    assert outcome.status == 0
    assert json.loads(outcome.output)["stacks"][0]["deployed"] is False


@pytest.mark.parametrize("where", ["after hyphens", "before hyphens", "in the environment"])
def test_the_file_of_the_outputs_has_those_of_all_stacks(
    where: str,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "new" / "outputs.json"
    assembly.has_stack(id="Shared")
    assembly.has_stack(id="Ours", dependencies=["Shared"])
    cdk.does(
        deploy=f"""[ -e '{cdk.folder}/failing' ] && exit 1
    stack=$2; while [ "$1" != --outputs-file ]; do shift; done
    printf '{{"%s": {{"Key": "value"}}}}' "$stack" > "$2" """
    )
    option = {
        "after hyphens": ["--", f"--outputs-file={file}"],
        "before hyphens": ["--outputs-file", str(file)],
    }.get(where, [])
    if not option:
        monkeypatch.setenv("CDK_OUTPUTS_FILE", str(file))

    assert adopt("--all", "--deploy", *option).status == 0
    assert json.loads(file.read_text()) == {"Shared": {"Key": "value"}, "Ours": {"Key": "value"}}

    (cdk.folder / "failing").touch()
    assert adopt("--all", "--deploy", *option).status == 1


def test_a_file_of_outputs_that_cannot_be_written_is_refused_before_anything_changes(
    assembly: Assembly, adopt: Adopt, cdk: Cdk, tmp_path: Path
) -> None:
    assembly.has_stack(id="Ours")

    status, output, error = adopt("--all", "--deploy", "--outputs-file", str(tmp_path))

    assert (status, output, cdk.calls()) == (1, "", [])
    assert error == f"cdk-cleanrooms adopt: error: cannot write {tmp_path}: Is a directory\n"
