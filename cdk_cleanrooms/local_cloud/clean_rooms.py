"""The local AWS Clean Rooms: its kinds of resources, with the rules that AWS documents."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from typing_extensions import override

from .._core import types
from .analysis_rules import refusals
from .service import (
    Caller,
    Kind,
    Resource,
    Service,
    World,
    conflict,
    invalid,
    not_found,
)
from .service_model import Members, ServiceError, shaped

# The default quotas of each account and Region.
_COLLABORATIONS_OF_AN_ACCOUNT = 10
_MEMBERSHIPS_OF_AN_ACCOUNT = 100
_TABLES_OF_AN_ACCOUNT = 250
# This limit is in the resource schema, but not in the API's model.
_INVITED_MEMBERS = 9
_TABLE = "ConfiguredTable"
_TABLES_IN_QUERIES = [one.construct for one in types.RESOURCE_TYPES if one.is_table_of_queries]


class CleanRoomsKind(Kind):
    """A kind of resource of Clean Rooms."""

    service = "cleanrooms"
    created, updated = "createTime", "updateTime"

    @override
    def arn(self, caller: Caller, *identifiers: str) -> str:
        return caller.arn(self.service, "/".join((self.name.lower(), *identifiers)))

    def made(
        self, caller: Caller, identifiers: tuple[str, ...], members: Members, **facts: object
    ) -> Resource:
        """Return a resource with these members, and those that every resource has."""
        identifier, now = str(uuid4()), time.time()
        arn = self.arn(caller, *identifiers, identifier)
        own = {"id": identifier, "arn": arn, "createTime": now, "updateTime": now}
        return Resource(self, caller, arn, shaped(self.shape, members | own), {}, facts)


class Collaboration(CleanRoomsKind):
    """A collaboration, which is visible to all its members."""

    @override
    def find(self, world: World, caller: Caller, request: Members) -> Resource:
        identifier = request["collaborationIdentifier"]
        for resource in world.of(self.name, id=identifier):
            if resource.owner.region == caller.region and _as_member(resource, caller):
                return resource
        raise not_found(self.arn(caller, identifier))

    @override
    def visible(self, world: World, caller: Caller, request: Members) -> Iterator[Resource]:
        for resource in super().visible(world, caller, request):
            status = self.view(world, caller, resource)["memberStatus"]
            if request.get("memberStatus", status) == status:
                yield resource

    @override
    def is_listed(self, caller: Caller, resource: Resource) -> bool:
        is_here = resource.owner.region == caller.region
        return is_here and _as_member(resource, caller) is not None

    @override
    def view(self, world: World, caller: Caller, resource: Resource) -> Members:
        member = _as_member(resource, caller)
        assert member is not None
        own = {name: member[name] for name in ("membershipId", "membershipArn") if name in member}
        return resource.members | own | {"memberStatus": member["status"]}

    @override
    def new(self, world: World, caller: Caller, request: Members) -> Resource:
        creator = {
            "accountId": caller.account,
            "displayName": request["creatorDisplayName"],
            "memberAbilities": request["creatorMemberAbilities"],
            "mlMemberAbilities": request.get("creatorMLMemberAbilities"),
            "paymentConfiguration": request.get("creatorPaymentConfiguration"),
        }
        members = [creator, *request["members"]]
        _refuse_wrong_members(members)
        created = world.of(self.name)
        _refuse_more(caller, created, "created collaborations", _COLLABORATIONS_OF_AN_ACCOUNT)
        members_of_all = request | {
            "creatorAccountId": caller.account,
            "autoApprovedChangeTypes": request.get("autoApprovedChangeRequestTypes"),
            "analyticsEngine": request.get("analyticsEngine", "SPARK"),
            "isMetricsEnabled": request.get("isMetricsEnabled", False),
        }
        resource = self.made(caller, (), members_of_all, request=request)
        resource.facts["members"] = [_summary(one, members, resource) for one in members]
        return resource

    @override
    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        _refuse_other_than_creator(caller, resource)
        super().change(world, caller, resource, request)

    @override
    def end(self, world: World, caller: Caller, resource: Resource) -> None:
        _refuse_other_than_creator(caller, resource)
        for membership in world.of("Membership", collaborationId=resource.members["id"]):
            if membership.members["status"] == "ACTIVE":
                membership.members["status"] = "COLLABORATION_DELETED"
        world.end(resource)


class Membership(CleanRoomsKind):
    """An account's membership in a collaboration."""

    role_members = ()

    @override
    def visible(self, world: World, caller: Caller, request: Members) -> Iterator[Resource]:
        for resource in super().visible(world, caller, request):
            if request.get("status", resource.members["status"]) == resource.members["status"]:
                yield resource

    @override
    def new(self, world: World, caller: Caller, request: Members) -> Resource:
        identifier = request["collaborationIdentifier"]
        _refuse_missing_result_roles(world, caller, request)
        for _ in self._active(world, caller, identifier):
            raise conflict(
                f"Account {caller.account} already has a membership in collaboration {identifier}.",
                "ALREADY_EXISTS",
            )
        collaboration = next(world.of("Collaboration", id=identifier), None)
        if collaboration is None:
            raise not_found(f"collaboration/{identifier}")
        member = _invited(collaboration, caller)
        _refuse_contradiction(collaboration, member, request)
        # No document says whether memberships count that have ended.
        active = world.of(self.name, status="ACTIVE")
        _refuse_more(caller, active, "memberships", _MEMBERSHIPS_OF_AN_ACCOUNT)
        its = collaboration.members
        membership = self.made(
            caller,
            (),
            request
            | {
                "collaborationArn": its["arn"],
                "collaborationId": its["id"],
                "collaborationCreatorAccountId": its["creatorAccountId"],
                "collaborationCreatorDisplayName": its["creatorDisplayName"],
                "collaborationName": its["name"],
                "status": "ACTIVE",
                "memberAbilities": member["abilities"],
                "mlMemberAbilities": member.get("mlAbilities"),
                "paymentConfiguration": request.get(
                    "paymentConfiguration", member["paymentConfiguration"]
                ),
            },
        )
        member.update(
            status="ACTIVE", membershipId=membership.members["id"], membershipArn=membership.arn
        )
        return membership

    @override
    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        _refuse_missing_result_roles(world, caller, request)
        payment = request.get("membershipPaymentConfiguration")
        changed = request | ({"paymentConfiguration": payment} if payment else {})
        collaboration = world.resources.get(resource.members["collaborationArn"])
        if collaboration and (member := _as_member(collaboration, caller)):
            _refuse_contradiction(collaboration, member, resource.members | changed)
        super().change(world, caller, resource, changed)

    @override
    def end(self, world: World, caller: Caller, resource: Resource) -> None:
        under = list(world.of_membership(resource.arn))
        if under:
            raise conflict(
                f"Cannot delete membership {resource.members['id']} while it has resources: "
                f"{', '.join(one.arn for one in under)}."
            )
        if resource.members["status"] != "ACTIVE":
            return
        collaboration = world.resources.get(resource.members["collaborationArn"])
        if collaboration:
            if collaboration.owner.account == caller.account:
                raise conflict(
                    "Cannot delete membership for the creator of the collaboration while their "
                    "membership is still ACTIVE",
                    "INVALID_STATE",
                )
            member = _as_member(collaboration, caller)
            assert member is not None
            member["status"] = "LEFT"
        resource.members["status"] = "REMOVED"

    def _active(self, world: World, caller: Caller, collaboration: str) -> Iterator[Resource]:
        for one in world.of(self.name, collaborationId=collaboration, status="ACTIVE"):
            if one.owner == caller:
                yield one


