"""Tests of the example `id_mapping`."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cdk_cleanrooms.local_cloud import LocalAccount
from tests.apps import Template
from tests.stacks import DeployedStack

from .conftest import Synthesize
from .running import EXAMPLES, Assembly, resources_of

SOURCE = EXAMPLES / "id_mapping" / "app.py"
ENTITY_RESOLUTION = "AWS::EntityResolution::"


@pytest.fixture(scope="module")
def template(synthesize: Synthesize) -> Template:
    return synthesize("id_mapping").templates["IdMapping"]


def test_the_app_is_short_and_uses_l1s_only_for_the_data() -> None:
    source = SOURCE.read_text("utf-8")
    assert len(source.splitlines()) <= 100
    allowed = {"CfnOutput", "CfnDatabase", "CfnTable"}
    words = source.replace("(", " ").replace(",", " ").split()
    assert {word for word in words if word.startswith("Cfn")} == allowed


def test_only_the_account_has_to_exist(template: Template) -> None:
    types = sorted({one["Type"] for one in template["Resources"].values()})
    assert types == [
        "AWS::CleanRooms::Collaboration",
        "AWS::CleanRooms::IdMappingTable",
        "AWS::CleanRooms::IdNamespaceAssociation",
        "AWS::CleanRooms::Membership",
        "AWS::EntityResolution::IdMappingWorkflow",
        "AWS::EntityResolution::IdNamespace",
        "AWS::EntityResolution::MatchingWorkflow",
        "AWS::EntityResolution::SchemaMapping",
        "AWS::Glue::Database",
        "AWS::Glue::Table",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
    ]


def test_the_roles_have_the_wildcards_that_the_page_about_cdk_nag_explains(
    template: Template,
) -> None:
    wildcards = Counter(
        resource["Fn::Join"][1][-1]
        for policy in resources_of(template, "AWS::IAM::Policy").values()
        for resource in {
            json.dumps(resource): resource
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            for resource in (
                statement["Resource"]
                if isinstance(statement["Resource"], list)
                else [statement["Resource"]]
            )
            if "*" in json.dumps(resource)
        }.values()
    )
    assert wildcards == {"/customers/*": 2, "/subscribers/*": 3, "/matched/*": 1}


def test_each_table_has_its_columns_and_the_place_of_its_data(template: Template) -> None:
    (bucket,) = resources_of(template, "AWS::S3::Bucket")
    for table in resources_of(template, "AWS::Glue::Table").values():
        given = table["Properties"]["TableInput"]
        assert given["StorageDescriptor"] == {
            "Columns": [{"Name": "id", "Type": "string"}, {"Name": "email", "Type": "string"}],
            "Location": {"Fn::Join": ["", ["s3://", {"Ref": bucket}, f"/{given['Name']}/"]]},
        }


def test_every_resource_with_a_role_waits_for_the_policy_of_the_role(template: Template) -> None:
    policies = {
        policy["Properties"]["Roles"][0]["Ref"]: name
        for name, policy in resources_of(template, "AWS::IAM::Policy").items()
    }
    users = [
        one
        for one in template["Resources"].values()
        if one["Type"].startswith(ENTITY_RESOLUTION) and "RoleArn" in one["Properties"]
    ]
    assert len(users) == 4
    for user in users:
        role, _ = user["Properties"]["RoleArn"]["Fn::GetAtt"]
        assert policies[role] in user["DependsOn"]


def test_no_policy_allows_more_than_one_prefix_of_the_bucket(template: Template) -> None:
    for policy in resources_of(template, "AWS::IAM::Policy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert statement["Resource"] != "*"
            assert "*" not in statement["Action"]


def test_the_mapping_table_waits_for_both_associations(template: Template) -> None:
    (table,) = resources_of(template, "AWS::CleanRooms::IdMappingTable").values()
    associations = resources_of(template, "AWS::CleanRooms::IdNamespaceAssociation")
    assert len(associations) == 2
    assert table["DependsOn"] == sorted(associations)


def test_the_template_is_that_of_the_snapshot(template: Template, json_snapshot: Any) -> None:
    assert template["Resources"] == json_snapshot


def test_the_app_is_deployed_changed_and_destroyed(
    tmp_path: Path, synthesize: Synthesize, cleanrooms_cloud: LocalAccount
) -> None:
    app = shutil.copytree(
        SOURCE.parent, tmp_path / "app", ignore=shutil.ignore_patterns("cdk.out")
    ).joinpath("app.py")
    text = app.read_text("utf-8")
    changed = text.replace('prefix="matched"', 'prefix="matches"')
    assert changed != text
    renamed = changed.replace('description="Who is both"', 'description="Who is one of both"')
    assert renamed != changed
    app.write_text(renamed, "utf-8")
    update = Assembly(tmp_path / "cdk.out")
    update.synthesize("id_mapping", app.parent)

    deployed = DeployedStack(cleanrooms_cloud, "IdMapping")
    outputs = deployed.deploy(synthesize("id_mapping").templates["IdMapping"])
    assert any("aws cleanrooms populate-id-mapping-table" in it for it in outputs.values())
    clean_rooms = cleanrooms_cloud.client("cleanrooms")
    (membership,) = clean_rooms.list_memberships()["membershipSummaries"]
    (table,) = clean_rooms.list_id_mapping_tables(membershipIdentifier=membership["id"])[
        "idMappingTableSummaries"
    ]
    job = clean_rooms.populate_id_mapping_table(
        membershipIdentifier=membership["id"], idMappingTableIdentifier=table["id"]
    )
    assert job["idMappingJobId"]

    deployed.deploy(update.templates["IdMapping"])
    (collaboration,) = clean_rooms.list_collaborations()["collaborationList"]
    assert deployed.status() == "UPDATE_COMPLETE"
    deployed.destroy()
    left = clean_rooms.list_memberships()["membershipSummaries"]
    assert [one["id"] for one in left] == [membership["id"]]
    assert clean_rooms.list_collaborations()["collaborationList"] == [collaboration]
    entity_resolution = cleanrooms_cloud.client("entityresolution")
    assert entity_resolution.list_id_namespaces()["idNamespaceSummaries"] == []
    assert entity_resolution.list_schema_mappings()["schemaList"] == []
