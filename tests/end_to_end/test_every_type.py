"""Tests of a whole ID mapping, with the roles and data that it needs, using the CDK CLI."""

from __future__ import annotations

import json

from .cdk_app import SYNTHESIZED, CdkApp, unwrapped

SOURCE = """\
from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_cleanrooms as cleanrooms
from aws_cdk import aws_entityresolution as entityresolution
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_s3 import Bucket

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
name = stack.stack_name

bucket = Bucket(stack, "Bucket", removal_policy=RemovalPolicy.DESTROY)
database = CfnDatabase(
    stack, "Database", catalog_id=stack.account, database_input={{"name": name.lower()}}
)
table = CfnTable(
    stack,
    "Table",
    catalog_id=stack.account,
    database_name=database.ref,
    table_input={{"name": "people", "parameters": {{}}}},
)
role = Role(stack, "Role", assumed_by=ServicePrincipal("entityresolution.amazonaws.com"))
bucket.grant_read_write(role)
clean_rooms_role = Role(
    stack, "CleanRoomsRole", assumed_by=ServicePrincipal("cleanrooms.amazonaws.com")
)
clean_rooms_role.add_to_policy(PolicyStatement(actions=["glue:GetTable"], resources=["*"]))
glue = stack.format_arn(
    service="glue", resource="table", resource_name=f"{{database.ref}}/{{table.ref}}"
)

schema = entityresolution.CfnSchemaMapping(
    stack,
    "Schema",
    schema_name=f"{{name}}-schema",
    mapped_input_fields=[
        {{"fieldName": "id", "type": "UNIQUE_ID"}},
        {{"fieldName": "email", "type": "EMAIL_ADDRESS", "matchKey": "Email"}},
    ],
)
rules = [{{"ruleName": "email", "matchingKeys": ["Email"]}}]
matching = entityresolution.CfnMatchingWorkflow(
    stack,
    "Matching",
    workflow_name=f"{{name}}-matching",
    input_source_config=[{{"inputSourceArn": glue, "schemaArn": schema.attr_schema_arn}}],
    output_source_config=[
        {{"outputS3Path": bucket.s3_url_for_object("matched/"), "output": [{{"name": "email"}}]}}
    ],
    resolution_techniques={{
        "resolutionType": "RULE_MATCHING",
        "ruleBasedProperties": {{"attributeMatchingModel": "ONE_TO_ONE", "rules": rules}},
    }},
    role_arn=role.role_arn,
)


def namespace(side, inputs, **more):
    return entityresolution.CfnIdNamespace(
        stack,
        side,
        id_namespace_name=f"{{name}}-{{side.lower()}}",
        type=side,
        input_source_config=inputs,
        role_arn=role.role_arn,
        id_mapping_workflow_properties=[
            {{
                "idMappingType": "RULE_BASED",
                "ruleBasedProperties": {{
                    "attributeMatchingModel": "ONE_TO_ONE",
                    "recordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET"],
                    "ruleDefinitionTypes": ["TARGET"],
                    **more,
                }},
            }}
        ],
    )


source = namespace("SOURCE", [{{"inputSourceArn": glue, "schemaName": schema.schema_name}}])
source.add_dependency(schema)
target = namespace("TARGET", [{{"inputSourceArn": matching.attr_workflow_arn}}], rules=rules)

collaboration = cleanrooms.CfnCollaboration(
    stack,
    "Collaboration",
    name=name,
    description={description!r},
    creator_display_name="Example Corp",
    creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
    members=[{{"accountId": "444455556666", "displayName": "Other", "memberAbilities": []}}],
    query_log_status="DISABLED",
)
membership = cleanrooms.CfnMembership(
    stack,
    "Membership",
    collaboration_identifier=collaboration.attr_collaboration_identifier,
    query_log_status="DISABLED",
)
membership.apply_removal_policy(RemovalPolicy.RETAIN)
in_membership = {{"membership_identifier": membership.attr_membership_identifier}}
associations = [
    cleanrooms.CfnIdNamespaceAssociation(
        stack,
        f"{{side.node.id}}Association",
        **in_membership,
        name=side.node.id,
        input_reference_config={{
            "inputReferenceArn": side.attr_id_namespace_arn, "manageResourcePolicies": True
        }},
    )
    for side in (source, target)
]
workflow = entityresolution.CfnIdMappingWorkflow(
    stack,
    "Workflow",
    workflow_name=f"{{name}}-mapping",
    input_source_config=[
        {{"inputSourceArn": side.attr_id_namespace_arn, "type": side.type}}
        for side in (source, target)
    ],
    id_mapping_techniques={{
        "idMappingType": "RULE_BASED",
        "ruleBasedProperties": {{
            "attributeMatchingModel": "ONE_TO_ONE",
            "recordMatchingModel": "ONE_SOURCE_TO_ONE_TARGET",
            "ruleDefinitionType": "TARGET",
        }},
    }},
    role_arn=role.role_arn,
)
mapping_table = cleanrooms.CfnIdMappingTable(
    stack,
    "MappingTable",
    **in_membership,
    name="mapping",
    input_reference_config={{
        "inputReferenceArn": workflow.attr_workflow_arn, "manageResourcePolicies": True
    }},
)
for association in associations if {ordered!r} else ():
    mapping_table.add_dependency(association)
configured = cleanrooms.CfnConfiguredTable(
    stack,
    "ConfiguredTable",
    name=name,
    allowed_columns=["email", "id"],
    analysis_method="DIRECT_QUERY",
    table_reference={{"glue": {{"databaseName": database.ref, "tableName": table.ref}}}},
    analysis_rules=[
        {{
            "type": "LIST",
            "policy": {{"v1": {{"list": {{"joinColumns": ["email"], "listColumns": ["id"]}}}}}},
        }}
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
    stack, "Template", **in_membership, name="overlap", format="SQL", source={{"text": "SELECT 1"}}
)
CfnOutput(stack, "MembershipIdentifier", value=membership.ref)
CfnOutput(stack, "MappingTableIdentifier", value=mapping_table.attr_id_mapping_table_identifier)
app.synth()
"""