class InMembership(CleanRoomsKind):
    """A kind of resource that belongs to a membership."""

    infers_names = False  # whether no document says that names are unique

    def __init__(self, name: str, quota: int | None = None) -> None:
        super().__init__(name)
        self._quota = quota

    @override
    def arn(self, caller: Caller, *identifiers: str) -> str:
        membership, identifier = identifiers
        return caller.arn(self.service, f"membership/{membership}/{self.name.lower()}/{identifier}")

    @override
    def visible(self, world: World, caller: Caller, request: Members) -> Iterator[Resource]:
        arn, _ = _own_membership(world, caller, request["membershipIdentifier"])
        return world.of(self.name, membershipArn=arn)

    @override
    def new(self, world: World, caller: Caller, request: Members) -> Resource:
        identifier = request["membershipIdentifier"]
        membership = _membership(world, caller, identifier)
        more = self.checked(world, caller, membership, request)
        self._refuse_taken_name(world, membership, request)
        siblings = list(self.visible(world, caller, request))
        if self._quota is not None and len(siblings) >= self._quota:
            raise _exceeded(f"Membership {identifier}", f"{self.label}s", self._quota)
        return self.made(caller, (identifier,), membership | request | more)

    def checked(
        self, _world: World, _caller: Caller, _membership: Members, _request: Members, /
    ) -> Members:
        """Return members that the service adds to a request, or raise an error."""
        return {}

    @override
    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        self._refuse_taken_name(world, resource.members, request, resource)
        super().change(world, caller, resource, request)

    def _refuse_taken_name(
        self,
        world: World,
        membership: Members,
        request: Members,
        resource: Resource | None = None,
    ) -> None:
        for one in self.of_one_name(world, membership, request.get("name")):
            if one is not resource:
                article, _, noun = one.kind.type.noun_with_article.partition(" ")
                error = conflict(
                    f"{article.capitalize()} {noun} named '{one.members['name']}' already exists "
                    f"in membership {one.members['membershipId']}.",
                    "ALREADY_EXISTS",
                )
                if not self.infers_names:
                    raise error
                world.infer(error)

    def of_one_name(
        self, world: World, membership: Members, name: str | None
    ) -> Iterator[Resource]:
        """Yield the resources that have a name, where only one of them can have it."""
        for one in world.of(self.name, membershipArn=membership["membershipArn"]):
            if name is not None and one.members.get("name") == name:
                yield one


