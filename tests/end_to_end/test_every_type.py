"""Tests of a whole ID mapping, with the roles and data that it needs, declared with L1s."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import (
    CfnOutput,
    RemovalPolicy,
    Stack,
    aws_cleanrooms as cleanrooms,
    aws_entityresolution as entityresolution,
)
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_s3 import Bucket

from tests.stacks import StackFailedError, template_of

from .cdk_app import CdkApp


def map_ids(stack: Stack, *, description: str = "Ours", ordered: bool = True) -> None:
    """Declare a whole ID mapping with the L1s of all types.

    Args:
        stack: The scope.
        description: The description of the collaboration.
        ordered: Whether the mapping table waits for its associations.
    """
    name = stack.stack_name
    bucket = Bucket(stack, "Bucket", removal_policy=RemovalPolicy.DESTROY)
    database = CfnDatabase(
        stack, "Database", catalog_id=stack.account, database_input={"name": name.lower()}
    )
    table = CfnTable(
        stack,
        "Table",
        catalog_id=stack.account,
        database_name=database.ref,
        table_input={"name": "people", "parameters": {}},
    )
    role = Role(stack, "Role", assumed_by=ServicePrincipal("entityresolution.amazonaws.com"))
    bucket.grant_read_write(role)
    clean_rooms_role = Role(
        stack, "CleanRoomsRole", assumed_by=ServicePrincipal("cleanrooms.amazonaws.com")
    )
    clean_rooms_role.add_to_policy(PolicyStatement(actions=["glue:GetTable"], resources=["*"]))
    glue = stack.format_arn(
        service="glue", resource="table", resource_name=f"{database.ref}/{table.ref}"
    )

    schema = entityresolution.CfnSchemaMapping(
        stack,
        "Schema",
        schema_name=f"{name}-schema",
        mapped_input_fields=[
            {"fieldName": "id", "type": "UNIQUE_ID"},
            {"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"},
        ],
    )
    rules = [{"ruleName": "email", "matchingKeys": ["Email"]}]
    matching = entityresolution.CfnMatchingWorkflow(
        stack,
        "Matching",
        workflow_name=f"{name}-matching",
        input_source_config=[{"inputSourceArn": glue, "schemaArn": schema.attr_schema_arn}],
        output_source_config=[
            {"outputS3Path": bucket.s3_url_for_object("matched/"), "output": [{"name": "email"}]}
        ],
        resolution_techniques={
            "resolutionType": "RULE_MATCHING",
            "ruleBasedProperties": {"attributeMatchingModel": "ONE_TO_ONE", "rules": rules},
        },
        role_arn=role.role_arn,
    )

    def namespace(side: str, inputs: list[Any], **more: Any) -> entityresolution.CfnIdNamespace:
        return entityresolution.CfnIdNamespace(
            stack,
            side,
            id_namespace_name=f"{name}-{side.lower()}",
            type=side,
            input_source_config=inputs,
            role_arn=role.role_arn,
            id_mapping_workflow_properties=[
                {
                    "idMappingType": "RULE_BASED",
                    "ruleBasedProperties": {
                        "attributeMatchingModel": "ONE_TO_ONE",
                        "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                        "ruleDefinitionTypes": ["TARGET"],
                        **more,
                    },
                }
            ],
        )

    source = namespace("SOURCE", [{"inputSourceArn": glue, "schemaName": schema.schema_name}])
    source.add_dependency(schema)
    target = namespace("TARGET", [{"inputSourceArn": matching.attr_workflow_arn}], rules=rules)

    collaboration = cleanrooms.CfnCollaboration(
        stack,
        "Collaboration",
        name=name,
        description=description,
        creator_display_name="Example Corp",
        creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        members=[{"accountId": "444455556666", "displayName": "Other", "memberAbilities": []}],
        query_log_status="DISABLED",
    )
    membership = cleanrooms.CfnMembership(
        stack,
        "Membership",
        collaboration_identifier=collaboration.attr_collaboration_identifier,
        query_log_status="DISABLED",
    )
    membership.apply_removal_policy(RemovalPolicy.RETAIN)
    in_membership: dict[str, Any] = {"membership_identifier": membership.attr_membership_identifier}
    associations = [
        cleanrooms.CfnIdNamespaceAssociation(
            stack,
            f"{side.node.id}Association",
            **in_membership,
            name=side.node.id,
            input_reference_config={
                "inputReferenceArn": side.attr_id_namespace_arn,
                "manageResourcePolicies": True,
            },
        )
        for side in (source, target)
    ]
    workflow = entityresolution.CfnIdMappingWorkflow(
        stack,
        "Workflow",
        workflow_name=f"{name}-mapping",
        input_source_config=[
            {"inputSourceArn": side.attr_id_namespace_arn, "type": side.type}
            for side in (source, target)
        ],
        id_mapping_techniques={
            "idMappingType": "RULE_BASED",
            "ruleBasedProperties": {
                "attributeMatchingModel": "ONE_TO_ONE",
                "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
                "ruleDefinitionType": "TARGET",
            },
        },
        role_arn=role.role_arn,
    )
    mapping_table = cleanrooms.CfnIdMappingTable(
        stack,
        "MappingTable",
        **in_membership,
        name="mapping",
        input_reference_config={
            "inputReferenceArn": workflow.attr_workflow_arn,
            "manageResourcePolicies": True,
        },
    )
    for association in associations if ordered else ():
        mapping_table.add_dependency(association)
    configured = cleanrooms.CfnConfiguredTable(
        stack,
        "ConfiguredTable",
        name=name,
        allowed_columns=["email", "id"],
        analysis_method="DIRECT_QUERY",
        table_reference={"glue": {"databaseName": database.ref, "tableName": table.ref}},
        analysis_rules=[
            {
                "type": "LIST",
                "policy": {"v1": {"list": {"joinColumns": ["email"], "listColumns": ["id"]}}},
            }
        ],
    )
    cleanrooms.CfnConfiguredTableAssociation(
        stack,
        "TableAssociation",
        **in_membership,
        configured_table_identifier=configured.attr_configured_table_identifier,
        name="people",
        role_arn=clean_rooms_role.role_arn,
    )
    cleanrooms.CfnAnalysisTemplate(
        stack,
        "Template",
        **in_membership,
        name="overlap",
        format="SQL",
        source={"text": "SELECT 1"},
    )
    CfnOutput(stack, "MembershipIdentifier", value=membership.ref)
    CfnOutput(stack, "MappingTableIdentifier", value=mapping_table.attr_id_mapping_table_identifier)


def descriptions(app: CdkApp) -> list[str]:
    """Return the descriptions of the app's collaborations, without those of other tests."""
    found = app.cloud.resources("Collaboration")
    return [one["description"] for one in found if one["name"] == app.stack_name]