def descriptions(app: CdkApp) -> list[str]:
    """Return the descriptions of the app's collaborations, without those of other tests."""
    found = app.cloud.resources("Collaboration")
    return [one["description"] for one in found if one["name"] == app.stack_name]


def test_a_whole_id_mapping_is_deployed_changed_and_destroyed(app: CdkApp) -> None:
    app.write(SOURCE.format(stack=app.stack_name, description="Ours", ordered=True))
    membership = app.deployed_outputs()[app.stack_name]["MembershipIdentifier"]
    partner = app.cloud.client("cleanrooms", account="444455556666")
    pages = partner.get_paginator("list_collaborations").paginate(memberStatus="INVITED")
    invitations = [one["name"] for page in pages for one in page["collaborationList"]]
    assert invitations.count(app.stack_name) == 1
    assert descriptions(app) == ["Ours"]

    app.write(SOURCE.format(stack=app.stack_name, description="Theirs", ordered=True))
    result = app.deploy()
    assert result.status == 0, result.output
    assert descriptions(app) == ["Theirs"]
    assert "There were no differences" in app.cdk("diff", *SYNTHESIZED).output

    result = app.destroy(*SYNTHESIZED)
    assert result.status == 0, result.output
    names = json.dumps(app.cloud.resources())
    assert app.stack_name not in names
    assert membership not in names


def test_a_mapping_table_without_its_associations_fails_and_leaves_nothing(app: CdkApp) -> None:
    app.write(SOURCE.format(stack=app.stack_name, description="Ours", ordered=False))
    result = app.deploy()
    assert result.status != 0
    assert "needs an associated SOURCE ID namespace" in unwrapped(result.output)
    assert app.stack_status() == "ROLLBACK_COMPLETE"


IMPORT = """\
from aws_cdk import App, Environment, RemovalPolicy, Stack
from aws_cdk.aws_entityresolution import CfnSchemaMapping

app = App()
stack = Stack(app, {stack!r}, env=Environment(account="111122223333", region="us-east-1"))
schema = CfnSchemaMapping(
    stack,
    "Schema",
    schema_name={stack!r},
    description={description!r},
    mapped_input_fields=[
        {{"fieldName": "id", "type": "UNIQUE_ID"}},
        {{"fieldName": "email", "type": "EMAIL_ADDRESS"}},
    ],
)
schema.apply_removal_policy(RemovalPolicy.RETAIN)
app.synth()
"""


def test_a_schema_mapping_created_by_hand_is_imported_and_corrected(app: CdkApp) -> None:
    client = app.cloud.client("entityresolution")
    client.create_schema_mapping(
        schemaName=app.stack_name,
        description="By hand",
        mappedInputFields=[
            {"fieldName": "id", "type": "UNIQUE_ID"},
            {"fieldName": "email", "type": "EMAIL_ADDRESS"},
        ],
    )
    app.write(IMPORT.format(stack=app.stack_name, description="Ours"))
    (app.folder / "map.json").write_text(json.dumps({"Schema": {"SchemaName": app.stack_name}}))
    result = app.cdk("import", "--resource-mapping", "map.json")
    assert result.status == 0, result.output
    result = app.deploy("--revert-drift")
    assert result.status == 0, result.output
    found = client.get_schema_mapping(schemaName=app.stack_name)
    assert found["description"] == "Ours"
    assert found["tags"]["aws:cloudformation:stack-name"] == app.stack_name