class TableInCollaboration(InMembership):
    """A kind of table that queries use by a name, which is unique in the collaboration."""

    @override
    def of_one_name(
        self, world: World, membership: Members, name: str | None
    ) -> Iterator[Resource]:
        if name is None:
            return
        collaboration = _collaboration_of(world, membership)
        for kind in _TABLES_IN_QUERIES:
            for one in world.of(kind):
                is_its = _collaboration_of(world, one.members) == collaboration
                if is_its and one.members["name"].lower() == name.lower():
                    yield one


class IdNamespaceAssociation(InMembership):
    """An association of a member's own ID namespace with a membership."""

    @override
    def checked(
        self, world: World, caller: Caller, membership: Members, request: Members
    ) -> Members:
        arn = request["inputReferenceConfig"]["inputReferenceArn"]
        region, account = arn.split(":")[3:5]
        if (account, region) != (caller.account, caller.region):
            raise invalid(
                f"The ID namespace {arn} is not in account {caller.account} in {caller.region}."
            )
        namespace = world.known(arn)
        its = namespace.members if namespace else {}
        return {
            "inputReferenceProperties": {
                "idNamespaceType": its.get("type", "SOURCE"),
                "idMappingWorkflowsSupported": its.get("idMappingWorkflowProperties", []),
            }
        }


