"""A fake AWS in this process. It answers according to botocore's models, and records requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore import xform_name
from botocore.model import OperationModel

from cdk_cleanrooms._core.types import ID_NAMESPACE_ASSOCIATION, RESOURCE_TYPES
from tests.samples import ACCOUNT, ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

ASSOCIATION = "AWS::CleanRooms::IdNamespaceAssociation"
_DATE = "2026-01-01T00:00:00Z"


@dataclass
class DeployedStack:
    """A stack in the fake CloudFormation."""

    status: str = "CREATE_COMPLETE"
    resources: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The type and the physical ID of each resource, by logical ID."""
    template: dict[str, Any] | str | None = None
    """The parts of the template besides the resources."""
    parameters: list[dict[str, str]] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    resource_status: str = "CREATE_COMPLETE"


class Refusal(NamedTuple):
    """The error that a service returns."""

    code: str
    message: str


class _Response(NamedTuple):
    status_code: int


class FakeAws:
    """The resources of the account, and the requests for them.

    Args:
        imported: The folder in which the fake CDK CLI saves the mapping of each import, by the
            name of the stack.
    """

    def __init__(self, imported: Path) -> None:
        self.account = ACCOUNT
        self.imported = imported
        self.listed: dict[str, list[dict[str, Any]]] = {}
        self.described: dict[tuple[str, str], dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.live: dict[tuple[str, str], dict[str, Any]] = {}
        self.stacks: dict[str, DeployedStack] = {}
        self.exports: dict[str, str] = {}
        self.refusals: dict[str, Refusal] = {}
        self.roles: dict[str, str] = {}
        """The access keys of the roles that can be assumed, by their ARNs."""
        self.assumed: list[dict[str, Any]] = []
        """The requests of AssumeRole."""
        self.denied: set[tuple[str, str]] = set()
        """Access keys and the operations that are denied to them."""
        self.members: dict[str, dict[str, Any]] = {}
        """The answers of ListMembers, by the ID of the collaboration."""
        self.requests: list[str] = []

    def has_association(
        self,
        name: str,
        *,
        membership: str = MEMBERSHIP_ID,
        tags: dict[str, str] | None = None,
        **properties: object,
    ) -> str:
        """Add an ID namespace association, and return its ID."""
        listed = self.listed.setdefault("ListIdNamespaceAssociations", [])
        identifier = f"a1b2c3d4-5678-90ab-cdef-22222222{len(listed):04x}"
        arn = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{membership}/x/{identifier}"
        listed.append({"id": identifier, "arn": arn, "membershipId": membership, "name": name})
        self.has(
            ASSOCIATION,
            f"{identifier}|{membership}",
            arn=arn,
            tags=tags,
            MembershipIdentifier=membership,
            Name=name,
            InputReferenceConfig={
                "InputReferenceArn": ID_NAMESPACE_ARN,
                "ManageResourcePolicies": True,
            },
            **properties,
        )
        return identifier

    def has(
        self,
        type_name: str,
        identifier: str,
        *,
        arn: str,
        tags: dict[str, str] | None = None,
        **properties: object,
    ) -> None:
        """Add a resource with its description in Cloud Control."""
        own = [
            {"Key": key, "Value": value}
            for key, value in (tags or {}).items()
            if not key.startswith("aws:")
        ]
        self.live[type_name, identifier] = {"Arn": arn, "Tags": own, **properties}
        self.tags[arn] = tags or {}

    def answer(
        self, model: OperationModel, request: dict[str, Any], access_key: str
    ) -> dict[str, Any] | Refusal:
        """Return the answer of a service to a request."""
        name = model.name
        self.requests.append(name)
        if (access_key, name) in self.denied:
            return Refusal("AccessDeniedException", f"Not {access_key}")
        if name in self.refusals:
            return self.refusals[name]
        if own := getattr(self, f"_{xform_name(name)}", None):
            answer: dict[str, Any] | Refusal = own(request)
            return answer
        if name.startswith("List"):
            [items] = [
                key
                for key, shape in model.output_shape.members.items()
                if shape.type_name == "list"
            ]
            membership = request.get("membershipIdentifier")
            found = self.listed.get(name, [])
            return {items: [one for one in found if membership in (None, one.get("membershipId"))]}
        identifier, *_ = (value for key, value in request.items() if key != "analysisRuleType")
        return self.described[name, identifier]

    def _get_caller_identity(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"Account": self.account}

    def _list_members(self, request: dict[str, Any]) -> dict[str, Any]:
        default = {"memberSummaries": self.listed.get("ListMembers", [])}
        return self.members.get(request["collaborationIdentifier"], default)

    def _assume_role(self, request: dict[str, Any]) -> dict[str, Any] | Refusal:
        self.assumed.append(request)
        if request["RoleArn"] not in self.roles:
            return Refusal("AccessDenied", f"{request['RoleArn']} does not trust you")
        return {
            "Credentials": {
                "AccessKeyId": self.roles[request["RoleArn"]],
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": datetime.now(UTC) + timedelta(hours=1),
            }
        }

    def _list_tags_for_resource(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"tags": self.tags.get(request["resourceArn"], {})}

    def _get_resource(self, request: dict[str, Any]) -> dict[str, Any] | Refusal:
        found = self.live.get((request["TypeName"], request["Identifier"]))
        if found is None:
            return Refusal("ResourceNotFoundException", "It does not exist")
        return {"ResourceDescription": {"Properties": json.dumps(found)}}

    def _stack(self, request: dict[str, Any]) -> DeployedStack | None:
        name = request["StackName"].split("/")[-1]
        mapping = self.imported / name
        if not mapping.exists():
            return self.stacks.get(name)
        before = self.stacks.get(name, DeployedStack())
        new = {
            logical_id: (_type_of(identifier), "|".join(identifier.values()))
            for logical_id, identifier in json.loads(mapping.read_text()).items()
        }
        return DeployedStack("IMPORT_COMPLETE", before.resources | new)

    def _describe_stacks(self, request: dict[str, Any]) -> dict[str, Any] | Refusal:
        name, stack = request["StackName"], self._stack(request)
        if stack is None:
            return Refusal("ValidationError", f"Stack with id {name} does not exist")
        outputs = [{"OutputKey": key, "OutputValue": stack.outputs[key]} for key in stack.outputs]
        described = {
            "StackName": name,
            "CreationTime": _DATE,
            "StackStatus": stack.status,
            "Parameters": stack.parameters,
            "Outputs": outputs,
        }
        return {"Stacks": [described]}

    def _resources(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        stack = self._stack(request)
        assert stack is not None
        for logical_id, (type_name, physical_id) in stack.resources.items():
            yield {
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": physical_id,
                "ResourceType": type_name,
                "ResourceStatus": stack.resource_status,
            }

    def _list_stack_resources(self, request: dict[str, Any]) -> dict[str, Any] | Refusal:
        if self._stack(request) is None:
            return Refusal("ValidationError", "Stack does not exist")
        return {"StackResourceSummaries": [*self._resources(request)]}

    def _get_template(self, request: dict[str, Any]) -> dict[str, Any]:
        stack = self._stack(request)
        assert stack is not None
        template = stack.template or {"Resources": {name: {} for name in stack.resources}}
        return {"TemplateBody": template}

    def _list_exports(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"Exports": [{"Name": key, "Value": self.exports[key]} for key in self.exports]}


def _type_of(identifier: dict[str, str]) -> str:
    return next(
        one.name
        for one in (ID_NAMESPACE_ASSOCIATION, *RESOURCE_TYPES)
        if one.primary_identifier == (*identifier,)
    )


class Clients:
    """The clients of this process. They are created once, because this is slow."""

    def __init__(self) -> None:
        self.aws: FakeAws | None = None
        self._clients: dict[tuple[str, str, str | None], Any] = {}
        self._client = boto3.Session.client

    def client(
        self, session: boto3.Session, service: str, region_name: str | None = None, **_: object
    ) -> Any:
        """Return a client that sends its requests to the fake."""
        access_key = session.get_credentials().access_key
        key = (access_key, service, region_name or session.region_name)
        if key not in self._clients:
            client = self._client(session, service, region_name=region_name)
            events = client.meta.events
            events.register("provide-client-params", self._keep)
            events.register("before-call", partial(self._answer, access_key))
            self._clients[key] = client
        return self._clients[key]

    def _keep(self, params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["request of the test"] = params

    def _answer(
        self, access_key: str, model: OperationModel, context: dict[str, Any], **_: object
    ) -> tuple[_Response, dict[str, Any]]:
        assert self.aws is not None
        answer = self.aws.answer(model, context["request of the test"], access_key)
        if isinstance(answer, Refusal):
            error = {"Code": answer.code, "Message": answer.message}
            return _Response(400), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}
        unknown = [*_unknown(model.output_shape, answer)]
        assert not unknown, f"{model.name} does not answer with {unknown}"
        return _Response(200), answer


def _unknown(shape: Any, value: Any) -> Iterator[str]:
    """Yield members that the service's model does not contain. Other members may be missing."""
    if shape.type_name == "list":
        for item in value:
            yield from _unknown(shape.member, item)
    elif shape.type_name == "structure" and not shape.is_document_type:
        for name, item in value.items():
            if name in shape.members:
                yield from _unknown(shape.members[name], item)
            else:
                yield name
