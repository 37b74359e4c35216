"""The resources that common tests deploy, adopt and destroy.

To add one, add a `Deployable` to `DEPLOYABLES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cdk_cleanrooms import DifferentialPrivacyBudget, SqlSource

from .cdk_app import CdkApp

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
CONFIGURED_TABLE = "b2c3d4e5-6789-01ab-cdef-222222222222"
ROLE = "arn:aws:iam::111122223333:role/ReadsTables"
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
    change: Mapping[str, Any] = field(default_factory=lambda: {"description": "Ours"})
    """Arguments whose change is made in place, except tags."""

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


def _create_role(app: CdkApp) -> None:
    iam = app.cloud.client("iam")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cleanrooms.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(
            RoleName=ROLE.rpartition("/")[2],
            AssumeRolePolicyDocument=json.dumps({"Statement": [statement]}),
        )


def _associate_table(app: CdkApp) -> Any:
    created = app.cloud.client("cleanrooms").create_configured_table_association(
        membershipIdentifier=app.membership,
        name="customers",
        configuredTableIdentifier=CONFIGURED_TABLE,
        roleArn=ROLE,
    )
    return {"association": created["configuredTableAssociation"]}


def _create_template(app: CdkApp) -> Any:
    created = app.cloud.client("cleanrooms").create_analysis_template(
        membershipIdentifier=app.membership,
        name="customers",
        format="SQL",
        source={"text": "SELECT 1"},
    )
    return {"template": created["analysisTemplate"]}


def _create_budget(app: CdkApp) -> Any:
    created = app.cloud.client("cleanrooms").create_privacy_budget_template(
        membershipIdentifier=app.membership,
        privacyBudgetType="DIFFERENTIAL_PRIVACY",
        autoRefresh="NONE",
        parameters={"differentialPrivacy": {"epsilon": 3, "usersNoisePerQuery": 30}},
    )
    return {"template": created["privacyBudgetTemplate"]}


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
    Deployable(
        "ConfiguredTableAssociation",
        arguments=lambda app: {
            "membership": app.membership,
            "configured_table": CONFIGURED_TABLE,
            "name": "customers",
            "role": ROLE,
            "collaboration_rule": False,
        },
        create=_associate_table,
        prepare=_create_role,
    ),
    Deployable(
        "AnalysisTemplate",
        arguments=lambda app: {
            "membership": app.membership,
            "name": "customers",
            "source": SqlSource("SELECT 1"),
        },
        create=_create_template,
    ),
    Deployable(
        "PrivacyBudgetTemplate",
        arguments=lambda app: {
            "membership": app.membership,
            "budget": DifferentialPrivacyBudget(epsilon=3, users_noise_per_query=30),
        },
        create=_create_budget,
        change={"budget": DifferentialPrivacyBudget(epsilon=4, users_noise_per_query=30)},
    ),
]