class IdMappingTable(TableInCollaboration):
    """An ID mapping table, whose source and target must already be associated."""

    @override
    def checked(
        self, world: World, caller: Caller, membership: Members, request: Members
    ) -> Members:
        workflow = world.known(request["inputReferenceConfig"]["inputReferenceArn"])
        associations = list(
            world.of("IdNamespaceAssociation", collaborationId=membership["collaborationId"])
        )
        found: dict[str, str] = {}
        for side in ("SOURCE", "TARGET"):
            namespace = _namespace(workflow, side)
            is_partners = namespace and namespace.split(":")[4] != caller.account
            if is_partners and not membership["is_local"]:
                continue
            for one in associations:
                arn = one.members["inputReferenceConfig"]["inputReferenceArn"]
                known = world.resources.get(arn)
                fits = known is None or known.members["type"] == side
                if one.arn not in found and (arn == namespace if namespace else fits):
                    found[one.arn] = side
                    break
            else:
                raise invalid(
                    f"An ID mapping table needs an associated {side} ID namespace"
                    f"{f', {namespace},' if namespace else ''} in collaboration "
                    f"{membership['collaborationId']}, and there is none."
                )
        sources = [
            {"idNamespaceAssociationId": world.resources[arn].members["id"], "type": side}
            for arn, side in found.items()
        ]
        return {"inputReferenceProperties": {"idMappingTableInputSource": sources}}


class ConfiguredTable(CleanRoomsKind):
    """A table, and the analyses that are allowed on it."""

    @override
    def new(self, world: World, caller: Caller, request: Members) -> Resource:
        self._refuse_wrong_methods(request)
        _refuse_more(caller, world.of(self.name), "configured tables", _TABLES_OF_AN_ACCOUNT)
        return self.made(caller, (), request | {"analysisRuleTypes": []})

    @override
    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        self._refuse_wrong_methods(resource.members | request)
        super().change(world, caller, resource, request)

    @override
    def end(self, world: World, caller: Caller, resource: Resource) -> None:
        # The model of the API has the reason SUBRESOURCES_EXIST, but the user guide says that the
        # table can be deleted.
        for one in world.of("ConfiguredTableAssociation", configuredTableArn=resource.arn):
            world.infer(
                conflict(f"Configured table {resource.members['id']} is in use by {one.arn}.")
            )
        super().end(world, caller, resource)

    def _refuse_wrong_methods(self, members: Members) -> None:
        is_multiple = members["analysisMethod"] == "MULTIPLE"
        selected = members.get("selectedAnalysisMethods", [])
        if is_multiple != (len(selected) > 1):
            raise invalid(
                "selectedAnalysisMethods must have two or more methods if analysisMethod is "
                "MULTIPLE, and not otherwise."
            )


class ConfiguredTableAssociation(TableInCollaboration):
    """An association of a configured table with a membership."""

    @override
    def checked(
        self, world: World, caller: Caller, membership: Members, request: Members
    ) -> Members:
        identifier = request["configuredTableIdentifier"]
        arn = caller.arn(self.service, f"configuredtable/{identifier}")
        if world.known(arn) is None and any(world.of("ConfiguredTable", id=identifier)):
            raise not_found(arn)
        return {
            "name": request["name"].lower(),
            "configuredTableId": identifier,
            "configuredTableArn": arn,
            "analysisRuleTypes": [],
        }


class AnalysisTemplate(InMembership):
    """An analysis template."""

    infers_names = True

    @override
    def checked(
        self, world: World, caller: Caller, membership: Members, request: Members
    ) -> Members:
        is_query = request["format"] == "SQL"
        [source] = request["source"]
        if is_query != (source == "text"):
            raise invalid(f"The source of a template in {request['format']} cannot be {source}.")
        if is_query and "errorMessageConfiguration" in request:
            raise invalid("errorMessageConfiguration is only for templates in PySpark.")
        for parameter in request.get("analysisParameters", ()):
            if not is_query and parameter["type"] != "STRING":
                raise invalid(f"The parameter {parameter['name']} of a script must be a STRING.")
        own = world.resources.get(membership["membershipArn"])
        if not is_query and own and "CAN_RECEIVE_RESULTS" not in own.members["memberAbilities"]:
            raise invalid("Only a member who can receive results can create a template in PySpark.")
        return {"schema": request.get("schema", {"referencedTables": []})}


