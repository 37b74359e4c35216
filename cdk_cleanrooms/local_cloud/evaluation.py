"""The evaluation of the roles of services at the end of a deployment, by ministack's IAM.

What is not certain counts as allowed: a condition counts as met in a statement that allows, and as
not met in a statement that denies. Roles, buckets, tables and keys that no stack of the account
declares are not evaluated, and neither are service control policies and AWS Lake Formation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .permissions import Need, needs
from .service import Caller, Resource, World

Records = Mapping[str, Mapping[str, Any]]


class DeclaredPlaces:
    """Where data is, as the stacks of an account declare it.

    Args:
        parts: The parts of ministack.
        records: The resources of all stacks of the account.
    """

    def __init__(self, parts: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
        self._parts = parts
        self._buckets = {
            one["PhysicalResourceId"]: one["Properties"]
            for one in records
            if one["ResourceType"] == "AWS::S3::Bucket"
        }

    def location(self, database: str, table: str) -> str | None:
        """Return the URI of a Glue table's data in Amazon S3, if the table exists."""
        found = self._parts["_tables"].get(f"{database}/{table}") or {}
        location: str | None = found.get("StorageDescriptor", {}).get("Location")
        return location

    def key(self, bucket: str) -> str | None:
        """Return the ARN of the key that encrypts a bucket, if a stack declares both."""
        encryption = self._buckets[bucket].get("BucketEncryption", {})
        for rule in encryption.get("ServerSideEncryptionConfiguration", ()):
            default = rule.get("ServerSideEncryptionByDefault", {})
            # Without a key, the bucket uses a key of AWS, which everybody may use through S3.
            key = self._parts["_resolve_key"](default.get("KMSMasterKeyID"))
            if key and str(default.get("SSEAlgorithm")).startswith("aws:kms"):
                arn: str = key["Arn"]
                return arn
        return None

    def is_declared(self, bucket: str) -> bool:
        """Return whether a stack declares a bucket."""
        return bucket in self._buckets


def missing(
    parts: Mapping[str, Any], resource: Resource, world: World, places: DeclaredPlaces
) -> Iterator[str]:
    """Yield what the role of a resource lacks, as the reason of a failed deployment."""
    for need in needs(resource, world, places):
        if not _is_allowed(parts, resource.owner, need):
            yield (
                f"The role {need.role} does not allow {need.action} on {need.resource}, which "
                f"{resource.kind.service}.amazonaws.com needs {need.purpose}."
            )


def _is_allowed(parts: Mapping[str, Any], owner: Caller, need: Need) -> bool:
    name = need.role.rpartition("/")[2]
    role = parts["_roles"].get(name)
    if role is None or role["Arn"] != need.role:
        return True
    service = need.action.split(":")[0]
    policy = parts["_resource_policy"](service, need.resource)
    if service == "kms" and policy is None:
        # The key belongs to another account, or is not in the local cloud.
        return True
    context = parts["EvalContext"](
        principal_arn=f"arn:aws:sts::{owner.account}:assumed-role/{name}/local-cloud",
        principal_type="AssumedRole",
        principal_account=owner.account,
        action=need.action,
        resource_arn=need.resource,
        region=owner.region,
    )
    policies = _unconditional(parts["_gather_role_policies"](name, owner.account))
    limits = [
        _unconditional(limit)
        for limit in parts["_permissions_boundary"](parts["_roles"], name, owner.account)
    ]
    decision = parts["evaluate"](context, policies, *limits)
    if policy is not None:
        document, account = policy
        decision = parts["combine_resource_policy"](
            decision,
            context,
            _unconditional_document(document),
            account,
            # A key policy must allow even the roles of the key's own account.
            required=service == "kms",
            limits=limits,
        )
    is_allowed: bool = decision.decision == "Allow"
    return is_allowed


def _unconditional(policies: Iterable[Iterable[Any]]) -> list[list[Any]]:
    return [
        [
            replace(statement, conditions={})
            for statement in policy
            if statement.effect == "Allow" or not statement.conditions
        ]
        for policy in policies
    ]


def _unconditional_document(document: str | dict[str, Any]) -> dict[str, Any]:
    whole = json.loads(document or "{}") if isinstance(document, str) else document
    statements = whole.get("Statement", [])
    return {
        **whole,
        "Statement": [
            {name: value for name, value in statement.items() if name != "Condition"}
            for statement in (statements if isinstance(statements, list) else [statements])
            if statement["Effect"] == "Allow" or "Condition" not in statement
        ],
    }
