"""Tests of the roles with which `cdk-cleanrooms adopt` reads, as the CDK CLI does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Adopt, Assembly, association
from tests.cli.fake_aws import FakeAws, Refusal
from tests.samples import ACCOUNT, REGION

TARGET = "999999999999"
OWN = "KEYOFENVIRONMENT"
ROLE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-%s-${AWS::AccountId}-${AWS::Region}"


def arn(kind: str, account: str) -> str:
    return f"arn:aws:iam::{account}:role/cdk-{kind}-{account}-{REGION}"


def has_stack(assembly: Assembly, *, account: str = TARGET, **roles: Any) -> None:
    """Add a stack as the CDK's bootstrap synthesizer describes it."""
    properties = {
        "assumeRoleArn": ROLE % "deploy",
        "lookupRole": {"arn": ROLE % "lookup"},
        **roles,
    }
    assembly.has_stack(
        association("a"), environment=f"aws://{account}/{REGION}", properties=properties
    )


def test_a_stack_of_another_account_is_read_with_its_role_for_look_ups(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.roles[arn("lookup", TARGET)] = "LOOKUP"
    aws.denied.add((OWN, "GetResource"))
    has_stack(assembly)

    status, output, error = adopt("--dry-run")

    assert (status, output.split()[0]) == (0, "adopt"), error
    assert [request["RoleArn"] for request in aws.assumed] == [arn("lookup", TARGET)]


def test_the_external_id_and_the_tags_of_the_manifest_are_used(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.roles[arn("lookup", TARGET)] = "LOOKUP"
    tags = [{"Key": "Team", "Value": "Data"}]
    look_up = {
        "arn": ROLE % "lookup",
        "assumeRoleExternalId": "of us",
        "assumeRoleAdditionalOptions": {"Tags": tags, "DurationSeconds": 900},
    }
    has_stack(assembly, lookupRole=look_up)

    assert adopt("--dry-run").status == 0
    assert aws.assumed == [
        {
            "RoleArn": arn("lookup", TARGET),
            "RoleSessionName": "cdk-cleanrooms",
            "ExternalId": "of us",
            "Tags": tags,
            "TransitiveTagKeys": ["Team"],
            "DurationSeconds": 900,
        }
    ]


def test_the_role_for_deployments_is_used_if_the_other_cannot_be_assumed_or_may_not_read(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.roles[arn("deploy", TARGET)] = "DEPLOY"
    has_stack(assembly)
    assert adopt("--dry-run").status == 0

    aws.roles[arn("lookup", TARGET)] = "LOOKUP"
    aws.denied.add(("LOOKUP", "GetResource"))
    assert adopt("--dry-run").status == 0


def test_the_first_denial_is_reported_if_no_role_may_read(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    for kind in ("lookup", "deploy"):
        aws.roles[arn(kind, TARGET)] = kind.upper()
        aws.denied.add((kind.upper(), "GetResource"))
    has_stack(assembly)

    assert "the GetResource operation: Not LOOKUP; check that you may use" in adopt().error


def test_an_account_whose_roles_cannot_be_assumed_is_refused_with_the_reasons(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    has_stack(assembly)

    status, _, error = adopt()

    assert status == 1
    assert (
        f"the app has stacks in account {TARGET}, but the credentials belong to account {ACCOUNT},"
        f" and they cannot assume a role there ({arn('lookup', TARGET)}: An error occurred"
    ) in error
    assert f"{arn('deploy', TARGET)} does not trust you); choose a profile" in error
    assert f"or let {TARGET} trust {ACCOUNT} with `cdk bootstrap --trust {ACCOUNT}`" in error


@pytest.mark.parametrize("can_assume", [False, True])
def test_in_the_own_account_the_own_credentials_read_what_a_role_cannot(
    can_assume: bool, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    if can_assume:
        aws.roles[arn("lookup", ACCOUNT)] = "LOOKUP"
        aws.denied.add(("LOOKUP", "ListIdNamespaceAssociations"))
    has_stack(assembly, account=ACCOUNT)

    status, output, error = adopt("--dry-run")

    assert (status, output.split()[0]) == (0, "adopt"), error
    assert {request["RoleArn"] for request in aws.assumed} == {arn("lookup", ACCOUNT)}


def test_expired_credentials_are_reported_instead_of_the_role(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.refusals["AssumeRole"] = Refusal("ExpiredToken", "It has expired")
    has_stack(assembly)

    assert "It has expired; sign in again" in adopt().error


def test_stacks_of_two_accounts_are_one_run(aws: FakeAws, assembly: Assembly, adopt: Adopt) -> None:
    aws.has_association("a")
    aws.has_association("b")
    aws.roles[arn("lookup", TARGET)] = "LOOKUP"
    has_stack(assembly)
    assembly.has_stack(association("b"), id="Ours", environment=f"aws://{ACCOUNT}/{REGION}")

    status, output, error = adopt("--dry-run")

    assert (status, [line.split()[0] for line in output.splitlines()]) == (0, ["adopt"] * 2), error