class PrivacyBudgetTemplate(InMembership):
    """A privacy budget template; a collaboration can have only one for differential privacy."""

    @override
    def change(self, world: World, caller: Caller, resource: Resource, request: Members) -> None:
        kind, parameters = request["privacyBudgetType"], request.get("parameters", {})
        _refuse_wrong_budgets(kind, parameters)
        its = resource.members["privacyBudgetType"]
        if kind != its:
            raise invalid(f"The privacy budget type is {its}, which cannot be changed.")
        # What an update cannot change, such as the table of an access budget, stays.
        before = resource.members["parameters"]
        merged = {name: before.get(name, {}) | each for name, each in parameters.items()}
        super().change(world, caller, resource, request | {"parameters": merged or before})

    @override
    def checked(
        self, world: World, caller: Caller, membership: Members, request: Members
    ) -> Members:
        kind, parameters = request["privacyBudgetType"], request["parameters"]
        _refuse_wrong_budgets(kind, parameters)
        if "accessBudget" in parameters:
            self._refuse_resource(world, membership, parameters["accessBudget"]["resourceArn"])
        collaboration = membership["collaborationId"]
        others = world.of(self.name, privacyBudgetType=kind, collaborationId=collaboration)
        if kind == "DIFFERENTIAL_PRIVACY" and any(others):
            raise conflict(
                f"Collaboration {collaboration} already has a differential privacy template.",
                "ALREADY_EXISTS",
            )
        return {"autoRefresh": request.get("autoRefresh", "NONE")}

    def _refuse_resource(self, world: World, membership: Members, arn: str) -> None:
        if not arn.startswith(f"{membership['membershipArn']}/"):
            raise invalid(f"{arn} does not belong to membership {membership['membershipId']}.")
        world.known(arn)
        for one in world.of(self.name, privacyBudgetType="ACCESS_BUDGET"):
            if one.members["parameters"]["accessBudget"]["resourceArn"] == arn:
                world.infer(conflict(f"{arn} already has {one.arn}.", "ALREADY_EXISTS"))


class IntermediateTable(TableInCollaboration):
    """An intermediate table."""

    @override
    def checked(
        self, world: World, caller: Caller, membership: Members, request: Members
    ) -> Members:
        return {"status": "CREATED", "analysisRuleTypes": []}


