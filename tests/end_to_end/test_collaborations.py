"""Tests that stacks with collaborations can be repaired, and that nothing is lost for good."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from cdk_cleanrooms.local_cloud import LocalCloud

from .cdk_app import SYNTHESIZED, CdkApp, run_cdk, unwrapped

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_companies"
PARTNER = "444455556666"
IMPORTS = """\
from aws_cdk import App, CfnOutput, CfnResource, Environment, RemovalPolicy, Stack
from cdk_cleanrooms import Collaboration, Member, Membership, Results

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
"""
CREATOR = """
collaboration = Collaboration(
    stack,
    "Collaboration",
    name={stack!r},
    description="Which customers we share",
    creator=Member(display_name="Us", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]),
    {more}
)
membership = Membership(
    stack, "Membership", collaboration=collaboration, results=Results(bucket="results")
)
CfnOutput(stack, "Identifier", value=collaboration.collaboration_identifier)
"""
PARTNERS_SIDE = """
membership = Membership(stack, "Membership", collaboration={collaboration!r}, {more})
"""
FAILURE = """
failure = CfnResource(
    stack,
    "Failure",
    type="AWS::CleanRooms::IdMappingTable",
    properties={
        "MembershipIdentifier": membership.membership_identifier,
        "Name": "fails",
        "InputReferenceConfig": {
            "InputReferenceArn":
                "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/missing",
            "ManageResourcePolicies": True,
        },
    },
)
"""
END = "\napp.synth()\n"


def write(app: CdkApp, *parts: str, more: str = "", collaboration: str = "") -> None:
    """Write an app with these parts."""
    imports = IMPORTS.format(stack=app.stack_name)
    values = {"stack": app.stack_name, "more": more, "collaboration": collaboration}
    rest = [part if part is FAILURE else part.format(**values) for part in parts]
    app.write("".join([imports, *rest, END]))


def collaborations(app: CdkApp) -> list[str]:
    """Return the IDs of the collaborations that an app has created."""
    pages = app.cloud.client("cleanrooms").get_paginator("list_collaborations").paginate()
    found = [one for page in pages for one in page["collaborationList"]]
    return [one["id"] for one in found if one["name"] == app.stack_name]


def memberships(app: CdkApp, collaboration: str) -> list[str]:
    """Return the status of each membership of this account in a collaboration."""
    client = app.cloud.client("cleanrooms")
    pages = client.get_paginator("list_memberships").paginate()
    return [
        one["status"]
        for page in pages
        for one in page["membershipSummaries"]
        if one["collaborationId"] == collaboration
    ]


def hosted_elsewhere(app: CdkApp) -> str:
    """Create a collaboration in another account that invites this account."""
    client = app.cloud.client("cleanrooms", account=PARTNER)
    created = client.create_collaboration(
        name=app.stack_name,
        description="Which customers we share",
        creatorDisplayName="They",
        creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        members=[{"accountId": app.cloud.account, "displayName": "Us", "memberAbilities": []}],
        queryLogStatus="DISABLED",
    )
    identifier: str = created["collaboration"]["id"]
    return identifier


def test_a_first_deployment_that_fails_rolls_back_and_can_be_repeated(app: CdkApp) -> None:
    write(app, CREATOR, FAILURE)
    for options in ((), SYNTHESIZED):
        result = app.deploy(*options)
        assert result.status != 0
        assert app.stack_status() == "ROLLBACK_COMPLETE", unwrapped(result.output)
        # The second collaboration is not left behind either.
        assert collaborations(app) == []

    write(app, CREATOR)
    (outputs,) = app.deployed_outputs().values()
    assert collaborations(app) == [outputs["Identifier"]]
    assert memberships(app, outputs["Identifier"]) == ["ACTIVE"]


def test_destroying_the_creators_stack_retains_everything(app: CdkApp) -> None:
    write(app, CREATOR)
    (outputs,) = app.deployed_outputs().values()
    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert collaborations(app) == [outputs["Identifier"]]
    assert memberships(app, outputs["Identifier"]) == ["ACTIVE"]
    # The membership still uses the role for its results.
    roles = app.cloud.client("iam").list_roles()["Roles"]
    assert any(role["RoleName"].startswith(app.stack_name) for role in roles)


def test_a_collaboration_can_be_destroyed_on_purpose(app: CdkApp) -> None:
    write(app, CREATOR, more="removal_policy=RemovalPolicy.DESTROY,")
    (outputs,) = app.deployed_outputs().values()
    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert collaborations(app) == []
    assert memberships(app, outputs["Identifier"]) == ["COLLABORATION_DELETED"]


def test_a_partner_whose_first_deployment_fails_is_still_a_member(app: CdkApp) -> None:
    collaboration = hosted_elsewhere(app)
    write(app, PARTNERS_SIDE, FAILURE, collaboration=collaboration)
    assert app.deploy().status != 0
    assert app.stack_status() == "ROLLBACK_COMPLETE"
    assert memberships(app, collaboration) == ["ACTIVE"]


def test_both_companies_of_the_example_map_their_ids_and_stay_members(
    tmp_path: Path, cloud: LocalCloud
) -> None:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    accounts = {"Advertiser": cloud.account, "Publisher": PARTNER}
    bootstrapped = run_cdk(
        cloud, tmp_path, "bootstrap", f"aws://{PARTNER}/{cloud.region}", account=PARTNER
    )
    assert bootstrapped.status == 0, bootstrapped.output

    def deploy(company: str, *context: str) -> dict[str, str]:
        outputs = tmp_path / f"{company}.json"
        options = ("--require-approval", "never", "--outputs-file", str(outputs))
        account = accounts[company]
        result = run_cdk(cloud, folder, "deploy", company, *options, *context, account=account)
        assert result.status == 0, result.output
        return dict(json.loads(outputs.read_text("utf-8"))[company])

    collaboration = deploy("Advertiser")["CollaborationIdentifier"]
    id_namespace = deploy("Publisher", "-c", f"collaboration={collaboration}")["IdNamespaceArn"]
    outputs = deploy("Advertiser", "-c", f"id_namespace={id_namespace}")

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
    destroyed = run_cdk(cloud, folder, "destroy", "Advertiser", "--force", *SYNTHESIZED)
    assert destroyed.status == 0, destroyed.output
    assert statuses() == both
