"""Tests of refusals that AWS documents, with two companies that work together."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest

from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.entity_resolution import EntityResolution
from cdk_cleanrooms.local_cloud.service import Caller, Service, World
from cdk_cleanrooms.local_cloud.service_model import ServiceError

Members = dict[str, Any]

OURS = Caller("111122223333", "us-east-1")
THEIRS = Caller("444455556666", "us-east-1")
STRANGER = Caller("777788889999", "us-east-1")
OUR_ROLE = "arn:aws:iam::111122223333:role/ours"
RULES = {
    "ruleDefinitionTypes": ["TARGET"],
    "attributeMatchingModel": "ONE_TO_ONE",
    "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
}
ONE_RULE = {
    "ruleDefinitionType": "TARGET",
    "attributeMatchingModel": "ONE_TO_ONE",
    "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
}
RECEIVES = {
    "roleArn": OUR_ROLE,
    "outputConfiguration": {"s3": {"resultFormat": "CSV", "bucket": "results"}},
}
PAYS = {"queryCompute": {"isResponsible": True}}
PAYS_NOT = {"queryCompute": {"isResponsible": False}}


class Companies:
    """The two services, with `ours` as the only role."""

    def __init__(self) -> None:
        world = World()
        world.role_exists = lambda arn: arn == OUR_ROLE
        self.clean_rooms: Service = CleanRooms(world)
        self.entity_resolution: Service = EntityResolution(world)

    def call(self, operation: str, caller: Caller = OURS, /, **request: Any) -> Members:
        """Call Clean Rooms, and return the resource in the answer, if any."""
        answer = self.clean_rooms.call(operation, caller, request)
        values = list(answer.values())
        return values[0] if len(values) == 1 and isinstance(values[0], dict) else answer

    def resolve(self, operation: str, caller: Caller = OURS, /, **request: Any) -> Members:
        """Call Entity Resolution."""
        return self.entity_resolution.call(operation, caller, request)

    def collaboration(self, caller: Caller = OURS, /, **more: Any) -> str:
        """Create a collaboration of both companies, in which its creator can query."""
        request = {
            "name": "match",
            "creatorDisplayName": "Ours",
            "creatorMemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            "queryLogStatus": "DISABLED",
            "members": [member(THEIRS)],
        }
        identifier: str = self.call("CreateCollaboration", caller, **request | more)["id"]
        return identifier

    def membership(self, collaboration: str, caller: Caller = OURS, /, **more: Any) -> str:
        """Join a collaboration."""
        request = {"collaborationIdentifier": collaboration, "queryLogStatus": "DISABLED"}
        identifier: str = self.call("CreateMembership", caller, **request | more)["id"]
        return identifier

    def namespace(self, name: str, side: str, caller: Caller = OURS) -> str:
        """Create an ID namespace, and return its ARN."""
        created = self.resolve(
            "CreateIdNamespace",
            caller,
            idNamespaceName=name,
            type=side,
            idMappingWorkflowProperties=[
                {"idMappingType": "RULE_BASED", "ruleBasedProperties": RULES}
            ],
        )
        arn: str = created["idNamespaceArn"]
        return arn

    def associate(self, membership: str, arn: str, caller: Caller = OURS, name: str = "") -> str:
        """Associate an ID namespace."""
        created = self.call(
            "CreateIdNamespaceAssociation",
            caller,
            membershipIdentifier=membership,
            name=name or arn.rpartition("/")[2],
            inputReferenceConfig={"inputReferenceArn": arn, "manageResourcePolicies": True},
        )
        identifier: str = created["id"]
        return identifier

    def workflow(self, source: str, target: str, name: str = "match", **more: Any) -> str:
        """Create an ID mapping workflow, and return its ARN."""
        request = {
            "workflowName": name,
            "inputSourceConfig": [
                {"inputSourceARN": source, "type": "SOURCE"},
                {"inputSourceARN": target, "type": "TARGET"},
            ],
            "idMappingTechniques": {
                "idMappingType": "RULE_BASED",
                "ruleBasedProperties": ONE_RULE,
            },
            "roleArn": OUR_ROLE,
        }
        arn: str = self.resolve("CreateIdMappingWorkflow", **request | more)["workflowArn"]
        return arn

    def table(self, membership: str, workflow: str, name: str = "table") -> Members:
        """Create an ID mapping table."""
        return self.call(
            "CreateIdMappingTable",
            membershipIdentifier=membership,
            name=name,
            inputReferenceConfig={"inputReferenceArn": workflow, "manageResourcePolicies": True},
        )


def member(caller: Caller, *abilities: str, **more: Any) -> Members:
    return {
        "accountId": caller.account,
        "displayName": "Partner",
        "memberAbilities": list(abilities),
    } | more


@pytest.fixture
def companies() -> Companies:
    return Companies()


def refused(code: str, text: str) -> Any:
    """Expect an error with this code and text."""
    return pytest.raises(ServiceError, match=text, check=lambda error: error.code == code)


def test_two_companies_map_their_ids(companies: Companies) -> None:
    collaboration = companies.collaboration()
    [invitation] = companies.clean_rooms.call(
        "ListCollaborations", THEIRS, {"memberStatus": "INVITED"}
    )["collaborationList"]
    assert (invitation["id"], invitation["memberStatus"]) == (collaboration, "INVITED")
    ours, theirs = companies.membership(collaboration), companies.membership(collaboration, THEIRS)
    source = companies.namespace("customers", "SOURCE")
    target = companies.namespace("subscribers", "TARGET", THEIRS)
    first = companies.associate(ours, source)
    second = companies.associate(theirs, target, THEIRS)
    table = companies.table(ours, companies.workflow(source, target))
    assert table["inputReferenceProperties"]["idMappingTableInputSource"] == [
        {"idNamespaceAssociationId": first, "type": "SOURCE"},
        {"idNamespaceAssociationId": second, "type": "TARGET"},
    ]
    populated = companies.call(
        "PopulateIdMappingTable", membershipIdentifier=ours, idMappingTableIdentifier=table["id"]
    )
    assert populated["idMappingJobId"]
    members = companies.call("ListMembers", collaborationIdentifier=collaboration)
    assert [one["status"] for one in members["memberSummaries"]] == ["ACTIVE", "ACTIVE"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"creatorMemberAbilities": []}, "Exactly one member must have CAN_QUERY"),
        ({"members": [member(THEIRS, "CAN_QUERY")]}, "Exactly one member must have CAN_QUERY"),
        ({"members": [member(THEIRS, "CAN_RUN_JOB")]}, "CAN_RUN_JOB must be the one"),
        ({"members": [member(OURS)]}, "Each account can be a member once"),
        ({"members": [member(THEIRS), member(THEIRS)]}, "Each account can be a member once"),
        (
            {
                "members": [
                    member(Caller(str(number), "us-east-1"))
                    for number in range(100000000000, 100000000010)
                ]
            },
            "more than 9 members besides its creator",
        ),
        (
            {
                "creatorMemberAbilities": ["CAN_QUERY", "CAN_RUN_JOB"],
                "creatorPaymentConfiguration": PAYS | {"jobCompute": {"isResponsible": False}},
            },
            "cannot be exempted from paying",
        ),
    ],
)
def test_a_collaboration_with_wrong_members_is_refused(
    companies: Companies, change: Members, text: str
) -> None:
    with refused("ValidationException", text):
        companies.collaboration(**change)


def test_only_the_creator_changes_and_deletes_a_collaboration(companies: Companies) -> None:
    collaboration = companies.collaboration()
    for operation in ("UpdateCollaboration", "DeleteCollaboration"):
        with refused("AccessDeniedException", "only its creator"):
            companies.call(operation, THEIRS, collaborationIdentifier=collaboration)


def test_a_collaboration_is_hidden_from_everybody_else(companies: Companies) -> None:
    collaboration = companies.collaboration()
    with refused("AccessDeniedException", "does not exist"):
        companies.call("GetCollaboration", STRANGER, collaborationIdentifier=collaboration)
    listed = companies.call("ListCollaborations", STRANGER)
    assert listed["collaborationList"] == []


def test_an_account_that_is_not_a_member_cannot_join(companies: Companies) -> None:
    with refused("AccessDeniedException", "is not a member"):
        companies.membership(companies.collaboration(), STRANGER)


def test_an_account_can_join_only_once(companies: Companies) -> None:
    collaboration = companies.collaboration()
    companies.membership(collaboration)
    with refused("ConflictException", "has a membership"):
        companies.membership(collaboration)


def test_an_account_that_has_left_cannot_join_again(companies: Companies) -> None:
    collaboration = companies.collaboration()
    membership = companies.membership(collaboration, THEIRS)
    companies.call("DeleteMembership", THEIRS, membershipIdentifier=membership)
    with refused("AccessDeniedException", "or has left it"):
        companies.membership(collaboration, THEIRS)


def test_the_creator_cannot_leave_before_the_collaboration_is_deleted(companies: Companies) -> None:
    collaboration = companies.collaboration()
    ours, theirs = companies.membership(collaboration), companies.membership(collaboration, THEIRS)
    with refused(
        "ConflictException",
        "Cannot delete membership for the creator of the collaboration while their membership is "
        "still ACTIVE",
    ):
        companies.call("DeleteMembership", membershipIdentifier=ours)
    companies.call("DeleteCollaboration", collaborationIdentifier=collaboration)
    for caller, membership in ((OURS, ours), (THEIRS, theirs)):
        ended = companies.call("GetMembership", caller, membershipIdentifier=membership)
        assert ended["status"] == "COLLABORATION_DELETED"
        assert companies.call("ListMemberships", caller, status="ACTIVE") == {
            "membershipSummaries": []
        }
    with refused("ResourceNotFoundException", "does not exist"):
        companies.membership(collaboration, THEIRS)
    with refused("ValidationException", "is COLLABORATION_DELETED"):
        companies.associate(ours, companies.namespace("customers", "SOURCE"))


def test_a_membership_with_contents_cannot_be_deleted(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration(), THEIRS)
    namespace = companies.namespace("customers", "SOURCE", THEIRS)
    association = companies.associate(membership, namespace, THEIRS)
    with refused("ConflictException", "while it has resources: arn:aws:cleanrooms"):
        companies.call("DeleteMembership", THEIRS, membershipIdentifier=membership)
    companies.call(
        "DeleteIdNamespaceAssociation",
        THEIRS,
        membershipIdentifier=membership,
        idNamespaceAssociationIdentifier=association,
    )
    companies.call("DeleteMembership", THEIRS, membershipIdentifier=membership)


def test_a_membership_of_another_account_cannot_be_used(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    namespace = companies.namespace("customers", "SOURCE", THEIRS)
    with refused("ResourceNotFoundException", "does not exist"):
        companies.associate(membership, namespace, THEIRS)
    for operation in ("ListIdNamespaceAssociations", "ListAnalysisTemplates"):
        with refused("ResourceNotFoundException", "does not exist"):
            companies.call(operation, THEIRS, membershipIdentifier=membership)


@pytest.mark.parametrize("log", ["queryLogStatus", "jobLogStatus"])
def test_logs_that_are_off_in_the_collaboration_are_refused(companies: Companies, log: str) -> None:
    with refused("ValidationException", f"{log} must be ENABLED in the collaboration"):
        companies.membership(companies.collaboration(), **{log: "ENABLED"})


def test_metrics_need_a_collaboration_with_metrics_and_a_member_who_queries_or_pays(
    companies: Companies,
) -> None:
    with refused("ValidationException", "isMetricsEnabled is only for"):
        companies.membership(companies.collaboration(), isMetricsEnabled=True)
    collaboration = companies.collaboration(isMetricsEnabled=True)
    with refused("ValidationException", "isMetricsEnabled is only for"):
        companies.membership(collaboration, THEIRS, isMetricsEnabled=True)
    assert companies.membership(collaboration, isMetricsEnabled=True)


def test_payments_must_be_those_of_the_collaboration(companies: Companies) -> None:
    collaboration = companies.collaboration(
        creatorPaymentConfiguration=PAYS_NOT, members=[member(THEIRS, paymentConfiguration=PAYS)]
    )
    with refused("ValidationException", "isResponsible is False in the collaboration"):
        companies.membership(collaboration, paymentConfiguration=PAYS)
    with refused("ValidationException", "paymentConfiguration is required"):
        companies.membership(collaboration, THEIRS)
    membership = companies.membership(collaboration, THEIRS, paymentConfiguration=PAYS)
    with refused("ValidationException", "isResponsible is True in the collaboration"):
        companies.call(
            "UpdateMembership",
            THEIRS,
            membershipIdentifier=membership,
            membershipPaymentConfiguration=PAYS_NOT,
        )


def test_a_member_that_only_receives_results_must_say_where(companies: Companies) -> None:
    collaboration = companies.collaboration(members=[member(THEIRS, "CAN_RECEIVE_RESULTS")])
    with refused("ValidationException", "needs defaultResultConfiguration"):
        companies.membership(collaboration, THEIRS)
    assert companies.membership(collaboration, THEIRS, defaultResultConfiguration=RECEIVES)


def test_a_role_that_does_not_exist_is_refused(companies: Companies) -> None:
    missing = f"{OUR_ROLE}-not"
    with refused("ValidationException", "The role .*ours-not does not exist"):
        companies.membership(
            companies.collaboration(), defaultResultConfiguration=RECEIVES | {"roleArn": missing}
        )
    with refused("ValidationException", "The role .*ours-not does not exist"):
        companies.workflow(
            "arn:aws:glue:us-east-1:111122223333:table/a/b",
            companies.namespace("subscribers", "TARGET"),
            roleArn=missing,
        )
    with refused("ValidationException", "The role .*ours-not does not exist"):
        companies.call(
            "CreateConfiguredTableAssociation",
            membershipIdentifier=str(uuid4()),
            configuredTableIdentifier=str(uuid4()),
            name="table",
            roleArn=missing,
        )


@pytest.mark.parametrize("associated", [[], ["SOURCE"], ["TARGET"]])
def test_an_id_mapping_table_needs_both_associations(
    companies: Companies, associated: list[str]
) -> None:
    membership = companies.membership(companies.collaboration())
    namespaces = {side: companies.namespace(side.lower(), side) for side in ("SOURCE", "TARGET")}
    workflow = companies.workflow(namespaces["SOURCE"], namespaces["TARGET"])
    for side in associated:
        companies.associate(membership, namespaces[side])
    missing = "TARGET" if associated == ["SOURCE"] else "SOURCE"
    with refused("ValidationException", f"needs an associated {missing} ID namespace, arn"):
        companies.table(membership, workflow)


def test_an_id_mapping_table_needs_the_namespaces_of_its_workflow(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    for arn in (companies.namespace("c", "SOURCE"), companies.namespace("d", "TARGET")):
        companies.associate(membership, arn)
    with refused("ValidationException", "needs an associated SOURCE ID namespace"):
        companies.table(membership, companies.workflow(source, target))


def test_a_workflow_from_elsewhere_needs_both_kinds_of_associations(
    companies: Companies,
) -> None:
    membership = str(uuid4())
    workflow = "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/elsewhere"
    elsewhere = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/elsewhere"
    companies.associate(membership, elsewhere)
    with refused("ValidationException", "needs an associated TARGET ID namespace"):
        companies.table(membership, workflow)
    companies.associate(membership, companies.namespace("subscribers", "TARGET"))
    assert companies.table(membership, workflow)


def test_a_partners_namespace_is_not_required_in_a_collaboration_elsewhere(
    companies: Companies,
) -> None:
    membership = str(uuid4())
    source = companies.namespace("customers", "SOURCE")
    target = companies.namespace("subscribers", "TARGET", THEIRS)
    companies.associate(membership, source)
    assert companies.table(membership, companies.workflow(source, target))


def test_the_sixth_id_mapping_table_exceeds_the_quota(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    companies.associate(membership, source)
    companies.associate(membership, target)
    workflow = companies.workflow(source, target)
    for number in range(5):
        companies.table(membership, workflow, f"table{number}")
    with refused("ServiceQuotaExceededException", "already has 5 ID mapping tables"):
        companies.table(membership, workflow, "table5")


def test_a_table_with_a_taken_name_is_a_conflict(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    companies.associate(membership, source)
    companies.associate(membership, target)
    workflow = companies.workflow(source, target)
    companies.table(membership, workflow)
    with refused("ConflictException", "An ID mapping table named 'table' already exists"):
        companies.table(membership, workflow)


def test_a_namespace_in_use_can_neither_be_changed_nor_deleted(companies: Companies) -> None:
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    companies.workflow(source, target)
    for operation in ("UpdateIdNamespace", "DeleteIdNamespace"):
        with refused("ValidationException", "is in use by .*idmappingworkflow/match"):
            companies.resolve(operation, idNamespaceName="a")
    companies.resolve("DeleteIdMappingWorkflow", workflowName="match")
    companies.resolve("DeleteIdNamespace", idNamespaceName="a")


def test_a_workflow_must_use_a_namespace_according_to_its_type(companies: Companies) -> None:
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    with refused("ValidationException", "is a TARGET, but the workflow uses it as a SOURCE"):
        companies.workflow(target, source)


@pytest.mark.parametrize(
    ("member", "other"),
    [
        ("attributeMatchingModel", "MANY_TO_MANY"),
        ("recordMatchingModel", "MANY_SOURCE_TO_ONE_TARGET"),
        ("ruleDefinitionType", "SOURCE"),
    ],
)
def test_a_workflow_must_match_as_its_namespaces_allow(
    member: str, other: str, companies: Companies
) -> None:
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    techniques = {"idMappingType": "RULE_BASED", "ruleBasedProperties": ONE_RULE | {member: other}}
    with refused("ValidationException", f"The {member} {other} of the workflow"):
        companies.workflow(source, target, idMappingTechniques=techniques)


def test_a_schema_mapping_in_use_can_neither_be_changed_nor_deleted(companies: Companies) -> None:
    fields = [{"fieldName": "id", "type": "UNIQUE_ID"}, {"fieldName": "name", "type": "NAME"}]
    companies.resolve("CreateSchemaMapping", schemaName="people", mappedInputFields=fields)
    found = companies.resolve("GetSchemaMapping", schemaName="people")
    assert found["hasWorkflows"] is False
    companies.resolve(
        "CreateMatchingWorkflow",
        workflowName="match",
        inputSourceConfig=[
            {
                "inputSourceARN": "arn:aws:glue:us-east-1:111122223333:table/a/b",
                "schemaName": "people",
            }
        ],
        outputSourceConfig=[{"outputS3Path": "s3://results/b/", "output": [{"name": "id"}]}],
        resolutionTechniques={"resolutionType": "ML_MATCHING"},
        roleArn=OUR_ROLE,
    )
    assert companies.resolve("GetSchemaMapping", schemaName="people")["hasWorkflows"] is True
    for operation, more in (
        ("UpdateSchemaMapping", {"mappedInputFields": fields}),
        ("DeleteSchemaMapping", {}),
    ):
        with refused("ConflictException", "is in use by .*matchingworkflow/match"):
            companies.resolve(operation, schemaName="people", **more)


def test_a_name_in_entity_resolution_is_unique_in_an_account(companies: Companies) -> None:
    companies.namespace("a", "SOURCE")
    companies.namespace("a", "SOURCE", THEIRS)
    with refused("ConflictException", "The ID namespace a already exists"):
        companies.namespace("a", "TARGET")


def test_a_partners_namespace_is_visible_if_a_policy_allows_it(companies: Companies) -> None:
    arn = companies.namespace("a", "SOURCE")
    with refused("ResourceNotFoundException", "does not exist"):
        companies.resolve("GetIdNamespace", THEIRS, idNamespaceName=arn)
    statement: Members = {"arn": arn, "statementId": "Partner"}
    with refused("ResourceNotFoundException", "does not exist"):
        companies.resolve("DeletePolicyStatement", THEIRS, **statement)
    companies.resolve(
        "AddPolicyStatement",
        **statement,
        effect="Allow",
        action=["entityresolution:GetIdNamespace"],
        principal=[THEIRS.account],
    )
    assert companies.resolve("GetIdNamespace", THEIRS, idNamespaceName=arn)["type"] == "SOURCE"
    companies.resolve("DeletePolicyStatement", **statement)
    with refused("ResourceNotFoundException", "does not exist"):
        companies.resolve("DeletePolicyStatement", **statement)


@pytest.mark.parametrize(
    "change",
    [
        {"principal": [STRANGER.account]},
        {"action": ["entityresolution:AddPolicyStatement"]},
        {"effect": "Deny"},
    ],
)
def test_a_policy_shows_a_namespace_only_to_those_whom_it_names(
    companies: Companies, change: Members
) -> None:
    arn = companies.namespace("a", "SOURCE")
    statement: Members = {
        "arn": arn,
        "effect": "Allow",
        "action": ["entityresolution:GetIdNamespace"],
        "principal": [THEIRS.account],
    }
    companies.resolve("AddPolicyStatement", statementId="One", **statement | change)
    with refused("ResourceNotFoundException", "does not exist"):
        companies.resolve("GetIdNamespace", THEIRS, idNamespaceName=arn)
    if change.get("effect") != "Deny":
        companies.resolve("AddPolicyStatement", statementId="Two", **statement)
        assert companies.resolve("GetIdNamespace", THEIRS, idNamespaceName=arn)
    elsewhere = Caller(THEIRS.account, "eu-west-1")
    with refused("ResourceNotFoundException", "does not exist"):
        companies.resolve("GetIdNamespace", elsewhere, idNamespaceName=arn)


def test_a_condition_of_a_policy_must_be_an_object(companies: Companies) -> None:
    for condition in ("{", "[]"):
        with refused("ValidationException", "is not a JSON object"):
            companies.resolve(
                "AddPolicyStatement",
                arn=companies.namespace(f"a{len(condition)}", "SOURCE"),
                statementId="One",
                effect="Allow",
                action=["entityresolution:GetIdNamespace"],
                principal=[THEIRS.account],
                condition=condition,
            )


@pytest.mark.parametrize(
    "caller", [THEIRS, Caller(OURS.account, "eu-west-1")], ids=["account", "region"]
)
def test_tags_belong_to_the_account_the_region_and_the_service_of_a_resource(
    companies: Companies, caller: Caller
) -> None:
    arn = companies.namespace("a", "SOURCE")
    for operation in ("ListTagsForResource", "TagResource"):
        tags: Members = {"tags": {"a": "b"}} if operation == "TagResource" else {}
        with refused("ResourceNotFoundException", "does not exist"):
            companies.resolve(operation, caller, resourceArn=arn, **tags)
        companies.resolve(operation, resourceArn=arn, **tags)


def matching_workflow(companies: Companies, **changes: Any) -> Members:
    """Create a matching workflow with a schema mapping that was created before."""
    output = [{"outputS3Path": "s3://results/", "output": [{"name": "email"}]}]
    rules = [{"ruleName": "email", "matchingKeys": ["Email"]}]
    request: Members = {
        "workflowName": "match",
        "inputSourceConfig": [
            {
                "inputSourceARN": "arn:aws:glue:us-east-1:111122223333:table/a/b",
                "schemaName": "people",
            }
        ],
        "outputSourceConfig": output,
        "resolutionTechniques": {
            "resolutionType": "RULE_MATCHING",
            "ruleBasedProperties": {"rules": rules, "attributeMatchingModel": "ONE_TO_ONE"},
        },
        "roleArn": OUR_ROLE,
    }
    return companies.resolve("CreateMatchingWorkflow", **request | changes)


def test_a_matching_workflow_uses_only_what_its_schema_mapping_defines(
    companies: Companies,
) -> None:
    companies.resolve(
        "CreateSchemaMapping",
        schemaName="people",
        mappedInputFields=[
            {"fieldName": "id", "type": "UNIQUE_ID"},
            {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
        ],
    )
    output = [{"outputS3Path": "s3://results/", "output": [{"name": "phone"}]}]
    with refused("ValidationException", "do not define the output phone"):
        matching_workflow(companies, outputSourceConfig=output)
    rules = [{"ruleName": "phone", "matchingKeys": ["Email", "Phone"]}]
    techniques = {
        "resolutionType": "RULE_MATCHING",
        "ruleBasedProperties": {"rules": rules, "attributeMatchingModel": "ONE_TO_ONE"},
    }
    with refused("ValidationException", "do not define the matching key Phone"):
        matching_workflow(companies, resolutionTechniques=techniques)
    assert matching_workflow(companies)


@pytest.fixture
def configured_table(companies: Companies) -> str:
    created = companies.call(
        "CreateConfiguredTable",
        name="customers",
        allowedColumns=["email", "id"],
        analysisMethod="DIRECT_QUERY",
        tableReference={"glue": {"databaseName": "people", "tableName": "customers"}},
    )
    identifier: str = created["id"]
    return identifier


LIST = {"v1": {"list": {"joinColumns": ["email"], "listColumns": ["id"]}}}


@pytest.fixture(params=["on", "off"])
def infers(
    request: pytest.FixtureRequest, companies: Companies, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Whether what only follows from the documentation is refused."""
    monkeypatch.setenv("CLEANROOMS_CLOUD_INFERRED_RULES", request.param)
    companies.clean_rooms.world.infers = World().infers
    return bool(request.param == "on")


