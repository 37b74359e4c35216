"""The deployed stacks of one account and Region, read from CloudFormation."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeAlias, TypeVar

from .._core.types import BY_NAME
from .aws import Aws, CommandError, Role, code_of, is_denied, is_signed_out
from .cloud_assembly import AssemblyStack
from .discover import listed
from .side_by_side import Once

T = TypeVar("T")

# The states in which a stack lists a resource that it does not manage: it never created or imported
# it, or it has released it.
_UNMANAGED = {
    "CREATE_FAILED",
    "DELETE_COMPLETE",
    "DELETE_SKIPPED",
    "EXPORT_COMPLETE",
    "IMPORT_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "ROLLBACK_IN_PROGRESS",
}
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
        name: Its name.
        status: Its status, or None if there is no such stack.
        parameters: The values of its parameters.
        outputs: The values of its outputs.
    """

    def __init__(self, environment: Environment, name: str) -> None:
        described = environment.describe_stack(name) or {}
        self.name = name
        self.status: str | None = described.get("StackStatus")
        if self.status == "DELETE_COMPLETE":
            self.status, described = None, {}
        self.parameters: dict[str, str] = {
            one["ParameterKey"]: one.get("ResolvedValue", one["ParameterValue"])
            for one in described.get("Parameters", ())
        }
        self.outputs: dict[str, str] = {
            one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", ())
        }
        self._id: str = described.get("StackId", name)
        self._environment = environment
        self._template = Once(lambda: environment.template(name))

    @cached_property
    def _resources(self) -> Sequence[dict[str, Any]]:
        if self.status is None:
            return ()
        return self._environment.resources_of_stack(self._id, self._environment.region)

    @cached_property
    def _managed(self) -> dict[str, dict[str, Any]]:
        return {one["LogicalResourceId"]: one for one in self._resources if _is_managed(one)}

    @cached_property
    def physical_ids(self) -> Mapping[str, str]:
        """The physical IDs of the resources that it manages, by logical ID."""
        return {name: one["PhysicalResourceId"] for name, one in self._managed.items()}

    @cached_property
    def _logical_ids(self) -> Mapping[tuple[str, str], str]:
        """The logical IDs of the resources, by type and the first part of the physical ID."""
        return {
            (one["ResourceType"], one["PhysicalResourceId"].split("|")[0]): name
            for name, one in self._managed.items()
        }

    def managed_as(self, type_name: str, identifier: str) -> str | None:
        """Return the logical ID under which it manages a resource, or None.

        Args:
            type_name: The type of the resource.
            identifier: Its identifier, with the parts joined as in a physical ID.
        """
        return self._logical_ids.get((type_name, identifier.split("|")[0]))

    def type_of(self, logical_id: str) -> str:
        """Return the type of a resource that it manages, or nothing."""
        type_name: str = self._managed.get(logical_id, {}).get("ResourceType", "")
        return type_name

    @property
    def exists(self) -> bool:
        """Whether the stack has been deployed, and not only prepared."""
        return self.status not in (None, "REVIEW_IN_PROGRESS")

    def has(self, name: str) -> bool:
        """Return whether a resource, parameter, condition or mapping is deployed."""
        if name in self._managed:
            return True
        listed = {one["LogicalResourceId"] for one in self._resources}
        return self.exists and name not in listed and name in self._elements

    @cached_property
    def _elements(self) -> set[str]:
        """All names that its template defines."""
        template = self._template()
        if isinstance(template, str):
            return {path[1] for path in self._paths if len(path) == 2 and path[0] in _SECTIONS}
        return {element for section in _SECTIONS for element in template.get(section, {})}

    @cached_property
    def _paths(self) -> Sequence[tuple[str, ...]]:
        template = self._template()
        return [*_paths_of_yaml(template)] if isinstance(template, str) else ()

    def properties_of(self, logical_id: str) -> Mapping[str, Any] | None:
        """Return the properties of a resource in its template, or None if they are not known."""
        template = self._template()
        resources = {} if isinstance(template, str) else template.get("Resources", {})
        properties: Mapping[str, Any] | None = resources.get(logical_id, {}).get("Properties")
        return properties

    def names_in(self, logical_id: str) -> Sequence[str]:
        """Return the paths of the names in the properties of a resource in a template in YAML."""
        return self._names_in_properties.get(logical_id, ())

    @cached_property
    def _names_in_properties(self) -> Mapping[str, Sequence[str]]:
        found = defaultdict(list)
        for section, *inner in self._paths:
            match inner:
                case [logical_id, "Properties", _, *_] if section == "Resources":
                    # As in `!If`, what it chooses from belongs to the name before.
                    names = [name for name in inner[2:] if name != "Fn::If"]
                    found[logical_id].append(".".join(names))
        return found

    def refusal(self, stack_id: str, advised: Advised) -> str | None:
        """Return why the stack accepts no change set and what to do, or None if it accepts one.

        Args:
            stack_id: The ID by which the CDK CLI selects it.
            advised: A function that returns a command to run.
        """
        if self.status is None or self.status in _ACCEPTS_CHANGES:
            return None
        if self.status.endswith("_IN_PROGRESS"):
            way_out = "another change is running; run this again when it has ended"
        elif self.status in _NEVER_CREATED:
            command = advised("cdk", "destroy", stack_id)
            way_out = (
                f"it can only be deleted; run `{command}`, which keeps retained resources, and then"
                " run this again"
            )
        elif self.status == "IMPORT_ROLLBACK_FAILED":
            command = advised("cdk", "destroy", stack_id)
            way_out = (
                "it can only be deleted; check that the deployed template retains its resources,"
                f" run `{command}`, and then run this again"
            )
        else:
            command = advised("cdk", "rollback", stack_id)
            way_out = (
                f"run `{command}`, or continue the rollback in the CloudFormation console, and then"
                " run this again"
            )
        return f"stack {stack_id} is in state {self.status}: {way_out}"


