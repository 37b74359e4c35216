"""Tests of adoption: the resource mapping that synthesis writes for `cdk import`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Aws, CfnParameter, Stack, Stage
from aws_cdk.assertions import Template
from aws_cdk.aws_cleanrooms import CfnMembership

from cdk_cleanrooms import Collaboration, IdNamespaceAssociation, Member, Membership
from cdk_cleanrooms._core import adoption
from tests.helpers import Associate, l1_of, problems_of
from tests.samples import ASSOCIATION_ID, COLLABORATION_ID, ID_NAMESPACE_ARN, MEMBERSHIP_ID

OTHER_ASSOCIATION_ID = "a1b2c3d4-5678-90ab-cdef-444444444444"


def adopt(scope: Stack, id: str = "Association", **arguments: Any) -> IdNamespaceAssociation:
    """Declare an association that adopts."""
    good: dict[str, Any] = {
        "membership": MEMBERSHIP_ID,
        "id_namespace": ID_NAMESPACE_ARN,
        "name": id,
        "adopt": ASSOCIATION_ID,
    }
    return IdNamespaceAssociation(scope, id, **good | arguments)


def synthesized(app: App) -> Path:
    """Synthesize the app, and return the output folder."""
    return Path(app.synth().directory)


def mappings_in(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return the resource mappings in a folder and its subfolders, by the path of the file."""
    return {
        str(path.relative_to(folder)): json.loads(path.read_text("utf-8"))
        for path in folder.rglob("*.import.json")
    }


def logical_id_of(association: IdNamespaceAssociation) -> str:
    return str(association.stack.resolve(l1_of(association).logical_id))


def identifier(association: str = ASSOCIATION_ID) -> dict[str, str]:
    return {
        "IdNamespaceAssociationIdentifier": association,
        "MembershipIdentifier": MEMBERSHIP_ID,
    }


def test_a_relative_folder_is_relative_to_the_working_folder_of_the_cdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = App(outdir=os.path.relpath(tmp_path / "out"))
    adopt(Stack(app, "Stack"))
    monkeypatch.chdir(tmp_path)
    app.synth()
    assert [*mappings_in(tmp_path / "out")] == ["Stack.import.json"]


def test_a_stack_has_one_mapping_for_everything_that_it_adopts(app: App, stack: Stack) -> None:
    first = adopt(stack, "First")
    second = adopt(stack, "Second", adopt=OTHER_ASSOCIATION_ID)
    assert mappings_in(synthesized(app)) == {
        "Stack.import.json": {
            logical_id_of(first): identifier(),
            logical_id_of(second): identifier(OTHER_ASSOCIATION_ID),
        }
    }


def test_each_stack_has_a_mapping_beside_its_template_even_in_a_stage(app: App) -> None:
    adopt(Stack(app, "One"))
    staged = Stack(Stage(app, "Prod"), "Two")
    adopt(staged, "Other", adopt=OTHER_ASSOCIATION_ID)
    folder = synthesized(app)
    paths = {"One.import.json", f"assembly-Prod/{staged.artifact_id}.import.json"}
    assert mappings_in(folder).keys() == paths
    for path in paths:
        assert (folder / path.replace(".import.json", ".template.json")).exists()


def test_the_mapping_contains_a_logical_id_that_is_overridden_later(app: App, stack: Stack) -> None:
    l1_of(adopt(stack)).override_logical_id("Customers")
    assert mappings_in(synthesized(app)) == {"Stack.import.json": {"Customers": identifier()}}


def test_every_synthesis_writes_the_same_mapping(app: App, stack: Stack) -> None:
    adopt(stack, "Second", adopt=OTHER_ASSOCIATION_ID)
    adopt(stack, "First")
    mapping = synthesized(app) / "Stack.import.json"
    text = mapping.read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_the_mapping_has_the_mode_of_the_template_and_no_other_file_is_left(
    app: App, stack: Stack
) -> None:
    adopt(stack)
    folder = synthesized(app)
    mapping, template = folder / "Stack.import.json", folder / "Stack.template.json"
    assert mapping.stat().st_mode == template.stat().st_mode
    assert list(folder.glob("Stack.import*")) == [mapping]


def test_a_mapping_that_cannot_be_written_fails_the_synthesis_and_says_why(
    app: App, stack: Stack
) -> None:
    adopt(stack)
    mapping = Path(app.outdir, "Stack.import.json")
    mapping.mkdir()
    with pytest.raises(RuntimeError, match="cannot write the resource mapping for cdk import"):
        app.synth()
    assert [*mapping.parent.glob("Stack.import*")] == [mapping]


def test_a_users_unit_test_has_the_same_template(stack: Stack) -> None:
    adopt(stack)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::CleanRooms::IdNamespaceAssociation", 1)


def test_a_token_can_neither_be_adopted_nor_be_the_membership(stack: Stack) -> None:
    problems = problems_of(lambda: adopt(stack, membership=Aws.STACK_NAME, adopt=Aws.REGION))
    assert [problem.property for problem in problems] == ["membership", "adopt"]
    for problem in problems:
        assert "is only known at deployment" in problem.message


def test_an_adoption_by_id_cannot_have_a_membership_of_the_same_app(stack: Stack) -> None:
    membership = CfnMembership(
        stack,
        "Membership",
        collaboration_identifier=COLLABORATION_ID,
        query_log_status="DISABLED",
    )
    (problem,) = problems_of(lambda: adopt(stack, membership=membership))
    assert problem.property == "membership"


