"""Plan an adoption: find out what happens to each construct, without changing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._core.adoption_files import Adoption
from .._core.template_references import references
from .._core.types import BY_NAME, ResourceType
from .cloud_assembly import AssemblyStack
from .cloudformation import DeployedStack, Environment, parts_of
from .discover import listed
from .listing import member
from .template import UnknownValueError, Values

ADOPT = "adopt"
CREATE = "create"
MANAGED = "already managed"
CANNOT = "cannot"

_FIRST = {"AWS::CleanRooms::Collaboration": 0, "AWS::CleanRooms::Membership": 1}


@dataclass(frozen=True)
class Change:
    """A difference that the next deployment corrects.

    Attributes:
        property: The property, as a path.
        live: Its value now, or None.
        declared: Its value in the template, or None if it will be removed.
        replaces: Whether the correction replaces the resource.
    """

    property: str
    live: Any
    declared: Any
    replaces: bool = False


@dataclass
class Line:
    """The plan for one construct.

    Attributes:
        adoption: The construct.
        action: One of the constants of this module.
        identifier: The primary identifier, if the resource exists.
        changes: What the next deployment changes.
        reason: Why it cannot be adopted, and what to do instead.
    """

    adoption: Adoption
    action: str
    identifier: Mapping[str, str] | None = None
    changes: Sequence[Change] = ()
    reason: str | None = None


@dataclass
class StackPlan:
    """The plan for the constructs of one stack.

    Attributes:
        stack: The stack.
        deployed: The stack as it is deployed.
        lines: A line for each construct.
        refusal: The reason why the stack cannot be changed at all.
    """

    stack: AssemblyStack
    deployed: DeployedStack
    lines: list[Line] = field(default_factory=list)
    refusal: str | None = None

    @property
    def mapping(self) -> dict[str, Mapping[str, str]]:
        """The identifiers of the resources to import, by logical ID."""
        return {
            line.adoption.logical_id: line.identifier
            for line in self.lines
            if line.action == ADOPT and line.identifier is not None
        }

    def problems(self) -> Iterator[str]:
        """Yield the reasons why the plan cannot be carried out."""
        if self.refusal:
            yield self.refusal
        for line in self.lines:
            if line.action == CANNOT:
                yield f"{line.adoption.path}: {line.reason}"


class Planner:
    """Make the plan of one stack.

    Args:
        stack: The stack.
        environment: Its account and Region.
        allow_replacement: Whether a difference may replace an adopted resource.
    """

    def __init__(
        self, stack: AssemblyStack, environment: Environment, *, allow_replacement: bool
    ) -> None:
        self._stack = stack
        self._environment = environment
        self._allow_replacement = allow_replacement
        self._deployed = DeployedStack(environment, stack.name)
        self._resources: Mapping[str, Any] = stack.template.get("Resources", {})
        self._found: dict[str, Mapping[str, str]] = {}
        self._new: set[str] = set()
        self._values = Values(
            ref=self._ref,
            attribute=self._attribute,
            export=self._export,
            output=self._output,
        )

    def plan(self) -> StackPlan:
        """Return the plan."""
        plan = StackPlan(self._stack, self._deployed)
        plan.refusal = self._deployed.refusal(self._stack.id)
        if plan.refusal:
            return plan
        # Resources that belong to a collaboration or membership are searched for inside it, so
        # these two come first.
        in_order = sorted(
            self._stack.adoptions, key=lambda one: _FIRST.get(one.type_name, len(_FIRST))
        )
        lines = {}
        for adoption in in_order:
            line = lines[adoption.logical_id] = self._line(adoption)
            if line.action == ADOPT and line.identifier:
                self._found[adoption.logical_id] = line.identifier
            elif line.action == CREATE:
                self._new.add(adoption.logical_id)
        plan.lines = [lines[adoption.logical_id] for adoption in self._stack.adoptions]
        self._refuse_duplicates(plan.lines)
        for line in plan.lines:
            if line.action == ADOPT:
                self._examine(line)
            elif line.action == MANAGED:
                self._compare(line)
        return plan

    def _line(self, adoption: Adoption) -> Line:
        physical_id = self._deployed.physical_ids.get(adoption.logical_id)
        if physical_id is not None:
            return self._managed_line(adoption, physical_id)
        resource_type = BY_NAME.get(adoption.type_name)
        if resource_type is None:
            reason = f"this version of cdk-cleanrooms cannot look for {adoption.type_name}"
            return Line(adoption, CANNOT, reason=reason)
        if adoption.identifier is not None:
            identifier = adoption.identifier
            if self._live(adoption, identifier) is None:
                return Line(
                    adoption,
                    CANNOT,
                    identifier,
                    reason=f"there is no {resource_type.noun} {_joined(identifier)!r}; correct"
                    " adopt=…, or use adopt=True to create it",
                )
            return Line(adoption, ADOPT, identifier)
        return self._line_by_name(adoption, resource_type)

    def _managed_line(self, adoption: Adoption, physical_id: str) -> Line:
        identifier = parts_of(adoption.type_name, physical_id)
        wanted = adoption.identifier
        if wanted is not None and identifier != dict(wanted):
            return Line(
                adoption,
                CANNOT,
                identifier,
                reason=f"the stack already has {physical_id!r} under this logical ID; to adopt"
                f" {_joined(wanted)!r} instead, give the construct another ID",
            )
        return Line(adoption, MANAGED, identifier)

    def _line_by_name(self, adoption: Adoption, resource_type: ResourceType) -> Line:
        properties = self._resources[adoption.logical_id].get("Properties", {})
        [(property, path, _)] = resource_type.match
        membership: str | None = None
        try:
            if resource_type.is_in_membership:
                membership = str(self._values.of(properties["MembershipIdentifier"]))
            wanted = self._values.of(properties[property])
        except _NotYetThereError:
            # The resources of a membership that does not exist yet cannot exist either.
            return Line(adoption, CREATE)
        except UnknownValueError as unknown:
            return Line(adoption, CANNOT, reason=str(unknown))
        region = self._environment.region
        matches = [
            one
            for one in listed(resource_type, self._environment.aws, membership, region)
            if member(one, path) == wanted
        ]
        identifiers = [one[resource_type.identifier] for one in matches]
        if len(identifiers) > 1:
            reason = (
                f"there are {len(identifiers)} {resource_type.noun}s {wanted!r}; choose one with"
                f" adopt='{identifiers[0]}' or adopt='{identifiers[1]}'"
            )
            return Line(adoption, CANNOT, reason=reason)
        if not identifiers:
            return Line(adoption, CREATE)
        values = [identifiers[0], *([membership] if membership else [])]
        return Line(
            adoption, ADOPT, dict(zip(resource_type.primary_identifier, values, strict=True))
        )

    def _refuse_duplicates(self, lines: Sequence[Line]) -> None:
        first: dict[tuple[str, str], Line] = {}
        for line in lines:
            if line.action not in (ADOPT, MANAGED) or not line.identifier:
                continue
            key = (line.adoption.type_name, _joined(line.identifier))
            other = first.setdefault(key, line)
            if other is not line:
                line.action = CANNOT
                line.reason = (
                    f"{_joined(line.identifier)!r} already belongs to {other.adoption.path};"
                    " declare it in one place"
                )

    def _examine(self, line: Line) -> None:
        """Refuse an adoption that would fail, and find what the deployment changes."""
        assert line.identifier is not None
        resource_type = BY_NAME[line.adoption.type_name]
        live = self._live(line.adoption, line.identifier) or {}
        arn = live.get(resource_type.arn_property)
        client = self._environment.aws.client(resource_type.service, self._environment.region)
        tags = client.list_tags_for_resource(resourceArn=arn)["tags"] if arn else {}
        manager = self._environment.manager(tags, resource_type.name, _joined(line.identifier))
        resource = self._resources[line.adoption.logical_id]
        missing = sorted(
            name
            for name in {*references(resource)}
            if not self._deployed.has(name) and name not in self._found
        )
        line.changes = self._changes(resource_type, resource.get("Properties", {}), live)
        if manager:
            line.reason = (
                f"stack {manager} manages {_joined(line.identifier)!r}; remove it there with"
                " removal policy RETAIN first, or refer to it with from_existing instead"
            )
        elif missing:
            line.reason = (
                f"it refers to {', '.join(map(self._path, missing))}, which is not deployed yet,"
                " and an import cannot create it; deploy that first without this construct, or use"
                " literal values"
            )
        else:
            line.reason = self._reason_against(resource_type, line.changes)
        if line.reason:
            line.action = CANNOT

    def _compare(self, line: Line) -> None:
        """Find what the deployment changes of a resource that the stack already has."""
        assert line.identifier is not None
        resource_type = BY_NAME.get(line.adoption.type_name)
        live = resource_type and self._live(line.adoption, line.identifier)
        if not resource_type or not live:
            return
        declared = self._resources[line.adoption.logical_id].get("Properties", {})
        # CloudFormation also gives the resource the tags of the stack.
        own = {name: value for name, value in declared.items() if name != "Tags"}
        line.changes = self._changes(resource_type, own, {**live, "Tags": []})
        line.reason = self._reason_against(resource_type, line.changes)
        if line.reason:
            line.action = CANNOT

    def _reason_against(self, resource_type: ResourceType, changes: Sequence[Change]) -> str | None:
        replaced = [change.property for change in changes if change.replaces]
        fixed = [change for change in changes if change.property in resource_type.fixed]
        if fixed:
            others = ", or use another name" if resource_type.is_identified_by_name else ""
            return " and ".join(map(_fixed, fixed)) + f"; declare the current value{others}"
        if replaced and not self._allow_replacement:
            return (
                f"the next deployment would replace it, because {' and '.join(replaced)} cannot be"
                " changed in place; declare the current value, or use --allow-replacement"
            )
        return None

    def _changes(
        self, resource_type: ResourceType, declared: Mapping[str, Any], live: Mapping[str, Any]
    ) -> list[Change]:
        changes: list[Change] = []
        for name, value in sorted(declared.items()):
            if name != "Tags":
                changes += self._differences(resource_type, name, value, live.get(name))
        try:
            own = _tags(self._values.of(declared.get("Tags", [])))
        except UnknownValueError:
            return changes
        existing = _tags(live.get("Tags", []))
        changes += [
            Change(f"Tags.{key}", existing.get(key), own.get(key))
            for key in sorted({*own, *existing})
            if own.get(key) != existing.get(key)
        ]
        return changes

    def _differences(
        self, resource_type: ResourceType, path: str, declared: Any, live: Any
    ) -> Iterator[Change]:
        is_expression = isinstance(declared, Mapping) and any(
            key == "Ref" or key.startswith("Fn::") for key in declared
        )
        if isinstance(declared, Mapping) and not is_expression:
            inside = live if isinstance(live, Mapping) else {}
            for key, value in sorted(declared.items()):
                yield from self._differences(resource_type, f"{path}.{key}", value, inside.get(key))
            return
        try:
            value = self._values.of(declared)
        except UnknownValueError:
            # It refers to something that is deployed, but its value cannot be looked up.
            return
        if not _agrees(value, live):
            replaces = any(
                path == one or path.startswith(f"{one}.") for one in resource_type.create_only
            )
            yield Change(path, live, value, replaces)

    def _live(self, adoption: Adoption, identifier: Mapping[str, str]) -> dict[str, Any] | None:
        return self._environment.live(adoption.type_name, _joined(identifier))

    def _path(self, logical_id: str) -> str:
        metadata = self._resources.get(logical_id, {}).get("Metadata", {})
        path: str = metadata.get("aws:cdk:path", logical_id)
        return path.removesuffix("/Resource")

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": self._environment.account,
            "AWS::Partition": "aws",
            "AWS::Region": self._environment.region,
            "AWS::StackName": self._stack.name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self._deployed.parameters:
            return self._deployed.parameters[name]
        if name in self._found:
            return "|".join(self._found[name].values())
        if name in self._deployed.physical_ids:
            return self._deployed.physical_ids[name]
        raise self._unknown(name)

    def _attribute(self, name: str, attribute: str) -> Any:
        type_name = self._resources.get(name, {}).get("Type", self._deployed.types.get(name, ""))
        if name in self._found:
            identifier: Mapping[str, str] = self._found[name]
        elif name in self._deployed.physical_ids:
            identifier = parts_of(type_name, self._deployed.physical_ids[name])
        else:
            raise self._unknown(name)
        if attribute in identifier:
            return identifier[attribute]
        known = _joined(identifier) or self._deployed.physical_ids[name]
        try:
            live = self._environment.live(type_name, known) or {}
        except Exception as error:
            raise UnknownValueError(f"{attribute} of {self._path(name)}: {error}") from error
        if attribute not in live:
            raise UnknownValueError(f"{attribute} of {self._path(name)} is known at deployment")
        return live[attribute]

    def _unknown(self, name: str) -> UnknownValueError:
        is_adopting = any(one.logical_id == name for one in self._stack.adoptions)
        is_new = name in self._new or (name in self._resources and not is_adopting)
        kind = _NotYetThereError if is_new else UnknownValueError
        return kind(
            f"it refers to {self._path(name)}, which is not deployed yet; deploy that first"
        )

    def _export(self, name: str) -> str:
        value = self._environment.export(name)
        if value is None:
            raise UnknownValueError(
                f"it refers to the export {name!r} of another stack, which is not deployed yet;"
                " deploy that stack first"
            )
        return value

    def _output(self, arguments: Mapping[str, Any]) -> str:
        stack, output = arguments.get("StackName"), arguments.get("OutputName")
        region = arguments.get("Region", self._environment.region)
        if "RoleArn" in arguments or region != self._environment.region:
            raise UnknownValueError(
                f"it refers to the output {output} of stack {stack} in another account or Region,"
                " which is read at the deployment; use a literal value"
            )
        described = self._environment.describe_stack(str(stack)) or {}
        for one in described.get("Outputs", ()):
            if one["OutputKey"] == output:
                value: str = one["OutputValue"]
                return value
        raise UnknownValueError(
            f"it refers to the output {output} of stack {stack}, which is not deployed yet; deploy"
            " that stack first"
        )


class _NotYetThereError(UnknownValueError):
    """A value of a resource that this app has not created yet."""


def _fixed(change: Change) -> str:
    live = "not set" if change.live is None else repr(change.live)
    return (
        f"its {change.property} is {live} and cannot become {change.declared!r}, because AWS"
        " cannot change it, not even by replacing the resource"
    )


def _joined(identifier: Mapping[str, str]) -> str:
    return "|".join(identifier.values())


def _tags(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _agrees(declared: Any, live: Any) -> bool:
    """Return whether a live value is as declared. AWS adds defaults, and reorders lists."""
    match declared, live:
        case dict(), dict():
            return all(_agrees(value, live.get(key)) for key, value in declared.items())
        case list(), list() if len(declared) == len(live):
            others = [*live]
            for item in declared:
                found = next((each for each in others if _agrees(item, each)), None)
                if found is None:
                    return False
                others.remove(found)
            return True
    return bool(_normalized(declared) == _normalized(live))


def _normalized(value: Any) -> Any:
    match value:
        case [] | {} if not value:
            return None  # an empty value and a missing one are the same
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
    return value
