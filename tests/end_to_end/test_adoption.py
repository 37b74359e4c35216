"""Tests of adoption of an association that somebody created by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from .cdk_app import SYNTHESIZED, CdkApp, Result, unwrapped

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"

SOURCE = """\
from aws_cdk import App, CfnOutput, CfnWaitConditionHandle, Environment, RemovalPolicy, Stack
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
for arguments in {associations!r}:
    association = IdNamespaceAssociation(
        stack,
        arguments["name"],
        membership={membership!r},
        id_namespace={id_namespace!r},
        **arguments,
    )
{more}
app.synth()
"""


def made_by_hand(app: CdkApp, name: str = "customers", **more: Any) -> dict[str, Any]:
    """Create an association without a stack, as a person would."""
    created = app.cloud.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=app.membership,
        name=name,
        inputReferenceConfig={"inputReferenceArn": ID_NAMESPACE, "manageResourcePolicies": True},
        **more,
    )["idNamespaceAssociation"]
    [association] = [one for one in app.associations() if one["id"] == created["id"]]
    return association


def declare(
    app: CdkApp,
    *associations: dict[str, Any],
    membership: str | None = None,
    more: str = "",
) -> None:
    """Write an app with these associations in one stack."""
    app.write(
        SOURCE.format(
            stack=app.stack_name,
            associations=associations,
            membership=membership or app.membership,
            id_namespace=ID_NAMESPACE,
            more=more,
        )
    )


def imported(app: CdkApp, *options: str) -> Result:
    """Run the command that adopts."""
    mapping = f"cdk.out/{app.stack_name}.import.json"
    return app.cdk("import", app.stack_name, "--resource-mapping", mapping, *options)


def test_differences_at_the_adoption_are_corrected_on_request(app: CdkApp) -> None:
    existing = made_by_hand(app, description="By hand", tags={"Made": "by hand"})
    declare(
        app,
        {"name": "customers", "description": "Ours", "tags": {"Team": "Data"}}
        | {"adopt": existing["id"]},
    )
    assert imported(app).status == 0
    result = app.deploy(*SYNTHESIZED, "--revert-drift")
    assert result.status == 0, result.output
    [changed] = app.associations()
    assert changed["id"] == existing["id"]
    assert (changed["description"], changed["tags"]) == ("Ours", {"Team": "Data"})
    assert "There were no differences" in app.cdk("diff", *SYNTHESIZED).output

    again = imported(app, *SYNTHESIZED)
    assert again.status == 0, again.output
    assert "no new resources compared to the currently deployed stack" in again.output
    assert app.associations() == [changed]


def test_an_adopted_association_can_be_destroyed_with_its_stack(app: CdkApp) -> None:
    existing = made_by_hand(app)
    declare(
        app,
        {"name": "customers", "adopt": existing["id"]},
        more="association.apply_removal_policy(RemovalPolicy.DESTROY)",
    )
    assert imported(app).status == 0
    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.associations() == []


def test_an_association_of_another_membership_is_not_adopted_and_the_command_says_why(
    app: CdkApp,
) -> None:
    existing = made_by_hand(app)
    declare(app, {"name": "customers", "adopt": existing["id"]}, membership=str(uuid4()))
    result = imported(app)
    assert result.status != 0
    assert "does not exist" in unwrapped(result.output)
    assert app.associations() == [existing]


LOOK_UP = """\
from aws_cdk import App, CfnOutput, Environment, Stack
from cdk_cleanrooms import IdNamespaceAssociation

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
association = IdNamespaceAssociation.from_lookup(
    stack,
    "Customers",
    membership_identifier={membership!r},
    id_namespace_association_identifier={identifier!r},
)
CfnOutput(stack, "Name", value=association.name)
CfnOutput(stack, "Collaboration", value=association.collaboration_identifier)
app.synth()
"""


def test_a_look_up_reads_the_association_and_saves_it_in_the_context(app: CdkApp) -> None:
    existing = made_by_hand(app, "Kundenstämme")
    app.write(
        LOOK_UP.format(stack=app.stack_name, membership=app.membership, identifier=existing["id"])
    )
    result = app.cdk("synth")
    assert result.status == 0, result.output
    assert "Kundenstämme" in result.output
    assert existing["collaborationId"] in result.output
    assert existing["id"] in (app.folder / "cdk.context.json").read_text("utf-8")


def test_a_look_up_of_a_missing_association_fails_with_a_message(app: CdkApp) -> None:
    missing = str(uuid4())
    app.write(LOOK_UP.format(stack=app.stack_name, membership=app.membership, identifier=missing))
    result = app.cdk("synth")
    assert result.status != 0
    assert f"{missing}|{app.membership}" in unwrapped(result.output)


def test_the_output_of_discover_is_adopted_by_the_next_command(app: CdkApp) -> None:
    existing = [
        made_by_hand(app, name, description="By hand", tags={"Made": "by hand"})
        for name in ("customers", 'visitors "2"', "顧客")
    ]
    result = app.discover("--format", "python")
    assert result.status == 0, result.output
    folder: Path = app.folder
    (folder / "discovered.py").write_text(result.output, encoding="utf-8")
    declare(app, more='self = stack\nexec(open("discovered.py", encoding="utf-8").read())')
    result = imported(app)
    assert result.status == 0, result.output
    result = app.deploy(*SYNTHESIZED)
    assert result.status == 0, result.output
    assert app.associations() == existing
