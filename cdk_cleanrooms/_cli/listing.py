"""How the command shows each resource type, and how a construct declares it.

Members of answers are written as paths, such as `inputReferenceConfig.inputReferenceArn`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._core import types
from .._core.types import ResourceType, snake_case
from . import query_arguments as query
from .arguments import Call, Undeclarable, Undeclared, location, member, unknown_members

_TAGS = "tags"
_RESULTS = "defaultResultConfiguration.outputConfiguration.s3"
_JOB_RESULTS = "defaultJobResultConfiguration.outputConfiguration.s3"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How resources of a type are shown, and how a construct declares them.

    Attributes:
        type: The type.
        column: The title of the additional column in a table, and its member.
        arguments: The constructor's arguments: each is a member, or a function of all members.
        defaults: The default values of arguments.
    """

    type: ResourceType
    column: tuple[str, str]
    arguments: Mapping[str, str | Callable[[Mapping[str, Any]], Any]]
    defaults: Mapping[str, object] = field(default_factory=dict)

    def argument_values(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """Return the constructor's arguments, and the members that are no argument yet.

        Args:
            members: The service's description of the resource.
        """
        arguments = {
            argument: member(members, source) if isinstance(source, str) else source(members)
            for argument, source in self.arguments.items()
        }
        return arguments | dict(unknown_members(self.type, members))


def _is_enabled(path: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda members: member(members, path) == "ENABLED"


_PAYMENTS = {
    "QUERY_COMPUTE": "queryCompute",
    "JOB_COMPUTE": "jobCompute",
    "MODEL_TRAINING": "machineLearning.modelTraining",
    "MODEL_INFERENCE": "machineLearning.modelInference",
    "SYNTHETIC_DATA_GENERATION": "machineLearning.syntheticDataGeneration",
}


def _paid_by(members: Mapping[str, Any]) -> list[str]:
    return [
        cost
        for cost, path in _PAYMENTS.items()
        if member(members, f"paymentConfiguration.{path}.isResponsible")
    ]


def _pays_for(
    members: Mapping[str, Any], abilities: Collection[str], others: Collection[str] = ()
) -> list[str] | None:
    """Return the costs that a member pays for, or None if nothing has to be said about them.

    The member who can query pays for everything that no other member pays for.
    """
    paid = _paid_by(members)
    by_default = {*_PAYMENTS} - {*others} if "CAN_QUERY" in abilities else set()
    return paid if {*paid} - by_default else None


def _membership_pays_for(members: Mapping[str, Any]) -> list[str] | None:
    return _pays_for(members, members.get("memberAbilities", ()))


def _member_of_collaboration(members: Mapping[str, Any], everyone: Sequence[Any]) -> Call:
    others = [
        cost
        for one in everyone
        if one["accountId"] != members["accountId"]
        for cost in _paid_by(one)
    ]
    return Call(
        "Member",
        account_id=members["accountId"],
        display_name=members["displayName"],
        abilities=members["abilities"] or None,
        ml_abilities=member(members, "mlAbilities.customMLMemberAbilities") or None,
        pays_for=_pays_for(members, members["abilities"], others),
    )


def _creator(members: Mapping[str, Any]) -> Call:
    account = members["creatorAccountId"]
    [creator] = [one for one in members["members"] if one["accountId"] == account]
    return _member_of_collaboration(creator, members["members"])


def _invited(members: Mapping[str, Any]) -> list[Call]:
    account = members["creatorAccountId"]
    return [
        _member_of_collaboration(one, members["members"])
        for one in members["members"]
        if one["accountId"] != account
    ]


def _encryption(members: Mapping[str, Any]) -> Call | None:
    settings = members.get("dataEncryptionMetadata")
    if settings is None:
        return None
    return Call("DataEncryptionMetadata", **{snake_case(key): settings[key] for key in settings})


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
            hashed=one.get("hashed"),
        )
        for one in members["mappedInputFields"]
    ]


def _inputs(members: Mapping[str, Any]) -> list[Call | str]:
    return [_input(one) for one in members.get("inputSourceConfig", ())]


def _input(source: Mapping[str, Any]) -> Call | str:
    """Return a table, or the ARN of a matching workflow, which has no schema."""
    arn: str = source["inputSourceARN"]
    if not source.get("schemaName"):
        return arn
    return Call(
        "TableInput",
        table=arn,
        schema_mapping=source["schemaName"],
        apply_normalization=source.get("applyNormalization"),
    )