class CleanRooms(Service):
    """The service."""

    name = "cleanrooms"

    def __init__(self, world: World | None = None) -> None:
        super().__init__(
            world,
            (
                Collaboration("Collaboration"),
                Membership("Membership"),
                # The numbers are default quotas of each membership.
                IdNamespaceAssociation("IdNamespaceAssociation", 10),
                IdMappingTable("IdMappingTable", 5),
                ConfiguredTable("ConfiguredTable"),
                ConfiguredTableAssociation("ConfiguredTableAssociation", 25),
                AnalysisTemplate("AnalysisTemplate", 25),
                PrivacyBudgetTemplate("PrivacyBudgetTemplate"),
                IntermediateTable("IntermediateTable"),
            ),
        )

    def _list_members(self, caller: Caller, request: Members) -> Members:
        collaboration = self.kinds["Collaboration"].find(self.world, caller, request)
        return self._page("ListMembers", collaboration.facts["members"], request)

    def _list_collaboration_change_requests(self, caller: Caller, request: Members) -> Members:
        # Nobody can make one here, because the operation for it is not supported.
        self.kinds["Collaboration"].find(self.world, caller, request)
        return self._page("ListCollaborationChangeRequests", [], request)

    def _list_configured_audience_model_associations(
        self, caller: Caller, request: Members
    ) -> Members:
        self.kinds["Membership"].find(self.world, caller, request)
        return self._page("ListConfiguredAudienceModelAssociations", [], request)

    def _populate_id_mapping_table(self, caller: Caller, request: Members) -> Members:
        _membership(self.world, caller, request["membershipIdentifier"])
        self.kinds["IdMappingTable"].find(self.world, caller, request)
        return {"idMappingJobId": str(uuid4())}

    def _create_rule(self, kind: str, caller: Caller, request: Members) -> Members:
        resource = self.kinds[kind].find(self.world, caller, request)
        rule = request["analysisRuleType"]
        if resource.rules:
            raise conflict(f"{resource.arn} already has an analysis rule.", "ALREADY_EXISTS")
        self._refuse_policy(kind, resource, request)
        now = time.time()
        resource.rules[rule] = {"createTime": now}
        resource.members["analysisRuleTypes"] = [rule]
        return self._update_rule(kind, caller, request)

    def _update_rule(self, kind: str, caller: Caller, request: Members) -> Members:
        resource, rule = self._rule(kind, caller, request)
        policy = request["analysisRulePolicy"]
        self._refuse_policy(kind, resource, request)
        camel = kind[0].lower() + kind[1:]
        rule.update(
            updateTime=time.time(),
            **request,
            policy=policy,
            type=request["analysisRuleType"],
            **{f"{camel}Id": resource.members["id"], f"{camel}Arn": resource.arn},
        )
        return {"analysisRule": rule}

    def _refuse_policy(self, kind: str, resource: Resource, request: Members) -> None:
        rule, policy = request["analysisRuleType"], request["analysisRulePolicy"]
        _refuse_other_branch(rule, policy)
        [content] = policy["v1"].values()
        for refusal in refusals(resource.members, rule, content) if kind == _TABLE else ():
            error = invalid(refusal.message)
            if not refusal.is_inferred:
                raise error
            self.world.infer(error)

    def _get_rule(self, kind: str, caller: Caller, request: Members) -> Members:
        return {"analysisRule": self._rule(kind, caller, request)[1]}

    def _delete_rule(self, kind: str, caller: Caller, request: Members) -> Members:
        resource, _ = self._rule(kind, caller, request)
        del resource.rules[request["analysisRuleType"]]
        resource.members["analysisRuleTypes"] = []
        return {}

    def _rule(self, kind: str, caller: Caller, request: Members) -> tuple[Resource, Members]:
        resource = self.kinds[kind].find(self.world, caller, request)
        try:
            return resource, resource.rules[request["analysisRuleType"]]
        except KeyError:
            raise not_found(f"{resource.arn}/analysisrule/{request['analysisRuleType']}") from None

    @override
    def _operation(self, operation: str) -> Any:
        kind = operation.removesuffix("AnalysisRule")
        for verb in ("Create", "Get", "Update", "Delete"):
            name = kind.removeprefix(verb)
            if kind != operation and kind.startswith(verb) and name in self.kinds:
                do = getattr(self, f"_{verb.lower()}_rule")
                return lambda caller, request: do(name, caller, request)
        return super()._operation(operation)


def _refuse_wrong_budgets(kind: str, parameters: Members) -> None:
    branch = "accessBudget" if kind == "ACCESS_BUDGET" else "differentialPrivacy"
    if parameters and branch not in parameters:
        raise invalid(f"The parameters of a template of the type {kind} must be {branch}.")
    budgets = parameters.get("accessBudget", {}).get("budgetParameters", ())
    is_lifetime = [each["type"] == "LIFETIME" for each in budgets]
    if is_lifetime.count(True) > 1 or is_lifetime.count(False) > 1:
        raise invalid("There can be one budget for a period, and one for the lifetime.")
    if any(each["budget"] < 1 for each in budgets):
        raise invalid("A budget must be 1 or greater.")


def _own_membership(world: World, caller: Caller, identifier: str) -> tuple[str, Resource | None]:
    """Return the ARN of a membership, and the membership if it was created here."""
    arn = caller.arn("cleanrooms", f"membership/{identifier}")
    membership = world.known(arn)
    if membership is None and any(world.of("Membership", id=identifier)):
        raise not_found(arn)
    return arn, membership


