"""Tests of the whole command, against a local cloud."""

from __future__ import annotations

import json
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_cleanrooms._core import types
from cdk_cleanrooms.local_cloud import LocalCloud
from tests.cli.export.conftest import Export, use
from tests.cli.export.worlds import World, whole_query_side
from tests.package.conftest import ROOT


@pytest.mark.usefixtures("synthesized_in_a_new_process")
def test_a_collaboration_is_printed_whole(mapping: World, export: Export) -> None:
    status, output, error = export("--collaboration", mapping.collaboration)
    assert (status, error) == (0, "")
    assert output.count("adopt=") == 11
    assert "Not in this app" not in output


@pytest.mark.unmeasured
def test_both_identifiers_print_the_same(mapping: World, export: Export) -> None:
    by_membership = export("--membership", mapping.membership)
    assert by_membership.output == export("--collaboration", mapping.collaboration).output


def test_defaults_are_left_out(empty: World, export: Export) -> None:
    _, output, _ = export("--membership", empty.membership)
    for argument in ("query_log_enabled", "job_log_enabled", "metrics_enabled", "members="):
        assert argument not in output


@pytest.mark.unmeasured
def test_what_is_no_default_is_kept(world: World, export: Export) -> None:
    world.collaborate(queryLogStatus="DISABLED", jobLogStatus="ENABLED")
    _, output, _ = export("--membership", world.membership)
    assert "query_log_enabled=False" in output
    assert "job_log_enabled=True" in output