def deploy(app: CdkApp, **arguments: Any) -> dict[str, str]:
    stack = app.new_stack()
    map_ids(stack, **arguments)
    return app.deploy(stack)


def test_a_whole_id_mapping_is_deployed_changed_and_destroyed(app: CdkApp) -> None:
    membership = deploy(app)["MembershipIdentifier"]
    partner = app.cloud.client("cleanrooms", account="444455556666")
    pages = partner.get_paginator("list_collaborations").paginate(memberStatus="INVITED")
    invitations = [one["name"] for page in pages for one in page["collaborationList"]]
    assert invitations.count(app.stack_name) == 1
    assert descriptions(app) == ["Ours"]

    deploy(app, description="Theirs")
    assert descriptions(app) == ["Theirs"]

    app.destroy()
    names = json.dumps(app.cloud.resources())
    assert app.stack_name not in names
    assert membership not in names


def test_a_mapping_table_without_its_associations_fails_and_leaves_nothing(app: CdkApp) -> None:
    with pytest.raises(StackFailedError, match="needs an associated SOURCE ID namespace"):
        deploy(app, ordered=False)
    assert app.stack_status() == "ROLLBACK_COMPLETE"


def test_a_schema_mapping_created_by_hand_is_imported_and_corrected(app: CdkApp) -> None:
    client = app.cloud.client("entityresolution")
    fields = [{"fieldName": "id", "type": "UNIQUE_ID"}]
    fields += [{"fieldName": "email", "type": "EMAIL_ADDRESS"}]
    client.create_schema_mapping(
        schemaName=app.stack_name, description="By hand", mappedInputFields=fields
    )
    stack = app.new_stack()
    schema = entityresolution.CfnSchemaMapping(
        stack,
        "Schema",
        schema_name=app.stack_name,
        description="Ours",
        mapped_input_fields=fields,
    )
    schema.apply_removal_policy(RemovalPolicy.RETAIN)
    template = template_of(stack)
    app.deployed().import_(template, {"Schema": {"SchemaName": app.stack_name}})
    app.deployed().revert_drift(template)
    found = client.get_schema_mapping(schemaName=app.stack_name)
    assert found["description"] == "Ours"
    assert found["tags"]["aws:cloudformation:stack-name"] == app.stack_name
