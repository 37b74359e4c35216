"""The resources that common tests deploy, adopt and destroy.

To add one, add a `Deployable` to `DEPLOYABLES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .cdk_app import CdkApp

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
WORKFLOW = "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/customers"


def _nothing(_app: CdkApp) -> None: ...


@dataclass(frozen=True)
class Deployable:
    """How to declare a resource, and how to create it without a stack."""

    construct: str
    """The class, and the name of its type in the local cloud."""
    arguments: Callable[[CdkApp], dict[str, Any]]
    """The required arguments."""
    create: Callable[[CdkApp], Any]
    """A function that creates it by hand with the same values, and returns the API's answer."""
    prepare: Callable[[CdkApp], object] = _nothing
    """A function that creates by hand what the resource needs; by default, nothing."""

    def __str__(self) -> str:
        return self.construct

    def live(self, app: CdkApp) -> list[dict[str, Any]]:
        """Return the membership's resources of this type, without CloudFormation's own tags."""
        return [
            {**one, "tags": {key: one["tags"][key] for key in one["tags"] if key[:4] != "aws:"}}
            for one in app.cloud.resources(self.construct)
            if one["membershipId"] == app.membership
        ]

    def create_by_hand(self, app: CdkApp) -> dict[str, Any]:
        """Create the resource without a stack, and return it."""
        (created,) = self.create(app).values()
        [found] = [one for one in self.live(app) if one["id"] == created["id"]]
        return found


def _associate(app: CdkApp, name: str = "customers") -> Any:
    created = app.cloud.client("cleanrooms").create_id_namespace_association(
        membershipIdentifier=app.membership,
        name=name,
        inputReferenceConfig={
            "inputReferenceArn": ID_NAMESPACE.replace("customers", name),
            "manageResourcePolicies": True,
        },
    )
    return {"association": created["idNamespaceAssociation"]}


def _associate_both(app: CdkApp) -> None:
    for name in ("customers", "visitors"):
        _associate(app, name)


def _map(app: CdkApp) -> Any:
    created = app.cloud.client("cleanrooms").create_id_mapping_table(
        membershipIdentifier=app.membership,
        name="customers",
        inputReferenceConfig={"inputReferenceArn": WORKFLOW, "manageResourcePolicies": True},
    )
    return {"table": created["idMappingTable"]}


DEPLOYABLES = [
    Deployable(
        "IdNamespaceAssociation",
        arguments=lambda app: {
            "membership": app.membership,
            "id_namespace": ID_NAMESPACE,
            "name": "customers",
        },
        create=_associate,
    ),
    Deployable(
        "IdMappingTable",
        arguments=lambda app: {
            "membership": app.membership,
            "id_mapping_workflow": WORKFLOW,
            "name": "customers",
        },
        create=_map,
        prepare=_associate_both,
    ),
]
