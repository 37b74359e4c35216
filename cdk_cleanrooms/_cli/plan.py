"""Plan an adoption: find out what happens to each construct, without changing anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._core import types
from .._core.adoption_files import Adoption
from .._core.template_references import references
from .._core.types import BY_NAME, MEMBERSHIP_IDENTIFIER, Match, ResourceType
from .arguments import member
from .cloud_assembly import AssemblyStack
from .cloudformation import Advised, DeployedStack, Environment, Environments
from .defaults import completed
from .side_by_side import side_by_side
from .template import UnknownValueError, Values, compared, decided, imports

ADOPT = "adopt"
CREATE = "create"
MANAGED = "already managed"
LEFT_OUT = "left out"
CANNOT = "cannot"


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
        after: The IDs of the stacks that have to be deployed before it can be adopted.
        reason: Why it is left out, or why it cannot be adopted and what to do instead.
    """

    adoption: Adoption
    action: str
    identifier: Mapping[str, str] | None = None
    changes: Sequence[Change] = ()
    after: Sequence[str] = ()
    reason: str | None = None

    @property
    def joined_identifier(self) -> str:
        """The identifier with its parts joined, as in a physical ID."""
        return _joined(self.identifier or {})

    def refuse(self, reason: str) -> None:
        """Make the plan say that the construct cannot be adopted."""
        self.action = CANNOT
        self.reason = reason


@dataclass
class StackPlan:
    """The plan for the constructs of one stack.

    Attributes:
        stack: The stack.
        environment: Its account and Region.
        exists: Whether it has been deployed.
        lines: A line for each construct.
        refusal: The reason why the stack cannot be changed at all.
    """

    stack: AssemblyStack
    environment: Environment
    exists: bool
    lines: list[Line] = field(default_factory=list)
    refusal: str | None = None

    def mapping(self, *, deployed: Collection[str]) -> dict[str, Mapping[str, str]]:
        """Return the identifiers of the resources to import now, by logical ID.

        Args:
            deployed: The IDs of the stacks that have been deployed.
        """
        return {
            line.adoption.logical_id: line.identifier
            for line in self.lines
            if line.action == ADOPT and line.identifier and {*line.after} <= {*deployed}
        }

    def problems(self) -> Iterator[str]:
        """Yield the reasons why the plan cannot be carried out."""
        if self.refusal:
            yield self.refusal
        for line in self.lines:
            if line.action == CANNOT:
                yield f"{line.adoption.path}: {line.reason}"


class Planner:
    """Make the plan of an app.

    Args:
        stacks: All stacks of the app.
        environments: Their accounts and Regions.
        advised: A function that returns a command to run.
        allow_replacement: Whether a difference may replace an adopted resource.
        keeps_parameters: Whether the parameters of the stacks keep their values.
    """

    def __init__(
        self,
        stacks: Sequence[AssemblyStack],
        environments: Environments,
        advised: Advised,
        *,
        allow_replacement: bool,
        keeps_parameters: bool,
    ) -> None:
        self.advised = advised
        self.keeps_parameters = keeps_parameters
        self._planners = [
            _StackPlanner(stack, environments, self, allow_replacement=allow_replacement)
            for stack in stacks
        ]

    def plan(self, selected: Collection[str]) -> list[StackPlan]:
        """Return the plans of the selected stacks.

        Args:
            selected: The IDs of the stacks.
        """
        planners = [one for one in self._planners if one.stack.id in selected]
        side_by_side(lambda one: one.deployed, planners)
        pending = [
            (planner, adoption)
            for planner in planners
            if planner.plan.refusal is None
            for adoption in planner.stack.adoptions
        ]
        # A resource inside another one is searched for there, so the outer ones come first.
        for rank in sorted({_rank(adoption) for _, adoption in pending}):
            now = [(one, adoption) for one, adoption in pending if _rank(adoption) == rank]
            lines = side_by_side(lambda pair: pair[0].line(pair[1]), now)
            for (planner, _), line in zip(now, lines, strict=True):
                planner.add(line)
        for planner in planners:
            planner.put_in_order()
        _refuse_duplicates(planners)
        side_by_side(
            lambda pair: pair[0].examine(pair[1]),
            [(planner, line) for planner in planners for line in planner.plan.lines],
        )
        for planner in planners:
            planner.postpone()
        side_by_side(lambda one: one.refuse_replacements(), planners)
        return [planner.plan for planner in planners]

    def producers(
        self, consumer: AssemblyStack, export: str
    ) -> Iterator[tuple[_StackPlanner, Any]]:
        """Yield the stack of the app that has an export, with the expression for its value."""
        place = (consumer.account, consumer.region)
        nearby = [one for one in self._planners if (one.stack.account, one.stack.region) == place]
        for planner in nearby:
            for output in planner.stack.template.get("Outputs", {}).values():
                name = output.get("Export", {}).get("Name")
                with suppress(UnknownValueError):
                    if name is not None and planner.value_of(name) == export:
                        yield planner, output["Value"]

    def stack_named(
        self, name: str, account: str | None, region: str | None
    ) -> _StackPlanner | None:
        """Return the stack of the app with a name in an account and Region, if there is one."""
        for planner in self._planners:
            stack = planner.stack
            if (stack.name, stack.account, stack.region) == (name, account, region):
                return planner
        return None


