"""The evaluation of the roles of services at the end of a deployment, by ministack's IAM.

What is not certain counts as allowed. That includes a condition whose key has no known value here,
a policy variable, and an attached policy or a permissions boundary that does not exist here. Roles,
buckets, tables and keys that no stack of the account declares are not evaluated, and neither are
service control policies and AWS Lake Formation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .permissions import ASSUME_ROLE, Need, needs
from .service import Caller, Resource, World

Document = dict[str, Any]

_VARIABLE = re.compile(r"\$\{[^}]*\}")
_RESOURCES = ("Resource", "NotResource")
# What a policy that does not exist here may allow.
_EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
# The keys of conditions whose values are certain, as ministack or the context below knows them.
_KNOWN = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:resourceaccount",
        "aws:securetransport",
        "kms:calleraccount",
        "s3:resourceaccount",
    }
)


class Declared:
    """Where data is, and which roles there are, as the stacks of an account declare them.

    Args:
        parts: The parts of ministack.
        records: The resources of all stacks of the account.
    """

    def __init__(self, parts: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
        self._parts = parts
        by_type: dict[str, dict[str, Any]] = {"AWS::IAM::Role": {}, "AWS::S3::Bucket": {}}
        for one in records:
            if one["ResourceType"] in by_type:
                by_type[one["ResourceType"]][one["PhysicalResourceId"]] = one["Properties"]
        self._roles, self._buckets = by_type.values()

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

    def boundary(self, role: str) -> str | None:
        """Return the ARN of a role's permissions boundary, which ministack does not keep."""
        boundary: str | None = self._roles.get(role, {}).get("PermissionsBoundary")
        return boundary


def missing(
    parts: Mapping[str, Any], resource: Resource, world: World, declared: Declared
) -> Iterator[str]:
    """Yield what the role of a resource lacks, as the reason of a failed deployment."""
    service = f"{resource.kind.service}.amazonaws.com"
    for need in needs(resource, world, declared):
        name = need.role.rpartition("/")[2]
        role = parts["_roles"].get(name)
        if role is None or role["Arn"] != need.role:
            continue
        if need.action == ASSUME_ROLE:
            if not _can_be_assumed(parts, role, service):
                yield (
                    f"The trust policy of the role {need.role} does not allow {need.action} to "
                    f"{service}, which needs it {need.purpose}."
                )
        elif not _is_allowed(parts, resource.owner, role, declared.boundary(name), need):
            yield (
                f"The role {need.role} does not allow {need.action} on {need.resource}, which "
                f"{service} needs {need.purpose}."
            )


def _can_be_assumed(parts: Mapping[str, Any], role: Mapping[str, Any], service: str) -> bool:
    # The service is not a principal of an account.
    context = parts["EvalContext"](
        principal_arn="",
        principal_type="AWSService",
        principal_account="",
        action=ASSUME_ROLE,
        resource_arn="*",
        region="",
    )
    # The documents of AWS do not say which values the service gives to the keys of conditions.
    document = _certain(role["AssumeRolePolicyDocument"], known=frozenset())
    decision: str = parts["evaluate_resource_policy"](document, context, service).decision
    return decision == "Allow"


def _is_allowed(
    parts: Mapping[str, Any],
    owner: Caller,
    role: Mapping[str, Any],
    boundary: str | None,
    need: Need,
) -> bool:
    service = need.action.split(":")[0]
    policy = parts["_resource_policy"](service, need.resource)
    if service == "kms" and policy is None:
        # The key belongs to another account, or is not in the local cloud.
        return True

    def parsed(document: str | Document) -> Any:
        return parts["parse_policy_document"](_certain(document))

    def managed(arn: str) -> Any:
        found = parts["_resolve_managed_policy_document"](arn, owner.account)
        return parsed(found or _EVERYTHING)

    context = parts["EvalContext"](
        principal_arn=role["Arn"],
        principal_type="AssumedRole",
        principal_account=owner.account,
        action=need.action,
        resource_arn=need.resource,
        region=owner.region,
        secure_transport=True,
        service_context={"kms:calleraccount": owner.account},
    )
    policies = [
        *map(parsed, role["InlinePolicies"].values()),
        *map(managed, role["AttachedPolicies"]),
    ]
    limits = [[managed(boundary)]] if boundary else []
    decision = parts["evaluate"](context, policies, *limits)
    if policy is not None:
        document, account = policy
        decision = parts["combine_resource_policy"](
            decision,
            context,
            _certain(document),
            account,
            # A key policy must allow even the roles of the key's own account.
            required=service == "kms",
            limits=limits,
        )
    is_allowed: bool = decision.decision == "Allow"
    return is_allowed


def _certain(document: str | Document, known: frozenset[str] = _KNOWN) -> Document:
    """Return a policy with only what is certain in the statements that deny.

    Statements that allow get what they may allow at most.
    """
    whole = json.loads(document or "{}") if isinstance(document, str) else document
    statements = _listed(whole.get("Statement", []))
    return {"Statement": [one for given in statements for one in _certain_statement(given, known)]}


def _certain_statement(statement: Document, known: frozenset[str]) -> Iterator[Document]:
    conditions = statement.get("Condition", {})
    kept = {
        operator: {key: value for key, value in keys.items() if _is_certain(key, value, known)}
        for operator, keys in conditions.items()
    }
    given = {name: _listed(statement[name]) for name in _RESOURCES if name in statement}
    has_variables = any(map(_VARIABLE.search, [one for arns in given.values() for one in arns]))
    if statement["Effect"] == "Allow":
        most = {
            "Resource": [_VARIABLE.sub("*", one) for one in given.get("Resource", ())],
            "NotResource": [one for one in given.get("NotResource", ()) if "${" not in one],
        }
        yield statement | {"Condition": kept} | {name: most[name] for name in given}
    elif kept == conditions and not has_variables:
        yield statement


def _is_certain(key: str, value: Any, known: frozenset[str]) -> bool:
    return key.lower() in known and not _VARIABLE.search(json.dumps(value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
