"""A query that joins customers and subscribers over the table that maps their IDs."""

from pathlib import Path
from typing import Any

from aws_cdk import App, Aws, CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from aws_cdk.aws_s3 import Bucket
from constructs import Construct

import cdk_cleanrooms as cr

COLUMNS = ["id", "email"]
FIELDS = [
    cr.SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
    cr.SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
]
QUERY = cr.SqlSource.from_file(Path(__file__).with_name("overlap.sql"))


class OverlapStack(Stack):
    """The data, the mapping of the IDs, and the query."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        self.data = Bucket(self, "Data", enforce_ssl=True, removal_policy=RemovalPolicy.RETAIN)
        results = Bucket(self, "Results", enforce_ssl=True, removal_policy=RemovalPolicy.RETAIN)
        self.database = CfnDatabase(
            self, "Database", catalog_id=Aws.ACCOUNT_ID, database_input={"name": "overlap"}
        )
        us = cr.Member(display_name="Example Corp", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
        collaboration = cr.Collaboration(
            self, "Collaboration", name="overlap", description="Who is both", creator=us
        )
        place = cr.Results(bucket=results, prefix="overlap", format="CSV")
        self.membership = cr.Membership(
            self, "Membership", collaboration=collaboration, results=place
        )
        self.template = cr.AnalysisTemplate(
            self,
            "Template",
            membership=self.membership,
            name="overlap",
            source=QUERY,
            parameters={"pattern": "VARCHAR"},
        )
        mapping = self.map(self.table("customers"), self.table("subscribers"))
        membership = f"--membership-identifier {self.membership.membership_identifier}"
        populate = f"populate-id-mapping-table {membership} --id-mapping-table-identifier"
        arn = self.template.analysis_template_arn
        parameters = f"'analysisTemplateArn={arn},parameters={{pattern=%@example.com}}'"
        query = f"start-protected-query {membership} --type SQL --sql-parameters {parameters}"
        CfnOutput(self, "Populate", value=f"aws cleanrooms {populate} {mapping}")
        CfnOutput(self, "Query", value=f"aws cleanrooms {query}")

    def table(self, name: str) -> cr.TableInput:
        """Create a table that the query and the mapping can read."""
        columns = [{"name": column, "type": "string"} for column in COLUMNS]
        storage = {"location": f"s3://{self.data.bucket_name}/{name}/", "columns": columns}
        table = CfnTable(
            self,
            f"{name.title()}Data",
            catalog_id=Aws.ACCOUNT_ID,
            database_name=self.database.ref,
            table_input={"name": name, "storageDescriptor": storage},
        )
        associated = cr.ConfiguredTable(
            self,
            name.title(),
            name=name,
            table=cr.GlueTable(table=table, bucket=self.data, prefix=name),
            allowed_columns=COLUMNS,
            analysis_rule=cr.CustomAnalysisRule(allowed_analyses=[self.template]),
        ).associate("Association", membership=self.membership)
        budget = cr.AccessBudget(
            association=associated, per_period=cr.PeriodBudget(100, "WEEK", True)
        )
        cr.PrivacyBudgetTemplate(self, f"{name.title()}Budget", budget=budget)
        schema = cr.SchemaMapping(
            self, f"{name.title()}Schema", name=name, mapped_input_fields=FIELDS
        )
        return cr.TableInput(table=table, schema_mapping=schema, bucket=self.data, prefix=name)

    def map(self, customers: cr.TableInput, subscribers: cr.TableInput) -> str:
        """Map the IDs of customers to those of subscribers, and return the ID of the table."""
        output = cr.MatchingWorkflowOutput(bucket=self.data, prefix="matched")
        rules = {"Email": ["Email"]}
        matching = cr.MatchingWorkflow(
            self, "Matching", name="overlap", inputs=[subscribers], output=output, rules=rules
        )
        source = cr.IdNamespace.source(self, "Source", name="customers", inputs=[customers])
        target = cr.IdNamespace.target(
            self, "Target", name="subscribers", matching_workflow=matching
        )
        workflow = cr.IdMappingWorkflow(
            self, "Workflow", name="overlap", source=source, target=target
        )
        us = self.membership
        from_customers = cr.IdNamespaceAssociation(
            self, "FromCustomers", membership=us, id_namespace=source, name="customers"
        )
        to_subscribers = cr.IdNamespaceAssociation(
            self, "ToSubscribers", membership=us, id_namespace=target, name="subscribers"
        )
        table = cr.IdMappingTable(
            self,
            "MappingTable",
            membership=us,
            id_mapping_workflow=workflow,
            name="customers_to_subscribers",
            source=from_customers,
            target=to_subscribers,
        )
        return table.id_mapping_table_identifier


app = App()
OverlapStack(app, "Overlap")
app.synth()
