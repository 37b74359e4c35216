"""Adopt the association that exists in production, and create it everywhere else."""

from __future__ import annotations

from typing import Any

from aws_cdk import App, Environment, RemovalPolicy, Stack, Stage
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation


class MatchingStack(Stack):
    """Associates our customers with a membership."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: str,
        existing_association: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        IdNamespaceAssociation(
            self,
            "Customers",
            membership=membership,
            id_namespace=self.format_arn(
                service="entityresolution", resource="idnamespace", resource_name="customers"
            ),
            name="customers",
            description="Our customers, to be matched with our partner's",
            adopt=existing_association,
            # Retains the association even if `existing_association` is removed from the code. Only
            # the rollback of its own creation deletes it.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )


app = App()

beta = Stage(app, "Beta", env=Environment(account="444455556666", region="us-east-1"))
MatchingStack(beta, "Matching", membership="a1b2c3d4-5678-90ab-cdef-444444444444")

prod = Stage(app, "Prod", env=Environment(account="111122223333", region="us-east-1"))
MatchingStack(
    prod,
    "Matching",
    membership="a1b2c3d4-5678-90ab-cdef-111111111111",
    # `cdk-cleanrooms discover --membership …` lists what exists.
    existing_association="a1b2c3d4-5678-90ab-cdef-222222222222",
)

app.synth()
