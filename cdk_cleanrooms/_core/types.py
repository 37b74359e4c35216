"""The resource types of Clean Rooms and Entity Resolution: one row for each.

Members of the services' answers are written as paths, such as `parameters.accessBudget`, and nested
properties of CloudFormation as paths, such as `Parameters.ResourceArn`.

Nothing here needs the CDK or boto3. Tests compare each row with the schemas of CloudFormation and
with the models of the services.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

MEMBERSHIP_IDENTIFIER = "MembershipIdentifier"
"""The property of a resource inside a membership that contains the ID of the membership."""


class Match(NamedTuple):
    """A property by which an existing resource is found, without its identifier."""

    property: str
    """The property in CloudFormation."""
    member: str
    """The member of the service's answer that must equal it."""
    ignores_case: bool = False
    """Whether the service can return the value with other uppercase and lowercase letters."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ResourceType:
    """A resource type. The names that AWS derives from the type's name are properties here too.

    Attributes:
        name: The name of the type in CloudFormation.
        noun: The term for the resource in messages.
        is_in_membership: Whether the resource belongs to a membership.
        name_property: The property with the name, or None if such resources have no name.
        is_identified_by_name: Whether the name is the primary identifier. Otherwise it is an ID,
            a UUID that the service generates.
        is_table_of_queries: Whether queries use the resource as a table, so that its name is unique
            among tables of all types in the collaboration.
        has_collaboration_attributes: Whether the attributes contain the ARN of the membership, and
            the ARN and ID of the collaboration.
        needs_entity_resolution: Whether it exists only in Regions that have Entity Resolution.
        arn_property: The property with the ARN.
        analysis_rules: The property with analysis rules, for which the service has operations of
            their own.
        list_items: The member of the answer of List that contains the items.
        list_arguments: Fixed arguments of List.
        label: The member of an item with a text by which people recognize the resource.
        creator: The member of an item with the account that created the resource, if resources of
            other creators are listed too.
        further_details: Members that Get does not return, with the operation that lists them and
            the member of its answer that contains them.
        found_by: What finds the resource if `adopt` is True, in words.
        match: The properties that find it, all of which must match. If there are none, it can be
            adopted only by its identifier.
        match_details: Further properties that must match if they are given, with members that only
            Get returns.
        create_only: The properties whose change replaces the resource.
        fixed: The properties that AWS can change neither in place nor by a replacement.
        is_deleted_first: Whether CloudFormation deletes the resource before it creates the
            replacement, so that the replacement can have the same name.
    """

    name: str
    noun: str
    is_in_membership: bool = False
    name_property: str | None = "Name"
    is_identified_by_name: bool = False
    is_table_of_queries: bool = False
    has_collaboration_attributes: bool = False
    needs_entity_resolution: bool = False
    arn_property: str = "Arn"
    analysis_rules: str | None = None
    list_items: str
    list_arguments: Mapping[str, str] = field(default_factory=dict)
    label: str = "name"
    creator: str | None = None
    further_details: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    found_by: str = "its name"
    match: tuple[Match, ...]
    match_details: tuple[Match, ...] = ()
    create_only: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    is_deleted_first: bool = False

    @cached_property
    def service(self) -> str:
        """The service, as an ARN and boto3 name it, such as `cleanrooms`."""
        return self.name.split("::")[1].lower()

    @cached_property
    def construct(self) -> str:
        """The name of the construct, such as `IdNamespace`."""
        return self.name.split("::")[2]

    @cached_property
    def key(self) -> str:
        """The argument for such a resource, such as `id_namespace`."""
        return snake_case(self.construct)

    @cached_property
    def option(self) -> str:
        """The value of the command's option `--resource-type`, such as `id-namespace`."""
        return self.key.replace("_", "-")

    @cached_property
    def path(self) -> str:
        """The resource type in an ARN, such as `idnamespace`."""
        return self.construct.lower()

    @cached_property
    def noun_with_article(self) -> str:
        """The term for one resource, such as `an ID namespace`."""
        return f"{'an' if self.noun[0] in 'AEIOaeio' else 'a'} {self.noun}"

    @cached_property
    def identifier_property(self) -> str:
        """The property that identifies the resource, in its membership if it belongs to one."""
        by_name = self.name_property if self.is_identified_by_name else None
        return by_name or f"{self.construct}Identifier"

    @cached_property
    def primary_identifier(self) -> tuple[str, ...]:
        """The properties that identify the resource in CloudFormation, in their order."""
        parents = [MEMBERSHIP_IDENTIFIER] if self.is_in_membership else []
        return (self.identifier_property, *parents)

    def identified(
        self, identifier: str, membership_identifier: str | None = None
    ) -> dict[str, str]:
        """Return the primary identifier of a resource, with its parts as CloudFormation names them.

        Args:
            identifier: The ID or the name of the resource.
            membership_identifier: The ID of the membership, if the resource belongs to one.
        """
        parts = [identifier, *([] if membership_identifier is None else [membership_identifier])]
        return dict(zip(self.primary_identifier, parts, strict=True))

    @cached_property
    def unique_within(self) -> str | None:
        """Where two resources of the type cannot have the same name, in words, or None."""
        if self.is_identified_by_name:
            return "the same account and Region"
        is_unique = self.is_in_membership and self.name_property and not self.is_table_of_queries
        return "the same membership" if is_unique else None

    @cached_property
    def least_tag_value(self) -> int:
        """The minimum number of characters that CloudFormation accepts in the value of a tag."""
        return 0 if self.service == "entityresolution" else 1

    @cached_property
    def identifier(self) -> str:
        """The member of an item with the identifier."""
        return _member(self.identifier_property) if self.is_identified_by_name else "id"

    @cached_property
    def identifier_parameter(self) -> str:
        """The parameter of Get for the identifier."""
        return _member(self.identifier_property)

    @cached_property
    def membership_member(self) -> str | None:
        """The member of an item with the ID of the membership, if the resource belongs to one."""
        return "membershipId" if self.is_in_membership else None

    @cached_property
    def arn(self) -> str:
        """The member of an item with the ARN."""
        return _member(self.arn_property)

    @cached_property
    def arn_attribute(self) -> str:
        """The attribute of the CDK's L1 with the ARN, such as `attr_arn`."""
        return f"attr_{snake_case(self.arn_property)}"

    @cached_property
    def identifier_attribute(self) -> str:
        """The attribute of the CDK's L1 with the identifier."""
        name = snake_case(self.identifier_property)
        return "ref" if self.is_identified_by_name else f"attr_{name}"

    @cached_property
    def list(self) -> str:
        """The operation that lists the resources, as boto3 names it."""
        return f"list_{self.key}s"

    @cached_property
    def get(self) -> str:
        """The operation that describes a resource, as boto3 names it."""
        return f"get_{self.key}"

    def details(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the description of the resource in an answer of Get."""
        # Clean Rooms wraps the description in a member, but Entity Resolution does not.
        details: Mapping[str, Any] = answer.get(_member(self.construct), answer)
        return details

    def permissions(self, *operations: str) -> tuple[str, ...]:
        """Return the IAM actions that operations need."""
        return tuple(
            f"{self.service}:{''.join(map(str.capitalize, operation.split('_')))}"
            for operation in operations
        )


def snake_case(name: str) -> str:
    """Return a name such as `IdNamespace` in the form `id_namespace`."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _member(property: str) -> str:
    return property[0].lower() + property[1:]


_BY_NAME = (Match("Name", "name"),)

COLLABORATION = ResourceType(
    name="AWS::CleanRooms::Collaboration",
    noun="collaboration",
    list_items="collaborationList",
    creator="creatorAccountId",
    further_details={"members": ("list_members", "memberSummaries")},
    match=_BY_NAME,
    create_only=(
        "CreatorDisplayName",
        "CreatorMemberAbilities",
        "CreatorMLMemberAbilities",
        "DataEncryptionMetadata",
        "JobLogStatus",
        "QueryLogStatus",
        "Members",
        "CreatorPaymentConfiguration",
        "AutoApprovedChangeTypes",
        "AllowedResultRegions",
    ),
    fixed=("IsMetricsEnabled",),
)
MEMBERSHIP = ResourceType(
    name="AWS::CleanRooms::Membership",
    noun="membership",
    name_property=None,
    list_items="membershipSummaries",
    list_arguments={"status": "ACTIVE"},
    label="collaborationName",
    found_by="its collaboration",
    match=(Match("CollaborationIdentifier", "collaborationId"),),
    create_only=("CollaborationIdentifier",),
    fixed=("IsMetricsEnabled",),
)
CONFIGURED_TABLE = ResourceType(
    name="AWS::CleanRooms::ConfiguredTable",
    noun="configured table",
    analysis_rules="AnalysisRules",
    list_items="configuredTableSummaries",
    match=_BY_NAME,
)
CONFIGURED_TABLE_ASSOCIATION = ResourceType(
    name="AWS::CleanRooms::ConfiguredTableAssociation",
    noun="configured table association",
    is_in_membership=True,
    analysis_rules="ConfiguredTableAssociationAnalysisRules",
    is_table_of_queries=True,
    list_items="configuredTableAssociationSummaries",
    match=(Match("Name", "name", ignores_case=True),),
    create_only=("ConfiguredTableIdentifier", "Name", "MembershipIdentifier"),
    is_deleted_first=True,
)
ANALYSIS_TEMPLATE = ResourceType(
    name="AWS::CleanRooms::AnalysisTemplate",
    noun="analysis template",
    is_in_membership=True,
    has_collaboration_attributes=True,
    list_items="analysisTemplateSummaries",
    match=_BY_NAME,
    create_only=(
        "Name",
        "MembershipIdentifier",
        "Source",
        "Source.Text",
        "Format",
        "AnalysisParameters",
    ),
    fixed=("Schema", "SourceMetadata", "ErrorMessageConfiguration", "SyntheticDataParameters"),
    is_deleted_first=True,
)
PRIVACY_BUDGET_TEMPLATE = ResourceType(
    name="AWS::CleanRooms::PrivacyBudgetTemplate",
    noun="privacy budget template",
    is_in_membership=True,
    name_property=None,
    has_collaboration_attributes=True,
    list_items="privacyBudgetTemplateSummaries",
    label="privacyBudgetType",
    found_by="its type and the resource of its budget",
    match=(Match("PrivacyBudgetType", "privacyBudgetType"),),
    match_details=(Match("Parameters.ResourceArn", "parameters.accessBudget.resourceArn"),),
    create_only=(
        "MembershipIdentifier",
        "PrivacyBudgetType",
        "AutoRefresh",
        "Parameters.ResourceArn",
    ),
    is_deleted_first=True,
)
ID_NAMESPACE_ASSOCIATION = ResourceType(
    name="AWS::CleanRooms::IdNamespaceAssociation",
    noun="ID namespace association",
    is_in_membership=True,
    has_collaboration_attributes=True,
    needs_entity_resolution=True,
    list_items="idNamespaceAssociationSummaries",
    match=_BY_NAME,
    create_only=("MembershipIdentifier", "InputReferenceConfig"),
)
ID_MAPPING_TABLE = ResourceType(
    name="AWS::CleanRooms::IdMappingTable",
    noun="ID mapping table",
    is_in_membership=True,
    has_collaboration_attributes=True,
    needs_entity_resolution=True,
    is_table_of_queries=True,
    list_items="idMappingTableSummaries",
    match=_BY_NAME,
    create_only=("MembershipIdentifier", "Name", "InputReferenceConfig"),
)
INTERMEDIATE_TABLE = ResourceType(
    name="AWS::CleanRooms::IntermediateTable",
    noun="intermediate table",
    is_in_membership=True,
    has_collaboration_attributes=True,
    analysis_rules="AnalysisRules",
    is_table_of_queries=True,
    list_items="intermediateTableSummaries",
    match=_BY_NAME,
    create_only=("MembershipIdentifier", "Name", "PopulationAnalysisConfiguration"),
)
SCHEMA_MAPPING = ResourceType(
    name="AWS::EntityResolution::SchemaMapping",
    noun="schema mapping",
    name_property="SchemaName",
    is_identified_by_name=True,
    needs_entity_resolution=True,
    arn_property="SchemaArn",
    list_items="schemaList",
    label="schemaName",
    match=(Match("SchemaName", "schemaName"),),
    create_only=("SchemaName",),
)
MATCHING_WORKFLOW = ResourceType(
    name="AWS::EntityResolution::MatchingWorkflow",
    noun="matching workflow",
    name_property="WorkflowName",
    is_identified_by_name=True,
    needs_entity_resolution=True,
    arn_property="WorkflowArn",
    list_items="workflowSummaries",
    label="workflowName",
    match=(Match("WorkflowName", "workflowName"),),
    create_only=("WorkflowName", "ResolutionTechniques.EnableRealTimeMatching"),
)
ID_NAMESPACE = ResourceType(
    name="AWS::EntityResolution::IdNamespace",
    noun="ID namespace",
    name_property="IdNamespaceName",
    is_identified_by_name=True,
    needs_entity_resolution=True,
    arn_property="IdNamespaceArn",
    list_items="idNamespaceSummaries",
    label="idNamespaceName",
    match=(Match("IdNamespaceName", "idNamespaceName"),),
    create_only=("IdNamespaceName",),
    fixed=("Type",),
)
ID_MAPPING_WORKFLOW = ResourceType(
    name="AWS::EntityResolution::IdMappingWorkflow",
    noun="ID mapping workflow",
    name_property="WorkflowName",
    is_identified_by_name=True,
    needs_entity_resolution=True,
    arn_property="WorkflowArn",
    list_items="workflowSummaries",
    label="workflowName",
    match=(Match("WorkflowName", "workflowName"),),
    create_only=("WorkflowName",),
)

RESOURCE_TYPES = (
    COLLABORATION,
    MEMBERSHIP,
    CONFIGURED_TABLE,
    CONFIGURED_TABLE_ASSOCIATION,
    ANALYSIS_TEMPLATE,
    PRIVACY_BUDGET_TEMPLATE,
    ID_NAMESPACE_ASSOCIATION,
    ID_MAPPING_TABLE,
    INTERMEDIATE_TABLE,
    SCHEMA_MAPPING,
    MATCHING_WORKFLOW,
    ID_NAMESPACE,
    ID_MAPPING_WORKFLOW,
)
BY_NAME = {one.name: one for one in RESOURCE_TYPES}