def test_an_adoption_by_id_can_have_a_membership_that_is_adopted_by_its_id(
    app: App, stack: Stack
) -> None:
    membership = Membership(
        stack, "Membership", collaboration=COLLABORATION_ID, adopt=MEMBERSHIP_ID
    )
    association = adopt(stack, membership=membership)
    logical_id = stack.resolve(l1_of(association).logical_id)
    file = Path(app.synth().directory) / "Stack.import.json"
    assert json.loads(file.read_text())[logical_id] == {
        "IdNamespaceAssociationIdentifier": ASSOCIATION_ID,
        "MembershipIdentifier": MEMBERSHIP_ID,
    }


def test_an_adoption_by_id_cannot_have_a_membership_that_is_adopted_by_its_collaboration(
    stack: Stack,
) -> None:
    membership = Membership(stack, "Membership", collaboration=COLLABORATION_ID, adopt=True)
    (problem,) = problems_of(lambda: adopt(stack, membership=membership))
    assert problem.property == "membership"


def test_a_membership_can_be_adopted_by_its_id_beside_its_collaboration(stack: Stack) -> None:
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="match",
        description="Who is both",
        creator=Member(display_name="Example Corp", abilities=["CAN_QUERY"]),
        adopt=True,
    )
    Membership(stack, "Membership", collaboration=collaboration, adopt=MEMBERSHIP_ID)


def test_a_parameter_cannot_be_adopted(stack: Stack) -> None:
    parameter = CfnParameter(stack, "Existing")
    (problem,) = problems_of(lambda: adopt(stack, adopt=parameter.value_as_string))
    assert problem.property == "adopt"


@pytest.mark.parametrize("where", ["the same stack", "another stack"])
def test_two_constructs_cannot_adopt_the_same_association(
    where: str, app: App, stack: Stack
) -> None:
    adopt(stack)
    other = stack if where == "the same stack" else Stack(Stage(app, "Prod"), "Other")
    adopt(other, "Again")
    adopt(other, "Once more")
    message = f"'{ASSOCIATION_ID}' is already adopted by Stack/Association; adopt it in one place"
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    assert str(raised.value).count(message) == 2


def test_two_apps_can_adopt_the_same_association(stack: Stack) -> None:
    adopt(stack)
    assert adopt(Stack(App(), "Stack")).node.path == "Stack/Association"


def test_a_construct_that_was_refused_adopts_nothing(app: App, stack: Stack) -> None:
    problems_of(lambda: adopt(stack, "Refused", name=""))
    association = adopt(stack)
    assert mappings_in(synthesized(app)) == {
        "Stack.import.json": {logical_id_of(association): identifier()}
    }


def test_adoption_outside_any_construct_is_reported_with_other_problems() -> None:
    problems = problems_of(lambda: adopt("Stack", name=""))  # type: ignore[arg-type]
    assert [problem.property for problem in problems] == ["scope", "name"]


@pytest.fixture
def cli_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The output folder that the CDK CLI sets, with files of an earlier run."""
    folder = tmp_path / "earlier"
    for name in ("Stack", "assembly-Prod/ProdStack", "assembly-Prod/assembly-Prod-In/ProdInStack"):
        for suffix in (".template.json", ".import.json"):
            path = folder / f"{name}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}", encoding="utf-8")
    monkeypatch.setenv("CDK_OUTDIR", str(folder))
    # This happens once in each process, and this process simulates many.
    adoption._forget_earlier_synthesis.cache_clear()
    yield folder
    adoption._forget_earlier_synthesis.cache_clear()


def test_removing_the_last_adoption_from_the_code_removes_the_mapping(
    cli_output: Path, associate: Associate
) -> None:
    associate()
    assert mappings_in(cli_output) == {}


def test_a_file_of_another_program_is_left_alone(cli_output: Path, associate: Associate) -> None:
    own = cli_output / "mine.import.json"
    own.write_text("{}", encoding="utf-8")
    associate()
    assert list(mappings_in(cli_output)) == ["mine.import.json"]


def test_a_folder_that_cannot_be_cleaned_does_not_fail_the_synthesis(
    cli_output: Path, associate: Associate
) -> None:
    stale = cli_output / "Stack.import.json"
    stale.unlink()
    stale.mkdir()
    assert associate().node.id == "Association"


def test_no_mapping_is_removed_if_no_cli_runs_the_app(
    cli_output: Path, associate: Associate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDK_OUTDIR")
    associate()
    assert len(mappings_in(cli_output)) == 3


def test_an_adopting_stack_removes_outdated_mappings_of_other_stacks(tmp_path: Path) -> None:
    folder = tmp_path / "cdk.out"
    before = App(outdir=str(folder))
    adopt(Stack(before, "One"))
    adopt(Stack(before, "Two"), "Other", adopt=OTHER_ASSOCIATION_ID)
    before.synth()
    assert len(mappings_in(folder)) == 2

    after = App(outdir=str(folder))
    IdNamespaceAssociation(
        Stack(after, "One"),
        "Association",
        membership=MEMBERSHIP_ID,
        id_namespace=ID_NAMESPACE_ARN,
        name="customers",
    )
    adopt(Stack(after, "Two"), "Other", adopt=OTHER_ASSOCIATION_ID)
    after.synth()
    assert list(mappings_in(folder)) == ["Two.import.json"]


def test_a_reader_never_sees_an_incomplete_mapping(
    app: App, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt(stack)
    written: list[tuple[str, str]] = []
    replace = Path.replace

    def noted(source: Path, target: Path) -> Path:
        written.append((source.read_text("utf-8"), os.fspath(target)))
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", noted)
    folder = synthesized(app)
    files = [folder / f"Stack.{kind}.json" for kind in ("import", "adopt")]
    assert written == [(file.read_text("utf-8"), os.fspath(file)) for file in files]
