"""Uses of the local cloud that a type checker must accept, and misuses that it must refuse."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from aws_cdk import App, Stack

from cdk_cleanrooms.local_cloud import (
    DeploymentFailed,
    LeasedAccount,
    LocalAccount,
    LocalCloud,
    LocalCloudServer,
    UnsupportedByLocalCloud,
)


def without_pytest(app: App, stack: Stack) -> str:
    with LocalCloud(account="111122223333", region="eu-west-1", url=None) as cloud:
        try:
            outputs: dict[str, str] = cloud.deploy(stack, parameters={"Name": "customers"})
        except DeploymentFailed as failed:
            events: list[dict[str, Any]] = failed.events
            return f"{failed.stack} {failed.status} {failed.resource} {failed.reason} {events}"
        except UnsupportedByLocalCloud as unsupported:
            return str(unsupported)
        of_all: dict[str, dict[str, str]] = cloud.deploy(app)
        requests: list[str] = cloud.requests()
        cloud.destroy(stack)
        cloud.stop()
    return f"{outputs} {of_all} {requests}"


def with_pytest(cleanrooms_cloud: LocalAccount) -> list[dict[str, Any]]:
    partner: LocalAccount = cleanrooms_cloud.other_account()
    partner.client("cleanrooms", region="eu-west-1").list_memberships()
    partner.session().client("sts").get_caller_identity()
    result: CompletedProcess[str] = partner.cdk("diff", folder=Path())
    environment: dict[str, str] = partner.environment
    supported: bool = partner.supports("ListMembers")
    partner.resources(name="Membership")  # expect: call
    if result.returncode or not supported or "AWS_ENDPOINT_URL" not in environment:
        return partner.events("Stack")
    return partner.resources("Membership")


def of_a_server(server: LocalCloudServer) -> str:
    with LeasedAccount(server, seed="test", region="eu-west-1", accounts=[]) as account:
        return f"{account.account} {account.region} {account.url} {account.unsupported()}"
