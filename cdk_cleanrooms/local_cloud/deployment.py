"""Deployments of stacks through CloudFormation's API, without the CDK CLI."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

from botocore.exceptions import ClientError

from .assembly import SynthesizedStack
from .errors import DeploymentFailed

Answer = TypeVar("Answer")

_SECONDS_FOR_AN_OPERATION = 600
_SECONDS_BETWEEN_QUESTIONS = (0.005, 0.2)
_WITHOUT_RESOURCES = ("", "REVIEW_IN_PROGRESS")
_CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_NO_CHANGES = "didn't contain changes"


class Deployment:
    """The deployment of one stack with a client of CloudFormation."""

    def __init__(self, client: Any, name: str, paths: Mapping[str, str]) -> None:
        self._client = client
        self.name = name
        self._paths = paths
        # The local CloudFormation keeps a change set after its execution.
        self._change_set = f"local-cloud-{uuid4()}"
        self._seen: set[str] = set()

    def deploy(self, stack: SynthesizedStack, parameters: Mapping[str, str]) -> dict[str, str]:
        """Create or update the stack, and return its outputs by their keys."""
        template = stack.template()
        status = self.status()
        if status == "ROLLBACK_COMPLETE" or not template.get("Resources"):
            # Like the CDK CLI: after a failed creation, CloudFormation can only delete a stack, and
            # it accepts no stack without resources.
            self.destroy()
            status = ""
        if not template.get("Resources"):
            return {}
        self._seen = {event["EventId"] for event in self.events()} if status else set()
        has_imported = self._import(stack, template, exists=status not in _WITHOUT_RESOURCES)
        is_new = status in _WITHOUT_RESOURCES and not has_imported
        given: dict[str, Any] = {
            name: {"ParameterValue": value} for name, value in parameters.items()
        }
        # Like the CDK CLI, an update keeps the values that are not given again.
        before: dict[str, Any] = {
            name: {"UsePreviousValue": True} for name in self._parameters(status)
        }
        self._create_change_set(
            self._change_set,
            ChangeSetType="CREATE" if is_new else "UPDATE",
            TemplateBody=json.dumps(template),
            Parameters=[
                {"ParameterKey": name, **value}
                for name, value in {**before, **given}.items()
                if name in stack.parameters
            ],
            Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
            # What was imported may differ from what is declared.
            **({"DeploymentMode": "REVERT_DRIFT"} if has_imported else {}),
        )
        if self._has_changes(self._change_set):
            self._client.execute_change_set(StackName=self.name, ChangeSetName=self._change_set)
            self._wait("CREATE_COMPLETE" if is_new else "UPDATE_COMPLETE")
        return self.outputs()

    def create(self, template: str, **parameters: str) -> None:
        """Create the stack from the text of a template, unless it exists."""
        if self.status():
            return
        self._client.create_stack(
            StackName=self.name,
            TemplateBody=template,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
            Capabilities=_CAPABILITIES,
        )
        self._wait("CREATE_COMPLETE")

    def destroy(self) -> None:
        """Delete the stack, if it exists."""
        status = self.status()
        if not status:
            return
        [described] = self._client.describe_stacks(StackName=self.name)["Stacks"]
        # After its deletion, a stack can be described only by its ID.
        deleted = Deployment(self._client, described["StackId"], self._paths)
        deleted._seen = {event["EventId"] for event in self.events()}
        with self._refusals():
            self._client.delete_stack(StackName=self.name)
        deleted._wait("DELETE_COMPLETE")

    def status(self) -> str:
        """Return the status of the stack, or an empty text if it does not exist."""
        try:
            [described] = self._client.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return ""
            raise
        status: str = described["StackStatus"]
        return status

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the stack by their keys."""
        [described] = self._client.describe_stacks(StackName=self.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", ())}

    def events(self) -> list[dict[str, Any]]:
        """Return the events of the stack, oldest first."""
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=self.name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def _import(self, stack: SynthesizedStack, template: dict[str, Any], *, exists: bool) -> bool:
        """Import what constructs adopt by its identifier, and return whether there was any."""
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=self.name)
        listed = [one for page in pages for one in page["StackResourceSummaries"]] if exists else []
        present = {one["LogicalResourceId"] for one in listed}
        imports = {name: keys for name, keys in stack.imports().items() if name not in present}
        if not imports:
            return False
        before: dict[str, Any] = {"Resources": {}}
        if exists:
            body = self._client.get_template(StackName=self.name)["TemplateBody"]
            before = json.loads(body) if isinstance(body, str) else dict(body)
        resources = template["Resources"]
        change_set = f"{self._change_set}-import"
        self._create_change_set(
            change_set,
            ChangeSetType="IMPORT",
            TemplateBody=json.dumps(
                before
                | {"Resources": before["Resources"] | {one: resources[one] for one in imports}}
            ),
            ResourcesToImport=[
                {
                    "ResourceType": resources[name]["Type"],
                    "LogicalResourceId": name,
                    "ResourceIdentifier": keys,
                }
                for name, keys in imports.items()
            ],
        )
        if self._has_changes(change_set):
            self._client.execute_change_set(StackName=self.name, ChangeSetName=change_set)
            self._wait("IMPORT_COMPLETE")
        return True

    def _parameters(self, status: str) -> Iterator[str]:
        """Yield the names of the parameters of the existing stack."""
        if status not in _WITHOUT_RESOURCES:
            [described] = self._client.describe_stacks(StackName=self.name)["Stacks"]
            for one in described.get("Parameters", ()):
                yield one["ParameterKey"]

    def _create_change_set(self, name: str, **arguments: Any) -> None:
        with self._refusals():
            self._client.create_change_set(
                StackName=self.name,
                ChangeSetName=name,
                Capabilities=_CAPABILITIES,
                **arguments,
            )

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Raise what CloudFormation refuses at once like what fails later."""
        try:
            yield
        except ClientError as error:
            told = error.response["Error"]
            if told["Code"] != "ValidationError":
                raise
            reason = told["Message"]
            raise DeploymentFailed(self.name, self.status(), self.name, reason, []) from error

    def _has_changes(self, change_set_name: str) -> bool:
        """Wait for the change set, and return whether it changes anything."""

        def described() -> dict[str, Any] | None:
            found: dict[str, Any] = self._client.describe_change_set(
                StackName=self.name, ChangeSetName=change_set_name
            )
            return found if found["Status"] in ("CREATE_COMPLETE", "FAILED") else None

        change_set = self._polled(described)
        if change_set["Status"] == "CREATE_COMPLETE":
            return True
        reason = change_set.get("StatusReason", "")
        self._client.delete_change_set(StackName=self.name, ChangeSetName=change_set_name)
        if _NO_CHANGES in reason:
            return False
        raise DeploymentFailed(self.name, self.status(), self.name, reason, [])

    def _wait(self, wanted: str) -> None:
        def final() -> str | None:
            status = self.status()
            return None if status.endswith("_IN_PROGRESS") else status

        status = self._polled(final)
        if status in (wanted, ""):
            return
        events = [event for event in self.events() if event["EventId"] not in self._seen]
        failed = next(
            (event for event in events if event["ResourceStatus"].endswith("_FAILED")), events[-1]
        )
        logical_id = failed["LogicalResourceId"]
        raise DeploymentFailed(
            failed["StackName"],
            status,
            self._paths.get(logical_id, logical_id),
            failed.get("ResourceStatusReason", failed["ResourceStatus"]),
            events,
        )

    @staticmethod
    def _polled(ask: Callable[[], Answer | None]) -> Answer:
        pause, longest = _SECONDS_BETWEEN_QUESTIONS
        end = time.monotonic() + _SECONDS_FOR_AN_OPERATION
        while (answer := ask()) is None:
            if time.monotonic() > end:
                raise TimeoutError("The local CloudFormation does not finish the operation.")
            time.sleep(pause)
            pause = min(2 * pause, longest)
        return answer