def test_a_folder_has_an_app_that_the_cdk_can_run(
    empty: World, export: Export, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "app"
    status, output, _ = export("--membership", empty.membership, "--output", folder)
    assert (status, output) == (0, "")
    assert {file.name for file in folder.iterdir()} == {"app.py", "cdk.json", "requirements.txt"}
    assert '"app": "python3 app.py"' in (folder / "cdk.json").read_text()
    assert "cdk-cleanrooms==" in (folder / "requirements.txt").read_text()


def test_a_folder_with_files_is_refused_and_kept(
    world: World, export: Export, tmp_path: Path
) -> None:
    (tmp_path / "mine").write_text("mine")
    status, output, error = export("--membership", world.membership or _ID, "--output", tmp_path)
    assert (status, output) == (1, "")
    assert f"{tmp_path} has files in it" in error
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_a_file_in_place_of_the_folder_is_refused(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    status, _, error = export("--membership", _ID, "--output", file)
    assert status == 1
    assert str(file) in error
    assert file.read_text() == "mine"


_ID = "a1b2c3d4-5678-90ab-cdef-111111111111"


def test_a_plan_prints_the_same_without_a_network(
    mapping: World, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.json"
    read = export("--membership", mapping.membership, "--save-plan", plan)
    said = f"cdk-cleanrooms export: {plan} and the code contain descriptions, tags, ARNs of secrets"
    assert read.error.startswith(said)
    excluded = ("--exclude", "id-namespace-association", "--exclude", "id-mapping-table")
    without = export("--membership", mapping.membership, *excluded)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert export("--plan", plan) == (0, read.output, "")
    # What only the excluded types reach is not printed either.
    assert export("--plan", plan, *excluded) == without
    assert (without.status, without.error) == (0, "")
    assert "SchemaMapping(" not in without.output


def test_a_plan_can_be_saved_into_the_folder_of_the_app(
    empty: World, export: Export, tmp_path: Path
) -> None:
    folder = tmp_path / "some" / "app"
    plan = folder / "plan.json"
    arguments = ("--membership", empty.membership, "--output", folder, "--save-plan", plan)
    assert export(*arguments).status == 0
    again = export("--plan", plan)
    assert again.output == (folder / "app.py").read_text("utf-8")


def test_a_plan_does_not_depend_on_the_output(empty: World, export: Export, tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    export("--membership", empty.membership, "--save-plan", one)
    export("--membership", empty.membership, "--save-plan", other, "--output", tmp_path / "app")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("content", [None, b"\xff", b"{}", b'{"version": 2}'])
def test_a_plan_that_cannot_be_read_is_named(
    content: bytes | None, export: Export, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    if content is not None:
        plan.write_bytes(content)
    status, output, error = export("--plan", plan)
    assert (status, output) == (1, "")
    assert str(plan) in error


def test_only_an_earlier_plan_is_overwritten(empty: World, export: Export, tmp_path: Path) -> None:
    mine, plan = tmp_path / "mine.json", tmp_path / "plan.json"
    mine.write_text("{}")
    export("--membership", empty.membership, "--save-plan", plan)
    assert export("--membership", empty.membership, "--save-plan", plan).status == 0
    status, output, error = export("--membership", empty.membership, "--save-plan", mine)
    assert (status, output) == (1, "")
    assert f"{mine} exists and would be overwritten" in error
    assert mine.read_text() == "{}"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--plan", "cannot read .:"),
        ("--save-plan", "cannot write .:"),
        ("--output", ". has files in it"),
    ],
)
def test_an_empty_path_is_not_taken_for_no_path(
    option: str, message: str, empty: World, export: Export
) -> None:
    source = () if option == "--plan" else ("--membership", empty.membership)
    status, output, error = export(*source, option, "")
    assert (status, output) == (1, "")
    assert message in error


def test_a_folder_that_cannot_be_made_is_named(
    empty: World, export: Export, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    status, output, error = export(
        "--membership", empty.membership, "--output", tmp_path / "file" / "app"
    )
    assert (status, output) == (1, "")
    assert f"cannot write {tmp_path / 'file' / 'app'}" in error


def test_a_terminal_is_told_that_the_output_is_whole_and_can_be_confidential(
    empty: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    status, _, error = export("--membership", empty.membership)
    assert status == 0
    assert error.count("can be confidential") == 1
    assert "the code is whole: nothing in it differs from what was read" in error


def test_a_plan_that_cannot_be_saved_ends_the_command(
    empty: World, export: Export, tmp_path: Path
) -> None:
    status, output, error = export("--membership", empty.membership, "--save-plan", tmp_path)
    assert (status, output) == (1, "")
    assert f"cannot write {tmp_path}" in error


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--membership", _ID, "--collaboration", _ID),
        ("--plan", "plan.json", "--membership", _ID),
        ("--plan", "", "--membership", _ID),
        ("--plan", "plan.json", "--save-plan", "other.json"),
        ("--plan", "plan.json", "--profile", "mine"),
        ("--plan", "plan.json", "--region", "eu-west-1"),
        ("--membership", "mine"),
        ("--collaboration", "ours"),
        ("--membership", _ID, "--exclude", "table"),
    ],
)
def test_other_usage_is_refused(arguments: tuple[str, ...], export: Export) -> None:
    assert export(*arguments).status == 2


@pytest.mark.unmeasured
def test_types_can_be_excluded(mapping: World, export: Export) -> None:
    status, output, error = export(
        "--membership",
        mapping.membership,
        "--exclude",
        "id-namespace",
        "--exclude",
        "id-mapping-table",
    )
    assert (status, error) == (0, "")
    assert "IdNamespace(" not in output
    assert "IdMappingTable(" not in output
    assert "Left out with --exclude: ID namespaces, ID mapping tables.\n" in output
    assert f'id_namespace="{mapping.arn("idnamespace/customers")}"' in output


@pytest.mark.usefixtures("world")
def test_a_collaboration_without_a_membership_is_not_printed(export: Export) -> None:
    status, output, error = export("--collaboration", _ID)
    assert (status, output) == (1, "")
    assert "this account has no active membership in the collaboration" in error


@pytest.mark.usefixtures("world")
def test_a_membership_that_does_not_exist_is_not_printed(export: Export) -> None:
    status, output, error = export("--membership", _ID)
    assert (status, output) == (1, "")
    assert "cleanrooms:GetMembership" in error or "the membership" in error


def test_a_membership_in_a_deleted_collaboration_is_not_printed(
    world: World, export: Export
) -> None:
    world.collaborate()
    world.call("delete_collaboration", collaborationIdentifier=world.collaboration)
    status, output, error = export("--membership", world.membership)
    assert (status, output) == (1, "")
    assert f"the membership {world.membership} is not active, but has the status" in error


@pytest.mark.usefixtures("world")
def test_the_region_must_be_known(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    status, _, error = export("--membership", _ID)
    assert status == 1
    assert "the Region is not known" in error


def test_the_invited_member_exports_its_own_side(
    world: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = World(world.account.other_account("444455556666"))
    member = {"accountId": "444455556666", "displayName": "Partner", "memberAbilities": []}
    world.collaborate(members=[member])
    partner.collaboration = world.collaboration
    partner.join()
    partner.associate_table("people", partner.configured_table("people", ["email"]))
    use(partner, monkeypatch)
    status, output, error = export("--collaboration", world.collaboration)
    assert (status, error) == (0, "")
    assert f'COLLABORATION = "{world.collaboration}"' in output
    assert f"# Account {world.account.account} manages this." in output
    assert "Collaboration(" not in output.split("class ")[1]
    # The construct would warn, because only the creator knows who receives results.
    assert "collaboration_rule=False" in output


@pytest.mark.unmeasured
def test_what_the_example_makes_by_hand_is_printed_whole_for_both_companies(
    cloud: LocalCloud, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = runpy.run_path(str(ROOT / "examples/from_the_console/by_hand.py"))
    companies = [World(cloud.other_account(example[name])) for name in ("RETAILER", "PUBLISHER")]
    use(companies[0], monkeypatch)
    collaboration = example["main"]()
    constructs = []
    for company in companies:
        use(company, monkeypatch)
        status, output, error = export("--collaboration", collaboration)
        assert (status, error) == (0, "")
        constructs.append(output.count("adopt="))
    assert constructs == [11, 7]


def test_a_construct_that_would_change_its_resource_is_a_comment_with_the_reason(
    world: World, export: Export, tmp_path: Path
) -> None:
    workflow = world.whole_mapping_to("s3://data/out/")
    plan = tmp_path / "plan.json"
    export("--membership", world.membership, "--save-plan", plan)
    read = json.loads(plan.read_text("utf-8"))
    for one in read["resources"]:
        if one["type_name"] == types.ID_MAPPING_WORKFLOW.name:
            # What CloudFormation shows can be newer than what the service has described.
            one["properties"]["OutputSourceConfig"][0]["OutputS3Path"] = "s3://data/new/"
    plan.write_text(json.dumps(read), "utf-8")

    status, output, error = export("--plan", plan)
    assert status == 3
    reason = (
        "A deployment would change the resource: OutputSourceConfig.0.OutputS3Path is"
        ' "s3://data/new/", and the code declares "s3://data/out/"'
    )
    table = world.call("list_id_mapping_tables", membershipIdentifier=world.membership)
    id = table["idMappingTableSummaries"][0]["id"]
    assert error.splitlines() == [
        f"cdk-cleanrooms export: ID mapping workflow 'map' (map): {reason}",
        f"cdk-cleanrooms export: ID mapping table 'map' ({id}): id_mapping_workflow is a literal,"
        " because the ID mapping workflow is not declared here",
    ]
    assert "        # IdMappingWorkflow(\n" in output
    assert f'id_mapping_workflow="{workflow}"' in output


@pytest.mark.parametrize("path", ["s3://data/out//", "s3://data//"])
def test_an_output_path_that_cloudformation_refuses_is_a_comment_that_says_what_to_change(
    path: str, world: World, export: Export
) -> None:
    world.whole_mapping_to(path)
    status, output, error = export("--membership", world.membership)
    assert status == 3
    assert error.startswith(
        "cdk-cleanrooms export: ID mapping workflow 'map' (map): The output path is"
        f' "{path}", and CloudFormation accepts no path that ends with two slashes. Give the'
        " workflow another path first, and run this command again\n"
    )
    assert "        # IdMappingWorkflow(\n" in output


def athena(location: str) -> dict[str, Any]:
    table = {"databaseName": "people", "tableName": "visits", "workGroup": "primary"}
    return {"athena": {**table, "outputLocation": location}}


@pytest.mark.parametrize(
    ("location", "arguments"),
    [
        ("s3://queries/out", ["output_prefix", "output_trailing_slash=False"]),
        ("s3://queries", ["output_trailing_slash=False"]),
        ("s3://queries/out/", ["output_prefix"]),
        ("s3://queries/", []),
    ],
)
def test_an_output_location_of_athena_is_printed_with_the_slash_that_it_has(
    location: str, arguments: list[str], world: World, export: Export
) -> None:
    world.collaborate()
    table = world.configured_table("visits", ["email"], tableReference=athena(location))
    world.associate_table("visits", table)
    status, output, error = export("--membership", world.membership)
    assert (status, error) == (0, "")
    printed = [name for name in ("output_prefix", "output_trailing_slash") if name in output]
    assert printed == [argument.partition("=")[0] for argument in arguments]
    assert all(argument in output for argument in arguments)


def test_an_output_location_that_no_construct_declares_is_a_comment_that_says_what_to_change(
    world: World, export: Export
) -> None:
    world.collaborate()
    location = "s3://queries/out//"
    table = world.configured_table("visits", ["email"], tableReference=athena(location))
    world.associate_table("visits", table)
    status, output, error = export("--membership", world.membership)
    assert status == 3
    assert (
        f'The output location is "{location}", and no construct declares a location that ends with'
        " two slashes. Give the configured table another location first, and run this command again"
    ) in error
    assert " ConfiguredTable(" not in output.replace("# ConfiguredTable(", "")


def test_a_tag_that_no_template_can_declare_is_told_once_with_what_happens_to_it(
    world: World, export: Export
) -> None:
    world.collaborate(tags={"Team": "", "Stage": "Test"})
    status, output, error = export("--membership", world.membership)
    assert status == 3
    assert error == (
        f"cdk-cleanrooms export: collaboration 'match' ({world.collaboration}): The tag \"Team\" is"
        " left out: CloudFormation does not accept an empty value. A deployment removes the tag,"
        " unless you give it another value first and run this command again\n"
    )
    assert '"Stage": "Test"' in output


def test_an_engine_that_aws_has_retired_is_a_gap_that_says_how_to_change_it(
    world: World, export: Export
) -> None:
    world.collaborate(analyticsEngine="CLEAN_ROOMS_SQL")
    status, output, error = export("--membership", world.membership)
    assert status == 3
    assert error == (
        f"cdk-cleanrooms export: collaboration 'match' ({world.collaboration}): AnalyticsEngine is"
        ' "CLEAN_ROOMS_SQL", and the code does not declare it: AWS offers only SPARK now, so there'
        " is no argument. A deployment leaves the engine as it is. To change it, run `aws"
        f" cleanrooms update-collaboration --collaboration-identifier {world.collaboration}"
        " --analytics-engine SPARK`\n"
    )
    assert " Collaboration(" in output


def test_an_association_of_an_id_namespace_of_a_partner_is_a_comment_that_names_the_owner(
    world: World, export: Export, tmp_path: Path
) -> None:
    world.collaborate()
    world.schema_mapping("customers")
    own = world.source("customers", "customers")
    world.associate("customers", own)
    plan = tmp_path / "plan.json"
    export("--membership", world.membership, "--save-plan", plan, "--exclude", "id-namespace")
    partners = own.replace(world.account.account, "444455556666")
    plan.write_text(plan.read_text("utf-8").replace(own, partners), "utf-8")
    status, output, error = export("--plan", plan)
    assert status == 3
    assert "ID namespace association 'customers'" in error
    assert f"'{partners}' is in account 444455556666" in error
    assert "a member can only use ID namespaces of its own account" in error
    assert "        # IdNamespaceAssociation(\n" in output
    assert output.count("adopt=") == 3  # with the one in the comment


def test_two_collaborations_of_one_name_are_adopted_by_their_ids(
    world: World, export: Export
) -> None:
    world.collaborate()
    world.collaborate()
    _, output, _ = export("--membership", world.membership)
    assert f'adopt="{world.collaboration}"' in output


def test_the_membership_of_each_of_two_collaborations_is_found(
    world: World, export: Export
) -> None:
    for name in ("one", "other"):
        world.collaborate(name)
        _, output, _ = export("--collaboration", world.collaboration)
        assert f'name="{name}"' in output
    one = world.call("list_collaborations")["collaborationList"]
    for each in one:
        _, output, _ = export("--collaboration", each["id"])
        assert f'name="{each["name"]}"' in output


@pytest.mark.unmeasured
def test_what_the_collaboration_does_not_use_is_left_out(world: World, export: Export) -> None:
    world.collaborate()
    world.schema_mapping("unused")
    world.configured_table("unused", ["id"])
    status, output, _ = export("--membership", world.membership)
    assert status == 0
    assert "unused" not in output


@pytest.mark.unmeasured
def test_each_resource_costs_at_most_three_requests_and_each_list_is_read_once(
    cloud: LocalCloud, world: World, export: Export
) -> None:
    world.collaborate()
    world.whole_mapping()
    whole_query_side(world)
    before = len(cloud.requests())
    export("--membership", world.membership)
    requests = cloud.requests()[before:]
    resources = 21
    # Ten lists of types and further things, the members, and the account.
    others = 14
    assert len(requests) <= 3 * resources + others, requests


def test_every_type_has_a_place_in_the_order_of_printing() -> None:
    from cdk_cleanrooms._cli.export.references import PRINT_ORDER, REFERENCES
    from cdk_cleanrooms._cli.listing import LISTINGS

    assert {*PRINT_ORDER} >= {*LISTINGS}
    positions = {type.construct: number for number, type in enumerate(PRINT_ORDER)}
    for (owner, _), referred in REFERENCES.items():
        for type in referred:
            assert positions.get(owner, len(positions)) > positions[type.construct]
    assert types.COLLABORATION is PRINT_ORDER[0]


@pytest.mark.unmeasured
def test_roles_that_are_created_never_appear(mapping: World, export: Export) -> None:
    _, output, _ = export("--membership", mapping.membership)
    assert len(re.findall(r"role=\w+_ROLE", output)) == 4
