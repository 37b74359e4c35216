"""Tests of what AWS refuses, and of what vanishes, while a collaboration is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from cdk_cleanrooms._cli.cloudformation import Environment
from cdk_cleanrooms._cli.export import reader
from cdk_cleanrooms._cli.export.synthesizer import Synthesized, Synthesizer
from tests.cli.export.conftest import Export
from tests.cli.export.worlds import World
from tests.stacks import DeployedStack

Refuse = Callable[..., None]

_DENIED = "AccessDeniedException"


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Lets AWS refuse an operation, for a part of its parameters or for all."""

    def refuse(operation: str, code: str = _DENIED, contains: str = "") -> None:
        call = BaseClient._make_api_call

        def answer(client: Any, name: str, parameters: Any) -> Any:
            if name == operation and contains in str(parameters):
                raise ClientError({"Error": {"Code": code, "Message": "no"}}, name)
            return call(client, name, parameters)

        monkeypatch.setattr(BaseClient, "_make_api_call", answer)

    return refuse


@pytest.fixture
def whole(world: World) -> World:
    world.collaborate()
    world.whole_mapping()
    return world


@pytest.mark.parametrize(
    ("operation", "action", "left"),
    [
        ("ListIdMappingTables", "cleanrooms:ListIdMappingTables", 9),
        ("ListAnalysisTemplates", "cleanrooms:ListAnalysisTemplates", 11),
        ("ListMembers", "cleanrooms:ListMembers", 10),
        ("ListCollaborations", "cleanrooms:ListCollaborations", 11),
        ("GetMembership", "cleanrooms:GetMembership", 10),
        ("GetIdNamespaceAssociation", "cleanrooms:GetIdNamespaceAssociation", 9),
        ("GetMatchingWorkflow", "entityresolution:GetMatchingWorkflow", 9),
        (
            "ListCollaborationChangeRequests",
            "cleanrooms:ListCollaborationChangeRequests",
            11,
        ),
        (
            "ListConfiguredModelAlgorithmAssociations",
            "cleanrooms-ml:ListConfiguredModelAlgorithmAssociations",
            11,
        ),
    ],
)
def test_what_is_denied_is_a_gap_and_the_rest_is_printed(
    operation: str, action: str, left: int, mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse(operation)
    status, output, error = export("--membership", mapping.membership)
    assert status == 3
    assert action in error
    assert action in output.replace("\n  ", " ")
    assert output.count("adopt=") == left
    compile(output, "app.py", "exec")


@pytest.mark.parametrize("operation", ["ListTagsForResource", "GetResource"])
def test_a_denial_that_concerns_everything_names_the_action(
    operation: str, mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse(operation)
    status, output, error = export("--membership", mapping.membership)
    assert status == 3
    assert f":{operation}" in error
    compile(output, "app.py", "exec")


@pytest.mark.unmeasured
def test_a_table_whose_rule_cannot_be_read_is_commented_out(
    query_side: World, export: Export, refuse: Refuse
) -> None:
    refuse("GetResource", contains="AWS::CleanRooms::ConfiguredTable'")
    status, output, _ = export("--membership", query_side.membership)
    assert status == 3
    assert " ConfiguredTable(" not in output
    assert "configured_table is a literal" in output


def test_what_vanishes_while_it_is_read_is_a_note_and_no_gap(
    mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse("GetIdMappingTable", "ResourceNotFoundException")
    status, output, error = export("--membership", mapping.membership)
    assert status == 0
    assert "was deleted while this command was running" in error
    assert "IdMappingTable(" not in output


def test_what_cloudformation_does_not_find_any_more_is_a_note(
    mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse("GetResource", "ResourceNotFoundException", "AWS::CleanRooms::IdMappingTable")
    status, _, error = export("--membership", mapping.membership)
    assert status == 0
    assert "was deleted while this command was running" in error


def test_a_collaboration_whose_membership_cannot_be_found_ends_the_command(
    mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse("ListMemberships")
    status, output, error = export("--collaboration", mapping.collaboration)
    assert (status, output) == (1, "")
    assert "cleanrooms:ListMemberships" in error


def test_a_membership_that_is_neither_described_nor_listed_ends_the_command(
    mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse("GetMembership")
    refuse("ListMemberships")
    status, output, error = export("--membership", mapping.membership)
    assert (status, output) == (1, "")
    assert "cleanrooms:GetMembership" in error


def test_a_stack_that_cannot_be_read_is_named_with_the_permission(
    whole: World, export: Export, refuse: Refuse
) -> None:
    fields = [
        {"FieldName": "id", "Type": "UNIQUE_ID"},
        {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": "Email"},
    ]
    managed = {
        "Type": "AWS::EntityResolution::SchemaMapping",
        "Properties": {"SchemaName": "managed", "MappedInputFields": fields},
    }
    DeployedStack(whole.account, "Other").deploy({"Resources": {"Managed": managed}})
    whole.associate("managed", whole.source("managed", "managed"))
    refuse("ListStackResources")
    status, output, error = export("--membership", whole.membership)
    assert status == 3
    assert error.count("cloudformation:ListStackResources") == 1
    assert "cloudformation:GetResource" not in error
    assert 'schema_mapping="managed"' in output


def test_a_service_that_a_region_does_not_have_is_a_note_and_no_gap(
    mapping: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        if name == "ListConfiguredModelAlgorithmAssociations":
            raise EndpointConnectionError(endpoint_url="https://cleanrooms-ml.example")
        return call(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    status, _, error = export("--membership", mapping.membership)
    assert status == 0
    assert "there is no cleanrooms-ml in this Region" in error


def test_a_rule_that_only_the_service_names_is_not_taken_for_no_rule(
    query_side: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Environment._live

    def without_rules(self: Any, type_name: str, identifier: str) -> Any:
        found = live(self, type_name, identifier)
        return {name: value for name, value in (found or {}).items() if name != "AnalysisRules"}

    monkeypatch.setattr(Environment, "_live", without_rules)
    status, output, error = export("--membership", query_side.membership)
    assert status == 3
    assert "configured table 'orders'" in error
    assert "CloudFormation does not show the analysis rules that the service names" in error
    assert " ConfiguredTable(" not in output


def test_a_form_that_this_version_does_not_know_is_a_gap(
    mapping: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        found = call(client, name, parameters)
        if name == "GetIdMappingWorkflow":
            del found["inputSourceConfig"]
        return found

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    status, output, error = export("--membership", mapping.membership)
    assert status == 3
    assert "this version of cdk-cleanrooms does not know the form of its description" in error
    assert output.count("adopt=") == 10


def test_a_membership_that_is_not_described_is_found_among_several(
    whole: World, export: Export, refuse: Refuse
) -> None:
    first = whole.membership
    whole.collaborate(name="other")
    refuse("GetMembership")
    for membership in (first, whole.membership):
        status, output, _ = export("--membership", membership)
        assert (status, membership in output) == (3, True)


def test_another_answer_than_a_denial_is_told_without_a_permission(
    mapping: World, export: Export, refuse: Refuse
) -> None:
    refuse("GetMatchingWorkflow", code="ThrottlingException")
    status, _, error = export("--membership", mapping.membership)
    assert status == 3
    assert "ThrottlingException" in error
    assert "entityresolution:GetMatchingWorkflow" not in error


def test_an_app_that_cannot_be_synthesized_is_printed_with_the_reason(
    mapping: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Synthesized(error="RuntimeError: no memory is left")
    monkeypatch.setattr(Synthesizer, "synthesize", lambda *_: failed)
    status, output, error = export("--membership", mapping.membership)
    assert status == 3
    assert "the app cannot be synthesized: " in error
    assert "no memory is left" in error
    assert "the app cannot be synthesized: " in output


@pytest.mark.parametrize(
    "operation",
    [
        "GetSchemaMapping",
        "ListIdMappingTables",
        "ListCollaborationChangeRequests",
    ],
)
def test_a_network_that_fails_ends_the_command(
    operation: str, mapping: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = BaseClient._make_api_call

    def answer(client: Any, name: str, parameters: Any) -> Any:
        if name == operation:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
        return call(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)
    status, output, error = export("--membership", mapping.membership)
    assert (status, output) == (1, "")
    assert "Could not connect to the endpoint URL" in error


def test_an_intermediate_table_is_listed_and_not_printed(world: World, export: Export) -> None:
    world.collaborate()
    world.in_membership(
        "create_intermediate_table",
        name="joined",
        populationAnalysisConfiguration={"sqlParameters": {"queryString": "SELECT 1"}},
    )
    status, output, error = export("--membership", world.membership)
    assert status == 3
    assert "intermediate table 'joined'" in error
    assert "intermediate table 'joined'" in output


def test_an_older_boto3_without_a_listing_is_no_gap(
    mapping: World, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = reader._OTHERS[0]._replace(operation="list_what_a_later_boto3_has")
    monkeypatch.setattr(reader, "_OTHERS", (later,))
    assert export("--membership", mapping.membership).status == 0


def test_a_folder_that_cannot_be_read_is_named(
    export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    status, _, error = export(
        "--membership", "a1b2c3d4-5678-90ab-cdef-111111111111", "--output", tmp_path
    )
    assert status == 1
    assert f"cannot read {tmp_path}" in error
