"""A whole ID mapping in one account, to find out which customers are also subscribers."""

from typing import Any

from aws_cdk import App, Aws, CfnOutput, RemovalPolicy, Stack
from aws_cdk.aws_glue import CfnDatabase, CfnTable
from aws_cdk.aws_s3 import Bucket
from constructs import Construct

from cdk_cleanrooms import (
    Collaboration,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespace,
    IdNamespaceAssociation,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    MemberAbility,
    Membership,
    SchemaInputAttribute,
    SchemaMapping,
    TableInput,
)

FIELDS = [
    SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
    SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
]
ABILITIES = [MemberAbility.CAN_QUERY, MemberAbility.CAN_RECEIVE_RESULTS]


class IdMappingStack(Stack):
    """The data, the collaboration, and the table that maps the IDs of customers to subscribers."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        self.bucket = Bucket(self, "Data", enforce_ssl=True, removal_policy=RemovalPolicy.RETAIN)
        self.database = CfnDatabase(
            self, "Database", catalog_id=Aws.ACCOUNT_ID, database_input={"name": "id_mapping"}
        )
        creator = Member(display_name="Example Corp", abilities=ABILITIES)
        collaboration = Collaboration(
            self, "Collaboration", name="customer-match", description="Who is both", creator=creator
        )
        us = Membership(self, "Membership", collaboration=collaboration)
        matching = MatchingWorkflow(
            self,
            "Matching",
            name="subscribers",
            inputs=[self.table("subscribers")],
            output=MatchingWorkflowOutput(bucket=self.bucket, prefix="matched"),
            rules={"Email": ["Email"]},
        )
        customers = self.table("customers")
        source = IdNamespace.source(self, "Source", name="customers", inputs=[customers])
        target = IdNamespace.target(self, "Target", name="subscribers", matching_workflow=matching)
        from_customers = IdNamespaceAssociation(
            self, "FromCustomers", membership=us, id_namespace=source, name="customers"
        )
        to_subscribers = IdNamespaceAssociation(
            self, "ToSubscribers", membership=us, id_namespace=target, name="subscribers"
        )
        workflow = IdMappingWorkflow(
            self, "Workflow", name="customers-to-subscribers", source=source, target=target
        )
        table = IdMappingTable(
            self,
            "MappingTable",
            membership=us,
            id_mapping_workflow=workflow,
            name="customers_to_subscribers",
            source=from_customers,
            target=to_subscribers,
        )
        command = (
            "aws cleanrooms populate-id-mapping-table"
            f" --membership-identifier {us.membership_identifier}"
            f" --id-mapping-table-identifier {table.id_mapping_table_identifier}"
        )
        CfnOutput(self, "Populate", value=command, description="Fills the table; takes hours")

    def table(self, name: str) -> TableInput:
        """Create a table of IDs and email addresses, and describe it to Entity Resolution."""
        columns = [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}]
        storage = {"location": f"s3://{self.bucket.bucket_name}/{name}/", "columns": columns}
        table = CfnTable(
            self,
            name.title(),
            catalog_id=Aws.ACCOUNT_ID,
            database_name=self.database.ref,
            table_input={"name": name, "storageDescriptor": storage},
        )
        schema = SchemaMapping(self, f"{name.title()}Schema", name=name, mapped_input_fields=FIELDS)
        return TableInput(table=table, schema_mapping=schema, bucket=self.bucket, prefix=name)


app = App()
IdMappingStack(app, "IdMapping")
app.synth()