def _membership(world: World, caller: Caller, identifier: str) -> Members:
    """Return what is known about the membership of a new resource."""
    arn, membership = _own_membership(world, caller, identifier)
    if membership is None:
        collaboration = str(uuid5(NAMESPACE_URL, identifier))
        its = {
            "collaborationId": collaboration,
            "collaborationArn": caller.arn("cleanrooms", f"collaboration/{collaboration}"),
        }
    elif membership.members["status"] != "ACTIVE":
        raise invalid(f"Membership {identifier} is {membership.members['status']}.")
    else:
        its = {name: membership.members[name] for name in ("collaborationId", "collaborationArn")}
    return its | {
        "membershipId": identifier,
        "membershipArn": arn,
        "is_local": membership is not None,
    }


def _collaboration_of(world: World, members: Members) -> str:
    """Return the ID of the collaboration of a resource in a membership."""
    membership = world.resources.get(members["membershipArn"])
    identifier: str = membership.members["collaborationId"] if membership else ""
    return identifier or str(uuid5(NAMESPACE_URL, members["membershipId"]))


def _as_member(collaboration: Resource, caller: Caller) -> Members | None:
    """Return the caller's entry in the list of members, unless the caller has left."""
    members: list[Members] = collaboration.facts["members"]
    for member in members:
        if member["accountId"] == caller.account and member["status"] != "LEFT":
            return member
    return None


def _invited(collaboration: Resource, caller: Caller) -> Members:
    member = _as_member(collaboration, caller)
    if member is None or collaboration.owner.region != caller.region:
        raise ServiceError(
            "AccessDeniedException",
            f"Account {caller.account} is not a member of collaboration "
            f"{collaboration.members['id']} in {caller.region}, or has left it.",
            reason="INSUFFICIENT_PERMISSIONS",
        )
    return member


def _refuse_other_than_creator(caller: Caller, collaboration: Resource) -> None:
    if collaboration.owner.account != caller.account:
        raise ServiceError(
            "AccessDeniedException",
            f"Account {caller.account} did not create collaboration "
            f"{collaboration.members['id']}, and only its creator can change or delete it.",
            reason="INSUFFICIENT_PERMISSIONS",
        )


def _refuse_wrong_members(members: list[Members]) -> None:
    accounts = [member["accountId"] for member in members]
    if len(accounts) > 1 + _INVITED_MEMBERS:
        raise invalid(
            f"A collaboration cannot have more than {_INVITED_MEMBERS} members besides its creator."
        )
    if len(set(accounts)) < len(accounts):
        raise invalid(f"Each account can be a member once, including the creator's: {accounts}.")
    runners = [one["accountId"] for one in members if "CAN_QUERY" in one["memberAbilities"]]
    if len(runners) != 1:
        raise invalid(f"Exactly one member must have CAN_QUERY, but {runners or 'nobody'} has it.")
    for member in members:
        runs_jobs = "CAN_RUN_JOB" in member["memberAbilities"]
        if runs_jobs and member["accountId"] not in runners:
            raise invalid("The member with CAN_RUN_JOB must be the one with CAN_QUERY.")
        if runs_jobs and _pays(member.get("paymentConfiguration"), "jobCompute") is False:
            raise invalid("The member that runs jobs cannot be exempted from paying for them.")


def _pays(payment: Members | None, *path: str) -> bool | None:
    node: Any = payment or {}
    for name in path:
        node = node.get(name, {})
    responsible: bool | None = node.get("isResponsible")
    return responsible