Advised: TypeAlias = Callable[..., str]
"""A function that returns a command to run, from the name of its program and its arguments."""

Identity: TypeAlias = Callable[[], Aws]
"""A function that returns access to AWS, or raises `CannotAssumeError`."""


class CannotAssumeError(Exception):
    """A role cannot be assumed."""


class Manager(NamedTuple):
    """A stack that manages a resource."""

    stack: str
    logical_id: str


class Environment:
    """The resources of one account and Region, read from AWS, each of them once.

    Args:
        account: The account.
        region: The Region.
        partition: The partition of the Region.
        identities: The identities to read with. If one is not allowed to read something, the next
            one tries.
        own: The account of the caller.
    """

    def __init__(
        self,
        account: str,
        region: str,
        partition: str,
        identities: Sequence[Identity],
        own: str,
    ) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self._identities = identities
        self._own = own
        self.stack = Once(lambda name: DeployedStack(self, name))
        self.listed = Once(self._listed)
        self.live = Once(self._live)
        self.tags = Once(self._tags)
        self.exports = Once(self._exports)
        self.resources_of_stack = Once(self._resources_of_stack)

    def forget_stacks(self) -> None:
        """Read all stacks again, after a change."""
        self.stack.forget()
        self.exports.forget()
        self.resources_of_stack.forget()

    def _read(self, read: Callable[[Aws], T]) -> T:
        denial: Exception | None = None
        failures = []
        for identity in self._identities:
            try:
                return read(identity())
            except CannotAssumeError as error:
                failures.append(error)
            except Exception as error:
                if not is_denied(error):
                    raise
                denial = denial or error
        if denial:
            raise denial
        raise CommandError(_other_account(self.account, self._own, *map(str, failures)))

    def describe_stack(self, name: str) -> dict[str, Any] | None:
        """Return the description of a stack, or None if there is no such stack."""
        try:
            [stack] = self._ask("describe_stacks", "Stacks", StackName=name)
        except Exception as error:
            if _is_missing_stack(error):
                return None
            raise
        described: dict[str, Any] = stack
        return described

    def template(self, name: str) -> Mapping[str, Any] | str:
        """Return the deployed template of a stack, as text if it is YAML."""
        template: Mapping[str, Any] | str = self._ask(
            "get_template", "TemplateBody", StackName=name
        )
        return template

    def manager(self, tags: Mapping[str, str], type_name: str, identifier: str) -> Manager | None:
        """Return the stack that manages a resource, or None if there is none.

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
        for one in self.resources_of_stack(stack_id, region):
            physical_id = one.get("PhysicalResourceId", "")
            # Some physical IDs contain the ID of the membership, and others do not.
            is_it = physical_id in (identifier, identifier.split("|")[0])
            if is_it and one["ResourceType"] == type_name and _is_managed(one):
                return Manager(stack_id.split("/")[1], one["LogicalResourceId"])
        return None

    def _ask(self, operation: str, member: str, **arguments: object) -> Any:
        return self._read(
            lambda aws: aws.ask(
                "cloudformation", operation, member, region=self.region, **arguments
            )
        )

    def _resources_of_stack(self, name: str, region: str) -> Sequence[dict[str, Any]]:
        """Return the resources that a stack lists, none if there is no such stack."""
        try:
            return self._read(
                lambda aws: [
                    *aws.pages(
                        "cloudformation",
                        "list_stack_resources",
                        "StackResourceSummaries",
                        region=region,
                        StackName=name,
                    )
                ]
            )
        except Exception as error:
            if _is_missing_stack(error):
                return ()
            raise

    def _listed(self, type_name: str, membership: str | None) -> Sequence[dict[str, Any]]:
        """Return the resources that the service lists."""
        resource_type = BY_NAME[type_name]
        return self._read(
            lambda aws: [*listed(resource_type, aws, membership, self.region, self.account)]
        )

    def _live(self, type_name: str, identifier: str) -> dict[str, Any] | None:
        """Return the properties of a resource as they are now, or None if it does not exist."""
        try:
            description = self._read(
                lambda aws: aws.ask(
                    "cloudcontrol",
                    "get_resource",
                    "ResourceDescription",
                    region=self.region,
                    TypeName=type_name,
                    Identifier=identifier,
                )
            )
        except Exception as error:
            if code_of(error) == "ResourceNotFound":
                return None
            raise
        properties: dict[str, Any] = json.loads(description["Properties"])
        return properties

    def _tags(self, service: str, arn: str) -> dict[str, str]:
        """Return the tags of a resource."""
        tags: dict[str, str] = self._read(
            lambda aws: aws.ask(
                service, "list_tags_for_resource", "tags", region=self.region, resourceArn=arn
            )
        )
        return tags

    def _exports(self) -> dict[str, str]:
        """Return the exports of all stacks."""
        return self._read(
            lambda aws: {
                one["Name"]: one["Value"]
                for one in aws.pages(
                    "cloudformation", "list_exports", "Exports", region=self.region
                )
            }
        )


def _paths_of_yaml(template: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of each name in a YAML template, as often as it occurs in the items of lists.

    Only names at the beginning of a line or an item are found, as the CDK CLI writes them. What
    belongs to a name is indented further, so text in several lines is not taken for other names.
    """
    path: list[tuple[int, str]] = []
    # In YAML, a separator of paragraphs, for example, does not end a line.
    for line in re.split("\r?\n", template):
        text = line.lstrip(" -")
        if not text or text.startswith("#"):
            continue
        indentation, start = len(line) - len(text), len(line) - len(line.lstrip(" "))
        # The hyphens of a list can be below the first letter of its name.
        while path and path[-1][0] >= start + (indentation > start):
            path.pop()
        # Names such as "Yes" and "Null" are quoted, because YAML would take them for other values.
        found = re.match(r"""(["']?)(.+?)\1 *:(?!\S)""", text)
        path.append((indentation, found[2] if found else ""))
        if found:
            yield tuple(name for _, name in path)


