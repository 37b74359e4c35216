"""Tests of the command `cdk-cleanrooms review`: its files, its formats and its exit status."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_cleanrooms._cli.command import main

from .templates import (
    PARTNER,
    Template,
    association,
    collaboration,
    custom_rule,
    membership,
    resource,
    room,
    table,
    template,
    write,
)


def app(**rule: Any) -> Template:
    return template(
        {
            "Room": collaboration(),
            "Us": membership(),
            "Orders": table(custom_rule(**rule)),
            "InRoom": association(),
        }
    )


CLOSED = app()
OPEN = app(AllowedAnalyses=["ANY_QUERY"], AllowedAnalysisProviders=[PARTNER])


def run(*arguments: str | Path) -> int:
    return main(["review", *map(str, arguments)])


def files(folder: Path) -> tuple[Path, Path]:
    return write(folder, CLOSED, "old.json"), write(folder, OPEN, "new.json")


def test_the_sheet_alone_ends_with_status_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = files(tmp_path)
    assert run(new) == 0
    printed = capsys.readouterr()
    assert "Any query of these accounts is allowed" in printed.out
    assert printed.err == ""


def test_a_widening_stops_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = files(tmp_path)
    assert run(new, "--against", old) == 0
    capsys.readouterr()
    assert run(new, "--against", old, "--fail-on", "widening") == 3
    printed = capsys.readouterr()
    assert "AnalysisRules.Policy.V1.Custom.AllowedAnalyses (widening)" in printed.err
    assert "More can be learned" in printed.out


def test_a_name_cannot_write_lines_of_its_own_to_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a\n::error::b\x1b[31m"
    old = write(tmp_path, template({"T": table(custom_rule(), Name=name)}), "old.json")
    rule = custom_rule(AllowedAnalyses=["ANY_QUERY"])
    new = write(tmp_path, template({"T": table(rule, Name=name)}), "new.json")

    assert run(new, "--against", old, "--fail-on", "widening") == 3

    [line] = capsys.readouterr().err.splitlines()
    assert r"a\n::error::b\x1b[31m" in line


def test_a_narrowing_passes_the_gate(tmp_path: Path) -> None:
    old, new = files(tmp_path)
    assert run(old, "--against", new, "--fail-on", "widening") == 0


def test_logs_turned_off_stop_the_gate_and_turned_on_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_logs = write(tmp_path, template({"Room": collaboration()}), "on.json")
    without = write(
        tmp_path, template({"Room": collaboration(QueryLogStatus="DISABLED")}), "off.json"
    )
    assert run(without, "--against", with_logs, "--fail-on", "widening") == 3
    assert "Turned off" in capsys.readouterr().out
    assert run(with_logs, "--against", without, "--fail-on", "widening") == 0
    assert "Turned on" in capsys.readouterr().out


def changes_in(new: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    run(new, "--against", old, "--format", "json")
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["changes"]
    return found


def accepted(folder: Path, content: Any) -> Path:
    return write(folder, content, "accepted.json")


def entry(change: dict[str, Any], **more: Any) -> dict[str, Any]:
    same = {name: change[name] for name in ("identity", "property", "old", "new")}
    return {**same, "reason": "The contract says so", **more}


def test_accepted_changes_pass_the_gate_and_are_still_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files(tmp_path)
    found = changes_in(new, old, capsys)
    assert {it["direction"] for it in found} == {"widening"}
    file = accepted(tmp_path, [entry(it, date="2026-11-29") for it in found])
    assert run(new, "--against", old, "--fail-on", "widening", "--accepted", file) == 0
    text = capsys.readouterr().out
    assert "Accepted on `2026-11-29`: `The contract says so`" in text
    run(new, "--against", old, "--accepted", file, "--format", "json")
    told = json.loads(capsys.readouterr().out)["changes"]
    assert [it["accepted"]["reason"] for it in told] == ["The contract says so"] * len(found)


@pytest.mark.parametrize("name", ["identity", "property", "old", "new"])
def test_an_accepted_change_that_differs_is_none(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files(tmp_path)
    entries = [entry(it, **{name: "other"}) for it in changes_in(new, old, capsys)]
    file = accepted(tmp_path, entries)
    assert run(new, "--against", old, "--fail-on", "widening", "--accepted", file) == 3
    assert "Accepted, but no change" in capsys.readouterr().out


def test_an_accepted_change_that_is_none_does_not_change_the_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files(tmp_path)
    more = {"identity": "a", "property": "b", "old": None, "new": 1, "reason": "c"}
    file = accepted(tmp_path, [*(entry(it) for it in changes_in(new, old, capsys)), more])
    arguments = ("--against", old, "--fail-on", "widening", "--accepted", file)
    assert run(new, *arguments, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["accepted_without_a_change"] == [more]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({}, "it is no list"),
        (["text"], "entry 1 is no object"),
        ([{"identity": "a", "property": "b", "old": 1, "new": 2}], "entry 1 has no reason"),
        ([{"identity": "a"}], "entry 1 has no new, no old, no property, no reason"),
        (
            [{"identity": "a", "property": "b", "old": 1, "new": 2, "reason": "c", "by": "me"}],
            "entry 1 has an unknown 'by'",
        ),
        (
            [{"identity": "a", "property": "b", "old": 1, "new": 2, "reason": " "}],
            "the reason of entry 1 is no text",
        ),
        (
            [{"identity": "a", "property": "b", "old": 1, "new": 2, "reason": "c", "date": 1}],
            "the date of entry 1 is no text",
        ),
    ],
)
def test_a_file_of_accepted_changes_of_another_form_is_refused(
    content: Any, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files(tmp_path)
    assert run(new, "--against", old, "--accepted", accepted(tmp_path, content)) == 1
    assert f"accepted.json is no list of accepted changes: {reason};" in capsys.readouterr().err


def test_a_file_of_accepted_changes_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files(tmp_path)
    odd = tmp_path / "odd.json"
    odd.write_text("[", "utf-8")
    for file in (odd, tmp_path / "missing.json"):
        assert run(new, "--against", old, "--accepted", file) == 1
        assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--fail-on", "widening"), ("--accepted", "accepted.json")])
def test_what_needs_an_older_assembly_is_refused_without_one(
    option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = files(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run(new, *option)
    assert ended.value.code == 2
    assert f"{option[0]} needs --against" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Resources:\n  It:\n    Type: AWS::S3::Bucket\n", "is not valid JSON"),
        (b"", "is not valid JSON"),
        (b"\xff\xfe\x00", "is not valid JSON"),
        (b"[]", "it is no JSON object"),
        (b"{}", "it has no Resources"),
        (b'{"Resources": []}', "its Resources are no JSON object"),
        (b'{"Resources": {"It": {}}}', "the resource 'It' has no Type"),
        (b'{"Resources": {"It": 7}}', "the resource 'It' has no Type"),
        (
            b'{"Resources": {"It": {"Type": "A::B::C", "Properties": []}}}',
            "the Properties of 'It' are no JSON object",
        ),
        (b'{"Resources": {}, "Parameters": {"P": 1}}', "'P' in its Parameters is no JSON object"),
        (b'{"Resources": {}, "Outputs": {"O": []}}', "'O' in its Outputs is no JSON object"),
        (b"[" * 100_000, "cannot read"),
    ],
)
def test_a_file_that_is_no_template_is_named(
    content: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.template"
    file.write_bytes(content)
    assert run(file) == 1
    printed = capsys.readouterr()
    assert str(file) in printed.err
    assert reason in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_an_old_assembly_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = files(tmp_path)
    assert run(new, "--against", tmp_path / "missing") == 1
    assert "missing does not exist; synthesize the app" in capsys.readouterr().err
    assert run(new, "--against", tmp_path) == 1
    assert "is no cloud assembly, because it has no manifest.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "manifest",
    [
        "[]",
        '{"artifacts": {"App": {}}}',
        '{"artifacts": {"App": {"type": "aws:cloudformation:stack", "environment": "x",'
        ' "properties": {"templateFile": "a"}}}}',
        '{"artifacts": {"App": {"type": "cdk:cloud-assembly"}}}',
    ],
)
def test_a_damaged_manifest_is_named(
    manifest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    assert run(tmp_path) == 1
    assert "manifest.json is no manifest of a cloud assembly" in capsys.readouterr().err


def test_a_template_that_an_assembly_lacks_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/unknown-region",
        "properties": {"templateFile": "App.template.json"},
    }
    manifest = write(tmp_path, {"artifacts": {"App": stack}}, "manifest.json")
    assert run(manifest) == 1
    assert f"cannot read {tmp_path / 'App.template.json'}" in capsys.readouterr().err


def test_the_sheet_is_written_into_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = files(tmp_path)
    sheet = tmp_path / "sheet.md"
    assert run(new, "--output", sheet) == 0
    assert capsys.readouterr().out == ""
    run(new)
    assert sheet.read_bytes() == capsys.readouterr().out.encode()


def test_a_file_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, new = files(tmp_path)
    assert run(new, "--output", tmp_path / "missing/sheet.md") == 1
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize("format", ["markdown", "html", "json"])
@pytest.mark.unmeasured
def test_the_same_content_gives_the_same_bytes_wherever_it_lies(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = []
    for name, seed in (("one", "1"), ("another/folder", "2")):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for file, content in (("new.json", OPEN), ("old.json", CLOSED)):
            write(folder, content, file)
        command = [sys.executable, "-m", "cdk_cleanrooms", "review", "new.json"]
        process = subprocess.run(
            [*command, "--against", "old.json", "--format", format],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        sheets.append(process.stdout)
    assert sheets[0] == sheets[1]
    monkeypatch.chdir(tmp_path)
    assert (
        run("one/new.json", "--against", "one/old.json", "--format", format, "--output", "s") == 0
    )
    assert Path("s").read_bytes() == sheets[0]


def test_the_review_needs_neither_the_cdk_nor_aws(tmp_path: Path) -> None:
    old, new = files(tmp_path)
    program = (
        "import sys\n"
        "from cdk_cleanrooms._cli.command import main\n"
        f"main(['review', {str(new)!r}, '--against', {str(old)!r}])\n"
        "print(sorted({'aws_cdk', 'boto3', 'botocore', 'jsii'} & sys.modules.keys()))"
    )
    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert process.stdout.splitlines()[-1] == "[]"


def nested(folder: Path, *, with_path: bool) -> Path:
    """Write an assembly with a stage, whose stack has a nested stack."""
    inner = folder / "assembly-Prod"
    inner.mkdir()
    parent = room()
    moved = {"InRoom": parent["Resources"].pop("InRoom")}
    moved["InRoom"]["Properties"]["MembershipIdentifier"] = {"Ref": "Us"}
    moved["InRoom"]["Properties"]["ConfiguredTableIdentifier"] = {"Ref": "Table"}
    url = {"Fn::Sub": "https://s3.${AWS::URLSuffix}/assets/0123456789abcdef.json"}
    parent["Resources"]["Nested"] = resource(
        "AWS::CloudFormation::Stack",
        {
            "TemplateURL": url,
            "Parameters": {
                "Us": {"Fn::GetAtt": ["Us", "MembershipIdentifier"]},
                "Table": {"Fn::GetAtt": ["Orders", "ConfiguredTableIdentifier"]},
            },
        },
    )
    if with_path:
        parent["Resources"]["Nested"]["Metadata"] = {"aws:asset:path": "nested.template.json"}
    parent["Resources"]["Budget"]["Properties"]["Parameters"]["ResourceArn"] = {
        "Fn::GetAtt": ["Nested", "Outputs.Arn"]
    }
    write(inner, parent, "App.template.json")
    write(
        inner,
        template(
            moved,
            Parameters={"Us": {"Type": "String"}, "Table": {"Type": "String"}},
            Outputs={"Arn": {"Value": {"Fn::GetAtt": ["InRoom", "Arn"]}}},
        ),
        "nested.template.json",
    )
    assets = {
        "template": {
            "source": {"path": "nested.template.json", "packaging": "file"},
            "destinations": {"here": {"objectKey": "0123456789abcdef.json"}},
        },
        "image": {"source": {"executable": ["make"]}},
    }
    write(inner, {"files": {} if with_path else assets}, "App.assets.json")
    logical_id = [{"type": "aws:cdk:logicalId", "data": "Orders"}]
    write(
        inner,
        {
            "artifacts": {
                "App.assets": {
                    "type": "cdk:asset-manifest",
                    "properties": {"file": "App.assets.json"},
                },
                "App": {
                    "type": "aws:cloudformation:stack",
                    "environment": "aws://111122223333/us-east-1",
                    "displayName": "Prod/App",
                    "properties": {"templateFile": "App.template.json", "stackName": "Prod-App"},
                    "metadata": {"/Prod/App/Orders/Resource": logical_id},
                },
                "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
            }
        },
        "manifest.json",
    )
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    write(folder, {"artifacts": {"assembly-Prod": stage}}, "manifest.json")
    return folder


@pytest.mark.parametrize("with_path", [True, False])
def test_nested_stacks_in_stages_are_read(
    with_path: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(nested(tmp_path, with_path=with_path)) == 0
    text = capsys.readouterr().out
    assert "construct `Prod/App/Orders`" in text
    assert "The use of `orders in overlap (111122223333)` is limited." in text
    assert "it is called `orders`" in text
    assert "decided at deployment" not in text.lower()


def test_a_single_template_with_a_nested_stack_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = nested(tmp_path, with_path=False) / "assembly-Prod/App.template.json"
    assert run(file) == 0
    assert "it is called `orders`" in capsys.readouterr().out


def test_a_nested_stack_without_its_template_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = nested(tmp_path, with_path=False)
    write(folder / "assembly-Prod", {"files": {}}, "App.assets.json")
    assert run(folder) == 0
    assert "The templates do not show the resources that `AWS::CloudFormation::Stack Nested`" in (
        capsys.readouterr().out
    )


def test_a_template_that_is_nested_in_itself_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looped = resource(
        "AWS::CloudFormation::Stack", Metadata={"aws:asset:path": "stack.template.json"}
    )
    assert run(write(tmp_path, template({"Again": looped}))) == 1
    assert "it is nested in itself" in capsys.readouterr().err


def test_the_paths_of_constructs_are_read_from_a_file_of_metadata(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/unknown-region",
        "properties": {"templateFile": "App.template.json"},
        "additionalMetadataFile": "App.metadata.json",
    }
    write(tmp_path, {"artifacts": {"App": stack}}, "manifest.json")
    write(tmp_path, room(), "App.template.json")
    entries = [{"type": "aws:cdk:logicalId", "data": "Orders"}]
    write(tmp_path, {"/App/Sales": entries}, "App.metadata.json")
    assert run(tmp_path) == 0
    assert "construct `App/Sales`" in capsys.readouterr().out


def test_the_same_assembly_in_another_folder_has_no_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").mkdir()
    one = nested(tmp_path / "one", with_path=False)
    two = tmp_path / "two"
    shutil.copytree(one, two)
    assert run(two, "--against", one, "--fail-on", "widening") == 0
    assert "Nothing that concerns the collaboration changes." in capsys.readouterr().out


def test_the_address_of_a_nested_stack_can_have_several_parts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = nested(tmp_path, with_path=False)
    file = folder / "assembly-Prod/App.template.json"
    content = json.loads(file.read_text("utf-8"))
    url = {"Fn::Join": ["", ["https://", {"Ref": "AWS::URLSuffix"}, "/0123456789abcdef.json", 1]]}
    content["Resources"]["Nested"]["Properties"]["TemplateURL"] = url
    content["Resources"]["Fn::ForEach::More"] = []
    write(file.parent, content, file.name)
    assert run(folder) == 0
    assert "it is called `orders`" in capsys.readouterr().out


def test_parameters_and_outputs_of_another_form_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = nested(tmp_path, with_path=False)
    file = folder / "assembly-Prod/App.template.json"
    content = json.loads(file.read_text("utf-8"))
    content["Resources"]["Nested"]["Properties"]["Parameters"] = {"Ref": "AWS::NoValue"}
    content["Resources"]["Us"]["Properties"]["CollaborationIdentifier"] = {"Fn::ImportValue": "e"}
    content["Outputs"] = {"Fn::ForEach::Outputs": [], "Plain": {"Value": "a"}}
    write(file.parent, content, file.name)
    assert run(folder) == 0
    assert "parameter Us" in capsys.readouterr().out
    content["Resources"]["Nested"]["Properties"]["Parameters"] = []
    write(file.parent, content, file.name)
    assert run(folder) == 0


def test_a_template_that_is_nested_too_deeply_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    # How deep is too deep depends on the version of Python.
    monkeypatch.setattr("cdk_cleanrooms._review.review.sheet", fail)
    file = write(tmp_path, CLOSED)
    assert run(file) == 1
    assert f"cannot read {file} (it is nested too deeply)" in capsys.readouterr().err
