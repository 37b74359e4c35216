"""The app with L1s, but with the CDK's own L2s, and a construct around each L1.

It shows what any L2 costs that creates a bucket or a role as the CDK does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import App, RemovalPolicy, Resource
from aws_cdk.aws_iam import (
    CompositePrincipal,
    Policy,
    PolicyDocument,
    PrincipalBase,
    Role,
    ServicePrincipal,
)
from aws_cdk.aws_s3 import Bucket

from dev.benchmarks.mapping_stack import CreatedRole
from dev.benchmarks.overlap.app import OverlapStack

L1S = 18
"""The number of resources of Clean Rooms and Entity Resolution."""


class WithL2sOfTheCdk(OverlapStack):
    """The same stack, with the CDK's own buckets, roles and policies."""

    def retained_bucket(self, id: str) -> tuple[str, str]:
        """Create a bucket that requires TLS, and return its name and its ARN."""
        bucket = Bucket(self, id, enforce_ssl=True, removal_policy=RemovalPolicy.RETAIN)
        return bucket.bucket_name, bucket.bucket_arn

    def role_with_policy(
        self, id: str, trusts: Sequence[dict[str, Any]], statements: Sequence[dict[str, Any]]
    ) -> CreatedRole:
        """Create a role and its policy."""
        principals: list[PrincipalBase] = [
            ServicePrincipal(trust["Principal"]["Service"], conditions=trust.get("Condition"))
            for trust in trusts
        ]
        trusted = CompositePrincipal(*principals) if len(principals) > 1 else principals[0]
        role = Role(self, id, assumed_by=trusted)
        document = PolicyDocument.from_json({"Statement": [*statements]})
        policy = Policy(role, "Policy", document=document)
        role.attach_inline_policy(policy)
        return CreatedRole(role.role_arn, role, policy)


app = App()
stack = WithL2sOfTheCdk(app, "Overlap")
for number in range(L1S):
    Resource(stack, f"Construct{number}")
app.synth()