def _output(name: str) -> Callable[[Mapping[str, Any]], Call | Undeclared | None]:
    def output(members: Mapping[str, Any]) -> Call | Undeclared | None:
        outputs = members.get("outputSourceConfig")
        if not outputs:
            return None
        [one] = outputs
        if not one.get("outputS3Path") or "customerProfilesIntegrationConfig" in one:
            return Undeclared(one)
        path = one["outputS3Path"]
        if path.endswith("//"):
            reason = (
                f"The output path is {json.dumps(path)}, and CloudFormation accepts no path that"
                " ends with two slashes. Give the workflow another path first, and run this command"
                " again."
            )
            return Undeclarable(one, reason)
        bucket, prefix, trailing_slash = location(path)
        columns = one.get("output", ())
        return Call(
            name,
            bucket=bucket,
            prefix=prefix,
            encryption_key=one.get("KMSArn"),
            columns=[column["name"] for column in columns] or None,
            hashed_columns=[column["name"] for column in columns if column.get("hashed")] or None,
            trailing_slash=trailing_slash,
            apply_normalization=one.get("applyNormalization"),
        )

    return output


def _rules(path: str, value: str) -> Callable[[Mapping[str, Any]], dict[str, Any] | None]:
    def rules(members: Mapping[str, Any]) -> dict[str, Any] | None:
        found = member(members, path)
        return {one["ruleName"]: one[value] for one in found} if found else None

    return rules


def _undeclared(path: str) -> Callable[[Mapping[str, Any]], Undeclared | None]:
    """Return a function that marks the member at a path as undeclared, if it exists."""

    def undeclared(members: Mapping[str, Any]) -> Undeclared | None:
        found = member(members, path)
        return Undeclared({path.rpartition(".")[2]: found}) if found else None

    return undeclared


def _of_mapping(
    source: str | Callable[[Mapping[str, Any]], Any],
) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function of the mapping properties of an ID namespace, if it has any."""

    def of_mapping(members: Mapping[str, Any]) -> Any:
        [mapping] = members.get("idMappingWorkflowProperties") or [{}]
        return member(mapping, source) if isinstance(source, str) else source(mapping)

    return of_mapping


def _rule_based(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function of the mapping properties of an ID namespace, for a member of its rules."""

    def rule_based(mapping: Mapping[str, Any]) -> Any:
        if "providerProperties" in mapping:
            return None
        # The construct would fill in a value.
        found = member(mapping, f"ruleBasedProperties.{name}")
        return found or Undeclared({name: found})

    return rule_based


def _side(type: str) -> Callable[[Mapping[str, Any]], Call | str | Undeclared]:
    def side(members: Mapping[str, Any]) -> Call | str | Undeclared:
        inputs = members["inputSourceConfig"]
        # Tables and matching workflows need no type. Then the first one is the source.
        sides = zip(inputs, ("SOURCE", "TARGET"), strict=False)
        found = [one for one, default in sides if one.get("type", default) == type]
        # The construct writes a type for ID namespaces, and for nothing else.
        can_be_declared = len(found) == 1 and (
            ("type" in found[0]) == (":idnamespace/" in found[0]["inputSourceARN"])
        )
        return _input(found[0]) if can_be_declared else Undeclared(inputSourceConfig=inputs)

    return side


