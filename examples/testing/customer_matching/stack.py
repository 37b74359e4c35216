"""The stack that associates our customers with a collaboration."""

from __future__ import annotations

from typing import Any

from aws_cdk import RemovalPolicy, Stack
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation


class CustomerMatchingStack(Stack):
    """Our customers in a collaboration."""

    def __init__(
        self, scope: Construct, id: str, *, membership: str, id_namespace: str, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.association = IdNamespaceAssociation(
            self,
            "Customers",
            membership=membership,
            id_namespace=id_namespace,
            name="customers",
            description="Our customers, to be matched with our partner's",
            tags={"Team": "DataScience"},
            removal_policy=RemovalPolicy.RETAIN,
        )