def _summary(member: Members, members: list[Members], collaboration: Resource) -> Members:
    """Return a member as `ListMembers` describes it."""
    is_stated = any(_pays(one.get("paymentConfiguration"), "queryCompute") for one in members)
    default = not is_stated and "CAN_QUERY" in member["memberAbilities"]
    return {
        "accountId": member["accountId"],
        "status": "INVITED",
        "displayName": member["displayName"],
        "abilities": member["memberAbilities"],
        "mlAbilities": member.get("mlMemberAbilities"),
        "createTime": collaboration.members["createTime"],
        "updateTime": collaboration.members["createTime"],
        "paymentConfiguration": member.get("paymentConfiguration")
        or {"queryCompute": {"isResponsible": default}},
        "isDesignatedPayer": bool(_pays(member.get("paymentConfiguration"), "queryCompute")),
    }


_PAYMENTS = (
    ("queryCompute",),
    ("jobCompute",),
    ("machineLearning", "modelTraining"),
    ("machineLearning", "modelInference"),
    ("machineLearning", "syntheticDataGeneration"),
)


def _refuse_contradiction(collaboration: Resource, member: Members, request: Members) -> None:
    """Refuse a membership that contradicts the collaboration."""
    its = collaboration.members
    for name in ("queryLogStatus", "jobLogStatus"):
        if request.get(name) == "ENABLED" and its.get(name) != "ENABLED":
            raise invalid(f"{name} must be ENABLED in the collaboration first.")
    payment = request.get("paymentConfiguration")
    if payment is None and member["isDesignatedPayer"]:
        raise invalid(f"Account {member['accountId']} pays, so paymentConfiguration is required.")
    for path in _PAYMENTS:
        agreed = bool(_pays(member["paymentConfiguration"], *path))
        if _pays(payment, *path) not in (None, agreed):
            raise invalid(f"{'.'.join(path)}.isResponsible is {agreed} in the collaboration.")
    is_runner_or_payer = "CAN_QUERY" in member["abilities"] or _pays(
        member["paymentConfiguration"], "queryCompute"
    )
    if request.get("isMetricsEnabled") and not (its.get("isMetricsEnabled") and is_runner_or_payer):
        raise invalid(
            "isMetricsEnabled is only for a member that queries or pays, and only if the "
            "collaboration has metrics enabled."
        )
    only_receives = "CAN_RECEIVE_RESULTS" in member["abilities"] and not is_runner(member)
    results = request.get("defaultResultConfiguration", {})
    if only_receives and "roleArn" not in results:
        raise invalid(
            "A member that receives results of another member's queries needs "
            "defaultResultConfiguration with a roleArn."
        )


def is_runner(member: Members) -> bool:
    """Return whether a member can query."""
    return "CAN_QUERY" in member["abilities"]


def _refuse_missing_result_roles(world: World, caller: Caller, request: Members) -> None:
    for name in ("defaultResultConfiguration", "defaultJobResultConfiguration"):
        world.refuse_missing_role(caller, request.get(name, {}).get("roleArn"))


def _namespace(workflow: Resource | None, side: str) -> str | None:
    """Return the ARN of a known workflow's ID namespace on one side."""
    for source in workflow.members["inputSourceConfig"] if workflow else ():
        arn: str = source["inputSourceARN"]
        if source.get("type") == side and ":idnamespace/" in arn:
            return arn
    return None


def _refuse_other_branch(rule: str, policy: Members) -> None:
    """Refuse a rule whose type differs from the type of its policy."""
    [branches] = policy.values()
    for branch in branches:
        if branch.lower() != rule.lower().replace("_", ""):
            raise invalid(f"The policy of an analysis rule of type {rule} cannot be '{branch}'.")


def _refuse_more(caller: Caller, existing: Iterator[Resource], what: str, quota: int) -> None:
    if sum(one.owner == caller for one in existing) >= quota:
        raise _exceeded(f"Account {caller.account}", what, quota)


def _exceeded(owner: str, what: str, quota: int) -> ServiceError:
    return ServiceError(
        "ServiceQuotaExceededException",
        f"{owner} already has {quota} {what}.",
        quotaName=f"{what} per {owner.split()[0].lower()}",
        quotaValue=quota,
    )