def inferred(infers: bool, code: str, text: str) -> Any:
    """Expect an error if what only follows from the documentation is refused."""
    return refused(code, f"{text}.*Inferred from AWS's documents") if infers else nullcontext()


def test_a_table_has_one_analysis_rule_with_a_policy_of_the_same_type(
    companies: Companies, configured_table: str
) -> None:
    table: Members = {"configuredTableIdentifier": configured_table}
    with refused("ValidationException", "type CUSTOM cannot be 'list'"):
        companies.call(
            "CreateConfiguredTableAnalysisRule",
            **table,
            analysisRuleType="CUSTOM",
            analysisRulePolicy=LIST,
        )
    rule: Members = {**table, "analysisRuleType": "LIST", "analysisRulePolicy": LIST}
    companies.call("CreateConfiguredTableAnalysisRule", **rule)
    with refused("ConflictException", "already has an analysis rule"):
        companies.call("CreateConfiguredTableAnalysisRule", **rule)
    rule.pop("analysisRulePolicy")
    assert companies.call("GetConfiguredTableAnalysisRule", **rule)["policy"] == LIST
    companies.call("DeleteConfiguredTableAnalysisRule", **rule)
    with refused("ResourceNotFoundException", "analysisrule/LIST does not exist"):
        companies.call("GetConfiguredTableAnalysisRule", **rule)