_ID_NAMESPACE_ASSOCIATION = Listing(
    type=types.ID_NAMESPACE_ASSOCIATION,
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
    defaults={"manage_resource_policies": True, "allow_use_as_dimension_column": False},
)
_ID_MAPPING_TABLE = Listing(
    type=types.ID_MAPPING_TABLE,
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
)
_COLLABORATION = Listing(
    type=types.COLLABORATION,
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
)
_MEMBERSHIP = Listing(
    type=types.MEMBERSHIP,
    column=("COLLABORATION", "collaborationId"),
    arguments={
        "collaboration": "collaborationId",
        "query_log_enabled": _is_enabled("queryLogStatus"),
        "job_log_enabled": _is_enabled("jobLogStatus"),
        "metrics_enabled": lambda members: bool(members.get("isMetricsEnabled")),
        "pays_for": _membership_pays_for,
        "results": _results,
        "job_results": _job_results,
        "tags": _TAGS,
    },
    defaults={"query_log_enabled": False, "job_log_enabled": False, "metrics_enabled": False},
)
_ID_NAMESPACE = Listing(
    type=types.ID_NAMESPACE,
    column=("TYPE", "type"),
    arguments={
        "name": "idNamespaceName",
        "type": "type",
        "inputs": _inputs,
        "rules": _of_mapping(_rules("ruleBasedProperties.rules", "matchingKeys")),
        "rule_definition_types": _of_mapping(_rule_based("ruleDefinitionTypes")),
        "attribute_matching_model": _of_mapping(_rule_based("attributeMatchingModel")),
        "record_matching_models": _of_mapping(_rule_based("recordMatchingModels")),
        "provider": _of_mapping(_undeclared("providerProperties")),
        # The construct would create a role.
        "role": lambda members: members.get("roleArn") or Undeclared(roleArn=None),
        "description": "description",
        "tags": _TAGS,
    },
)
_ID_MAPPING_WORKFLOW = Listing(
    type=types.ID_MAPPING_WORKFLOW,
    column=("ARN", "workflowArn"),
    arguments={
        "name": "workflowName",
        "source": _side("SOURCE"),
        "target": _side("TARGET"),
        "rules": _rules("idMappingTechniques.ruleBasedProperties.rules", "matchingKeys"),
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
)
_MATCHING_WORKFLOW = Listing(
    type=types.MATCHING_WORKFLOW,
    column=("RESOLUTION", "resolutionType"),
    arguments={
        "name": "workflowName",
        "inputs": _inputs,
        "output": _output("MatchingWorkflowOutput"),
        "rules": _rules("resolutionTechniques.ruleBasedProperties.rules", "matchingKeys"),
        "attribute_matching_model": (
            "resolutionTechniques.ruleBasedProperties.attributeMatchingModel"
        ),
        "match_purpose": "resolutionTechniques.ruleBasedProperties.matchPurpose",
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
)
_SCHEMA_MAPPING = Listing(
    type=types.SCHEMA_MAPPING,
    column=("ARN", "schemaArn"),
    arguments={
        "name": "schemaName",
        "mapped_input_fields": _fields,
        "description": "description",
        "tags": _TAGS,
    },
)

_CONFIGURED_TABLE = Listing(
    type=types.CONFIGURED_TABLE,
    column=("METHOD", "analysisMethod"),
    arguments={
        "name": "name",
        "table": query.table_source,
        "allowed_columns": "allowedColumns",
        "analysis_methods": query.analysis_methods,
        "analysis_rule": query.analysis_rule,
        "description": "description",
        "tags": _TAGS,
    },
    defaults={"analysis_methods": ["DIRECT_QUERY"]},
)
_CONFIGURED_TABLE_ASSOCIATION = Listing(
    type=types.CONFIGURED_TABLE_ASSOCIATION,
    column=("CONFIGURED TABLE", "configuredTableId"),
    arguments={
        "membership": "membershipId",
        "configured_table": "configuredTableId",
        "name": "name",
        "role": "roleArn",
        "collaboration_rule": query.collaboration_rule,
        "result_receivers": query.result_receivers,
        "allowed_additional_analyses": query.allowed_additional_analyses,
        "analysis_rule_type": query.rule_type,
        "description": "description",
        "tags": _TAGS,
    },
    defaults={"collaboration_rule": True},
)
_ANALYSIS_TEMPLATE = Listing(
    type=types.ANALYSIS_TEMPLATE,
    column=("ARN", "arn"),
    arguments={
        "membership": "membershipId",
        "name": "name",
        "source": query.template_source,
        "parameters": query.parameters,
        "referenced_tables": lambda members: member(members, "schema.referencedTables") or None,
        "detailed_error_messages": query.detailed_errors,
        "synthetic_data": _undeclared("syntheticDataParameters"),
        "description": "description",
        "tags": _TAGS,
    },
    defaults={"detailed_error_messages": False},
)
_PRIVACY_BUDGET_TEMPLATE = Listing(
    type=types.PRIVACY_BUDGET_TEMPLATE,
    column=("ARN", "arn"),
    arguments={"membership": "membershipId", "budget": query.budget, "tags": _TAGS},
)

LISTINGS = {
    one.type: one
    for one in (
        _ID_NAMESPACE_ASSOCIATION,
        _ID_MAPPING_TABLE,
        _COLLABORATION,
        _MEMBERSHIP,
        _ID_NAMESPACE,
        _ID_MAPPING_WORKFLOW,
        _MATCHING_WORKFLOW,
        _SCHEMA_MAPPING,
        _CONFIGURED_TABLE,
        _CONFIGURED_TABLE_ASSOCIATION,
        _ANALYSIS_TEMPLATE,
        _PRIVACY_BUDGET_TEMPLATE,
    )
}
BY_OPTION = {type.option: type for type in LISTINGS}