_NESTED_STACK = "AWS::CloudFormation::Stack"
# What CloudFormation shows instead of a value with NoEcho.
_HIDDEN = "****"
# If one of these is replaced, the partners have to join again, and their data is no longer in it.
_OF_ALL_PARTNERS = (types.COLLABORATION, types.MEMBERSHIP)


def _rank(adoption: Adoption) -> int:
    resource_type = BY_NAME.get(adoption.type_name)
    if resource_type is types.COLLABORATION:
        return 0
    if resource_type is types.MEMBERSHIP:
        return 1
    return 3 if resource_type and resource_type.match_details else 2


def _refuse_duplicates(planners: Iterable[_StackPlanner]) -> None:
    first: dict[tuple[str, ...], Line] = {}
    for planner in planners:
        for line in planner.plan.lines:
            if line.action not in (ADOPT, MANAGED) or not line.identifier:
                continue
            environment = planner.environment
            key = (
                environment.account,
                environment.region,
                line.adoption.type_name,
                _joined(line.identifier),
            )
            other = first.setdefault(key, line)
            if other is not line:
                line.refuse(
                    f"{_joined(line.identifier)!r} already belongs to {other.adoption.path};"
                    " declare it in one place"
                )


class _StackPlanner:
    """Make the plan of one stack."""

    def __init__(
        self,
        stack: AssemblyStack,
        environments: Environments,
        app: Planner,
        *,
        allow_replacement: bool,
    ) -> None:
        self.stack = stack
        self._environments = environments
        self._app = app
        self._allow_replacement = allow_replacement
        self._resources: Mapping[str, Any] = stack.template.get("Resources", {})
        self._adopting = {one.logical_id for one in stack.adoptions}
        self._found: dict[str, Mapping[str, str]] = {}
        self._new: set[str] = set()
        self._values = Values(
            ref=self._ref,
            attribute=self._attribute,
            export=self._export,
            output=self._output,
        )
        self._values_in_conditions = Values(
            ref=self._ref_in_condition,
            attribute=self._attribute,
            export=self._export,
            output=self._output,
        )

    @cached_property
    def environment(self) -> Environment:
        """The account and Region of the stack."""
        return self._environments.of(self.stack)

    @property
    def deployed(self) -> DeployedStack:
        """The stack as it is deployed."""
        return self.environment.stack(self.stack.name)

    @cached_property
    def plan(self) -> StackPlan:
        """The plan, to which the lines are added."""
        refusal = self.deployed.refusal(self.stack.id, self._app.advised)
        return StackPlan(self.stack, self.environment, self.deployed.exists, refusal=refusal)

    def add(self, line: Line) -> None:
        """Add a line to the plan."""
        self.plan.lines.append(line)
        if line.action == ADOPT and line.identifier:
            self._found[line.adoption.logical_id] = line.identifier
        elif line.action in (CREATE, LEFT_OUT):
            self._new.add(line.adoption.logical_id)

    def put_in_order(self) -> None:
        """Give the lines the order of the constructs."""
        position = {one.logical_id: index for index, one in enumerate(self.stack.adoptions)}
        self.plan.lines.sort(key=lambda line: position[line.adoption.logical_id])

    def value_of(self, expression: Any) -> Any:
        """Return the value of an expression in the template of the stack.

        Raises:
            UnknownValueError: If it is known only at deployment.
        """
        return self._values.of(expression)

    def line(self, adoption: Adoption) -> Line:
        """Return the line for a construct, without the comparison with its resource."""
        physical_id = self.deployed.physical_ids.get(adoption.logical_id)
        if physical_id is not None:
            deployed_type = self.deployed.type_of(adoption.logical_id)
            if deployed_type != adoption.type_name:
                reason = (
                    f"the stack already has the {deployed_type} {physical_id!r} under this logical"
                    " ID, and CloudFormation does not change its type; give the construct another"
                    " ID"
                )
                return Line(adoption, CANNOT, reason=reason)
            return self._managed_line(adoption, physical_id)
        condition = self._resources[adoption.logical_id].get("Condition")
        if self._is_false(condition):
            return Line(adoption, LEFT_OUT, reason=f"its condition {condition} is false")
        resource_type = BY_NAME.get(adoption.type_name)
        if resource_type is None:
            reason = f"this version of cdk-cleanrooms cannot look for {adoption.type_name}"
            return Line(adoption, CANNOT, reason=reason)
        if adoption.identifier is None:
            return self._line_by_name(adoption, resource_type)
        identifier = adoption.identifier
        if self._live(adoption, identifier) is None:
            reason = (
                f"there is no {resource_type.noun} {_joined(identifier)!r}; correct adopt=…, or use"
                " adopt=True to create it"
            )
            return Line(adoption, CANNOT, identifier, reason=reason)
        return Line(adoption, ADOPT, identifier)

    def _is_false(self, condition: Any) -> bool:
        template = self.stack.template
        conditions = template.get("Conditions", {})
        # A macro can change conditions and defaults.
        if "Transform" in template or "Fn::Transform" in conditions:
            return False
        return decided({"Condition": condition}, conditions, self._values_in_conditions) is False

    def _managed_line(self, adoption: Adoption, physical_id: str) -> Line:
        identifier = self._identifier(adoption.logical_id, adoption.type_name, physical_id)
        wanted = adoption.identifier
        if wanted is not None and not {*identifier.items()} <= {*wanted.items()}:
            reason = (
                f"the stack already has {physical_id!r} under this logical ID; to adopt"
                f" {_joined(wanted)!r} instead, give the construct another ID"
            )
            return Line(adoption, CANNOT, identifier, reason=reason)
        return Line(adoption, MANAGED, wanted or identifier)

    def _line_by_name(self, adoption: Adoption, resource_type: ResourceType) -> Line:
        properties = self._resources[adoption.logical_id].get("Properties", {})
        membership: str | None = None
        try:
            if resource_type.is_in_membership:
                membership = str(self._values.of(properties[MEMBERSHIP_IDENTIFIER]))
            wanted = {
                match.member: (match, self._values.of(properties[match.property]))
                for match in resource_type.match
            }
            details = {
                match.property: self._values.of(member(properties, match.property))
                for match in resource_type.match_details
                if member(properties, match.property) is not None
            }
        except _NotYetThereError:
            # The resources of a membership that does not exist yet cannot exist either.
            return Line(adoption, CREATE)
        except UnknownValueError as unknown:
            return Line(adoption, CANNOT, reason=str(unknown))
        found = [
            resource_type.identified(one[resource_type.identifier], membership)
            for one in self.environment.listed(resource_type.name, membership)
            if all(_equals(member(one, path), *pair) for path, pair in wanted.items())
        ]
        if details:
            found = [one for one in found if self._has(adoption, one, details)]
        if len(found) > 1:
            text = " and ".join(repr(value) for _, value in wanted.values())
            one, other, *_ = (next(iter(each.values())) for each in found)
            reason = (
                f"there are {len(found)} {resource_type.noun}s {text}; choose one with"
                f" adopt={one!r} or adopt={other!r}"
            )
            return Line(adoption, CANNOT, reason=reason)
        return Line(adoption, ADOPT, found[0]) if found else Line(adoption, CREATE)

    def _has(
        self, adoption: Adoption, identifier: Mapping[str, str], details: Mapping[str, Any]
    ) -> bool:
        live = self._live(adoption, identifier) or {}
        return all(member(live, path) == value for path, value in details.items())

    def examine(self, line: Line) -> None:
        """Compare a construct with its resource, and refuse an adoption that would fail."""
        resource_type = BY_NAME.get(line.adoption.type_name)
        if resource_type is None or not line.identifier:
            return
        if line.action == ADOPT:
            self._examine_adoption(line, resource_type, line.identifier)
        elif line.action == MANAGED:
            self._examine_managed(line, resource_type, line.identifier)

    def _examine_adoption(
        self, line: Line, resource_type: ResourceType, identifier: Mapping[str, str]
    ) -> None:
        resource = self._resources[line.adoption.logical_id]
        live = self._live(line.adoption, identifier)
        if live is None:
            line.refuse(
                f"{resource_type.noun} {_joined(identifier)!r} is listed, but it cannot be read: it"
                " was deleted a moment ago, or AWS does not show it everywhere yet; run this again"
            )
            return
        missing = sorted(
            name
            for name in {*references(resource)}
            if not self.deployed.has(name) and name not in self._found
        )
        line.changes = self._changes(resource_type, resource.get("Properties", {}), live)
        if reason := self._managed_elsewhere(resource_type, identifier, live):
            line.refuse(reason)
        elif missing:
            line.refuse(
                f"it refers to {', '.join(map(self._path, missing))}, which is not deployed yet,"
                " and an import cannot create it; deploy that first without this construct, or use"
                " literal values"
            )
        elif reason := self._reason_against(resource_type, line.changes):
            line.refuse(reason)
        else:
            line.after = self._not_deployed(resource)

    def _managed_elsewhere(
        self, resource_type: ResourceType, identifier: Mapping[str, str], live: Mapping[str, Any]
    ) -> str | None:
        """Return why a resource cannot be adopted because a stack manages it, or None."""
        own = self.deployed.managed_as(resource_type.name, _joined(identifier))
        if own is None:
            arn = live.get(resource_type.arn_property)
            tags = self.environment.tags(resource_type.service, arn) if arn else {}
            manager = self.environment.manager(tags, resource_type.name, _joined(identifier))
            if manager is None:
                return None
            return (
                f"stack {manager.stack} (as {manager.logical_id}) manages"
                f" {_joined(identifier)!r}; remove it there with removal policy RETAIN first,"
                " or refer to it with from_existing instead"
            )
        if own in self._resources:
            return f"this stack manages it already, as {self._path(own)}; declare it in one place"
        return (
            f"this stack manages it already, as {own}; if you have moved or renamed the construct,"
            f" run `{self._refactoring}`, or deploy once without it, which releases it if it is"
            " retained, and then adopt it"
        )

    def _examine_managed(
        self, line: Line, resource_type: ResourceType, identifier: Mapping[str, str]
    ) -> None:
        """Find what the deployment changes of a resource that the stack already has."""
        if len(identifier) < len(resource_type.primary_identifier):
            return  # the physical ID is incomplete, and what completes it is not known
        live = self._live(line.adoption, identifier)
        if live is None:
            line.refuse(
                f"{resource_type.noun} {_joined(identifier)!r} is gone: it was deleted outside"
                f" CloudFormation, but stack {self.stack.id} still has it; to bring it back, deploy"
                " once without this construct, and then add the construct and run this again,"
                " which creates it, or adopts what has taken its place"
            )
            return
        declared = self._resources[line.adoption.logical_id].get("Properties", {})
        # CloudFormation also gives the resource the tags of the stack.
        own = {name: value for name, value in declared.items() if name != "Tags"}
        line.changes = self._changes(resource_type, own, {**live, "Tags": []})
        reason = self._reason_against(resource_type, line.changes)
        if reason is None and resource_type in _OF_ALL_PARTNERS:
            reason = self._reason_to_keep(resource_type, line.adoption.logical_id)
        if reason:
            line.refuse(reason)

    def postpone(self) -> None:
        """Adopt what refers to a resource of the stack that is adopted later together with it."""
        lines = [line for line in self.plan.lines if line.action == ADOPT]
        names = {
            line.adoption.logical_id: {*references(self._resources[line.adoption.logical_id])}
            for line in lines
        }
        postponed = [line for line in lines if line.after]
        while postponed:
            first = postponed.pop()
            for line in lines:
                if first.adoption.logical_id in names[line.adoption.logical_id]:
                    later = [id for id in first.after if id not in line.after]
                    line.after = [*line.after, *later]
                    postponed += [line] if later else []

    def refuse_replacements(self) -> None:
        """Add a line for what does not adopt and must not be replaced, if it would be."""
        if self.plan.refusal is not None:
            return
        for logical_id, physical_id in self.deployed.physical_ids.items():
            resource_type = BY_NAME.get(self.deployed.type_of(logical_id))
            if resource_type not in _OF_ALL_PARTNERS or logical_id in self._adopting:
                continue
            if reason := self._reason_to_keep(resource_type, logical_id):
                path = f"{self.stack.id}/{logical_id}"
                if logical_id in self._resources:
                    path = self._path(logical_id)
                adoption = Adoption(logical_id, path, resource_type.name, None)
                identifier = self._identifier(logical_id, resource_type.name, physical_id)
                self.plan.lines.append(Line(adoption, CANNOT, identifier, reason=reason))

    def _reason_to_keep(self, resource_type: ResourceType, logical_id: str) -> str | None:
        """Return why the deployment must not change the template as it does, or None."""
        if logical_id in self._resources:
            return self._reason_against(
                resource_type, [*self._replacing(resource_type, logical_id)]
            )
        successor = next(
            (
                name
                for name, resource in self._resources.items()
                if resource["Type"] == resource_type.name and name not in self.deployed.physical_ids
            ),
            None,
        )
        if successor is None or self._allow_replacement:
            return None
        return (
            f"the next deployment would release or delete it, and use {self._path(successor)}"
            f" instead; if you have moved or renamed the construct, run `{self._refactoring}`, or"
            " give it back its place and ID; otherwise use --allow-replacement"
        )

    @property
    def _refactoring(self) -> str:
        # The CDK CLI refuses this command without the option.
        return self._app.advised("cdk", "refactor", "--unstable=refactor")

    def _replacing(self, resource_type: ResourceType, logical_id: str) -> Iterator[Change]:
        """Yield the differences of the two templates for which CloudFormation replaces it."""
        before = self.deployed.properties_of(logical_id)
        after = self._resources[logical_id].get("Properties", {})
        if before is None:
            # After an import, the template is YAML. Then the resource itself is the next best.
            live = self.environment.live(resource_type.name, self.deployed.physical_ids[logical_id])
            if live is not None:
                yield from self._replacing_live(resource_type, logical_id, after, live)
            return
        for path in resource_type.create_only:
            old, new = member(before, path), member(after, path)
            if old != new and not self._are_the_same(old, new):
                yield Change(path, old, new, replaces=True)

    def _replacing_live(
        self,
        resource_type: ResourceType,
        logical_id: str,
        after: Mapping[str, Any],
        live: Mapping[str, Any],
    ) -> Iterator[Change]:
        changes = [one for one in self._changes(resource_type, after, live) if one.replaces]
        yield from changes
        # What the code no longer declares is not among these, because AWS adds defaults.
        before = Counter(self.deployed.names_in(logical_id))
        set_now = Counter(name for name, value in _members(live) if _normalized(value) is not None)
        dropped = (before & set_now) - Counter(name for name, _ in _members(after))
        for path in resource_type.create_only:
            is_known = any(_is_in(change.property, (path,)) for change in changes)
            if not is_known and any(_is_in(name, (path,)) for name in dropped):
                yield Change(path, member(live, path), member(after, path), replaces=True)

    def _are_the_same(self, *expressions: Any) -> bool:
        try:
            old, new = map(self._values.of, expressions)
        except UnknownValueError:
            return False
        return _agrees(old, new) and _agrees(new, old)

    def _not_deployed(self, resource: Mapping[str, Any]) -> list[str]:
        """Return the stacks whose outputs a resource needs, and which have to be deployed first."""
        stacks = []
        for function, imported in imports(resource):
            try:
                if function == "Fn::GetStackOutput":
                    arguments = self._values.of(imported)
                    producer = self._producer_of_output(arguments)
                    if producer and arguments["OutputName"] not in producer.deployed.outputs:
                        stacks.append(producer.stack.id)
                else:
                    name = self._values.of(imported)
                    if name not in self.environment.exports():
                        stacks += [one.stack.id for one, _ in self._app.producers(self.stack, name)]
            except UnknownValueError:
                continue  # CloudFormation evaluates it when the import is made
        return [*dict.fromkeys(stacks)]

    def _reason_against(self, resource_type: ResourceType, changes: Sequence[Change]) -> str | None:
        replaced = [change.property for change in changes if change.replaces]
        fixed = [change for change in changes if _is_in(change.property, resource_type.fixed)]
        # What replaces the resource also gives it these values.
        if fixed and not replaced:
            name = resource_type.name_property
            is_new_by_name = (
                resource_type.is_identified_by_name or name in resource_type.create_only
            )
            others = ", or use another name" if is_new_by_name else ""
            return " and ".join(map(_fixed, fixed)) + f"; declare the current value{others}"
        if replaced and not self._allow_replacement:
            return (
                f"the next deployment would replace it, because {' and '.join(replaced)} cannot be"
                f" changed in place; declare the current value{_current(changes)}, or use"
                " --allow-replacement"
            )
        return None

    def _changes(
        self, resource_type: ResourceType, declared: Mapping[str, Any], live: Mapping[str, Any]
    ) -> list[Change]:
        changes: list[Change] = []
        live = completed(resource_type, live, declared)
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
            yield Change(path, live, value, _is_in(path, resource_type.create_only))

    def _live(self, adoption: Adoption, identifier: Mapping[str, str]) -> dict[str, Any] | None:
        return self.environment.live(adoption.type_name, _joined(identifier))

    def _path(self, logical_id: str) -> str:
        metadata = self._resources.get(logical_id, {}).get("Metadata", {})
        path: str = metadata.get("aws:cdk:path", logical_id)
        return path.removesuffix("/Resource")

    def _identifier(self, logical_id: str, type_name: str, physical_id: str) -> dict[str, str]:
        """Return the primary identifier of a deployed resource, as far as it is known.

        Some physical IDs of resources inside a membership contain the ID of the membership, and
        others do not.
        """
        resource_type = BY_NAME.get(type_name)
        if resource_type is None:
            return {}
        parts = physical_id.split("|")
        if resource_type.is_in_membership and len(parts) == 1:
            properties = self._resources.get(logical_id, {}).get("Properties", {})
            with suppress(UnknownValueError, KeyError):
                parts.append(str(self._values.of(properties[MEMBERSHIP_IDENTIFIER])))
        return dict(zip(resource_type.primary_identifier, parts, strict=False))

    def _ref(self, name: str) -> Any:
        pseudo: dict[str, Callable[[], str]] = {
            "AWS::AccountId": lambda: self.environment.account,
            "AWS::Partition": lambda: self.environment.partition,
            "AWS::Region": lambda: self.environment.region,
            "AWS::StackName": lambda: self.stack.name,
            "AWS::URLSuffix": lambda: "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]()
        if name in self.deployed.parameters:
            return self._parameter(name, self.deployed.parameters[name])
        if name in self._found:
            return "|".join(self._found[name].values())
        if name in self.deployed.physical_ids:
            return self.deployed.physical_ids[name]
        raise self._unknown(name)

    def _ref_in_condition(self, name: str) -> Any:
        parameter = self.stack.template.get("Parameters", {}).get(name)
        if parameter is None:
            return self._ref(name)
        # The deployment reads a value of SSM again, and a list cannot be compared.
        is_open = re.search("^AWS::SSM::|List", parameter.get("Type", ""))
        if is_open or not self._app.keeps_parameters:
            raise self._unknown(name)
        if name in self.deployed.parameters:
            return self._parameter(name, self.deployed.parameters[name])
        return compared(parameter.get("Default"))

    def _parameter(self, name: str, value: str) -> str | list[str]:
        if value == _HIDDEN:
            raise UnknownValueError(f"the value of the parameter {name} is hidden, as NoEcho says")
        declared = self.stack.template.get("Parameters", {}).get(name, {})
        # CommaDelimitedList, List<…>, and the same behind AWS::SSM::Parameter::Value.
        if "List" in declared.get("Type", ""):
            return [item.strip() for item in value.split(",")]
        return value

    def _attribute(self, name: str, attribute: str) -> Any:
        deployed = self.deployed
        type_name = self._resources.get(name, {}).get("Type", deployed.type_of(name))
        if name in self._found:
            identifier: Mapping[str, str] = self._found[name]
        elif name in deployed.physical_ids:
            identifier = self._identifier(name, type_name, deployed.physical_ids[name])
        else:
            raise self._unknown(name)
        if attribute in identifier:
            return identifier[attribute]
        known = _joined(identifier) or deployed.physical_ids[name]
        if type_name == _NESTED_STACK:
            outputs = self.environment.stack(known).outputs
            live: Mapping[str, Any] = {f"Outputs.{output}": outputs[output] for output in outputs}
        else:
            live = self._live_attributes(name, attribute, type_name, known)
        if attribute not in live:
            raise UnknownValueError(f"{attribute} of {self._path(name)} is known at deployment")
        return live[attribute]

    def _live_attributes(
        self, name: str, attribute: str, type_name: str, identifier: str
    ) -> Mapping[str, Any]:
        try:
            return self.environment.live(type_name, identifier) or {}
        except Exception as error:
            raise UnknownValueError(f"{attribute} of {self._path(name)}: {error}") from error

    def _unknown(self, name: str) -> UnknownValueError:
        """Return the reason why something that is not deployed has no value."""
        type_name = self._resources.get(name, {}).get("Type")
        if name in self._adopting and name not in self._new:
            command = self._app.advised("cdk-cleanrooms", "adopt", self.stack.id, "--deploy")
            return UnknownValueError(
                f"it refers to {self._path(name)}, which is not adopted yet; run `{command}` first"
            )
        # What this app creates did not exist before. But a custom resource or a parameter of the
        # template can have the ID of something that exists.
        kind = _NotYetThereError if type_name in BY_NAME else UnknownValueError
        return kind(
            f"it refers to {self._path(name)}, which is not deployed yet; deploy that first"
        )

    def _export(self, name: str) -> Any:
        exports = self.environment.exports()
        if name in exports:
            return exports[name]
        for producer, expression in self._app.producers(self.stack, name):
            return producer.value_of(expression)
        raise UnknownValueError(
            f"it refers to the export {name!r} of another stack, which is not deployed yet; deploy"
            " that stack first"
        )

    def _producer_of_output(self, arguments: Mapping[str, Any]) -> _StackPlanner | None:
        role = str(arguments.get("RoleArn", "")).split(":")
        return self._app.stack_named(
            str(arguments.get("StackName")),
            role[4] if len(role) > 4 else self.stack.account,
            arguments.get("Region", self.stack.region),
        )

    def _output(self, arguments: Mapping[str, Any]) -> Any:
        stack, output = str(arguments.get("StackName")), str(arguments.get("OutputName"))
        producer = self._producer_of_output(arguments)
        if producer:
            if output in producer.deployed.outputs:
                return producer.deployed.outputs[output]
            declared = producer.stack.template.get("Outputs", {})
            if output in declared:
                return producer.value_of(declared[output]["Value"])
        elif "RoleArn" in arguments or "Region" in arguments:
            raise UnknownValueError(
                f"it refers to the output {output} of stack {stack} in another account or Region,"
                " which is read at the deployment; use a literal value"
            )
        outputs = self.environment.stack(stack).outputs
        if output in outputs:
            return outputs[output]
        raise UnknownValueError(
            f"it refers to the output {output} of stack {stack}, which is not deployed yet; deploy"
            " that stack first"
        )


class _NotYetThereError(UnknownValueError):
    """A value of a resource that this app has not created yet."""


def _members(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and the value of each member, as often as it occurs in the items of lists."""
    match node:
        case dict():
            for name, value in node.items():
                # In YAML, `!If` is on the line of the name.
                inner = path if name == "Fn::If" else f"{path}.{name}".lstrip(".")
                yield inner, value
                yield from _members(value, inner)
        case list():
            for item in node:
                yield from _members(item, path)


def _is_in(path: str, properties: Collection[str]) -> bool:
    """Return whether a path is that of one of some properties, or inside one."""
    return any(path == one or path.startswith(f"{one}.") for one in properties)


def _current(changes: Sequence[Change]) -> str:
    """Return the current values of what cannot be changed."""
    values = [
        "none" if change.live is None else repr(change.live)
        for change in changes
        if change.replaces
    ]
    return f" ({', '.join(values)})"


def _fixed(change: Change) -> str:
    live = "not set" if change.live is None else repr(change.live)
    return (
        f"its {change.property} is {live} and cannot become {change.declared!r}, because AWS"
        " cannot change it, and CloudFormation does not replace the resource for it"
    )


def _equals(found: Any, match: Match, value: Any) -> bool:
    return bool(str(found).lower() == str(value).lower() if match.ignores_case else found == value)


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
        case [] | {} | "" | False | "false" if not value or value == "false":
            return None  # an empty or false value and a missing one are the same
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
    return value
