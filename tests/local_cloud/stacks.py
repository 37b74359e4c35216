"""Stacks in the local CloudFormation, without the CDK."""

from __future__ import annotations

import json
from typing import Any

from tests.stacks import DeployedStack, StackFailedError

__all__ = ["Resources", "Stack", "StackFailedError"]

Resources = dict[str, Any]


class Stack(DeployedStack):
    """A stack of resources that are written by hand."""

    def create(self, resources: Resources, outputs: Resources | None = None, **more: Any) -> None:
        """Create the stack."""
        self.client.create_stack(**self._template(resources, outputs), **more)
        self.wait("create")

    def update(self, resources: Resources, outputs: Resources | None = None, **more: Any) -> None:
        """Update the stack."""
        self.client.update_stack(**self._template(resources, outputs), **more)
        self.wait("update")

    def drift(self, logical_id: str) -> dict[str, Any]:
        """Return how a resource differs from the template."""
        answer = self.client.detect_stack_resource_drift(
            StackName=self.name, LogicalResourceId=logical_id
        )
        found: dict[str, Any] = answer["StackResourceDrift"]
        return found

    def import_resources(
        self, resources: Resources, identifiers: dict[str, dict[str, str]]
    ) -> None:
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

    def _template(self, resources: Resources, outputs: Resources | None = None) -> Resources:
        body = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
        return {"StackName": self.name, "TemplateBody": json.dumps(body)}
