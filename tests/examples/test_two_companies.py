"""Tests of the example `two_companies`."""

from __future__ import annotations

import json
from pathlib import Path

from cdk_cleanrooms.local_cloud import LocalCloud
from tests.stacks import DeployedStack

from .conftest import Synthesize
from .running import ASSOCIATION, EXAMPLES, Assembly, resources_of

COLLABORATION = "AWS::CleanRooms::Collaboration"
MEMBERSHIP = "AWS::CleanRooms::Membership"
ID_NAMESPACE = "AWS::EntityResolution::IdNamespace"
PARTNER = "444455556666"
POLICY_STATEMENT = "AWS::EntityResolution::PolicyStatement"


def test_each_company_has_its_own_account(synthesize: Synthesize) -> None:
    manifest = json.loads((synthesize("two_companies").folder / "manifest.json").read_text("utf-8"))
    environments = {
        artifact_id: artifact["environment"]
        for artifact_id, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert environments == {
        "Advertiser": "aws://111122223333/us-east-1",
        "Publisher": "aws://444455556666/us-east-1",
    }


def test_the_advertiser_invites_the_publisher(synthesize: Synthesize) -> None:
    template = synthesize("two_companies").templates["Advertiser"]
    ((identifier, collaboration),) = resources_of(template, COLLABORATION).items()
    (member,) = collaboration["Properties"]["Members"]
    assert member["AccountId"] == "444455556666"
    handed_over = {"Fn::GetAtt": [identifier, "CollaborationIdentifier"]}
    assert template["Outputs"]["CollaborationIdentifier"]["Value"] == handed_over


def test_the_publisher_joins_the_collaboration_from_the_context(
    synthesize: Synthesize,
) -> None:
    template = synthesize("two_companies").templates["Publisher"]
    context = json.loads((EXAMPLES / "two_companies" / "cdk.json").read_text("utf-8"))["context"]
    (membership,) = resources_of(template, MEMBERSHIP).values()
    assert membership["Properties"]["CollaborationIdentifier"] == context["collaboration"]
    assert resources_of(template, COLLABORATION) == {}


def test_both_memberships_agree_with_the_collaboration(synthesize: Synthesize) -> None:
    agreed = {}
    for company, template in synthesize("two_companies").templates.items():
        (membership,) = resources_of(template, MEMBERSHIP).values()
        properties = membership["Properties"]
        agreed[company] = (properties["QueryLogStatus"], properties.get("PaymentConfiguration"))
    assert agreed == {
        "Advertiser": ("ENABLED", {"QueryCompute": {"IsResponsible": True}}),
        "Publisher": ("ENABLED", None),
    }


def test_resources_that_cannot_be_created_again_are_retained(synthesize: Synthesize) -> None:
    policies = {
        resource["Type"]: resource["DeletionPolicy"]
        for template in synthesize("two_companies").templates.values()
        for kind in (COLLABORATION, MEMBERSHIP)
        for resource in resources_of(template, kind).values()
    }
    assert policies == {COLLABORATION: "RetainExceptOnCreate", MEMBERSHIP: "Retain"}


def test_each_company_associates_its_own_id_namespace_with_its_own_membership(
    synthesize: Synthesize,
) -> None:
    types = []
    for template in synthesize("two_companies").templates.values():
        (membership,) = resources_of(template, MEMBERSHIP)
        ((namespace, its_definition),) = resources_of(template, ID_NAMESPACE).items()
        (association,) = resources_of(template, ASSOCIATION).values()
        properties = association["Properties"]
        assert properties["MembershipIdentifier"]["Fn::GetAtt"][0] == membership
        assert properties["InputReferenceConfig"]["InputReferenceArn"]["Fn::GetAtt"][0] == namespace
        types.append(its_definition["Properties"]["Type"])
    assert sorted(types) == ["SOURCE", "TARGET"]


def test_the_publisher_lets_the_advertiser_use_its_id_namespace(synthesize: Synthesize) -> None:
    template = synthesize("two_companies").templates["Publisher"]
    ((namespace, _),) = resources_of(template, ID_NAMESPACE).items()
    (statement,) = resources_of(template, POLICY_STATEMENT).values()
    arn = template["Outputs"]["IdNamespaceArn"]["Value"]
    assert statement["Properties"]["Arn"] == arn == {"Fn::GetAtt": [namespace, "IdNamespaceArn"]}
    assert "111122223333" in json.dumps(statement["Properties"]["Principal"])


def test_both_companies_map_their_ids_and_stay_members(cloud: LocalCloud, tmp_path: Path) -> None:
    publisher = cloud.other_account(PARTNER)
    accounts = {"Advertiser": cloud, "Mapping": cloud, "Publisher": publisher}

    def deploy(company: str, **context: str) -> dict[str, str]:
        assembly = Assembly(tmp_path / f"{company}-{len(context)}")
        assembly.synthesize("two_companies", context=context)
        deployed = DeployedStack(accounts[company], company)
        return deployed.deploy(assembly.templates[company])

    collaboration = deploy("Advertiser")["CollaborationIdentifier"]
    id_namespace = deploy("Publisher", collaboration=collaboration)["IdNamespaceArn"]
    # The other stack refers to exports of this one.
    deploy("Advertiser", id_namespace=id_namespace)
    outputs = deploy("Mapping", id_namespace=id_namespace)

    client = cloud.client("cleanrooms")
    _, service, _, _, membership, _, table = outputs["Populate"].split()
    assert service == "cleanrooms"
    populated = client.populate_id_mapping_table(
        membershipIdentifier=membership, idMappingTableIdentifier=table
    )
    assert populated["idMappingJobId"]

    def statuses() -> dict[str, str]:
        members = client.list_members(collaborationIdentifier=collaboration)["memberSummaries"]
        return {one["displayName"]: one["status"] for one in members}

    both = {"Advertiser": "ACTIVE", "Publisher": "ACTIVE"}
    assert statuses() == both
    # A deployment without the value cannot delete the table.
    without = Assembly(tmp_path / "without")
    without.synthesize("two_companies")
    assert "Mapping" not in without.templates
    for company in ("Mapping", "Advertiser"):
        DeployedStack(cloud, company).destroy()
    assert statuses() == both
