"""What the apps of the benchmarks that are written only with L1s have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk.aws_cleanrooms import CfnIdMappingTable, CfnIdNamespaceAssociation
from aws_cdk.aws_entityresolution import (
    CfnIdMappingWorkflow,
    CfnIdNamespace,
    CfnMatchingWorkflow,
    CfnSchemaMapping,
)
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from aws_cdk.aws_iam import CfnPolicy, CfnRole, Policy, Role
from aws_cdk.aws_s3 import CfnBucket, CfnBucketPolicy
from constructs import Construct

COLUMNS = [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}]
FIELDS = [
    CfnSchemaMapping.SchemaInputAttributeProperty(field_name="id", type="UNIQUE_ID"),
    CfnSchemaMapping.SchemaInputAttributeProperty(
        field_name="email", type="EMAIL_ADDRESS", match_key="Email"
    ),
]


class CreatedRole(NamedTuple):
    """A role that the app creates, and its policy."""

    arn: str
    role: CfnRole | Role
    policy: CfnPolicy | Policy


class MappingStack(Stack):
    """A stack with a bucket and a database, in which the IDs of customers can be mapped."""

    def __init__(self, scope: Construct, id: str, *, database: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        self.account_id = Aws.ACCOUNT_ID
        self.glue = f"arn:{Aws.PARTITION}:glue:{Aws.REGION}:{self.account_id}"
        self.bucket, self.bucket_arn = self.retained_bucket("Data")
        self.database = CfnDatabase(
            self,
            "Database",
            catalog_id=self.account_id,
            database_input=CfnDatabase.DatabaseInputProperty(name=database),
        ).ref

    def retained_bucket(self, id: str) -> tuple[str, str]:
        """Create a bucket that requires TLS, and return its name and its ARN."""
        bucket = CfnBucket(self, id)
        bucket.apply_removal_policy(RemovalPolicy.RETAIN)
        name, arn = bucket.ref, bucket.attr_arn
        deny = statement("Deny", ["s3:*"], [arn, f"{arn}/*"])
        deny |= {
            "Principal": {"AWS": "*"},
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        CfnBucketPolicy(self, f"{id}Policy", bucket=name, policy_document=document(deny))
        return name, arn

    def map(
        self,
        membership: str,
        customers: tuple[CfnTable, CfnSchemaMapping],
        subscribers: tuple[CfnTable, CfnSchemaMapping],
        *,
        matching_name: str,
        workflow_name: str,
    ) -> str:
        """Map the IDs of customers to those of subscribers, and return the ID of the table."""
        role = self.role("Matching", reads=["subscribers"], writes=["matched"])
        matching = CfnMatchingWorkflow(
            self,
            "Matching",
            workflow_name=matching_name,
            input_source_config=[
                CfnMatchingWorkflow.InputSourceProperty(
                    input_source_arn=f"{self.glue}:table/{self.database}/subscribers",
                    schema_arn=subscribers[1].attr_schema_arn,
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
            role_arn=role.arn,
        )
        matching.node.add_dependency(role.policy, subscribers[0])

        source = self.id_namespace(
            "Source",
            name="customers",
            data=customers[0],
            input_source=CfnIdNamespace.IdNamespaceInputSourceProperty(
                input_source_arn=f"{self.glue}:table/{self.database}/customers",
                schema_name=customers[1].ref,
            ),
        )
        target = self.id_namespace(
            "Target",
            name="subscribers",
            data=subscribers[0],
            input_source=CfnIdNamespace.IdNamespaceInputSourceProperty(
                input_source_arn=matching.attr_workflow_arn
            ),
            rules=[
                CfnIdNamespace.RuleProperty(rule_name="Email", matching_keys=["Email"]),
            ],
        )
        from_customers = self.association("FromCustomers", membership, source, "customers")
        to_subscribers = self.association("ToSubscribers", membership, target, "subscribers")

        role = self.role("Workflow", reads=["customers", "subscribers"])
        workflow = CfnIdMappingWorkflow(
            self,
            "Workflow",
            workflow_name=workflow_name,
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
            role_arn=role.arn,
        )
        workflow.node.add_dependency(role.policy, customers[0], subscribers[0])
        table = CfnIdMappingTable(
            self,
            "MappingTable",
            membership_identifier=membership,
            name="customers_to_subscribers",
            input_reference_config=CfnIdMappingTable.IdMappingTableInputReferenceConfigProperty(
                input_reference_arn=workflow.attr_workflow_arn, manage_resource_policies=True
            ),
        )
        table.node.add_dependency(from_customers, to_subscribers)
        return table.attr_id_mapping_table_identifier

    def table(self, id: str, name: str) -> tuple[CfnTable, CfnSchemaMapping]:
        """Create a table with an ID and an email address, and its schema mapping."""
        table = CfnTable(
            self,
            id,
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

    def role(self, name: str, *, reads: Sequence[str], writes: Sequence[str] = ()) -> CreatedRole:
        """Create a role with which Entity Resolution reads tables and writes to bucket prefixes."""
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
        ]
        return self.role_with_policy(f"{name}Role", [trust("entityresolution")], statements)

    def role_with_policy(
        self, id: str, trusts: Sequence[dict[str, Any]], statements: Sequence[dict[str, Any]]
    ) -> CreatedRole:
        """Create a role and its policy."""
        role = CfnRole(self, id, assume_role_policy_document=document(*trusts))
        policy = CfnPolicy(
            self,
            f"{id}Policy",
            policy_name=f"{id}Policy",
            roles=[role.ref],
            policy_document=document(*statements),
        )
        return CreatedRole(role.attr_arn, role, policy)

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
        role = self.role(id, reads=[name])
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
            role_arn=role.arn,
        )
        namespace.node.add_dependency(role.policy, data)
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


def trust(service: str, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a statement that lets a service assume a role."""
    allow = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
    }
    return allow | ({"Condition": condition} if condition else {})


def statement(effect: str, actions: Sequence[str], resources: Sequence[str]) -> dict[str, Any]:
    """Return a statement. As in the CDK, a list of one item is written as that item."""
    return {
        "Effect": effect,
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": resources[0] if len(resources) == 1 else resources,
    }