def test_quotas_of_a_membership_and_of_an_account_are_enforced(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    template: Members = {"format": "SQL", "source": {"text": "SELECT 1"}}
    for number in range(25):
        companies.call(
            "CreateAnalysisTemplate",
            membershipIdentifier=membership,
            name=f"template {number}",
            **template,
        )
    with refused("ServiceQuotaExceededException", "already has 25 analysis templates"):
        companies.call(
            "CreateAnalysisTemplate", membershipIdentifier=membership, name="one more", **template
        )
    table: Members = {
        "name": "customers",
        "allowedColumns": ["id"],
        "analysisMethod": "DIRECT_QUERY",
        "tableReference": {"glue": {"databaseName": "people", "tableName": "customers"}},
    }
    for _ in range(250):
        companies.call("CreateConfiguredTable", **table)
    with refused("ServiceQuotaExceededException", "already has 250 configured tables"):
        companies.call("CreateConfiguredTable", **table)
    assert companies.call("CreateConfiguredTable", THEIRS, **table)


def test_an_account_can_create_ten_collaborations_in_each_region(companies: Companies) -> None:
    created = [companies.collaboration() for _ in range(10)]
    with refused("ServiceQuotaExceededException", "already has 10 created collaborations"):
        companies.collaboration()
    # Neither those of other Regions nor those of others count.
    companies.collaboration(Caller(OURS.account, "eu-west-1"))
    companies.collaboration(THEIRS, members=[member(OURS)])
    companies.call("DeleteCollaboration", collaborationIdentifier=created[0])
    companies.collaboration()


def test_an_account_can_have_a_hundred_memberships_in_each_region(companies: Companies) -> None:
    created = [
        companies.collaboration(Caller(f"{number:012}", OURS.region), members=[member(OURS)])
        for number in range(1, 12)
        for _ in range(10)
    ]
    joined = [companies.membership(collaboration) for collaboration in created[:100]]
    with refused("ServiceQuotaExceededException", "already has 100 memberships"):
        companies.membership(created[100])
    companies.call("DeleteMembership", membershipIdentifier=joined[0])
    companies.membership(created[100])


def test_a_mapping_table_of_a_membership_that_has_ended_cannot_be_filled(
    companies: Companies,
) -> None:
    collaboration = companies.collaboration()
    membership = companies.membership(collaboration)
    source, target = companies.namespace("a", "SOURCE"), companies.namespace("b", "TARGET")
    for arn in (source, target):
        companies.associate(membership, arn)
    table = companies.table(membership, companies.workflow(source, target))
    companies.call("DeleteCollaboration", collaborationIdentifier=collaboration)
    with refused("ValidationException", "is COLLABORATION_DELETED"):
        companies.call(
            "PopulateIdMappingTable",
            membershipIdentifier=membership,
            idMappingTableIdentifier=table["id"],
        )


def test_selected_analysis_methods_require_multiple(
    companies: Companies, configured_table: str
) -> None:
    with refused("ValidationException", "selectedAnalysisMethods must have two or more"):
        companies.call(
            "UpdateConfiguredTable",
            configuredTableIdentifier=configured_table,
            analysisMethod="MULTIPLE",
        )


def set_rule(companies: Companies, table: str, kind: str, **content: Any) -> None:
    companies.call(
        "CreateConfiguredTableAnalysisRule",
        configuredTableIdentifier=table,
        analysisRuleType=kind,
        analysisRulePolicy={"v1": {kind.lower(): content}},
    )


def aggregation(**content: Any) -> Members:
    return {
        "aggregateColumns": [{"columnNames": ["id"], "function": "COUNT"}],
        "joinColumns": ["email"],
        "dimensionColumns": [],
        "scalarFunctions": [],
        "outputConstraints": [{"columnName": "id", "minimum": 2, "type": "COUNT_DISTINCT"}],
    } | content


def threshold(**more: Any) -> Members:
    return {
        "identityColumns": ["id"],
        "minimumIdentityCount": 2,
        "type": "COUNT_DISTINCT",
        "allowedAggregateExpressionType": "COLUMNS_ONLY",
    } | more


TEMPLATE = (
    "arn:aws:cleanrooms:us-east-1:111122223333:membership/a1b2c3d4-5678-90ab-cdef-111111111111"
    "/analysistemplate/a1b2c3d4-5678-90ab-cdef-222222222222"
)
ANY: Members = {"allowedAnalyses": ["ANY_QUERY"], "allowedAnalysisProviders": [THEIRS.account]}
PRIVATE: Members = {"differentialPrivacy": {"columns": [{"name": "id"}]}}
CONTROLS: Members = {
    "comparisonControls": {
        "allowedLiteralComparisonColumns": ["id"],
        "allowedColumnComparisonColumns": ["email"],
    }
}


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("AGGREGATION", aggregation(dimensionColumns=["email"]), "in both .* and joinColumns"),
        ("AGGREGATION", aggregation(dimensionColumns=["id"]), "in both .* and aggregateColumns"),
        ("LIST", {"joinColumns": ["id"], "listColumns": ["id"]}, "in both listColumns and join"),
        ("CUSTOM", ANY | {"allowedAnalyses": ["ANY_QUERY", TEMPLATE]}, "cannot have both ANY_"),
        ("CUSTOM", {"allowedAnalyses": ["ANY_QUERY"]}, "is required with ANY_QUERY"),
        ("CUSTOM", ANY | {"allowedAnalyses": [TEMPLATE]}, "combined with analysis templates"),
        ("CUSTOM", ANY | PRIVATE | CONTROLS, "cannot be combined with differentialPrivacy"),
        ("CUSTOM", ANY | {"allowedAnalyses": ["ANY_JOB"]} | CONTROLS, "allows only jobs"),
        (
            "CUSTOM",
            ANY | CONTROLS | {"aggregationThresholds": [threshold()]},
            "The identity column id cannot be compared",
        ),
        (
            "CUSTOM",
            ANY
            | {
                "aggregationThresholds": [
                    threshold(
                        outputColumnThresholds=[
                            {"outputColumnName": "id", "minimumIdentityCount": 0}
                        ]
                        * 2
                    )
                ]
            },
            "each column only once",
        ),
        (
            "CUSTOM",
            ANY
            | {
                "aggregationThresholds": [
                    threshold(
                        outputColumnThresholds=[
                            {"outputColumnName": "id", "minimumIdentityCount": 1}
                        ]
                    )
                ]
            },
            "must be 0, or 2 or greater",
        ),
    ],
    ids=str,
)
def test_a_rule_that_the_documents_refuse_is_refused(
    kind: str, content: Members, text: str, companies: Companies, configured_table: str
) -> None:
    with refused("ValidationException", text):
        set_rule(companies, configured_table, kind, **content)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("AGGREGATION", aggregation()),
        ("CUSTOM", ANY | PRIVATE),
        ("CUSTOM", {"allowedAnalyses": []} | {"disallowedOutputColumns": ["id"]}),
        ("CUSTOM", {"allowedAnalyses": [TEMPLATE]} | CONTROLS),
    ],
    ids=str,
)
def test_a_rule_that_the_documents_allow_is_accepted(
    kind: str, content: Members, companies: Companies, configured_table: str
) -> None:
    set_rule(companies, configured_table, kind, **content)


