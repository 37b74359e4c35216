"""Tests of the process that synthesizes an app, and of the comparison with what was read."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cdk_cleanrooms._cli.export import synthesizer
from cdk_cleanrooms._cli.export.comparison import Difference, differences
from cdk_cleanrooms._cli.export.defaults import candidates_of, omissible
from cdk_cleanrooms._cli.export.printer import App, print_app
from cdk_cleanrooms._cli.export.synthesizer import (
    CannotSynthesizeError,
    Properties,
    Synthesized,
    Synthesizer,
)
from tests.cli.export.conftest import Export
from tests.cli.export.snapshots import association, id_namespace, schema_mapping, snapshot

_STACK = "Match-a1b2c3d4"


def answer(monkeypatch: pytest.MonkeyPatch, **request: Any) -> Any:
    """Return the answer of the process to a request, in this process."""
    answers = io.StringIO()
    request = {"otherwise": request.get("text")} | request
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(request) + "\n"))
    monkeypatch.setattr(sys, "stdout", answers)
    synthesizer.main()
    return json.loads(answers.getvalue())


def test_an_app_becomes_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    app = print_app(snapshot(schema_mapping()))
    result = Synthesized(
        **answer(monkeypatch, text=app.text, files={"a.sql": "SELECT 1"}, stack=app.stack)
    )
    assert result.error is None
    assert result.resource("CustomersMapping")["Properties"]["SchemaName"] == "customers"


def test_what_an_app_prints_is_not_mixed_with_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = print_app(snapshot(schema_mapping()))
    text = app.text.replace("app = App()", "print('hello')\napp = App()")
    assert answer(monkeypatch, text=text, files={}, stack=app.stack)["template"]
    assert "hello" in capsys.readouterr().err


def test_a_refused_construct_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    app = print_app(
        snapshot(schema_mapping(members={**schema_mapping().members, "schemaName": ""}))
    )
    result = answer(monkeypatch, text=app.text, files={}, stack=app.stack)
    assert result["construct"] == "CustomersMapping"
    assert result["error"].startswith("ValidationError: ")


def test_a_refused_construct_is_declared_as_in_the_other_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = print_app(snapshot(schema_mapping()))
    refused = app.text.replace('name="customers"', 'name=""')
    result = Synthesized(
        **answer(monkeypatch, text=refused, otherwise=app.text, files={}, stack=app.stack)
    )
    assert result.replaced == ["CustomersMapping"]
    assert result.resource("CustomersMapping")["Properties"]["SchemaName"] == "customers"


def test_an_app_that_fails_otherwise_names_no_construct(monkeypatch: pytest.MonkeyPatch) -> None:
    result = answer(monkeypatch, text="1 / 0", files={}, stack=_STACK)
    assert result == {"error": "ZeroDivisionError: division by zero", "construct": None}


def test_optional_arguments_have_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answer(monkeypatch, classes=["Member", "SchemaMapping"])
    assert "display_name" not in found["Member"]
    assert {"abilities": [], "pays_for": None}.items() <= found["Member"].items()
    assert "description" in found["SchemaMapping"]


def test_properties_that_a_template_can_declare_are_those_of_the_l1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "AWS::EntityResolution::SchemaMapping"
    found = answer(monkeypatch, types=[name])[name]
    assert {"schemaname", "mappedinputfields", "tags"} <= {*found["writable"]}
    assert "schemaarn" not in found["writable"]
    assert "schemaarn" in found["read_only"]


def test_a_process_that_ends_is_reported_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(synthesizer, "__name__", "no.such.module")
    with Synthesizer() as process, pytest.raises(CannotSynthesizeError, match="No module named"):
        process.optional_arguments(["Member"])


def test_a_process_that_says_nothing_is_reported_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexit 1\n")
    silent.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(silent))
    with Synthesizer() as process, pytest.raises(CannotSynthesizeError, match="no reason"):
        process.properties([])


@pytest.mark.usefixtures("synthesized_in_a_new_process")
def test_an_app_that_could_not_be_synthesized_is_printed_with_a_gap(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(snapshot(schema_mapping()).to_json())
    monkeypatch.setattr(synthesizer, "__name__", "no.such.module")
    status, output, error = export("--plan", plan)
    assert status == 3
    assert "the app was not compared with what was read" in error
    assert "SchemaMapping(" in output


def test_a_construct_that_the_library_refuses_is_a_comment_with_the_reason(
    export: Export, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    wrong = schema_mapping("a", members={**schema_mapping().members, "schemaName": "a b"})
    right = id_namespace(schema="a")
    plan.write_text(snapshot(wrong, right).to_json())
    status, output, error = export("--plan", plan)
    assert status == 3
    assert "schema mapping 'a' (a): The construct does not accept it: ValidationError" in error
    assert ": 1 problem; name: 'a b'" in error
    assert "        # SchemaMapping(\n" in output
    assert 'schema_mapping="a"' in output
    assert "        IdNamespace(\n" in output
    assert "cannot be synthesized" not in error


_PROPERTIES = {
    "AWS::EntityResolution::SchemaMapping": Properties(
        ["schemaname", "mappedinputfields", "description", "tags"], ["schemaarn", "createdat"]
    )
}


def compared(declared: Any, live: Any) -> list[str]:
    """Return the differences between what a construct declares and what was read."""
    return [f"{one.what}: {one.text}" for one in different(declared, live)]


def different(declared: Any, live: Any) -> list[Difference]:
    found = schema_mapping(properties=live)
    app = App(_STACK, constructs={"CustomersMapping": found})
    result = Synthesized(
        template={"Resources": {"L": {"Properties": declared}}},
        logical_ids={"CustomersMapping": "L", "Other": "O"},
    )
    return [*differences(snapshot(found), app, result, _PROPERTIES)]


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ({"SchemaName": "a"}, {"SchemaName": "a", "SchemaArn": "arn:…", "CreatedAt": "x"}),
        ({"Description": "${AWS::Region}"}, {"Description": "${AWS::Region}"}),
        ({"Description": {"Ref": "AWS::Region"}}, {"Description": "us-east-1"}),
        ({"Description": {"Ref": "L"}}, {"Description": "customers"}),
        ({"SchemaName": {"Fn::GetAtt": ["L", "SchemaName"]}}, {"SchemaName": "a"}),
        (
            {"MappedInputFields": [{"a": 1}, {"b": 2}]},
            {"MappedInputFields": [{"b": "2"}, {"a": 1}]},
        ),
        ({"MappedInputFields": [{"a": True}]}, {"MappedInputFields": [{"a": "true", "b": False}]}),
        ({}, {"MappedInputFields": [], "Description": None}),
    ],
)
def test_what_means_the_same_is_no_difference(declared: Any, live: Any) -> None:
    assert compared(declared, live) == []


@pytest.mark.parametrize(
    ("declared", "live", "difference"),
    [
        ({"SchemaName": "a"}, {"SchemaName": "b"}, 'SchemaName is "b", and the code declares "a"'),
        ({}, {"Description": "x"}, 'Description is "x", and the code does not declare it'),
        ({"Description": "x"}, {}, 'the resource has no Description, and the code declares "x"'),
        ({"MappedInputFields": [1, 2]}, {"MappedInputFields": [1]}, "MappedInputFields is"),
        ({"MappedInputFields": [1]}, {"MappedInputFields": [1, 2]}, "MappedInputFields is"),
        ({"MappedInputFields": [1, 1]}, {"MappedInputFields": [1, 2]}, "MappedInputFields.1 is 2"),
        ({"SchemaName": {"Ref": "Unknown"}}, {}, "Unknown is no resource of this app"),
        ({"SchemaName": {"Fn::ImportValue": "x"}}, {}, "it comes from another stack"),
        ({}, {"Later": "x" * 500}, 'Later is "xxx'),
    ],
)
def test_a_difference_in_either_direction_is_said(
    declared: Any, live: Any, difference: str
) -> None:
    (found,) = compared(declared, live)
    assert found.startswith("schema mapping 'customers' (customers): ")
    assert difference in found


@pytest.mark.parametrize(
    ("declared", "live", "path"),
    [
        ([{"a": {"b": 1, "c": 2}}], [{"a": {"b": 1, "c": 3}}], "MappedInputFields.0.a.c is 3"),
        ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": "x" * 200}], "MappedInputFields.1.a is"),
        ([{"a": 1}, {"a": 2}], [{"a": 3}, {"a": 4}], "MappedInputFields is"),
    ],
)
def test_a_difference_is_said_where_it_is(declared: Any, live: Any, path: str) -> None:
    (found,) = compared({"MappedInputFields": declared}, {"MappedInputFields": live})
    assert f": {path}" in found


@pytest.mark.parametrize(
    ("declared", "live", "is_changed"),
    [
        ({"SchemaName": "a"}, {"SchemaName": "b"}, True),
        ({"MappedInputFields": [{"a": "1", "b": "2"}]}, {"MappedInputFields": [{"a": "1"}]}, False),
        ({"MappedInputFields": [{"a": "1"}]}, {"MappedInputFields": [{"a": "1", "b": 2}]}, False),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, {"Tags": [{"Key": "a", "Value": ""}]}, False),
        ({"Description": {"Ref": "Unknown"}}, {}, False),
    ],
)
def test_only_another_value_would_change_the_resource(
    declared: Any, live: Any, is_changed: bool
) -> None:
    (found,) = different(declared, live)
    assert found.is_changed is is_changed


class _RefusesWithoutColumns(Synthesizer):
    """Refuses each construct without its argument `columns`, and counts the syntheses."""

    def __init__(self) -> None:
        self.count = 0

    def synthesize(self, app: App, **_: object) -> Synthesized:
        self.count += 1
        refused = [id for id, omitted in json.loads(app.text).items() if ["columns"] in omitted]
        return Synthesized(replaced=refused)


def omissible_of(
    synthesizer: Synthesizer, whole: Synthesized, candidates: dict[str, frozenset[tuple[str]]]
) -> Mapping[str, frozenset[tuple[str, ...]]]:
    """Return what can be omitted. The text of each app is what it omits."""
    return omissible(
        lambda omitted: App("Stack", json.dumps({id: [*it] for id, it in omitted.items()})),
        synthesizer,
        whole,
        candidates,
    )


class _TakesTheLogsFromTheOther(Synthesizer):
    """Has the same value for a member as long as the collaboration does not declare its logs."""

    def __init__(self) -> None:
        pass

    def synthesize(self, app: App, **_: object) -> Synthesized:
        omits = json.loads(app.text)
        of_collaboration = ["logs"] not in omits["Collaboration"]
        of_member = ["logs"] not in omits["Member"] or not of_collaboration
        return with_logs(of_collaboration, of_member)


def with_logs(of_collaboration: bool, of_member: bool) -> Synthesized:
    resources = {"Collaboration": {"Logs": of_collaboration}, "Member": {"Logs": of_member}}
    return Synthesized({"Resources": resources}, {id: id for id in resources})


def test_an_argument_that_is_the_default_only_beside_another_omission_is_kept() -> None:
    logs = frozenset({("logs",)})
    candidates = {"Collaboration": logs, "Member": logs}
    omitted = omissible_of(_TakesTheLogsFromTheOther(), with_logs(True, True), candidates)
    assert {*omitted.values()} == {frozenset()}


@pytest.mark.parametrize(("default", "is_tried"), [(True, True), (None, True), (False, False)])
def test_a_value_that_differs_from_a_literal_default_is_not_tried(
    default: bool | None, is_tried: bool
) -> None:
    name = "manage_resource_policies"
    app = App(_STACK, constructs={"Customers": association()})
    found = candidates_of(app, {"IdNamespaceAssociation": {name: default}})
    assert ((name,) in found["Customers"]) == is_tried


def test_an_app_is_not_synthesized_again_if_everything_can_be_omitted() -> None:
    synthesizer = _RefusesWithoutColumns()
    candidates = {"Workflow": frozenset({("description",), ("tags",)})}
    assert omissible_of(synthesizer, Synthesized(), candidates) == candidates
    assert synthesizer.count == 1


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_syntheses_does_not_depend_on_how_many_constructs_are_refused(
    count: int,
) -> None:
    synthesizer = _RefusesWithoutColumns()
    optional = frozenset({("columns",), ("description",)})
    workflows = {f"Workflow{number}": optional for number in range(count)}
    omitted = omissible_of(synthesizer, Synthesized(), workflows)
    assert {*omitted.values()} == {frozenset({("description",)})}
    assert synthesizer.count == 4
