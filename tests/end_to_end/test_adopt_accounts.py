"""A test of one `cdk-cleanrooms adopt`, in a third account, for three stacks in two accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_cdk import CfnOutput, Environment, Stack

from cdk_cleanrooms import IdNamespaceAssociation, Membership, SchemaInputAttribute, SchemaMapping

from .cdk_app import CdkApp
from .conftest import Adopt


def test_one_command_adopts_into_three_stacks_of_two_accounts(
    app: CdkApp,
    adopt: Adopt,
    adopt_with_cli: Adopt,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud, name = app.cloud, app.stack_name
    partner = cloud.other_account()
    partner.bootstrap()
    clean_rooms = cloud.client("cleanrooms")
    collaboration = clean_rooms.create_collaboration(
        name=name,
        description="By hand",
        members=[],
        creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        creatorDisplayName="We",
        queryLogStatus="DISABLED",
    )["collaboration"]["id"]
    membership = clean_rooms.create_membership(
        collaborationIdentifier=collaboration, queryLogStatus="DISABLED"
    )["membership"]["id"]
    id_namespace = f"arn:aws:entityresolution:{cloud.region}:{cloud.account}:idnamespace/{name}"
    clean_rooms.create_id_namespace_association(
        membershipIdentifier=membership,
        name="customers",
        inputReferenceConfig={"inputReferenceArn": id_namespace, "manageResourcePolicies": True},
    )
    fields = [{"fieldName": "id", "type": "UNIQUE_ID"}, {"fieldName": "age", "type": "STRING"}]
    partner.client("entityresolution").create_schema_mapping(
        schemaName=name, mappedInputFields=fields
    )

    root = app.new_app()
    ours = Environment(account=cloud.account, region=cloud.region)
    theirs = Environment(account=partner.account, region=cloud.region)
    first = Stack(root, f"{name}First", env=ours)
    joined = Membership(
        first, "Membership", collaboration=collaboration, query_log_enabled=False, adopt=True
    )
    second = Stack(root, f"{name}Second", env=ours)
    association = IdNamespaceAssociation(
        second,
        "Customers",
        membership=joined,
        id_namespace=id_namespace,
        name="customers",
        description="By code",
        adopt=True,
    )
    CfnOutput(second, "Association", value=association.id_namespace_association_identifier)
    third = Stack(root, f"{name}Third", env=theirs)
    schema = [
        SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
        SchemaInputAttribute(field_name="age", type="STRING"),
    ]
    mapping = SchemaMapping(third, "Schema", name=name, mapped_input_fields=schema, adopt=True)
    CfnOutput(third, "SchemaArn", value=mapping.schema_mapping_arn)
    outputs = tmp_path / "outputs.json"
    # The caller belongs to neither account, and uses the roles that the app names.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", cloud.other_account().account)

    with_cli = adopt_with_cli(third.stack_name)
    assert with_cli.status == 0, with_cli.error
    assert with_cli.output.splitlines()[-1].split()[:2] == ["imported", third.stack_name]

    step = adopt()
    assert step.status == 0, step.error
    assert [line.split()[:2] for line in step.output.splitlines() if "imported" in line] == [
        ["imported", first.stack_name],
    ]
    assert f"cdk-cleanrooms adopt {second.stack_name} --deploy" in step.error

    outcome = adopt("--deploy", "--outputs-file", str(outputs))

    assert outcome.status == 0, outcome.error
    done = [line.split()[0] for line in outcome.output.splitlines()]
    assert sorted(done) == [
        *["adopt", "already", "already"],
        *["deployed", "deployed", "deployed", "imported"],
    ]
    [adopted] = app.associations(membership)
    assert adopted["description"] == "By code"
    written = json.loads(outputs.read_text())
    assert written[second.stack_name]["Association"] == adopted["id"]
    assert {first.stack_name, second.stack_name} <= {*written}
    again = adopt("--dry-run")
    assert [line.split()[0] for line in again.output.splitlines()] == ["already"] * 3
    assert "(" not in again.output
