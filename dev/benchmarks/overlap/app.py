"""The app of `examples/overlap`, written only with the CDK's L1s.

Both templates are the same, except for the logical IDs. A test compares them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_cdk import App, Aws, CfnOutput, RemovalPolicy
from aws_cdk.aws_cleanrooms import (
    CfnAnalysisTemplate,
    CfnCollaboration,
    CfnConfiguredTable,
    CfnConfiguredTableAssociation,
    CfnMembership,
    CfnPrivacyBudgetTemplate,
)
from aws_cdk.aws_entityresolution import CfnSchemaMapping
from aws_cdk.aws_glue import CfnTable
from constructs import Construct

from dev.benchmarks.mapping_stack import COLUMNS, CreatedRole, MappingStack, statement, trust

QUERY = Path(__file__).parents[3] / "examples/overlap/overlap.sql"


class OverlapStack(MappingStack):
    """The data, the mapping of the IDs, and the query."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, database="overlap", **kwargs)
        self.external_id = {"sts:ExternalId": f"arn:aws:*:{Aws.REGION}:*:dbuser:*/*"}
        collaboration = CfnCollaboration(
            self,
            "Collaboration",
            name="overlap",
            description="Who is both",
            creator_display_name="Example Corp",
            creator_member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            members=[],
            query_log_status="ENABLED",
        )
        collaboration.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        membership = self.membership(collaboration.attr_collaboration_identifier)
        self.us = membership.attr_membership_identifier
        self.us_arn = membership.attr_arn
        self.template = CfnAnalysisTemplate(
            self,
            "Template",
            membership_identifier=self.us,
            name="overlap",
            format="SQL",
            source=CfnAnalysisTemplate.AnalysisSourceProperty(text=QUERY.read_text("utf-8")),
            analysis_parameters=[
                CfnAnalysisTemplate.AnalysisParameterProperty(name="pattern", type="VARCHAR")
            ],
        ).attr_arn
        mapping = self.map(
            self.us,
            self.associated("customers"),
            self.associated("subscribers"),
            matching_name="overlap",
            workflow_name="overlap",
        )
        place = f"--membership-identifier {self.us}"
        populate = f"populate-id-mapping-table {place} --id-mapping-table-identifier {mapping}"
        parameters = f"'analysisTemplateArn={self.template},parameters={{pattern=%@example.com}}'"
        query = f"start-protected-query {place} --type SQL --sql-parameters {parameters}"
        CfnOutput(self, "Populate", value=f"aws cleanrooms {populate}")
        CfnOutput(self, "Query", value=f"aws cleanrooms {query}")

    def membership(self, collaboration: str) -> CfnMembership:
        """Create the membership, the bucket for its results and the role that writes there."""
        bucket, bucket_arn = self.retained_bucket("Results")
        own = {"StringEquals": {"aws:ResourceAccount": self.account_id}}
        any_membership = f"arn:aws:cleanrooms:{Aws.REGION}:{self.account_id}:membership/*"
        role = self.role_with_policy(
            "MembershipResultsRole",
            [
                trust("cleanrooms", {"ArnLike": self.external_id}),
                trust("cleanrooms", {"ForAnyValue:ArnEquals": {"aws:SourceArn": [any_membership]}}),
            ],
            [
                statement("Allow", ["s3:GetBucketLocation", "s3:ListBucket"], [bucket_arn])
                | {"Condition": own},
                statement("Allow", ["s3:PutObject"], [f"{bucket_arn}/overlap/*"])
                | {"Condition": own},
            ],
        )
        l1 = CfnMembership
        membership = l1(
            self,
            "Membership",
            collaboration_identifier=collaboration,
            query_log_status="ENABLED",
            default_result_configuration=l1.MembershipProtectedQueryResultConfigurationProperty(
                output_configuration=l1.MembershipProtectedQueryOutputConfigurationProperty(
                    s3=l1.ProtectedQueryS3OutputConfigurationProperty(
                        bucket=bucket, key_prefix="overlap", result_format="CSV"
                    )
                ),
                role_arn=role.arn,
            ),
        )
        membership.apply_removal_policy(RemovalPolicy.RETAIN)
        membership.node.add_dependency(role.policy)
        for each in (role.role, role.policy):
            each.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        return membership

    def associated(self, name: str) -> tuple[CfnTable, CfnSchemaMapping]:
        """Create a table that the query and the mapping can read, and its budget."""
        title = name.title()
        data, schema = self.table(f"{title}Data", name)
        table = CfnConfiguredTable
        configured = table(
            self,
            title,
            name=name,
            allowed_columns=[column["name"] for column in COLUMNS],
            analysis_method="DIRECT_QUERY",
            table_reference=table.TableReferenceProperty(
                glue=table.GlueTableReferenceProperty(database_name=self.database, table_name=name)
            ),
            analysis_rules=[
                table.AnalysisRuleProperty(
                    type="CUSTOM",
                    policy=table.ConfiguredTableAnalysisRulePolicyProperty(
                        v1=table.ConfiguredTableAnalysisRulePolicyV1Property(
                            custom=table.AnalysisRuleCustomProperty(
                                allowed_analyses=[self.template]
                            )
                        )
                    ),
                )
            ],
        )
        configured.node.add_dependency(data)
        role = self.reader(f"{title}AssociationRole", name)
        l1 = CfnConfiguredTableAssociation
        association = l1(
            self,
            f"{title}Association",
            membership_identifier=self.us,
            configured_table_identifier=configured.attr_configured_table_identifier,
            name=name,
            role_arn=role.arn,
            configured_table_association_analysis_rules=[
                l1.ConfiguredTableAssociationAnalysisRuleProperty(
                    type="CUSTOM",
                    policy=l1.ConfiguredTableAssociationAnalysisRulePolicyProperty(
                        v1=l1.ConfiguredTableAssociationAnalysisRulePolicyV1Property(
                            custom=l1.ConfiguredTableAssociationAnalysisRuleCustomProperty(
                                allowed_result_receivers=[self.account_id]
                            )
                        )
                    ),
                )
            ],
        )
        association.node.add_dependency(role.policy)
        budget = CfnPrivacyBudgetTemplate
        budget(
            self,
            f"{title}Budget",
            membership_identifier=self.us,
            privacy_budget_type="ACCESS_BUDGET",
            auto_refresh="NONE",
            parameters=budget.ParametersProperty(
                resource_arn=association.attr_arn,
                budget_parameters=[
                    budget.BudgetParameterProperty(
                        type="CALENDAR_WEEK", budget=100, auto_refresh="ENABLED"
                    )
                ],
            ),
        )
        return data, schema

    def reader(self, id: str, name: str) -> CreatedRole:
        """Create a role with which Clean Rooms reads a table."""
        glue = f"arn:aws:glue:{Aws.REGION}:{self.account_id}"
        return self.role_with_policy(
            id,
            [
                trust("cleanrooms", {"StringLike": self.external_id}),
                trust("cleanrooms", {"ForAnyValue:ArnEquals": {"aws:SourceArn": [self.us_arn]}}),
            ],
            [
                statement(
                    "Allow",
                    [
                        "glue:BatchGetPartition",
                        "glue:GetDatabase",
                        "glue:GetDatabases",
                        "glue:GetPartition",
                        "glue:GetPartitions",
                        "glue:GetTable",
                        "glue:GetTables",
                    ],
                    [
                        f"{glue}:catalog",
                        f"{glue}:database/{self.database}",
                        f"{glue}:table/{self.database}/{name}",
                    ],
                ),
                statement(
                    "Allow",
                    ["glue:GetSchema", "glue:GetSchemaVersion"],
                    [f"{glue}:registry/*", f"{glue}:schema/*"],
                ),
                self.on_bucket(["s3:GetBucketLocation", "s3:ListBucket"], [self.bucket_arn]),
                self.on_bucket(["s3:GetObject"], [f"{self.bucket_arn}/{name}/*"]),
            ],
        )


if __name__ == "__main__":
    app = App()
    OverlapStack(app, "Overlap")
    app.synth()
