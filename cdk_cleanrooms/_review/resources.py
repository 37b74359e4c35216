"""The resources of templates, and what identifies each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._core.template_references import references
from .assembly import NESTED_STACK, Stack
from .resolving import Scope
from .values import ABSENT, Symbolic, get, is_open, plain, scalar

SERVICES = ("AWS::CleanRooms", "AWS::EntityResolution")
"""How the types of the two services begin."""

GENERATED = "Properties"
"""The name that stands for all properties of a resource if a function makes them."""

_IN_MEMBERSHIP = "MembershipIdentifier"
# The properties that name a resource. Properties that name it together stand in one text.
_NAMES = {
    "AWS::Athena::WorkGroup": "Name",
    "AWS::CleanRooms::PrivacyBudgetTemplate": "PrivacyBudgetType Parameters.ResourceArn",
    "AWS::EntityResolution::IdMappingWorkflow": "WorkflowName",
    "AWS::EntityResolution::IdNamespace": "IdNamespaceName",
    "AWS::EntityResolution::MatchingWorkflow": "WorkflowName",
    "AWS::EntityResolution::PolicyStatement": "StatementId Arn",
    "AWS::EntityResolution::SchemaMapping": "SchemaName",
    "AWS::Glue::Database": "DatabaseInput.Name",
    "AWS::Glue::Table": "DatabaseName TableInput.Name",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
}
# They create resources of other templates.
_MAKERS = (
    "AWS::CloudFormation::StackSet",
    "AWS::Serverless::Application",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
)
_BUDGET = "AWS::CleanRooms::PrivacyBudgetTemplate"
_COLLABORATION = "AWS::CleanRooms::Collaboration"
_MEMBERSHIP = "AWS::CleanRooms::Membership"
# A role without a name is known by what uses it: another role with the same policies is as good.
_KNOWN_BY_USE = "AWS::IAM::Role"
_REFERENCE = re.compile(r"\u2039\S+ ([^\u203a]*)\u203a(?:\.[\w.]+)?")


def called(value: Any) -> str:
    """Return a value as text, in which references to resources are their names."""
    return _REFERENCE.sub(r"\1", scalar(value))


@dataclass(eq=False)
class Resource:
    """A resource of a template.

    Attributes:
        scope: The scope of its stack.
        logical_id: Its logical ID.
        type: Its type.
        base: What identifies it, which other stacks can also have.
        is_named: Whether it has a name, or what it belongs to identifies it.
        identity: What identifies it in the assembly.
        path: The path of its construct, or an empty text if it is not known.
    """

    scope: Scope
    logical_id: str
    type: str
    base: str
    is_named: bool
    identity: str
    path: str

    @property
    def stack(self) -> Stack:
        """The stack that declares it."""
        return self.scope.stack

    @cached_property
    def declaration(self) -> Mapping[str, Any]:
        """What the template says."""
        found: Mapping[str, Any] = self.stack.section("Resources")[self.logical_id]
        return found

    @cached_property
    def properties(self) -> dict[str, Any]:
        """Its properties, as far as the templates determine them."""
        found: Any = self.scope.value(self.declaration.get("Properties", {}))
        # A function that makes all properties leaves none of them known.
        return found if isinstance(found, dict) else {GENERATED: found}

    @cached_property
    def presence(self) -> Any:
        """Whether it exists: a Boolean, or text if a condition decides it at deployment."""
        return self.scope.presence_of(self.declaration)

    @cached_property
    def name(self) -> str:
        """Its identity without the type."""
        return self.identity.removeprefix(self.type).strip()

    def get(self, path: str) -> Any:
        """Return a property, or a part of one, by its path; `ABSENT` without one."""
        return get(self.properties, path)

    def text(self, path: str) -> str:
        """Return a property as text, in which references are names; empty without one."""
        value = self.get(path)
        return "" if value is ABSENT else called(value)


class Assembly:
    """The stacks of a cloud assembly, whose templates refer to each other.

    Args:
        stacks: The stacks.
    """

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self._exports: dict[tuple[str | None, str | None, str], tuple[Scope, str]] | None = None
        self._bases: dict[tuple[int, str], str] = {}
        self._uses: dict[int, dict[str, list[tuple[str, str]]]] = {}
        self._identities: dict[tuple[int, str], str] = {}
        self._taken: set[str] = set()
        self._named: set[tuple[int, str]] = set()
        self._roots = [
            Scope(stack, exported=self._exported, output_of=self._output, label=self.identity)
            for stack in stacks
        ]
        self._root_of = {id(it): root.stack for root in self._roots for it in root.scopes()}
        self.scopes = [scope for root in self._roots for scope in root.scopes()]

    def resources(self) -> list[Resource]:
        """Return the resources that can exist, in the order of the templates."""
        found = [
            Resource(
                scope,
                logical_id,
                declared["Type"],
                self.base(scope, logical_id),
                (id(scope), logical_id) in self._named,
                self.identity(scope, logical_id),
                _path(scope.stack, logical_id, declared),
            )
            for scope in self.scopes
            for logical_id, declared in scope.stack.section("Resources").items()
            if not logical_id.startswith("Fn::")
        ]
        return [resource for resource in found if resource.presence is not False]

    def root_of(self, resource: Resource) -> Stack:
        """Return the stack of a resource, or the one in which that stack is nested."""
        return self._root_of[id(resource.scope)]

    def generated(self) -> Iterator[tuple[Stack, str, Any]]:
        """Yield what makes resources that the templates do not show: its stack, name and text."""
        for scope in self.scopes:
            stack = scope.stack
            for name, node in stack.template.items():
                if name == "Transform" or name.startswith("Fn::"):
                    yield stack, name, node
            for logical_id, declared in stack.section("Resources").items():
                if logical_id.startswith("Fn::"):
                    yield stack, logical_id, declared
                elif (
                    declared["Type"].endswith("::MODULE")
                    or declared["Type"] in _MAKERS
                    or (declared["Type"] == NESTED_STACK and logical_id not in scope.nested)
                    or any(name.startswith("Fn::") for name in declared)
                ):
                    name = f"{declared['Type']} {logical_id}"
                    yield stack, name, plain(scope.value({**declared}))

    def identity(self, scope: Scope, logical_id: str) -> str:
        """Return what identifies a resource in the assembly."""
        key = (id(scope), logical_id)
        if key not in self._identities:
            base = identity = self.base(scope, logical_id)
            if identity in self._taken:
                identity = f"{base} [{scope.stack.id}]"
            if identity in self._taken:
                identity = f"{base} [{scope.stack.id} {logical_id}]"
            # While a name is resolved that depends on itself, the identity can be found twice.
            identity = self._identities.setdefault(key, identity)
            self._taken.add(identity)
        return self._identities[key]

    def base(self, scope: Scope, logical_id: str) -> str:
        """Return what identifies a resource, but for the stack."""
        key = (id(scope), logical_id)
        if key not in self._bases:
            declared = scope.stack.section("Resources")[logical_id]
            type_name = declared["Type"]
            # A name that depends on itself is not followed any further.
            self._bases[key] = f"{type_name} {_path_in_stack(scope.stack, logical_id, declared)}"
            name = self._name(scope, logical_id, type_name, declared.get("Properties", {}))
            if name:
                self._bases[key] = f"{type_name} {called(name)}"
        return self._bases[key]

    def _name(self, scope: Scope, logical_id: str, type_name: str, declared: Any) -> str:
        account = f" ({scope.stack.account})" if scope.stack.account else ""
        if type_name == _MEMBERSHIP:
            collaboration = scope.value(declared.get("CollaborationIdentifier", ""))
            self._named.add((id(scope), logical_id))
            return f"{called(collaboration)}{account}"
        paths = _NAMES.get(type_name, "Name" if type_name.startswith(SERVICES) else "")
        parts = [_declared(scope, declared, path) for path in paths.split()]
        name = " ".join(called(part) for part in parts if part is not ABSENT)
        if name:
            self._named.add((id(scope), logical_id))
        else:
            users = self._users(scope).get(logical_id) if type_name == _KNOWN_BY_USE else None
            return "of {} ({})".format(*min(users)) if users else ""
        # The table of an access budget is in the membership already.
        is_complete = type_name == _BUDGET and len(parts) > parts.count(ABSENT) + 1
        if _IN_MEMBERSHIP in declared and not is_complete:
            return f"{name} in {called(scope.value(declared[_IN_MEMBERSHIP]))}"
        return name if type_name == _COLLABORATION else f"{name}{account}"

    def _users(self, scope: Scope) -> dict[str, list[tuple[str, str]]]:
        """Return the resources that use others, with the properties, by the logical ID of these."""
        if id(scope) not in self._uses:
            uses = self._uses[id(scope)] = {}
            resources = scope.stack.section("Resources")
            for user, declared in resources.items():
                if user.startswith("Fn::") or not declared["Type"].startswith(SERVICES):
                    continue
                for property, node in declared.get("Properties", {}).items():
                    for used in references({"Properties": {property: node}}):
                        kind = resources.get(used, {}).get("Type")
                        if kind == _KNOWN_BY_USE:
                            uses.setdefault(used, []).append((self.base(scope, user), property))
        return self._uses[id(scope)]

    def _exported(self, importer: Stack, name: str) -> Any:
        if self._exports is None:
            self._exports = {}
            for scope in self.scopes:
                for output, declared in scope.stack.section("Outputs").items():
                    export = get(declared, "Export.Name")
                    text = ABSENT if export is ABSENT else scope.value(export)
                    if text is not ABSENT and not is_open(text):
                        self._exports[*_place(scope.stack), scalar(text)] = (scope, output)
        found = self._exports.get((*_place(importer), name))
        return found[0].output(found[1]) if found else None

    def _output(self, stack_name: str, output: str) -> Any:
        found = [scope for scope in self._roots if scope.stack.name == stack_name]
        return found[0].output(output) if len(found) == 1 else None


def _place(stack: Stack) -> tuple[str | None, str | None]:
    # The name of an export is unique in an account and Region.
    return stack.account, stack.region


def _declared(scope: Scope, node: Any, path: str) -> Any:
    for step in path.split("."):
        node = node.get(step, ABSENT) if isinstance(node, dict) else ABSENT
    return node if node is ABSENT else scope.value(node)


def _path(stack: Stack, logical_id: str, declared: Mapping[str, Any]) -> str:
    metadata = declared.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
    return str(path or stack.paths.get(logical_id, "")).removesuffix("/Resource")


def _path_in_stack(stack: Stack, logical_id: str, declared: Mapping[str, Any]) -> str:
    path = _path(stack, logical_id, declared)
    return path.removeprefix(f"{stack.id}/") or logical_id


def is_possible(resource: Resource) -> bool:
    """Return whether a condition decides at deployment whether a resource exists."""
    return isinstance(resource.presence, Symbolic)
