"""The deployed stacks of one account and Region, read from CloudFormation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from .._core.types import BY_NAME
from .aws import Aws, CommandError, code_of
from .cloud_assembly import AssemblyStack

_GONE = {"DELETE_COMPLETE", "DELETE_SKIPPED"}
_ACCEPTS_CHANGES = {
    "CREATE_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
    "REVIEW_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
}
_SECTIONS = ("Resources", "Parameters", "Conditions", "Mappings")
_NEVER_CREATED = {"DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}


class DeployedStack:
    """A stack as it is deployed, or an empty one if it is not deployed yet.

    Attributes:
        status: Its status, or None if there is no such stack.
        physical_ids: The physical IDs of its resources, by logical ID.
        types: The types of its resources, by logical ID.
        parameters: The values of its parameters.
    """

    def __init__(self, environment: Environment, name: str) -> None:
        self.status: str | None = None
        self.physical_ids: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self._elements: set[str] = set()
        described = environment.describe_stack(name)
        if described is None or described["StackStatus"] == "DELETE_COMPLETE":
            return
        self.status = described["StackStatus"]
        self.parameters = {
            one["ParameterKey"]: one.get("ResolvedValue", one["ParameterValue"])
            for one in described.get("Parameters", ())
        }
        pages = environment.aws.pages(
            "cloudformation",
            "list_stack_resources",
            "StackResourceSummaries",
            region=environment.region,
            StackName=name,
        )
        for one in pages:
            if one["ResourceStatus"] not in _GONE and one.get("PhysicalResourceId"):
                self.physical_ids[one["LogicalResourceId"]] = one["PhysicalResourceId"]
                self.types[one["LogicalResourceId"]] = one["ResourceType"]
        self._elements = environment.elements_of_template(name) if self.exists else set()

    @property
    def exists(self) -> bool:
        """Whether the stack has been deployed, and not only prepared."""
        return self.status not in (None, "REVIEW_IN_PROGRESS")

    def has(self, name: str) -> bool:
        """Return whether a resource, parameter, condition or mapping is deployed."""
        return name in self.physical_ids or (name in self._elements and name not in self.types)

    def refusal(self, stack_id: str) -> str | None:
        """Return why the stack accepts no change set and what to do, or None if it accepts one.

        Args:
            stack_id: The ID by which the CDK CLI selects it.
        """
        if self.status is None or self.status in _ACCEPTS_CHANGES:
            return None
        if self.status.endswith("_IN_PROGRESS"):
            way_out = "another change is running; run this again when it has ended"
        elif self.status in _NEVER_CREATED:
            way_out = (
                f"it can only be deleted; run `cdk destroy {stack_id}`, which keeps retained"
                " resources, and then run this again"
            )
        elif self.status == "IMPORT_ROLLBACK_FAILED":
            way_out = (
                "it can only be deleted; check that the deployed template retains its resources,"
                f" run `cdk destroy {stack_id}`, and then run this again"
            )
        else:
            way_out = (
                f"run `cdk rollback {stack_id}`, or continue the rollback in the CloudFormation"
                " console, and then run this again"
            )
        return f"stack {stack_id} is in state {self.status}: {way_out}"


class Environment:
    """The resources of one account and Region, read from CloudFormation and Cloud Control.

    Args:
        aws: Access to AWS.
        region: The Region.
    """

    def __init__(self, aws: Aws, region: str) -> None:
        self.aws = aws
        self.region = region
        self.account = aws.account
        self._cloudformation = aws.client("cloudformation", region)
        self.export = cache(self._export)
        self.live = cache(self._live)
        self.exports = cache(self._exports)

    def describe_stack(self, name: str) -> dict[str, Any] | None:
        """Return the description of a stack, or None if there is no such stack."""
        try:
            described = self._cloudformation.describe_stacks(StackName=name)
        except Exception as error:
            if _is_missing_stack(error):
                return None
            raise
        stack: dict[str, Any] = described["Stacks"][0]
        return stack

    def elements_of_template(self, name: str) -> set[str]:
        """Return all names that the deployed template of a stack defines."""
        template: Any = self._cloudformation.get_template(StackName=name)["TemplateBody"]
        if isinstance(template, str):
            return {*_elements_of_yaml(template)}
        return {element for section in _SECTIONS for element in template.get(section, {})}

    def manager(self, tags: Mapping[str, str], type_name: str, identifier: str) -> str | None:
        """Return the name of the stack that manages a resource, or None if there is none.

        The resource's tags name the stack that created it, but that stack may have released the
        resource since. So this method also checks the resources of the stack.

        Args:
            tags: The tags of the resource.
            type_name: Its type.
            identifier: Its identifier, with the parts joined as in a physical ID.
        """
        stack_id = tags.get("aws:cloudformation:stack-id")
        if not stack_id:
            return None
        parts = stack_id.split(":")
        region = parts[3] if len(parts) > 3 else self.region
        try:
            resources = [
                *self.aws.pages(
                    "cloudformation",
                    "list_stack_resources",
                    "StackResourceSummaries",
                    region=region,
                    StackName=stack_id,
                )
            ]
        except Exception as error:
            if _is_missing_stack(error):
                return None
            raise
        for one in resources:
            physical_id = one.get("PhysicalResourceId", "")
            is_it = one["ResourceType"] == type_name and (
                physical_id == identifier or physical_id == identifier.split("|")[0]
            )
            if is_it and one["ResourceStatus"] not in _GONE:
                name = stack_id.split("/")[1]
                return f"{name} (as {one['LogicalResourceId']})"
        return None

    def _live(self, type_name: str, identifier: str) -> dict[str, Any] | None:
        """Return the properties of a resource as they are now, or None if it does not exist."""
        client = self.aws.client("cloudcontrol", self.region)
        try:
            answer = client.get_resource(TypeName=type_name, Identifier=identifier)
        except Exception as error:
            if code_of(error) == "ResourceNotFound":
                return None
            raise
        properties: dict[str, Any] = json.loads(answer["ResourceDescription"]["Properties"])
        return properties

    def _exports(self) -> dict[str, str]:
        pages = self.aws.pages("cloudformation", "list_exports", "Exports", region=self.region)
        return {one["Name"]: one["Value"] for one in pages}

    def _export(self, name: str) -> str | None:
        return self.exports().get(name)


def _elements_of_yaml(template: str) -> Iterator[str]:
    """Yield the alphanumeric names that a YAML template defines, one on each line."""
    section = ""
    for line in template.splitlines():
        if found := re.match(r"([A-Za-z]+):", line):
            section = found[1]
        elif section in _SECTIONS and (found := re.match(r"  ([A-Za-z0-9]+):", line)):
            yield found[1]


def _is_missing_stack(error: Exception) -> bool:
    return code_of(error) == "ValidationError" and "does not exist" in str(error)


def parts_of(type_name: str, physical_id: str) -> dict[str, str]:
    """Return the primary identifier of a resource from its physical ID.

    Args:
        type_name: The resource type.
        physical_id: The physical ID.

    Returns:
        The parts of the identifier, by property name.
    """
    resource_type = BY_NAME.get(type_name)
    if resource_type is None:
        return {}
    return dict(zip(resource_type.primary_identifier, physical_id.split("|"), strict=False))


class Environments:
    """The environments of an app, each created once.

    Args:
        aws: Access to AWS.
    """

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._known: dict[str, Environment] = {}

    def of(self, stack: AssemblyStack) -> Environment:
        """Return the environment of a stack.

        Raises:
            CommandError: If the credentials belong to another account.
        """
        region = stack.region or self._aws.region
        if region is None:
            raise CommandError(
                f"the Region of stack {stack.id} is not known; use --region, or set AWS_REGION"
            )
        if region not in self._known:
            self._known[region] = Environment(self._aws, region)
        environment = self._known[region]
        if stack.account not in (None, environment.account):
            raise CommandError(
                f"stack {stack.id} belongs to account {stack.account}, but the credentials belong"
                f" to account {environment.account}; choose a profile of {stack.account} with"
                " --profile, and select the stacks of one account at a time"
            )
        return environment
