"""The extension of ministack, and the only module that uses its internals.

ministack has no interface for extensions. So every internal name that this module needs is checked
before anything is changed.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from html import escape
from importlib import import_module
from importlib.metadata import version
from typing import Any

from .evaluation import Declared
from .handlers import OWN_TYPES, HandlerError, ResourceType
from .identifiers import ReproducibleIdentifiers
from .service import Caller
from .service_model import ServiceError

KNOWN_TO_WORK = "1.5.33"

Response = tuple[int, dict[str, str], bytes]
# Records that something is not supported, and returns the error.
Refusal = Callable[[Caller, str], ServiceError]


class UnknownMinistackError(Exception):
    """The installed ministack differs from what this module expects."""


def _takes(number: int) -> Callable[[Any], bool]:
    """Return a check of whether something is a function with this number of arguments."""
    return lambda it: callable(it) and len(inspect.signature(it).parameters) == number


def _holds_handlers(table: Any) -> bool:
    queue = table["AWS::SQS::Queue"]
    updates = [one["update"] for one in table.values() if one.get("update_with_logical_id")]
    return (
        all(map(_takes(5), updates[:1]))
        and _takes(3)(queue["create"])
        and _takes(2)(queue["delete"])
        and _takes(1)(queue["import"])
    )


def _holds_look_ups(table: Any) -> bool:
    keys, problem = table["AWS::Cognito::UserPoolClient"]
    return isinstance(keys, tuple) and _takes(len(keys))(problem)


def _holds_accounts(table: Any) -> bool:
    return _takes(4)(table.pop_scoped) and table.to_dict() == {}


_NEEDS_MORE_THAN_IT_SAYS = "AWS::CleanRooms::IdMappingTable"
# A stack in one of these states can only be deleted.
_FAILED = ("DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED")
_NO_CHANGES = "The submitted information didn't contain changes."
_REFUSALS = {
    "CreateStack": ("AlreadyExistsException", "Stack [{StackName}] already exists"),
    "CreateChangeSet": (
        "ValidationError",
        "Stack:{StackId} is in {StackStatus} state and can not be updated.",
    ),
}

_WITH_TEMPLATE = ("CreateChangeSet", "CreateStack", "UpdateStack", "ValidateTemplate")

_EXPECTED: dict[str, Callable[[Any], bool]] = {
    "ministack.app:app": _takes(3),
    "ministack.core.responses:get_account_id": _takes(0),
    "ministack.core.responses:get_region": _takes(0),
    "ministack.core.responses:new_uuid": _takes(0),
    "ministack.core.responses:set_request_account_id": _takes(1),
    "ministack.core.iam_evaluator:EvalContext": callable,
    "ministack.core.iam_evaluator:_resolve_managed_policy_document": _takes(2),
    "ministack.core.iam_evaluator:_resource_policy": _takes(2),
    "ministack.core.iam_evaluator:combine_resource_policy": _takes(6),
    "ministack.core.iam_evaluator:evaluate": callable,
    "ministack.core.iam_evaluator:evaluate_resource_policy": callable,
    "ministack.core.iam_evaluator:parse_policy_document": _takes(1),
    "ministack.services.cloudcontrol:_get_resource": _takes(1),
    "ministack.services.glue:_tables": lambda it: not list(it.values()),
    "ministack.services.iam:_roles": lambda it: callable(it.get) and _holds_accounts(it),
    "ministack.services.kms:_resolve_key": _takes(1),
    "ministack.services.cloudformation:_change_sets": lambda it: not list(it.values()),
    "ministack.services.cloudformation:_stacks": lambda it: not list(it.values()),
    "ministack.services.cloudformation.changesets:_IMPORT_LOOKUPS": _holds_look_ups,
    "ministack.services.cloudformation.changesets:_import_resources_async": _takes(3),
    "ministack.services.cloudformation.drift:_DRIFT_READERS": lambda it: _takes(2)(
        it["AWS::SQS::Queue"][0]
    ),
    "ministack.services.cloudformation.engine:_intrinsic_references": lambda it: (
        [*it([{"Ref": "A"}, {"Fn::Sub": "${B.C}"}])] == [("A", None), ("B", "C")]
    ),
    "ministack.services.cloudformation.handlers:_ACTION_HANDLERS": lambda it: all(
        _takes(1)(it[name]) for name in (*_WITH_TEMPLATE, "GetTemplateSummary")
    ),
    "ministack.services.cloudformation.handlers:_imported_export_names": _takes(2),
    "ministack.services.cloudformation.handlers:_parse_template": _takes(1),
    "ministack.services.cloudformation.handlers:_resolve_template": _takes(1),
    "ministack.services.cloudformation.helpers:_error": _takes(3),
    "ministack.services.cloudformation.provisioners:_REPLACING_PROPERTIES": lambda it: isinstance(
        it["AWS::DynamoDB::Table"], tuple
    ),
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS": _holds_handlers,
    "ministack.services.cloudformation.provisioners:_replace_resource": _takes(6),
    "ministack.services.cloudformation.provisioners:_STACK_TAG_PROPERTY": lambda it: (
        it["AWS::SQS::Queue"] == ("Tags", "list")
    ),
    "ministack.services.cloudformation.stacks:_add_event": _takes(8),
    "ministack.services.cloudformation.stacks:_adopt_resource": _takes(5),
    "ministack.services.cloudformation.stacks:_resolve_stack_outputs": _takes(7),
    "ministack.services.cloudformation.stacks:_topological_sort": _takes(2),
}


_REMEDY = f"Install it: python -m pip install ministack=={KNOWN_TO_WORK}"


def _private_parts() -> dict[str, Any]:
    installed = version("ministack")
    if installed != KNOWN_TO_WORK:
        raise UnknownMinistackError(
            f"The local cloud uses internal parts of ministack {KNOWN_TO_WORK}, but version "
            f"{installed} is installed, which can behave differently. {_REMEDY}"
        )
    found = {}
    for place, is_as_expected in _EXPECTED.items():
        module, name = place.split(":")
        try:
            found[name] = getattr(import_module(module), name)
            fits = is_as_expected(found[name])
        except (ImportError, AttributeError, LookupError, TypeError, ValueError):
            fits = False
        if not fits:
            raise UnknownMinistackError(
                f"The local cloud uses internal parts of ministack, of which {place} is missing or "
                f"differs from version {KNOWN_TO_WORK}. {_REMEDY}"
            )
    return found


class Ministack:
    """ministack with additional resource types."""

    def __init__(
        self,
        resource_types: Iterable[ResourceType],
        refusal: Refusal,
        identifiers: ReproducibleIdentifiers,
    ) -> None:
        self._refusal = refusal
        self._identifiers = identifiers
        self._types = {one.name: one for one in resource_types}
        self._parts = _private_parts()
        identifiers.account = self._parts["get_account_id"]
        identifiers.ignore(self._parts["new_uuid"])
        self.application = self._parts["app"]
        for kind in self._types.values():
            self._add_resource_type(kind)
        self._order_only_what_is_declared()
        self._delete_before_replacement()
        self._tag_imported_resources()
        self._complete_template_summary()
        self._complete_change_sets()
        self._read_outputs_elsewhere()
        self._refuse_failed_stacks()
        self._refuse_wrong_templates()
        self._refuse_roles_without_permissions()
        self._complete_cloud_control()

    def caller(self, access_key: str, region: str) -> Caller:
        """Return the owner of an access key, whether ministack issued the key or not."""
        self._parts["set_request_account_id"](access_key)
        return Caller(self._parts["get_account_id"](), region)

    def _caller(self) -> Caller:
        return Caller(self._parts["get_account_id"](), self._parts["get_region"]())

    def _stack(self, name_or_id: str) -> dict[str, Any] | None:
        for stack in self._parts["_stacks"].values():
            if name_or_id in (stack["StackName"], stack["StackId"]):
                found: dict[str, Any] = stack
                return found
        return None

    def has_type(self, name: str) -> bool:
        """Return whether CloudFormation knows a resource type here."""
        return name in self._parts["_RESOURCE_HANDLERS"]

    def forget(self, account: str) -> None:
        """Remove everything of an account."""
        for name, module in [*sys.modules.items()]:
            if name.startswith("ministack."):
                for table in vars(module).values():
                    if hasattr(type(table), "pop_scoped"):
                        for owner, *region, key in [*table.to_dict()]:
                            if owner == account:
                                table.pop_scoped(owner, *(region or [None]), key)
        self._identifiers.forget(account)

    def role_exists(self, arn: str) -> bool:
        """Return whether the account of the current request has this role."""
        role = self._parts["_roles"].get(arn.rpartition("/")[2])
        return role is not None and role["Arn"] == arn

    def _add_resource_type(self, kind: ResourceType) -> None:
        schema = kind.schema
        self._parts["_RESOURCE_HANDLERS"][kind.name] = {
            "create": lambda logical_id, properties, _stack: kind.create(
                self._caller(), logical_id, properties
            ),
            "update": lambda physical_id, old, new, _stack, logical_id: kind.update(
                self._caller(), logical_id, physical_id, old, new
            ),
            "update_with_logical_id": True,
            "delete": lambda physical_id, _properties: kind.delete(self._caller(), physical_id),
            "import": lambda identifier: kind.adopt(
                self._caller(), "|".join(identifier[key] for key in schema.primary_identifier)
            ),
        }
        self._parts["_REPLACING_PROPERTIES"][kind.name] = schema.create_only
        if schema.is_taggable:
            self._parts["_STACK_TAG_PROPERTY"][kind.name] = ("Tags", "list")
        self._parts["_IMPORT_LOOKUPS"][kind.name] = (
            schema.primary_identifier,
            lambda *identifier: self._problem_with_import(kind, "|".join(identifier)),
        )
        self._parts["_DRIFT_READERS"][kind.name] = (
            lambda physical_id, declared: self._live(kind, physical_id, declared),
            frozenset(schema.properties),
        )

    def _live(
        self, kind: ResourceType, physical_id: str, declared: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Return the properties that drift detection compares, or None if nothing exists."""
        try:
            found = kind.read(self._caller(), physical_id)
        except HandlerError:
            return None
        live: dict[str, Any] = _declared_part(found, declared)
        return live

    def _problem_with_import(self, kind: ResourceType, physical_id: str) -> str | None:
        try:
            kind.read(self._caller(), physical_id)
        except HandlerError as error:
            return str(error)
        # ministack compares only one key, but a physical ID here consists of all keys.
        for stack in self._parts["_stacks"].values():
            for resource in stack.get("_resources", {}).values():
                if (resource["ResourceType"], resource["PhysicalResourceId"]) == (
                    kind.name,
                    physical_id,
                ):
                    return f"{physical_id} already exists in stack {stack['StackId']}"
        return None

    def _order_only_what_is_declared(self) -> None:
        """Create an ID mapping table as early as its references and dependencies allow.

        CloudFormation creates a resource at once if it does not have to wait for another. So a
        table that does not declare its dependency on the associations may be created before
        them. Here, the table is always created before them.
        """
        original = self._parts["_topological_sort"]

        def topological_sort(resources: dict[str, Any], conditions: dict[str, bool]) -> list[str]:
            in_order: list[str] = original(resources, conditions)
            tables = [
                name for name in in_order if resources[name].get("Type") == _NEEDS_MORE_THAN_IT_SAYS
            ]
            result: dict[str, None] = {}

            def add(name: str) -> None:
                needed = {*self._references(resources[name])} & {*in_order} - {name}
                for other in sorted(needed - result.keys(), key=in_order.index):
                    add(other)
                result[name] = None

            for name in (*tables, *in_order):
                add(name)
            return list(result)

        _put("ministack.services.cloudformation.stacks", topological_sort)

    def _delete_before_replacement(self) -> None:
        """Delete the old resource before its replacement if the schema requires this order."""
        original = self._parts["_replace_resource"]

        def replace_resource(
            name: str, physical_id: str, old: Any, new: Any, stack: str, logical_id: str
        ) -> Any:
            kind = self._types.get(name)
            if kind and kind.schema.is_deleted_first:
                kind.delete(self._caller(), physical_id)
            return original(name, physical_id, old, new, stack, logical_id)

        _put("ministack.services.cloudformation.provisioners", replace_resource)

    def _references(self, declaration: dict[str, Any]) -> Iterator[str]:
        """Yield the logical IDs to which a resource or an output refers."""
        for name, _ in self._parts["_intrinsic_references"](declaration):
            yield name
        depends_on = declaration.get("DependsOn", [])
        yield from [depends_on] if isinstance(depends_on, str) else depends_on

    def _tag_imported_resources(self) -> None:
        """Give imported resources the same tags as created resources."""
        import_all = self._parts["_import_resources_async"]
        adopt_one = self._parts["_adopt_resource"]

        async def import_resources_async(
            change_set: dict[str, Any], stack: dict[str, Any], is_new: bool
        ) -> None:
            await import_all(change_set, stack, is_new)
            for entry in change_set["_resources_to_import"]:
                logical_id = entry["LogicalResourceId"]
                if record := stack["_resources"].get(logical_id):
                    self._tag(
                        stack, logical_id, record["ResourceType"], record["PhysicalResourceId"]
                    )

        def adopt_resource(
            stack_id: str, stack_name: str, logical_id: str, name: str, identifier: dict[str, str]
        ) -> Any:
            physical_id, attributes = adopt_one(stack_id, stack_name, logical_id, name, identifier)
            stack = self._stack(stack_id)
            assert stack is not None
            self._tag(stack, logical_id, name, physical_id)
            return physical_id, attributes

        _put("ministack.services.cloudformation.changesets", import_resources_async)
        _put("ministack.services.cloudformation.stacks", adopt_resource)

    def _tag(self, stack: dict[str, Any], logical_id: str, name: str, physical_id: str) -> None:
        if kind := self._types.get(name):
            of_stack = {tag["Key"]: tag["Value"] for tag in stack["Tags"]}
            own = {
                "aws:cloudformation:stack-name": stack["StackName"],
                "aws:cloudformation:stack-id": stack["StackId"],
                "aws:cloudformation:logical-id": logical_id,
            }
            kind.add_system_tags(self._caller(), physical_id, of_stack | own)

    def _read_outputs_elsewhere(self) -> None:
        """Let a template refer to the outputs of a stack in another account or Region."""
        original = self._parts["_parse_template"]

        def parse_template(body: str) -> Any:
            return self._with_outputs(original(body))

        for module in ("changesets", "handlers"):
            _put(f"ministack.services.cloudformation.{module}", parse_template)

    def _with_outputs(self, node: Any) -> Any:
        match node:
            case {"Fn::GetStackOutput": {"StackName": str(name), "OutputName": key, **more}}:
                caller, region = self._caller(), more.get("Region")
                role = re.search(r":iam::([0-9]{12}):", json.dumps(more.get("RoleArn")))
                place = (
                    role[1] if role else caller.account,
                    region if isinstance(region, str) else caller.region,
                )
                stack = self._parts["_stacks"].to_dict().get((*place, name), {"Outputs": ()})
                for output in stack["Outputs"]:
                    if output["OutputKey"] == key:
                        return output["OutputValue"]
            case dict():
                return {key: self._with_outputs(value) for key, value in node.items()}
            case list():
                return [self._with_outputs(value) for value in node]
        return node

    def _refuse_failed_stacks(self) -> None:
        actions = self._parts["_ACTION_HANDLERS"]
        for action in _REFUSALS:
            actions[action] = self._refusing_failed_stacks(action, actions[action])

    def _refusing_failed_stacks(
        self, action: str, original: Callable[[dict[str, Any]], Response]
    ) -> Callable[[dict[str, Any]], Response]:
        code, message = _REFUSALS[action]

        def refusing(parameters: dict[str, Any]) -> Response:
            stack = self._stack(*parameters.get("StackName", [""]))
            if stack and stack["StackStatus"] in _FAILED:
                refusal: Response = self._parts["_error"](code, message.format_map(stack))
                return refusal
            return original(parameters)

        return refusing

    def _refuse_wrong_templates(self) -> None:
        """Refuse unsupported types, and undeclared references as CloudFormation does."""
        actions = self._parts["_ACTION_HANDLERS"]
        for action in _WITH_TEMPLATE:
            actions[action] = self._refusing_wrong_templates(actions[action])

    def _refusing_wrong_templates(
        self, original: Callable[[dict[str, Any]], Response]
    ) -> Callable[[dict[str, Any]], Response]:
        error = self._parts["_error"]

        def refusing(parameters: dict[str, Any]) -> Response:
            template = self._template(parameters)
            refusal: Response
            for resource in _section(template, "Resources").values():
                name = str(resource.get("Type"))
                if name.startswith(OWN_TYPES) and name not in self._types:
                    unsupported = self._refusal(self._caller(), name)
                    refusal = error(unsupported.code, str(unsupported), unsupported.status)
                    return refusal
            if dangling := self._dangling_references(template):
                refusal = error("ValidationError", dangling)
                return refusal
            return original(parameters)

        return refusing

    def _template(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return the template in a request, or an empty one if ministack refuses the request."""
        source, _ = self._parts["_resolve_template"](parameters)
        try:
            template: dict[str, Any] = self._parts["_parse_template"](source or "{}")
        except Exception:
            return {}
        return template

    def _dangling_references(self, template: dict[str, Any]) -> str | None:
        """Return CloudFormation's message about references to what the template lacks."""
        if "Transform" in template:
            # A macro may declare the rest.
            return None
        declared = {*_section(template, "Resources"), *_section(template, "Parameters")}
        for block in ("Resources", "Outputs"):
            section = _section(template, block)
            names = {name for one in section.values() for name in self._references(one)}
            dangling = {name for name in names if not name.startswith("AWS::")} - declared
            if dangling:
                return (
                    "Template format error: Unresolved resource dependencies "
                    f"[{', '.join(sorted(dangling))}] in the {block} block of the template"
                )
        return None

    def _refuse_roles_without_permissions(self) -> None:
        """Fail a deployment whose roles lack what a service needs.

        This is decided when all resources exist, because a policy is often the last of them.
        """
        original = self._parts["_resolve_stack_outputs"]

        def resolve_stack_outputs(
            outputs: Any,
            conditions: Any,
            resources: dict[str, Any],
            parameters: Any,
            mappings: Any,
            stack_name: str,
            stack_id: str,
        ) -> Any:
            stacks = [*self._parts["_stacks"].values()]
            records = [one for stack in stacks for one in stack.get("_resources", {}).values()]
            declared = Declared(self._parts, [*records, *resources.values()])
            for logical_id, record in resources.items():
                if kind := self._types.get(record["ResourceType"]):
                    for reason in kind.missing_permissions(
                        self._parts, self._caller(), record["PhysicalResourceId"], declared
                    ):
                        self._parts["_add_event"](
                            stack_id,
                            stack_name,
                            logical_id,
                            kind.name,
                            f"{record['ResourceStatus'].partition('_')[0]}_FAILED",
                            reason,
                            record["PhysicalResourceId"],
                        )
                        raise ValueError(f"Resource {logical_id} failed: {reason}")
            resolved, exports = original(
                outputs, conditions, resources, parameters, mappings, stack_name, stack_id
            )
            self._refuse_change_of_exports_in_use(stack_id, exports)
            return resolved, exports

        _put("ministack.services.cloudformation.stacks", resolve_stack_outputs)

    def _refuse_change_of_exports_in_use(self, stack_id: str, exports: dict[str, Any]) -> None:
        stack = self._stack(stack_id)
        assert stack is not None
        others = [
            one
            for one in self._parts["_stacks"].values()
            if one is not stack and one["StackStatus"] != "DELETE_COMPLETE"
        ]
        for before in stack["Outputs"]:
            name = before.get("ExportName")
            if name in exports and exports[name]["Value"] == before["OutputValue"]:
                continue
            for other in others:
                if name in self._parts["_imported_export_names"](other, other["StackName"]):
                    change = "updated" if name in exports else "deleted"
                    raise ValueError(
                        f"Export {name} cannot be {change} as it is in use by {other['StackName']}"
                    )

    def _complete_template_summary(self) -> None:
        actions = self._parts["_ACTION_HANDLERS"]
        original = actions["GetTemplateSummary"]

        def get_template_summary(parameters: dict[str, Any]) -> Response:
            status, headers, body = original(parameters)
            if status == 200:
                summaries = self._identifier_summaries(self._template(parameters))
                end = b"</GetTemplateSummaryResult>"
                body = body.replace(end, summaries.encode() + end)
            return status, headers, body

        actions["GetTemplateSummary"] = get_template_summary

    def _identifier_summaries(self, template: dict[str, Any]) -> str:
        summaries = []
        for type_name, (keys, _) in self._parts["_IMPORT_LOOKUPS"].items():
            logical_ids = [
                logical_id
                for logical_id, resource in _section(template, "Resources").items()
                if resource.get("Type") == type_name
            ]
            if logical_ids:
                summaries.append(
                    f"<member><ResourceType>{type_name}</ResourceType>"
                    f"<LogicalResourceIds>{_members(logical_ids)}</LogicalResourceIds>"
                    f"<ResourceIdentifiers>{_members(keys)}</ResourceIdentifiers></member>"
                )
        return f"<ResourceIdentifierSummaries>{''.join(summaries)}</ResourceIdentifierSummaries>"

    def _complete_change_sets(self) -> None:
        actions = self._parts["_ACTION_HANDLERS"]
        original = actions["CreateChangeSet"]

        def create_change_set(parameters: dict[str, Any]) -> Response:
            if "REVERT_DRIFT" in parameters.get("DeploymentMode", ()):
                self._take_live_properties(*parameters["StackName"])
            answer: Response = original(parameters)
            for change_set in self._parts["_change_sets"].values():
                self._count_outputs(change_set)
            return answer

        actions["CreateChangeSet"] = create_change_set

    def _count_outputs(self, change_set: dict[str, Any]) -> None:
        """Let a change set be executed that changes only outputs, such as a new export."""
        stack = self._stack(change_set["StackId"])
        if (
            stack
            and change_set["StatusReason"].startswith(_NO_CHANGES)
            and change_set["_template"].get("Outputs") != stack["_template"].get("Outputs")
        ):
            change_set.update(
                Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason=""
            )

    def _take_live_properties(self, name_or_id: str) -> None:
        """Make a change set compare with the live properties, not with the last template."""
        if stack := self._stack(name_or_id):
            template = stack["_template"] = deepcopy(stack["_template"])
            for logical_id, resource in [*stack["_resources"].items()]:
                if kind := self._types.get(resource["ResourceType"]):
                    try:
                        live = kind.read(self._caller(), resource["PhysicalResourceId"])
                    except HandlerError as error:
                        if error.code != "NotFound":
                            raise
                        # Somebody deleted it. The change set creates it again.
                        del stack["_resources"][logical_id], template["Resources"][logical_id]
                        continue
                    for name in kind.schema.read_only:
                        live.pop(name, None)
                    # A property that cannot change in place counts only if it is declared and
                    # different. A default or a reference to another resource does not count, also
                    # inside a property, such as a payment that a member does not make.
                    declared = resource["Properties"]
                    for name in {*kind.schema.create_only} & {*live}:
                        if name not in declared:
                            del live[name]
                        elif _declared_part(live[name], declared[name]) == declared[name]:
                            live[name] = declared[name]
                    same = [name for name in live if live[name] == declared.get(name)]
                    # The service does not distinguish an empty list from a missing one.
                    same += [name for name in declared if name not in live and not declared[name]]
                    for record in (resource, template["Resources"][logical_id]):
                        record["Properties"] = live | {
                            name: record["Properties"][name] for name in same
                        }

    def _complete_cloud_control(self) -> None:
        original = self._parts["_get_resource"]

        def get_resource(request: dict[str, Any]) -> Response:
            kind = self._types.get(request.get("TypeName", ""))
            if kind is None:
                answer: Response = original(request)
                return answer
            identifier = request.get("Identifier", "")
            try:
                properties = kind.read(self._caller(), identifier)
            except HandlerError as error:
                code = "ResourceNotFound" if error.code == "NotFound" else "InvalidRequest"
                return _json(400, {"__type": f"{code}Exception", "message": str(error)})
            description = {"Identifier": identifier, "Properties": json.dumps(properties)}
            return _json(200, {"TypeName": kind.name, "ResourceDescription": description})

        # For each request, the module builds a new table of actions from its own names.
        _put("ministack.services.cloudcontrol", get_resource)


def _declared_part(live: Any, declared: Any) -> Any:
    """Return live properties without those that are not declared, which are no drift."""
    match live, declared:
        case dict(), dict():
            # The service does not distinguish an empty list from a missing one.
            return {
                name: _declared_part(live.get(name, item), item)
                for name, item in declared.items()
                if name in live or not item
            }
        case list(), list() if len(live) == len(declared):
            return [_declared_part(*pair) for pair in zip(live, declared, strict=True)]
    return live


def _section(template: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what a section of a template declares, without what is no declaration."""
    section = template.get(name)
    items = section.items() if isinstance(section, dict) else ()
    return {key: one for key, one in items if isinstance(one, dict)}


def _put(module: str, function: Callable[..., Any]) -> None:
    """Replace the private function of the same name in a module."""
    vars(import_module(module))[f"_{function.__name__}"] = function


def _members(values: Any) -> str:
    return "".join(f"<member>{escape(value)}</member>" for value in values)


def _json(status: int, content: dict[str, Any]) -> Response:
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(content).encode()
