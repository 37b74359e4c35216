"""A role for analysts that can read two associations: one of this stack, and an imported one."""

from __future__ import annotations

from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk.aws_iam import AccountRootPrincipal, Role
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation


class AnalystsStack(Stack):
    """The role and the associations that it can read."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        analysts = Role(
            self,
            "Analysts",
            assumed_by=AccountRootPrincipal(),
            description="Reads ID namespace associations",
        )

        customers = IdNamespaceAssociation(
            self,
            "Customers",
            membership="a1b2c3d4-5678-90ab-cdef-111111111111",
            id_namespace="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
            name="customers",
        )
        customers.grants.read(analysts)

        # This association was created elsewhere. The import adds nothing to the template, and the
        # association does not change.
        loyalty = IdNamespaceAssociation.from_existing(
            self,
            "Loyalty",
            membership="a1b2c3d4-5678-90ab-cdef-111111111111",
            id_namespace_association_identifier="a1b2c3d4-5678-90ab-cdef-222222222222",
        )
        loyalty.grants.read(analysts)


app = App()
AnalystsStack(app, "Analysts", env=Environment(account="111122223333", region="us-east-1"))
app.synth()
