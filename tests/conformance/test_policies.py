"""Tests of every policy of the library and the examples, judged by an independent validator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.aws_iam import AccountPrincipal, AccountRootPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket

from cdk_cleanrooms import (
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespace,
    JobResults,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Membership,
    Results,
    TableInput,
    WorkflowOutput,
)
from tests.examples.conftest import Synthesize
from tests.examples.running import NAMES
from tests.resources.samples import SAMPLES
from tests.samples import (
    ACCOUNT,
    COLLABORATION_ID,
    ID_MAPPING_WORKFLOW_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
    REGION,
)

from .policies import Finding, Policy, document, findings_about, policies_of

PARTNER = "444455556666"
OTHER_COLLABORATION_ID = "a1b2c3d4-5678-90ab-cdef-777777777777"

EXCUSES = {
    ("action_condition_enforcement", "`s3:GetObject`"): (
        "the role is limited to buckets of the account, with the condition key that AWS documents"
    ),
    ("action_condition_enforcement", "`s3:PutObject`"): (
        "the role is limited to buckets of the account, with the condition key that AWS documents"
    ),
    ("action_resource_matching", "`entityresolution:StartIdMappingJob`"): (
        "a partner needs it on the ID namespace in practice; the reference lists only workflows"
    ),
    ("condition_type_mismatch", "`sts:ExternalId`"): (
        "the key is text, but Clean Rooms sends an ARN in it"
    ),
    ("sensitive_action", "'cleanrooms:GetProtectedQuery'"): (
        "the role is granted exactly that, and the conditions of a grant are its user's choice"
    ),
    ("sensitive_action", "'kms:DisableKey'"): "the CDK gives the account its own key",
    ("sensitive_action", "'sts:AssumeRole'"): (
        "it is what a trust policy allows; another check looks at the conditions for services"
    ),
    ("service_wildcard", "'kms:*'"): "the CDK gives the account its own key",
    ("set_operator_validation", "`aws:SourceArn`"): (
        "AWS documents `ForAnyValue` here, which a request without the key does not satisfy"
    ),
    ("trust_policy_validation", "`cleanrooms.amazonaws.com`"): (
        "AWS documents the key's policy without a condition, and `sts:ExternalId` for the role"
    ),
    ("trust_policy_validation", "`entityresolution.amazonaws.com`"): (
        "AWS documents no condition, and does not say which one Entity Resolution would satisfy"
    ),
    ("wildcard_resource", "`kms:"): "in the policy of a key, `*` is that key",
}
"""Findings that are false, or that are advice: the check, what the message is about, and why."""


def declare_grants(app: App) -> None:
    """Grant everything on every resource, to roles and to another account."""
    for sample in SAMPLES:
        stack = Stack(app, str(sample), env=Environment(account=ACCOUNT, region=REGION))
        grants = sample.import_by_arn(stack).grants
        for method in sample.permissions:
            getattr(grants, method)(Role(stack, method, assumed_by=AccountRootPrincipal()))
            if sample.arn.startswith("arn:aws:entityresolution:"):
                getattr(grants, method)(AccountPrincipal(PARTNER))


def declare_roles_and_keys(app: App) -> None:
    """Make the library create every role that it can, and write to the policy of a key."""
    stack = Stack(app, "RolesAndKeys")
    bucket, key = Bucket(stack, "Bucket"), Key(stack, "Key")
    table = TableInput(
        table=f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/customers",
        schema_mapping="customers",
        bucket=bucket,
        prefix="customers",
        encryption_key=key,
    )
    matching = MatchingWorkflow(
        stack,
        "Matching",
        name="subscribers",
        inputs=[table],
        output=MatchingWorkflowOutput(
            bucket=bucket, prefix="matched", encryption_key=key, columns=["id"]
        ),
        rules={"Email": ["Email"]},
    )
    IdMappingWorkflow(
        stack,
        "Workflow",
        name="customers",
        source=IdNamespace.source(stack, "Source", name="customers", inputs=[table]),
        target=IdNamespace.target(stack, "Target", name="subscribers", matching_workflow=matching),
        output=WorkflowOutput(bucket=bucket, prefix="mapped", encryption_key=key),
    )
    IdMappingTable(
        stack,
        "Table",
        membership=MEMBERSHIP_ID,
        id_mapping_workflow=ID_MAPPING_WORKFLOW_ARN,
        name="customers",
        encryption_key=key,
    )
    Membership(
        stack,
        "OfAnyone",
        collaboration=COLLABORATION_ID,
        results=Results(bucket=bucket, prefix="results"),
        job_results=JobResults(bucket=bucket, prefix="jobs"),
    )
    Membership(
        stack,
        "OfOne",
        collaboration=OTHER_COLLABORATION_ID,
        results=Results(bucket=bucket, query_runner_membership=MEMBERSHIP_ARN),
        job_results=JobResults(bucket=bucket, query_runner_membership=MEMBERSHIP_ARN),
    )


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory, synthesize: Synthesize) -> list[Policy]:
    app = App(outdir=str(tmp_path_factory.mktemp("cdk.out")))
    declare_grants(app)
    declare_roles_and_keys(app)
    templates = {stack.stack_name: stack.template for stack in app.synth().stacks}
    for name in NAMES:
        templates |= {
            f"{name}/{stack}": template for stack, template in synthesize(name).templates.items()
        }
    return [
        policy for name, template in templates.items() for policy in policies_of(name, template)
    ]


@pytest.fixture(scope="module")
def findings(policies: list[Policy], tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    return findings_about(policies, tmp_path_factory.mktemp("services"))


def is_excused(finding: Finding, check: str, subject: str) -> bool:
    return finding.check == check and subject in finding.message


def test_nothing_is_wrong_with_any_policy(findings: list[Finding]) -> None:
    assert [
        finding for finding in findings if not any(is_excused(finding, *each) for each in EXCUSES)
    ] == []


def test_every_excuse_is_needed(findings: list[Finding]) -> None:
    assert [
        each for each in EXCUSES if not any(is_excused(finding, *each) for finding in findings)
    ] == []


def test_policies_of_every_kind_are_judged(policies: list[Policy]) -> None:
    names = {policy.name.rpartition(".")[2] for policy in policies}
    assert names >= {"AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument"}
    assert {policy.type for policy in policies} == {
        "IDENTITY_POLICY",
        "RESOURCE_POLICY",
        "TRUST_POLICY",
    }
    assert any("PolicyStatement" in policy.name for policy in policies)
    assert any(policy.name.startswith("id_mapping/IdMapping: DataPolicy") for policy in policies)


ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}
TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "cleanrooms.amazonaws.com"},
    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
}
MISTAKES: dict[str, tuple[str, dict[str, Any], str]] = {
    "an action that does not exist": (
        "IDENTITY_POLICY",
        ALLOW | {"Action": "cleanrooms:ReadIdMappingTable", "Resource": "*"},
        "action_validation",
    ),
    "objects of a bucket, with the ARN of the bucket": (
        "IDENTITY_POLICY",
        ALLOW | {"Resource": "arn:aws:s3:::data"},
        "action_resource_matching",
    ),
    "a resource of another type": (
        "IDENTITY_POLICY",
        ALLOW | {"Action": "entityresolution:GetIdNamespace", "Resource": ID_MAPPING_WORKFLOW_ARN},
        "action_resource_matching",
    ),
    "a condition key that does not exist": (
        "IDENTITY_POLICY",
        ALLOW | {"Condition": {"StringEquals": {"s3:BucketAccount": ACCOUNT}}},
        "condition_key_validation",
    ),
    "a condition operator that does not exist": (
        "IDENTITY_POLICY",
        ALLOW | {"Condition": {"StringIs": {"s3:ResourceAccount": ACCOUNT}}},
        "condition_type_mismatch",
    ),
    "a principal of no known type": (
        "TRUST_POLICY",
        TRUST | {"Principal": {"Services": "cleanrooms.amazonaws.com"}},
        "trust_policy_validation",
    ),
}


def test_mistakes_would_be_found(tmp_path: Path) -> None:
    right = [
        Policy("a right permission", "IDENTITY_POLICY", document(ALLOW)),
        Policy("a right trust", "TRUST_POLICY", document(TRUST)),
    ]
    wrong = [
        Policy(name, kind, document(statement)) for name, (kind, statement, _) in MISTAKES.items()
    ]
    findings = findings_about([*right, *wrong], tmp_path)
    found = {
        (finding.policy, finding.check)
        for finding in findings
        if not any(is_excused(finding, *each) for each in EXCUSES)
    }
    assert found >= {(name, check) for name, (_, _, check) in MISTAKES.items()}
    assert {name for name, _ in found} == set(MISTAKES)