def test_a_table_outside_aws_glue_has_a_custom_rule_without_differential_privacy(
    companies: Companies,
) -> None:
    athena = {"workGroup": "primary", "databaseName": "people", "tableName": "customers"}
    created = companies.call(
        "CreateConfiguredTable",
        name="customers",
        allowedColumns=["email", "id"],
        analysisMethod="DIRECT_QUERY",
        tableReference={"athena": athena},
    )
    with refused("ValidationException", "A table of athena can only have a rule of the type CUS"):
        set_rule(companies, created["id"], "LIST", joinColumns=["id"], listColumns=["email"])
    with refused("ValidationException", "Differential privacy is not for tables of athena"):
        set_rule(companies, created["id"], "CUSTOM", **ANY, **PRIVATE)


@pytest.mark.parametrize(
    "name", ["my-table", "a b", "orders\n", "", "t" * 129], ids=lambda name: name[:9]
)
def test_the_name_of_a_table_of_athena_has_letters_digits_and_underscores(
    name: str, companies: Companies
) -> None:
    athena = {"workGroup": "primary", "databaseName": "people", "tableName": name}
    with refused("ValidationException", "validation error"):
        companies.call(
            "CreateConfiguredTable",
            name="customers",
            allowedColumns=["id"],
            analysisMethod="DIRECT_QUERY",
            tableReference={"athena": athena},
        )