def _is_managed(resource: Mapping[str, Any]) -> bool:
    return bool(resource["ResourceStatus"] not in _UNMANAGED and resource.get("PhysicalResourceId"))


def _is_missing_stack(error: Exception) -> bool:
    return code_of(error) == "ValidationError" and "does not exist" in str(error)


class Environments:
    """The environments of an app, each created once.

    Args:
        aws: Access to AWS with the credentials of the caller.
    """

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._known = Once(self._new)
        self._assumed = Once(self._assume)

    def of(self, stack: AssemblyStack) -> Environment:
        """Return the environment of a stack.

        Raises:
            CommandError: If the Region is not known.
        """
        region = stack.region or self._aws.region
        if region is None:
            raise CommandError(
                f"the Region of stack {stack.id} is not known; use --region, or set AWS_REGION"
            )
        account = stack.account or self._aws.account
        return self._known(account, region, json.dumps(stack.roles))

    def forget_stacks(self) -> None:
        """Read all stacks again, after a change."""
        for environment in self._known.results():
            environment.forget_stacks()

    def _new(self, account: str, region: str, roles: str) -> Environment:
        partition = self._aws.partition(region)
        for name, value in {
            "${AWS::AccountId}": account,
            "${AWS::Region}": region,
            "${AWS::Partition}": partition,
        }.items():
            roles = roles.replace(name, value)
        identities: list[Identity] = [
            partial(self._assumed, region, json.dumps(role)) for role in json.loads(roles)
        ]
        if account == self._aws.account:
            # Few roles for deployments are allowed to read more than stacks.
            identities.insert(1, lambda: self._aws)
        elif not identities:
            raise CommandError(_other_account(account, self._aws.account))
        return Environment(account, region, partition, identities, self._aws.account)

    def _assume(self, region: str, role: str) -> Aws:
        from botocore.exceptions import BotoCoreError, ClientError

        arn, options = json.loads(role)
        try:
            return self._aws.assuming(Role(arn, options), region)
        except (BotoCoreError, ClientError) as error:
            if is_signed_out(error):
                raise
            raise CannotAssumeError(f"{arn}: {error}") from error


def _other_account(account: str, own: str, *failures: str) -> str:
    role = f"they cannot assume a role there ({'; '.join(failures)})" if failures else ""
    # The other account runs `cdk bootstrap`, so the profile and the app of this run do not apply.
    return (
        f"the app has stacks in account {account}, but the credentials belong to account {own}, and"
        f" {role or 'the app names no role to assume there'}; choose a profile of {account} with"
        f" --profile, or let {account} trust {own} with `cdk bootstrap --trust {own}`"
    )
