"""Stacks in the local CloudFormation, without the CDK."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import WaiterError

from cdk_cleanrooms.local_cloud import LocalCloud

Resources = dict[str, Any]


class StackFailedError(Exception):
    """An operation on a stack failed. The message contains the stack's status and the reasons."""


class Stack:
    """A stack in the local CloudFormation."""

    def __init__(self, cloud: LocalCloud, name: str, account: str = LocalCloud.account) -> None:
        self.client = cloud.client("cloudformation", account=account)
        self.name = name

    def create(self, resources: Resources, outputs: Resources | None = None, **more: Any) -> None:
        """Create the stack."""
        self.client.create_stack(**self._template(resources, outputs), **more)
        self.wait("create")

    def update(self, resources: Resources, outputs: Resources | None = None, **more: Any) -> None:
        """Update the stack."""
        self.client.update_stack(**self._template(resources, outputs), **more)
        self.wait("update")

    def delete(self) -> None:
        """Delete the stack, if it exists."""
        self.client.delete_stack(StackName=self.name)
        self.wait("delete")

    def import_(self, resources: Resources, identifiers: dict[str, dict[str, str]]) -> None:
        """Import resources."""
        self.import_set(resources, identifiers)
        self.client.execute_change_set(StackName=self.name, ChangeSetName="import")
        self.wait("import")

    def import_set(self, resources: Resources, identifiers: dict[str, dict[str, str]]) -> str:
        """Prepare an import, and return CloudFormation's description of it."""
        self.client.create_change_set(
            **self._template(resources),
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            ResourcesToImport=[
                {
                    "ResourceType": resources[name]["Type"],
                    "LogicalResourceId": name,
                    "ResourceIdentifier": keys,
                }
                for name, keys in identifiers.items()
            ],
        )
        described = self.client.describe_change_set(StackName=self.name, ChangeSetName="import")
        reason: str = described["StatusReason"]
        return reason

    def status(self) -> str:
        """Return the status."""
        [described] = self.client.describe_stacks(StackName=self.name)["Stacks"]
        status: str = described["StackStatus"]
        return status

    def outputs(self) -> dict[str, str]:
        """Return the outputs."""
        [described] = self.client.describe_stacks(StackName=self.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}

    def physical_ids(self) -> dict[str, str]:
        """Return the physical IDs of the resources."""
        listed = self.client.list_stack_resources(StackName=self.name)["StackResourceSummaries"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed}

    def reasons(self) -> str:
        """Return the reasons in the events."""
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(one.get("ResourceStatusReason", "") for one in events)

    def wait(self, operation: str) -> None:
        """Wait until an operation has succeeded."""
        waiter = self.client.get_waiter(f"stack_{operation}_complete")
        try:
            waiter.wait(StackName=self.name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
        except WaiterError as error:
            raise StackFailedError(f"{self.status()}\n{self.reasons()}") from error

    def _template(self, resources: Resources, outputs: Resources | None = None) -> Resources:
        body = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
        return {"StackName": self.name, "TemplateBody": json.dumps(body)}