def test_a_column_of_a_rule_must_be_allowed(
    infers: bool, companies: Companies, configured_table: str
) -> None:
    with inferred(infers, "ValidationException", "The column phone is not in allowedColumns"):
        set_rule(companies, configured_table, "LIST", joinColumns=["email"], listColumns=["phone"])


def test_a_table_for_jobs_alone_has_a_custom_rule(
    infers: bool, companies: Companies, configured_table: str
) -> None:
    companies.call(
        "UpdateConfiguredTable",
        configuredTableIdentifier=configured_table,
        analysisMethod="DIRECT_JOB",
    )
    with inferred(infers, "ValidationException", "A rule of the type LIST allows no jobs"):
        set_rule(companies, configured_table, "LIST", joinColumns=["email"], listColumns=["id"])


def associate_table(
    companies: Companies, membership: str, table: str, name: str, caller: Caller = OURS
) -> Members:
    return companies.call(
        "CreateConfiguredTableAssociation",
        caller,
        membershipIdentifier=membership,
        configuredTableIdentifier=table,
        name=name,
        roleArn=OUR_ROLE,
    )


def test_the_names_of_tables_are_unique_in_the_collaboration_in_lowercase_letters(
    companies: Companies, configured_table: str
) -> None:
    collaboration = companies.collaboration()
    ours, theirs = companies.membership(collaboration), companies.membership(collaboration, THEIRS)
    created = associate_table(companies, ours, configured_table, "Orders")
    assert created["name"] == "orders"
    changed = companies.call(
        "UpdateConfiguredTableAssociation",
        membershipIdentifier=ours,
        configuredTableAssociationIdentifier=created["id"],
        description="Ours",
    )
    assert (changed["name"], changed["description"]) == ("orders", "Ours")
    elsewhere = str(uuid4())
    with refused("ConflictException", "A configured table association named 'orders' already"):
        associate_table(companies, theirs, elsewhere, "ORDERS", THEIRS)
    one = companies.associate(ours, companies.namespace("a", "SOURCE"))
    companies.call(
        "UpdateIdNamespaceAssociation",
        membershipIdentifier=ours,
        idNamespaceAssociationIdentifier=one,
        name="a",
    )
    target = companies.namespace("b", "TARGET")
    companies.associate(ours, target)
    workflow = companies.workflow(companies.namespace("c", "SOURCE"), target)
    companies.associate(ours, workflow.replace("idmappingworkflow/match", "idnamespace/c"))
    with refused("ConflictException", "A configured table association named 'orders' already"):
        companies.table(ours, workflow, "orders")
    other = companies.membership(companies.collaboration())
    associate_table(companies, other, configured_table, "orders")


