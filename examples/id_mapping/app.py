"""A whole ID-mapping collaboration in one account: which customers are subscribers too.

The data is there already: a Glue table of customers with its schema mapping, a matching workflow
over the subscribers, and the role by which Entity Resolution reads both.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import App, Stack
from aws_cdk.aws_cleanrooms import CfnCollaboration, CfnIdMappingTable, CfnMembership
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow, CfnIdNamespace
from aws_cdk.aws_iam import Role
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation


class IdMappingStack(Stack):
    """The collaboration, what takes part in it, and the table that maps one ID to the other."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)

        collaboration = CfnCollaboration(
            self,
            "Collaboration",
            name="customer-match",
            description="Which customers are subscribers too",
            creator_display_name="Example Corp",
            creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            query_log_status="ENABLED",
        )
        membership = CfnMembership(
            self,
            "Membership",
            collaboration_identifier=collaboration.attr_collaboration_identifier,
            query_log_status="ENABLED",
        )

        role = Role.from_role_name(self, "EntityResolutionRole", "EntityResolutionReader")
        customers = CfnIdNamespace(
            self,
            "Customers",
            id_namespace_name="customers",
            type="SOURCE",
            role_arn=role.role_arn,
            input_source_config=[
                CfnIdNamespace.IdNamespaceInputSourceProperty(
                    input_source_arn=self.format_arn(
                        service="glue", resource="table", resource_name="crm/customers"
                    ),
                    schema_name="customers",
                )
            ],
            id_mapping_workflow_properties=[rules_of_the_target()],
        )
        subscribers = CfnIdNamespace(
            self,
            "Subscribers",
            id_namespace_name="subscribers",
            type="TARGET",
            role_arn=role.role_arn,
            input_source_config=[
                CfnIdNamespace.IdNamespaceInputSourceProperty(
                    input_source_arn=self.format_arn(
                        service="entityresolution",
                        resource="matchingworkflow",
                        resource_name="subscribers",
                    )
                )
            ],
            id_mapping_workflow_properties=[
                rules_of_the_target(
                    CfnIdNamespace.RuleProperty(rule_name="Email", matching_keys=["Email"])
                )
            ],
        )

        source = IdNamespaceAssociation(
            self,
            "CustomersAssociation",
            membership=membership,
            id_namespace=customers,
            name="customers",
        )
        target = IdNamespaceAssociation(
            self,
            "SubscribersAssociation",
            membership=membership,
            id_namespace=subscribers,
            name="subscribers",
        )

        workflow = CfnIdMappingWorkflow(
            self,
            "Workflow",
            workflow_name="customers-to-subscribers",
            role_arn=role.role_arn,
            input_source_config=[
                CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty(
                    input_source_arn=customers.attr_id_namespace_arn, type="SOURCE"
                ),
                CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty(
                    input_source_arn=subscribers.attr_id_namespace_arn, type="TARGET"
                ),
            ],
            id_mapping_techniques=CfnIdMappingWorkflow.IdMappingTechniquesProperty(
                id_mapping_type="RULE_BASED",
                rule_based_properties=CfnIdMappingWorkflow.IdMappingRuleBasedPropertiesProperty(
                    attribute_matching_model="ONE_TO_ONE",
                    record_matching_model="ONE_SOURCE_TO_ONE_TARGET",
                    rule_definition_type="TARGET",
                ),
            ),
        )
        CfnIdMappingTable(
            self,
            "MappingTable",
            name="customers_to_subscribers",
            # Clean Rooms wants both associations before the table, but no property of the table
            # takes one. The description tells which they are, so CloudFormation creates them first.
            description=(
                f"From ID namespace association {source.id_namespace_association_identifier}"
                f" to {target.id_namespace_association_identifier}"
            ),
            membership_identifier=membership.attr_membership_identifier,
            input_reference_config=CfnIdMappingTable.IdMappingTableInputReferenceConfigProperty(
                input_reference_arn=workflow.attr_workflow_arn, manage_resource_policies=True
            ),
        )


def rules_of_the_target(
    *rules: CfnIdNamespace.RuleProperty,
) -> CfnIdNamespace.IdNamespaceIdMappingWorkflowPropertiesProperty:
    """How records match; source and target have to agree on all but the rules themselves."""
    return CfnIdNamespace.IdNamespaceIdMappingWorkflowPropertiesProperty(
        id_mapping_type="RULE_BASED",
        rule_based_properties=CfnIdNamespace.NamespaceRuleBasedPropertiesProperty(
            attribute_matching_model="ONE_TO_ONE",
            record_matching_models=["ONE_SOURCE_TO_ONE_TARGET"],
            rule_definition_types=["TARGET"],
            rules=list(rules) or None,
        ),
    )


app = App()
IdMappingStack(app, "IdMapping")
app.synth()
