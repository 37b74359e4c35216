"""The app of `examples/id_mapping`, written only with the CDK's L1s.

Both templates are the same, except for the logical IDs. A test compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import App, Aws, CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import (
    CfnCollaboration,
    CfnIdMappingTable,
    CfnIdNamespaceAssociation,
    CfnMembership,
)
from aws_cdk.aws_entityresolution import (
    CfnIdMappingWorkflow,
    CfnIdNamespace,
    CfnMatchingWorkflow,
    CfnSchemaMapping,
)
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from aws_cdk.aws_iam import CfnPolicy, CfnRole
from aws_cdk.aws_s3 import CfnBucket, CfnBucketPolicy
from constructs import Construct

COLUMNS = [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}]
FIELDS = [
    CfnSchemaMapping.SchemaInputAttributeProperty(field_name="id", type="UNIQUE_ID"),
    CfnSchemaMapping.SchemaInputAttributeProperty(
        field_name="email", type="EMAIL_ADDRESS", match_key="Email"
    ),
]


class IdMappingStack(Stack):
    """The data, the collaboration, and the table that maps one ID to the other."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        self.account_id = Aws.ACCOUNT_ID
        self.glue = f"arn:{Aws.PARTITION}:glue:{Aws.REGION}:{self.account_id}"
        bucket = CfnBucket(self, "Data")
        bucket.apply_removal_policy(RemovalPolicy.RETAIN)
        self.bucket = bucket.ref
        self.bucket_arn = bucket.attr_arn
        deny = statement("Deny", ["s3:*"], [self.bucket_arn, f"{self.bucket_arn}/*"])
        deny |= {
            "Principal": {"AWS": "*"},
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        CfnBucketPolicy(self, "DataPolicy", bucket=self.bucket, policy_document=document(deny))
        self.database = CfnDatabase(
            self,
            "Database",
            catalog_id=self.account_id,
            database_input=CfnDatabase.DatabaseInputProperty(name="id_mapping"),
        ).ref

        collaboration = CfnCollaboration(
            self,
            "Collaboration",
            name="customer-match",
            description="Who is both",
            creator_display_name="Example Corp",
            creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            members=[],
            query_log_status="ENABLED",
        )
        collaboration.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        membership = CfnMembership(
            self,
            "Membership",
            collaboration_identifier=collaboration.attr_collaboration_identifier,
            query_log_status="ENABLED",
        )
        membership.apply_removal_policy(RemovalPolicy.RETAIN)
        us = membership.attr_membership_identifier

        subscribers, subscribers_schema = self.table("subscribers")
        role, policy = self.role("Matching", reads=["subscribers"], writes=["matched"])
        matching = CfnMatchingWorkflow(
            self,
            "Matching",
            workflow_name="subscribers",
            input_source_config=[
                CfnMatchingWorkflow.InputSourceProperty(
                    input_source_arn=f"{self.glue}:table/{self.database}/subscribers",
                    schema_arn=subscribers_schema.attr_schema_arn,
                )
            ],
            output_source_config=[
                CfnMatchingWorkflow.OutputSourceProperty(
                    output_s3_path=f"s3://{self.bucket}/matched/",
                    output=[
                        CfnMatchingWorkflow.OutputAttributeProperty(name=column["name"])
                        for column in COLUMNS
                    ],
                )
            ],
            resolution_techniques=CfnMatchingWorkflow.ResolutionTechniquesProperty(
                resolution_type="RULE_MATCHING",
                rule_based_properties=CfnMatchingWorkflow.RuleBasedPropertiesProperty(
                    attribute_matching_model="ONE_TO_ONE",
                    rules=[
                        CfnMatchingWorkflow.RuleProperty(rule_name="Email", matching_keys=["Email"])
                    ],
                ),
            ),
            role_arn=role.attr_arn,
        )
        matching.node.add_dependency(policy, subscribers)

        customers, customers_schema = self.table("customers")
        source = self.id_namespace(
            "Source",
            name="customers",
            data=customers,
            input_source=CfnIdNamespace.IdNamespaceInputSourceProperty(
                input_source_arn=f"{self.glue}:table/{self.database}/customers",
                schema_name=customers_schema.ref,
            ),
        )
        target = self.id_namespace(
            "Target",
            name="subscribers",
            data=subscribers,
            input_source=CfnIdNamespace.IdNamespaceInputSourceProperty(
                input_source_arn=matching.attr_workflow_arn
            ),
            rules=[
                CfnIdNamespace.RuleProperty(rule_name="Email", matching_keys=["Email"]),
            ],
        )
        from_customers = self.association("FromCustomers", us, source, "customers")
        to_subscribers = self.association("ToSubscribers", us, target, "subscribers")

        role, policy = self.role("Workflow", reads=["customers", "subscribers"])
        workflow = CfnIdMappingWorkflow(
            self,
            "Workflow",
            workflow_name="customers-to-subscribers",
            input_source_config=[
                CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty(
                    input_source_arn=namespace, type=type
                )
                for namespace, type in ((source, "SOURCE"), (target, "TARGET"))
            ],
            id_mapping_techniques=CfnIdMappingWorkflow.IdMappingTechniquesProperty(
                id_mapping_type="RULE_BASED",
                rule_based_properties=CfnIdMappingWorkflow.IdMappingRuleBasedPropertiesProperty(
                    attribute_matching_model="ONE_TO_ONE",
                    record_matching_model="ONE_SOURCE_TO_ONE_TARGET",
                    rule_definition_type="TARGET",
                ),
            ),
            role_arn=role.attr_arn,
        )
        workflow.node.add_dependency(policy, customers, subscribers)
        table = CfnIdMappingTable(
            self,
            "MappingTable",
            membership_identifier=us,
            name="customers_to_subscribers",
            input_reference_config=CfnIdMappingTable.IdMappingTableInputReferenceConfigProperty(
                input_reference_arn=workflow.attr_workflow_arn, manage_resource_policies=True
            ),
        )
        table.node.add_dependency(from_customers, to_subscribers)
        command = (
            "aws cleanrooms populate-id-mapping-table"
            f" --membership-identifier {us}"
            f" --id-mapping-table-identifier {table.attr_id_mapping_table_identifier}"
        )
        CfnOutput(self, "Populate", value=command, description="Fills the table; takes hours")

    def table(self, name: str) -> tuple[CfnTable, CfnSchemaMapping]:
        """Create a table with an ID and an email address, and its schema mapping."""
        table = CfnTable(
            self,
            name.title(),
            catalog_id=self.account_id,
            database_name=self.database,
            table_input=CfnTable.TableInputProperty(
                name=name,
                storage_descriptor=CfnTable.StorageDescriptorProperty(
                    location=f"s3://{self.bucket}/{name}/", columns=COLUMNS
                ),
            ),
        )
        schema = CfnSchemaMapping(
            self, f"{name.title()}Schema", schema_name=name, mapped_input_fields=FIELDS
        )
        return table, schema

    def role(
        self, name: str, *, reads: Sequence[str], writes: Sequence[str] = ()
    ) -> tuple[CfnRole, CfnPolicy]:
        """Create a role with which Entity Resolution reads tables and writes to bucket prefixes."""
        trust = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "entityresolution.amazonaws.com"},
        }
        role = CfnRole(self, f"{name}Role", assume_role_policy_document=document(trust))
        glue = self.glue
        tables = [f"{glue}:table/{self.database}/{table}" for table in reads]
        statements = [
            self.on_bucket(["s3:GetBucketLocation", "s3:ListBucket"], [self.bucket_arn]),
            self.on_bucket(["s3:GetObject"], [f"{self.bucket_arn}/{table}/*" for table in reads]),
            *(
                self.on_bucket(["s3:PutObject"], [f"{self.bucket_arn}/{prefix}/*"])
                for prefix in writes
            ),
            statement(
                "Allow",
                [
                    "glue:BatchGetPartition",
                    "glue:GetDatabase",
                    "glue:GetPartition",
                    "glue:GetPartitions",
                    "glue:GetTable",
                ],
                [f"{glue}:catalog", f"{glue}:database/{self.database}", *tables],
            ),
            statement(
                "Allow",
                ["glue:GetSchema", "glue:GetSchemaVersion"],
                [f"{glue}:registry/*", f"{glue}:schema/*"],
            ),
        ]
        policy = CfnPolicy(
            self,
            f"{name}RolePolicy",
            policy_name=f"{name}RolePolicy",
            roles=[role.ref],
            policy_document=document(*statements),
        )
        return role, policy

    def on_bucket(self, actions: Sequence[str], resources: Sequence[str]) -> dict[str, Any]:
        """Return a statement for a bucket that has to be in this account."""
        allow = statement("Allow", actions, resources)
        return allow | {"Condition": {"StringEquals": {"s3:ResourceAccount": self.account_id}}}

    def id_namespace(
        self,
        id: str,
        *,
        name: str,
        data: CfnTable,
        input_source: CfnIdNamespace.IdNamespaceInputSourceProperty,
        rules: Sequence[CfnIdNamespace.RuleProperty] | None = None,
    ) -> str:
        """Create a source or, if rules are given, a target, and return its ARN."""
        role, policy = self.role(id, reads=[name])
        namespace = CfnIdNamespace(
            self,
            id,
            id_namespace_name=name,
            type=id.upper(),
            input_source_config=[input_source],
            id_mapping_workflow_properties=[
                CfnIdNamespace.IdNamespaceIdMappingWorkflowPropertiesProperty(
                    id_mapping_type="RULE_BASED",
                    rule_based_properties=CfnIdNamespace.NamespaceRuleBasedPropertiesProperty(
                        attribute_matching_model="ONE_TO_ONE",
                        record_matching_models=["ONE_SOURCE_TO_ONE_TARGET"],
                        rule_definition_types=["TARGET"],
                        rules=rules,
                    ),
                )
            ],
            role_arn=role.attr_arn,
        )
        namespace.node.add_dependency(policy, data)
        return namespace.attr_id_namespace_arn

    def association(
        self, id: str, membership: str, id_namespace: str, name: str
    ) -> CfnIdNamespaceAssociation:
        """Associate an ID namespace with a membership."""
        return CfnIdNamespaceAssociation(
            self,
            id,
            membership_identifier=membership,
            name=name,
            input_reference_config=(
                CfnIdNamespaceAssociation.IdNamespaceAssociationInputReferenceConfigProperty(
                    input_reference_arn=id_namespace, manage_resource_policies=True
                )
            ),
        )


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": [*statements]}


def statement(effect: str, actions: Sequence[str], resources: Sequence[str]) -> dict[str, Any]:
    """Return a statement. As in the CDK, a list of one item is written as that item."""
    return {
        "Effect": effect,
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": resources[0] if len(resources) == 1 else resources,
    }


app = App()
IdMappingStack(app, "IdMapping")
app.synth()