def budget_of(
    companies: Companies, membership: str, association: str, *budgets: tuple[str, int]
) -> Members:
    parameters = [{"type": kind, "budget": budget} for kind, budget in budgets]
    return companies.call(
        "CreatePrivacyBudgetTemplate",
        membershipIdentifier=membership,
        privacyBudgetType="ACCESS_BUDGET",
        parameters={"accessBudget": {"resourceArn": association, "budgetParameters": parameters}},
    )


@pytest.mark.parametrize(
    ("budgets", "text"),
    [
        ([("CALENDAR_DAY", 1), ("CALENDAR_WEEK", 1)], "one budget for a period"),
        ([("LIFETIME", 1), ("LIFETIME", 2)], "one budget for a period, and one for the lifetime"),
        ([("LIFETIME", 0)], "A budget must be 1 or greater"),
    ],
    ids=str,
)
def test_an_access_budget_that_the_documents_refuse_is_refused(
    budgets: list[tuple[str, int]], text: str, companies: Companies, configured_table: str
) -> None:
    membership = companies.membership(companies.collaboration())
    association = associate_table(companies, membership, configured_table, "orders")["arn"]
    with refused("ValidationException", text):
        budget_of(companies, membership, association, *budgets)


def test_an_access_budget_belongs_to_the_membership_of_its_table(
    companies: Companies, configured_table: str
) -> None:
    membership = companies.membership(companies.collaboration())
    other = companies.membership(companies.collaboration())
    association = associate_table(companies, membership, configured_table, "orders")["arn"]
    with refused("ValidationException", "does not belong to membership"):
        budget_of(companies, other, association, ("LIFETIME", 1))


