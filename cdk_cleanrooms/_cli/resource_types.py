"""Facts about each resource type: how AWS lists it, and how a construct declares it.

Members of answers are written as paths, such as `inputReferenceConfig.inputReferenceArn`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_TAGS = "tags"
_RESULTS = "defaultResultConfiguration.outputConfiguration.s3"
_JOB_RESULTS = "defaultJobResultConfiguration.outputConfiguration.s3"


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """A resource type of Clean Rooms or Entity Resolution.

    Attributes:
        name: The name of the type in CloudFormation.
        noun: The term for the resource in messages.
        list: The operation that lists the resources, as boto3 names it.
        list_items: The member of its answer that contains the items.
        list_arguments: Fixed arguments of this operation.
        identifier: The member of an item that contains the identifier.
        label: The member of an item that contains the name for people.
        identifier_parameter: The parameter of Get for the identifier.
        arn: The member of an item that contains the ARN.
        arn_property: The property in CloudFormation that contains the ARN.
        membership_member: The member that contains the ID of the membership, if there is one.
        creator: The member that contains the account of the creator, if resources of other
            creators are listed too.
        further_details: Members that Get does not return, with the operation that lists them and
            the member of its answer that contains them.
        column: The title of the additional column in a table, and its member.
        arguments: The constructor's arguments: each is a member, or a function of all members.
        defaults: The default values of arguments.
        primary_identifier: The properties that identify a resource in CloudFormation.
        create_only: The properties whose change replaces the resource.
        fixed: The properties that AWS can change neither in place nor by a replacement.
        match: The property by which a resource without a given identifier is found, and the
            member of an item that must equal it.
    """

    name: str
    noun: str
    list: str
    list_items: str
    list_arguments: Mapping[str, str] = field(default_factory=dict)
    identifier: str = "id"
    label: str = "name"
    identifier_parameter: str
    arn: str = "arn"
    arn_property: str = "Arn"
    membership_member: str | None = None
    creator: str | None = None
    further_details: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    column: tuple[str, str]
    arguments: Mapping[str, str | Callable[[Mapping[str, Any]], Any]]
    defaults: Mapping[str, object] = field(default_factory=dict)
    primary_identifier: tuple[str, ...]
    create_only: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    match: tuple[str, str]

    @property
    def service(self) -> str:
        """The service, as boto3 names it."""
        return self.name.split("::")[1].lower()

    @property
    def construct(self) -> str:
        """The name of the construct."""
        return self.name.split("::")[2]

    @property
    def option(self) -> str:
        """The value of the option `--resource-type`."""
        return _words(self.construct, "-")

    @property
    def key(self) -> str:
        """The prefix of the construct's own attributes."""
        return _words(self.construct, "_")

    @property
    def get(self) -> str:
        """The operation that describes a resource, as boto3 names it."""
        return f"get_{self.key}"

    @property
    def is_identified_by_name(self) -> bool:
        """Whether the name is the identifier, so that another name means another resource."""
        return self.match[0] in self.primary_identifier

    @property
    def has_empty_tags(self) -> bool:
        """Whether CloudFormation accepts an empty value of a tag."""
        return self.service == "entityresolution"

    @property
    def is_in_membership(self) -> bool:
        """Whether the resource belongs to a membership."""
        return self.membership_member is not None

    def argument_values(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """Return the constructor's arguments.

        Args:
            members: The service's description of the resource.
        """
        return {
            argument: member(members, source) if isinstance(source, str) else source(members)
            for argument, source in self.arguments.items()
        }

    def details(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the description of the resource in an answer of Get."""
        # Clean Rooms wraps the description in a member, but Entity Resolution does not.
        wrapper = self.construct[0].lower() + self.construct[1:]
        details: Mapping[str, Any] = answer.get(wrapper, answer)
        return details

    def permissions(self, *operations: str) -> tuple[str, ...]:
        """Return the IAM actions that operations need."""
        return tuple(f"{self.service}:{_action(operation)}" for operation in operations)


def member(members: Mapping[str, Any], path: str) -> Any:
    """Return the member at a path, or None if it does not exist."""
    found: Any = members
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _words(name: str, separator: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", separator, name).lower()


def _action(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


class Call(dict[str, Any]):
    """An argument that is an object of this library.

    Args:
        name: The name of the class.
        arguments: The arguments of the object. Those that are None are left out.
    """

    def __init__(self, name: str, **arguments: object) -> None:
        super().__init__({key: value for key, value in arguments.items() if value is not None})
        self.name = name


class Undeclared(dict[str, Any]):
    """A member for which the command cannot write an argument.

    Code without this argument would declare something else, so a person has to complete it.
    """


def _is_enabled(path: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda members: member(members, path) == "ENABLED"


def _pays_for(members: Mapping[str, Any]) -> list[str] | None:
    responsibilities = {
        "QUERY_COMPUTE": "queryCompute",
        "JOB_COMPUTE": "jobCompute",
        "MODEL_TRAINING": "machineLearning.modelTraining",
        "MODEL_INFERENCE": "machineLearning.modelInference",
        "SYNTHETIC_DATA_GENERATION": "machineLearning.syntheticDataGeneration",
    }
    paid = [
        name
        for name, path in responsibilities.items()
        if member(members, f"paymentConfiguration.{path}.isResponsible")
    ]
    return paid or None


def _member_of_collaboration(members: Mapping[str, Any]) -> Call:
    return Call(
        "Member",
        account_id=members["accountId"],
        display_name=members["displayName"],
        abilities=members["abilities"] or None,
        ml_abilities=member(members, "mlAbilities.customMLMemberAbilities") or None,
        pays_for=_pays_for(members),
    )


def _creator(members: Mapping[str, Any]) -> Call:
    account = members["creatorAccountId"]
    [creator] = [one for one in members["members"] if one["accountId"] == account]
    return _member_of_collaboration(creator)


def _invited(members: Mapping[str, Any]) -> list[Call]:
    account = members["creatorAccountId"]
    return [
        _member_of_collaboration(one) for one in members["members"] if one["accountId"] != account
    ]


def _encryption(members: Mapping[str, Any]) -> Call | None:
    settings = members.get("dataEncryptionMetadata")
    if settings is None:
        return None
    return Call("DataEncryptionMetadata", **{_words(key, "_"): settings[key] for key in settings})


def _results(members: Mapping[str, Any]) -> Call | Undeclared | None:
    bucket = member(members, f"{_RESULTS}.bucket")
    if bucket is None:
        return None
    if not member(members, "defaultResultConfiguration.roleArn"):
        # `Results` without a role would create one.
        return Undeclared(members["defaultResultConfiguration"])
    return Call(
        "Results",
        bucket=bucket,
        prefix=member(members, f"{_RESULTS}.keyPrefix"),
        format=member(members, f"{_RESULTS}.resultFormat"),
        single_file_output=member(members, f"{_RESULTS}.singleFileOutput"),
        role=member(members, "defaultResultConfiguration.roleArn"),
    )


def _job_results(members: Mapping[str, Any]) -> Call | None:
    bucket = member(members, f"{_JOB_RESULTS}.bucket")
    if bucket is None:
        return None
    return Call(
        "JobResults",
        bucket=bucket,
        prefix=member(members, f"{_JOB_RESULTS}.keyPrefix"),
        role=member(members, "defaultJobResultConfiguration.roleArn"),
    )


def _fields(members: Mapping[str, Any]) -> list[Call]:
    return [
        Call(
            "SchemaInputAttribute",
            field_name=one["fieldName"],
            type=one["type"],
            match_key=one.get("matchKey"),
            group_name=one.get("groupName"),
            sub_type=one.get("subType"),
            hashed=one.get("hashed") or None,
        )
        for one in members["mappedInputFields"]
    ]


def _inputs(members: Mapping[str, Any]) -> list[Call | str]:
    """Return tables, or the ARN of a matching workflow, which has no schema."""
    return [
        Call(
            "TableInput",
            table=one["inputSourceARN"],
            schema_mapping=one["schemaName"],
            apply_normalization=one.get("applyNormalization"),
        )
        if one.get("schemaName")
        else one["inputSourceARN"]
        for one in members.get("inputSourceConfig", ())
    ]


def _output(name: str) -> Callable[[Mapping[str, Any]], Call | Undeclared | None]:
    def output(members: Mapping[str, Any]) -> Call | Undeclared | None:
        outputs = members.get("outputSourceConfig")
        if not outputs:
            return None
        [one] = outputs
        if not one.get("outputS3Path") or "customerProfilesIntegrationConfig" in one:
            return Undeclared(one)
        bucket, _, prefix = one["outputS3Path"].removeprefix("s3://").partition("/")
        columns = one.get("output", ())
        return Call(
            name,
            bucket=bucket,
            prefix=prefix.rstrip("/") or None,
            encryption_key=one.get("KMSArn"),
            columns=[column["name"] for column in columns] or None,
            hashed_columns=[column["name"] for column in columns if column.get("hashed")] or None,
            apply_normalization=one.get("applyNormalization"),
        )

    return output


def _rules(path: str, value: str) -> Callable[[Mapping[str, Any]], dict[str, Any] | None]:
    def rules(members: Mapping[str, Any]) -> dict[str, Any] | None:
        found = member(members, path)
        return {one["ruleName"]: one[value] for one in found} if found else None

    return rules


def _undeclared(
    path: str, *, but: str | None = None
) -> Callable[[Mapping[str, Any]], Undeclared | None]:
    """Return a function that marks a member as undeclared, if it exists.

    Args:
        path: The path of the member.
        but: The default value, which needs no argument.
    """

    def undeclared(members: Mapping[str, Any]) -> Undeclared | None:
        found = member(members, path)
        if not found or found == but:
            return None
        return Undeclared({path.rpartition(".")[2]: found})

    return undeclared


def _of_mapping(
    source: str | Callable[[Mapping[str, Any]], Any],
) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function of the mapping properties of an ID namespace, if it has any."""

    def of_mapping(members: Mapping[str, Any]) -> Any:
        [mapping] = members.get("idMappingWorkflowProperties") or [{}]
        return member(mapping, source) if isinstance(source, str) else source(mapping)

    return of_mapping


def _side(type: str) -> Callable[[Mapping[str, Any]], str | Undeclared]:
    def side(members: Mapping[str, Any]) -> str | Undeclared:
        inputs = members["inputSourceConfig"]
        found: list[str] = [one["inputSourceARN"] for one in inputs if one.get("type") == type]
        if len(found) != 1 or ":idnamespace/" not in found[0]:
            return Undeclared(inputSourceConfig=inputs)
        return found[0]

    return side


ID_NAMESPACE_ASSOCIATION = ResourceType(
    name="AWS::CleanRooms::IdNamespaceAssociation",
    noun="ID namespace association",
    list="list_id_namespace_associations",
    list_items="idNamespaceAssociationSummaries",
    identifier_parameter="idNamespaceAssociationIdentifier",
    membership_member="membershipId",
    column=("ID NAMESPACE", "inputReferenceConfig.inputReferenceArn"),
    arguments={
        "membership": "membershipId",
        "id_namespace": "inputReferenceConfig.inputReferenceArn",
        "name": "name",
        "description": "description",
        "manage_resource_policies": "inputReferenceConfig.manageResourcePolicies",
        "allow_use_as_dimension_column": "idMappingConfig.allowUseAsDimensionColumn",
        "tags": _TAGS,
    },
    defaults={"manage_resource_policies": True},
    primary_identifier=("IdNamespaceAssociationIdentifier", "MembershipIdentifier"),
    create_only=("MembershipIdentifier", "InputReferenceConfig"),
    match=("Name", "name"),
)
_ID_MAPPING_TABLE = ResourceType(
    name="AWS::CleanRooms::IdMappingTable",
    noun="ID mapping table",
    list="list_id_mapping_tables",
    list_items="idMappingTableSummaries",
    identifier_parameter="idMappingTableIdentifier",
    membership_member="membershipId",
    column=("ID MAPPING WORKFLOW", "inputReferenceConfig.inputReferenceArn"),
    arguments={
        "membership": "membershipId",
        "id_mapping_workflow": "inputReferenceConfig.inputReferenceArn",
        "name": "name",
        "description": "description",
        "manage_resource_policies": "inputReferenceConfig.manageResourcePolicies",
        "encryption_key": "kmsKeyArn",
        "tags": _TAGS,
    },
    defaults={"manage_resource_policies": True},
    primary_identifier=("IdMappingTableIdentifier", "MembershipIdentifier"),
    create_only=("MembershipIdentifier", "Name", "InputReferenceConfig"),
    match=("Name", "name"),
)

_COLLABORATION = ResourceType(
    name="AWS::CleanRooms::Collaboration",
    noun="collaboration",
    list="list_collaborations",
    list_items="collaborationList",
    identifier_parameter="collaborationIdentifier",
    creator="creatorAccountId",
    further_details={"members": ("list_members", "memberSummaries")},
    column=("MEMBERSHIP", "membershipId"),
    arguments={
        "name": "name",
        "description": "description",
        "creator": _creator,
        "members": _invited,
        "query_log_enabled": _is_enabled("queryLogStatus"),
        "job_log_enabled": _is_enabled("jobLogStatus"),
        "metrics_enabled": lambda members: bool(members.get("isMetricsEnabled")),
        "data_encryption_metadata": _encryption,
        "auto_approved_change_types": "autoApprovedChangeTypes",
        "allowed_result_regions": "allowedResultRegions",
        "tags": _TAGS,
    },
    defaults={
        "members": [],
        "query_log_enabled": True,
        "job_log_enabled": False,
        "metrics_enabled": False,
    },
    primary_identifier=("CollaborationIdentifier",),
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
    match=("Name", "name"),
)
_MEMBERSHIP = ResourceType(
    name="AWS::CleanRooms::Membership",
    noun="membership",
    list="list_memberships",
    list_items="membershipSummaries",
    list_arguments={"status": "ACTIVE"},
    identifier_parameter="membershipIdentifier",
    label="collaborationName",
    column=("COLLABORATION", "collaborationId"),
    arguments={
        "collaboration": "collaborationId",
        "query_log_enabled": _is_enabled("queryLogStatus"),
        "job_log_enabled": _is_enabled("jobLogStatus"),
        "metrics_enabled": lambda members: bool(members.get("isMetricsEnabled")),
        "pays_for": _pays_for,
        "results": _results,
        "job_results": _job_results,
        "tags": _TAGS,
    },
    defaults={"query_log_enabled": False, "job_log_enabled": False, "metrics_enabled": False},
    primary_identifier=("MembershipIdentifier",),
    create_only=("CollaborationIdentifier",),
    fixed=("IsMetricsEnabled",),
    match=("CollaborationIdentifier", "collaborationId"),
)
_ID_NAMESPACE = ResourceType(
    name="AWS::EntityResolution::IdNamespace",
    noun="ID namespace",
    list="list_id_namespaces",
    list_items="idNamespaceSummaries",
    identifier="idNamespaceName",
    label="idNamespaceName",
    identifier_parameter="idNamespaceName",
    arn="idNamespaceArn",
    arn_property="IdNamespaceArn",
    column=("TYPE", "type"),
    arguments={
        "name": "idNamespaceName",
        "type": "type",
        "inputs": _inputs,
        "rules": _of_mapping(_rules("ruleBasedProperties.rules", "matchingKeys")),
        "rule_definition_types": _of_mapping("ruleBasedProperties.ruleDefinitionTypes"),
        "attribute_matching_model": _of_mapping("ruleBasedProperties.attributeMatchingModel"),
        "record_matching_models": _of_mapping("ruleBasedProperties.recordMatchingModels"),
        "provider": _of_mapping(_undeclared("providerProperties")),
        "role": "roleArn",
        "description": "description",
        "tags": _TAGS,
    },
    primary_identifier=("IdNamespaceName",),
    create_only=("IdNamespaceName",),
    fixed=("Type",),
    match=("IdNamespaceName", "idNamespaceName"),
)
_ID_MAPPING_WORKFLOW = ResourceType(
    name="AWS::EntityResolution::IdMappingWorkflow",
    noun="ID mapping workflow",
    list="list_id_mapping_workflows",
    list_items="workflowSummaries",
    identifier="workflowName",
    label="workflowName",
    identifier_parameter="workflowName",
    arn="workflowArn",
    arn_property="WorkflowArn",
    column=("ARN", "workflowArn"),
    arguments={
        "name": "workflowName",
        "source": _side("SOURCE"),
        "target": _side("TARGET"),
        "rules": _undeclared("idMappingTechniques.ruleBasedProperties.rules"),
        "rule_definition_type": "idMappingTechniques.ruleBasedProperties.ruleDefinitionType",
        "attribute_matching_model": (
            "idMappingTechniques.ruleBasedProperties.attributeMatchingModel"
        ),
        "record_matching_model": "idMappingTechniques.ruleBasedProperties.recordMatchingModel",
        "provider": _undeclared("idMappingTechniques.providerProperties"),
        "incremental": lambda members: bool(members.get("incrementalRunConfig")),
        "output": _output("WorkflowOutput"),
        "role": "roleArn",
        "description": "description",
        "tags": _TAGS,
    },
    defaults={"incremental": False},
    primary_identifier=("WorkflowName",),
    create_only=("WorkflowName",),
    match=("WorkflowName", "workflowName"),
)
_MATCHING_WORKFLOW = ResourceType(
    name="AWS::EntityResolution::MatchingWorkflow",
    noun="matching workflow",
    list="list_matching_workflows",
    list_items="workflowSummaries",
    identifier="workflowName",
    label="workflowName",
    identifier_parameter="workflowName",
    arn="workflowArn",
    arn_property="WorkflowArn",
    column=("RESOLUTION", "resolutionType"),
    arguments={
        "name": "workflowName",
        "inputs": _inputs,
        "output": _output("MatchingWorkflowOutput"),
        "rules": _rules("resolutionTechniques.ruleBasedProperties.rules", "matchingKeys"),
        "attribute_matching_model": (
            "resolutionTechniques.ruleBasedProperties.attributeMatchingModel"
        ),
        "match_purpose": _undeclared(
            "resolutionTechniques.ruleBasedProperties.matchPurpose", but="IDENTIFIER_GENERATION"
        ),
        "rule_conditions": _rules(
            "resolutionTechniques.ruleConditionProperties.rules", "condition"
        ),
        "transitive_matching": (
            "resolutionTechniques.ruleConditionProperties.matchingConfig.enableTransitiveMatching"
        ),
        "real_time_matching": (
            lambda members: member(members, "resolutionTechniques.enableRealTimeMatching") or None
        ),
        "machine_learning": (
            lambda members: members["resolutionTechniques"]["resolutionType"] == "ML_MATCHING"
        ),
        "provider": _undeclared("resolutionTechniques.providerProperties"),
        "incremental": lambda members: bool(members.get("incrementalRunConfig")),
        "role": "roleArn",
        "description": "description",
        "tags": _TAGS,
    },
    defaults={"machine_learning": False, "incremental": False},
    primary_identifier=("WorkflowName",),
    create_only=("WorkflowName", "ResolutionTechniques.EnableRealTimeMatching"),
    match=("WorkflowName", "workflowName"),
)
_SCHEMA_MAPPING = ResourceType(
    name="AWS::EntityResolution::SchemaMapping",
    noun="schema mapping",
    list="list_schema_mappings",
    list_items="schemaList",
    identifier="schemaName",
    label="schemaName",
    identifier_parameter="schemaName",
    arn="schemaArn",
    arn_property="SchemaArn",
    column=("ARN", "schemaArn"),
    arguments={
        "name": "schemaName",
        "mapped_input_fields": _fields,
        "description": "description",
        "tags": _TAGS,
    },
    primary_identifier=("SchemaName",),
    create_only=("SchemaName",),
    match=("SchemaName", "schemaName"),
)

RESOURCE_TYPES = (
    ID_NAMESPACE_ASSOCIATION,
    _ID_MAPPING_TABLE,
    _COLLABORATION,
    _MEMBERSHIP,
    _ID_NAMESPACE,
    _ID_MAPPING_WORKFLOW,
    _MATCHING_WORKFLOW,
    _SCHEMA_MAPPING,
)
BY_OPTION = {one.option: one for one in RESOURCE_TYPES}
BY_NAME = {one.name: one for one in RESOURCE_TYPES}
