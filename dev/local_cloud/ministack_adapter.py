"""The only place that knows the inside of ministack: what of it is private, and how it is extended.

ministack has no interface for that, so every part relied on is checked before anything is changed.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from copy import deepcopy
from html import escape
from importlib import import_module
from importlib.metadata import version
from typing import Any

from dev.local_cloud.clean_rooms import Caller
from dev.local_cloud.resource_type import TYPE_NAME, HandlerError, IdNamespaceAssociationType

KNOWN_TO_WORK = "1.5.33"

Response = tuple[int, dict[str, str], bytes]


class UnknownMinistackError(Exception):
    """The installed ministack is not built as this module expects."""


def _takes(number: int) -> Callable[[Any], bool]:
    """Whether something is a function of so many arguments."""
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


_EXPECTED: dict[str, Callable[[Any], bool]] = {
    "ministack.app:app": _takes(3),
    "ministack.core.responses:get_account_id": _takes(0),
    "ministack.core.responses:get_region": _takes(0),
    "ministack.core.responses:set_request_account_id": _takes(1),
    "ministack.services.cloudcontrol:_get_resource": _takes(1),
    "ministack.services.cloudformation:_stacks": lambda it: not list(it.values()),
    "ministack.services.cloudformation.changesets:_IMPORT_LOOKUPS": _holds_look_ups,
    "ministack.services.cloudformation.handlers:_ACTION_HANDLERS": lambda it: (
        _takes(1)(it["CreateChangeSet"]) and _takes(1)(it["GetTemplateSummary"])
    ),
    "ministack.services.cloudformation.handlers:_parse_template": _takes(1),
    "ministack.services.cloudformation.handlers:_resolve_template": _takes(1),
    "ministack.services.cloudformation.provisioners:_REPLACING_PROPERTIES": lambda it: isinstance(
        it["AWS::DynamoDB::Table"], tuple
    ),
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS": _holds_handlers,
    "ministack.services.cloudformation.provisioners:_STACK_TAG_PROPERTY": lambda it: (
        it["AWS::SQS::Queue"] == ("Tags", "list")
    ),
}


def _private_parts() -> dict[str, Any]:
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
                f"The local cloud extends ministack from outside, and in the installed ministack "
                f"{version('ministack')} the part {place} is missing or has changed. "
                f"ministack {KNOWN_TO_WORK} is known to work."
            )
    return found


class Ministack:
    """ministack, extended by one resource type."""

    def __init__(self, resource_type: IdNamespaceAssociationType) -> None:
        self._type = resource_type
        self._parts = _private_parts()
        self.application = self._parts["app"]
        self._add_resource_type()
        self._complete_template_summary()
        self._complete_change_sets()
        self._complete_cloud_control()

    def caller(self, access_key: str, region: str) -> Caller:
        """Whose access key it is, where ministack itself has given it out or not."""
        self._parts["set_request_account_id"](access_key)
        return Caller(self._parts["get_account_id"](), region)

    def _caller(self) -> Caller:
        return Caller(self._parts["get_account_id"](), self._parts["get_region"]())

    def _add_resource_type(self) -> None:
        kind, schema = self._type, self._type.schema
        self._parts["_RESOURCE_HANDLERS"][TYPE_NAME] = {
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
        self._parts["_REPLACING_PROPERTIES"][TYPE_NAME] = schema.create_only
        self._parts["_STACK_TAG_PROPERTY"][TYPE_NAME] = ("Tags", "list")
        self._parts["_IMPORT_LOOKUPS"][TYPE_NAME] = (
            schema.primary_identifier,
            self._problem_with_import,
        )

    def _problem_with_import(self, *identifier: str) -> str | None:
        physical_id = "|".join(identifier)
        try:
            self._type.read(self._caller(), physical_id)
        except HandlerError as error:
            return str(error)
        # ministack looks for one key alone, where a physical ID here is both.
        for stack in self._parts["_stacks"].values():
            for resource in stack.get("_resources", {}).values():
                if (resource["ResourceType"], resource["PhysicalResourceId"]) == (
                    TYPE_NAME,
                    physical_id,
                ):
                    return f"{physical_id} already exists in stack {stack['StackId']}"
        return None

    def _complete_template_summary(self) -> None:
        actions = self._parts["_ACTION_HANDLERS"]
        original = actions["GetTemplateSummary"]

        def get_template_summary(parameters: dict[str, Any]) -> Response:
            status, headers, body = original(parameters)
            source, _ = self._parts["_resolve_template"](parameters)
            if status == 200 and source:
                summaries = self._identifier_summaries(self._parts["_parse_template"](source))
                end = b"</GetTemplateSummaryResult>"
                body = body.replace(end, summaries.encode() + end)
            return status, headers, body

        actions["GetTemplateSummary"] = get_template_summary

    def _identifier_summaries(self, template: dict[str, Any]) -> str:
        summaries = []
        for type_name, (keys, _) in self._parts["_IMPORT_LOOKUPS"].items():
            logical_ids = [
                logical_id
                for logical_id, resource in template.get("Resources", {}).items()
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
            return answer

        actions["CreateChangeSet"] = create_change_set

    def _take_live_properties(self, name_or_id: str) -> None:
        """Have what is live, and not the last template, be what a change set compares with."""
        for stack in self._parts["_stacks"].values():
            if name_or_id not in (stack["StackName"], stack["StackId"]):
                continue
            template = stack["_template"] = deepcopy(stack["_template"])
            for logical_id, resource in stack["_resources"].items():
                if resource["ResourceType"] == TYPE_NAME:
                    live = self._type.read(self._caller(), resource["PhysicalResourceId"])
                    for name in self._type.schema.read_only:
                        live.pop(name, None)
                    resource["Properties"] = live
                    template["Resources"][logical_id]["Properties"] = live

    def _complete_cloud_control(self) -> None:
        original = self._parts["_get_resource"]

        def get_resource(request: dict[str, Any]) -> Response:
            if request.get("TypeName") != TYPE_NAME:
                answer: Response = original(request)
                return answer
            identifier = request.get("Identifier", "")
            try:
                properties = self._type.read(self._caller(), identifier)
            except HandlerError as error:
                kind = "ResourceNotFound" if error.code == "NotFound" else "InvalidRequest"
                return _json(400, {"__type": f"{kind}Exception", "message": str(error)})
            description = {"Identifier": identifier, "Properties": json.dumps(properties)}
            return _json(200, {"TypeName": TYPE_NAME, "ResourceDescription": description})

        # Its table of actions is built anew for each request, from the module's names.
        vars(import_module("ministack.services.cloudcontrol"))["_get_resource"] = get_resource


def _members(values: Any) -> str:
    return "".join(f"<member>{escape(value)}</member>" for value in values)


def _json(status: int, content: dict[str, Any]) -> Response:
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(content).encode()