def test_an_association_has_one_access_budget_which_keeps_its_table_when_it_changes(
    infers: bool, companies: Companies, configured_table: str
) -> None:
    membership = companies.membership(companies.collaboration())
    association = associate_table(companies, membership, configured_table, "orders")["arn"]
    one = budget_of(companies, membership, association, ("LIFETIME", 1), ("CALENDAR_DAY", 1))
    with inferred(infers, "ConflictException", "orders|already has"):
        budget_of(companies, membership, association, ("LIFETIME", 2))
    changed = companies.call(
        "UpdatePrivacyBudgetTemplate",
        membershipIdentifier=membership,
        privacyBudgetTemplateIdentifier=one["id"],
        privacyBudgetType="ACCESS_BUDGET",
        parameters={"accessBudget": {"budgetParameters": [{"type": "LIFETIME", "budget": 3}]}},
    )
    assert changed["parameters"]["accessBudget"]["resourceArn"] == association


def test_the_parameters_of_a_budget_are_those_of_its_type(companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    with refused("ValidationException", "of the type ACCESS_BUDGET must be accessBudget"):
        companies.call(
            "CreatePrivacyBudgetTemplate",
            membershipIdentifier=membership,
            privacyBudgetType="ACCESS_BUDGET",
            parameters={"differentialPrivacy": {"epsilon": 3, "usersNoisePerQuery": 30}},
        )


def template(companies: Companies, membership: str, caller: Caller = OURS, **more: Any) -> Members:
    request: Members = {"name": "overlap", "format": "SQL", "source": {"text": "SELECT 1"}}
    return companies.call(
        "CreateAnalysisTemplate", caller, membershipIdentifier=membership, **request | more
    )


ARTIFACTS: Members = {
    "artifacts": {
        "entryPoint": {"location": {"bucket": "code", "key": "overlap.py"}},
        "roleArn": OUR_ROLE,
    }
}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"source": ARTIFACTS}, "in SQL cannot be artifacts"),
        ({"format": "PYSPARK_1_0"}, "in PYSPARK_1_0 cannot be text"),
        ({"errorMessageConfiguration": {"type": "DETAILED"}}, "only for templates in PySpark"),
        (
            {
                "format": "PYSPARK_1_0",
                "source": ARTIFACTS,
                "analysisParameters": [{"name": "a", "type": "INTEGER"}],
            },
            "The parameter a of a script must be a STRING",
        ),
    ],
    ids=str,
)
def test_a_template_that_the_documents_refuse_is_refused(
    more: Members, text: str, companies: Companies
) -> None:
    membership = companies.membership(companies.collaboration())
    with refused("ValidationException", text):
        template(companies, membership, **more)


