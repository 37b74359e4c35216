"""Stacks in the local CloudFormation, deployed through its API from the test's own process.

A deployment costs 0.1 seconds of CPU, and a command of the CDK CLI about two, besides the start of
the app. So a test uses the CLI only if it is about the CLI. For the others there are:

- `cleanrooms_cloud.deploy(stack)`, with the fixture of our own pytest plugin, in an empty account,
- the fixture `app` of `tests/end_to_end`, for several versions of an app, and for adoption,
- `DeployedStack` below, for templates, and for imports and drift.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import aws_cdk as cdk
from botocore.exceptions import ClientError, WaiterError

from cdk_cleanrooms.local_cloud import LocalAccount

Template = Mapping[str, Any]

# A waiter asks ten times a second, and gives up after ten minutes: no test is about speed.
_WAITER = {"Delay": 0.1, "MaxAttempts": 6000}


class StackFailedError(Exception):
    """An operation on a stack failed. The message contains the stack's status and the reasons."""


def assembly_of(stack: cdk.Stack) -> Path:
    """Synthesize the app of a stack, and return the folder with the template of the stack."""
    cast(cdk.App, stack.node.root).synth()
    return Path(cast(cdk.Stage, cdk.Stage.of(stack)).synth().directory)


def template_of(stack: cdk.Stack) -> dict[str, Any]:
    """Synthesize the app of a stack, and return the template of the stack."""
    text = assembly_of(stack).joinpath(stack.template_file).read_text("utf-8")
    return cast(dict[str, Any], json.loads(text))


class DeployedStack:
    """A stack in the local CloudFormation.

    Args:
        account: An account in the local cloud.
        name: The name of the stack.
    """

    def __init__(self, account: LocalAccount, name: str) -> None:
        self.name = name
        self.client = account.client("cloudformation")

    def deploy(self, template: Template) -> dict[str, str]:
        """Create or update the stack, and return its outputs; without a change, do nothing."""
        operation = "update" if self.exists() else "create"
        call = getattr(self.client, f"{operation}_stack")
        try:
            call(**self._called(template), Capabilities=["CAPABILITY_NAMED_IAM"])
        except ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise
        else:
            self.wait(operation)
        return self.outputs()

    def revert_drift(self, template: Template) -> None:
        """Update the stack as `cdk deploy --revert-drift` does."""
        self._execute(template, "UPDATE", DeploymentMode="REVERT_DRIFT")
        self.wait("update")

    def import_(self, template: Template, mapping: Mapping[str, Mapping[str, str]]) -> None:
        """Import resources as `cdk import --force` does, which leaves other changes for later.

        Args:
            template: The template with the resources.
            mapping: The primary identifiers by logical ID.
        """
        current: dict[str, Any] = {}
        if self.exists():
            text = self.client.get_template(StackName=self.name)["TemplateBody"]
            current = json.loads(text) if isinstance(text, str) else text
        resources = {**current.get("Resources", {})}
        imported = {name: keys for name, keys in mapping.items() if name not in resources}
        resources |= {name: template["Resources"][name] for name in imported}
        self._execute(
            {**current, "Resources": resources},
            "IMPORT",
            ResourcesToImport=[
                {
                    "ResourceType": resources[name]["Type"],
                    "LogicalResourceId": name,
                    "ResourceIdentifier": keys,
                }
                for name, keys in imported.items()
            ],
        )
        self.wait("import")

    def destroy(self) -> None:
        """Delete the stack."""
        self.client.delete_stack(StackName=self.name)
        self.wait("delete")

    def exists(self) -> bool:
        """Return whether there is such a stack."""
        try:
            return self.status() != "REVIEW_IN_PROGRESS"
        except ClientError:
            return False

    def status(self) -> str:
        """Return the status."""
        return cast(str, self._described()["StackStatus"])

    def outputs(self) -> dict[str, str]:
        """Return the outputs."""
        return {
            one["OutputKey"]: one["OutputValue"] for one in self._described().get("Outputs", ())
        }

    def physical_ids(self) -> dict[str, str]:
        """Return the physical IDs of the resources, by logical ID."""
        listed = self.client.list_stack_resources(StackName=self.name)["StackResourceSummaries"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed}

    def reasons(self) -> str:
        """Return the reasons in the events."""
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(one.get("ResourceStatusReason", "") for one in events)

    def _described(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.client.describe_stacks(StackName=self.name)["Stacks"][0])

    def _called(self, template: Template) -> dict[str, str]:
        # Only the CDK CLI needs a bootstrap.
        parameters = {**template.get("Parameters", {})}
        parameters.pop("BootstrapVersion", None)
        body = {name: it for name, it in template.items() if name not in ("Parameters", "Rules")}
        if parameters:
            body["Parameters"] = parameters
        return {"StackName": self.name, "TemplateBody": json.dumps(body)}

    def _execute(self, template: Template, kind: str, **more: Any) -> None:
        change_set = {"StackName": self.name, "ChangeSetName": f"{kind.lower()}-{uuid4()}"}
        self.client.create_change_set(
            **self._called(template) | change_set,
            ChangeSetType=kind,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            **more,
        )
        waiter = self.client.get_waiter("change_set_create_complete")
        try:
            waiter.wait(**change_set, WaiterConfig=_WAITER)
        except WaiterError as error:
            reason = self.client.describe_change_set(**change_set)["StatusReason"]
            self.client.delete_change_set(**change_set)
            raise StackFailedError(reason) from error
        self.client.execute_change_set(**change_set)

    def wait(self, operation: str) -> None:
        """Wait until an operation has succeeded."""
        waiter = self.client.get_waiter(f"stack_{operation}_complete")
        try:
            waiter.wait(StackName=self.name, WaiterConfig=_WAITER)
        except WaiterError as error:
            raise StackFailedError(f"{self.status()}\n{self.reasons()}") from error