def test_only_a_member_who_receives_results_creates_a_script(companies: Companies) -> None:
    collaboration = companies.collaboration()
    ours, theirs = companies.membership(collaboration), companies.membership(collaboration, THEIRS)
    script: Members = {"format": "PYSPARK_1_0", "source": ARTIFACTS}
    template(companies, ours, **script)
    with refused("ValidationException", "Only a member who can receive results"):
        template(companies, theirs, THEIRS, **script)


def test_the_names_of_templates_differ(infers: bool, companies: Companies) -> None:
    membership = companies.membership(companies.collaboration())
    template(companies, membership)
    with inferred(infers, "ConflictException", "An analysis template named 'overlap' already"):
        template(companies, membership)


def test_an_associated_table_cannot_be_deleted(
    infers: bool, companies: Companies, configured_table: str
) -> None:
    membership = companies.membership(companies.collaboration())
    companies.call(
        "CreateConfiguredTableAssociation",
        membershipIdentifier=membership,
        configuredTableIdentifier=configured_table,
        name="customers",
        roleArn=OUR_ROLE,
    )
    with inferred(infers, "ConflictException", "is in use by"):
        companies.call("DeleteConfiguredTable", configuredTableIdentifier=configured_table)


def test_a_table_of_another_account_cannot_be_associated(
    companies: Companies, configured_table: str
) -> None:
    membership = companies.membership(companies.collaboration(), THEIRS)
    with refused("ResourceNotFoundException", "does not exist"):
        companies.call(
            "CreateConfiguredTableAssociation",
            THEIRS,
            membershipIdentifier=membership,
            configuredTableIdentifier=configured_table,
            name="customers",
            roleArn="arn:aws:iam::999999999999:role/elsewhere",
        )


def test_a_collaboration_can_have_one_differential_privacy_template(companies: Companies) -> None:
    collaboration = companies.collaboration()
    request: Members = {
        "privacyBudgetType": "DIFFERENTIAL_PRIVACY",
        "parameters": {"differentialPrivacy": {"epsilon": 3, "usersNoisePerQuery": 30}},
    }
    ours, theirs = companies.membership(collaboration), companies.membership(collaboration, THEIRS)
    companies.call("CreatePrivacyBudgetTemplate", membershipIdentifier=ours, **request)
    with refused("ConflictException", "already has a differential privacy template"):
        companies.call(
            "CreatePrivacyBudgetTemplate", THEIRS, membershipIdentifier=theirs, **request
        )


def test_an_update_of_a_budget_keeps_its_type_and_what_it_does_not_name(
    companies: Companies,
) -> None:
    membership = companies.membership(companies.collaboration())
    created = companies.call(
        "CreatePrivacyBudgetTemplate",
        membershipIdentifier=membership,
        privacyBudgetType="DIFFERENTIAL_PRIVACY",
        parameters={"differentialPrivacy": {"epsilon": 3, "usersNoisePerQuery": 30}},
    )
    template: Members = {
        "membershipIdentifier": membership,
        "privacyBudgetTemplateIdentifier": created["id"],
    }
    changed = companies.call(
        "UpdatePrivacyBudgetTemplate",
        **template,
        privacyBudgetType="DIFFERENTIAL_PRIVACY",
        parameters={"differentialPrivacy": {"epsilon": 4}},
    )
    assert changed["parameters"] == {
        "differentialPrivacy": {"epsilon": 4, "usersNoisePerQuery": 30}
    }
    with refused("ValidationException", "is DIFFERENTIAL_PRIVACY, which cannot be changed"):
        companies.call("UpdatePrivacyBudgetTemplate", **template, privacyBudgetType="ACCESS_BUDGET")
