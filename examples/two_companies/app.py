"""Both sides of an ID mapping: an advertiser who creates the collaboration, and a publisher.

Each company has its own stack in its own account. Its data exists already: an AWS Glue table, and
the bucket with the records.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk.aws_iam import AccountPrincipal
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
    PaymentResponsibility,
    SchemaInputAttribute,
    SchemaMapping,
    TableInput,
)

ADVERTISER_ACCOUNT = "111122223333"
PUBLISHER_ACCOUNT = "444455556666"
REGION = "us-east-1"

# Both companies describe their tables in the same way.
FIELDS = [
    SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
    SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
]


def table(stack: Stack, name: str) -> TableInput:
    """A company's table, with the schema mapping that describes it."""
    return TableInput(
        table=stack.format_arn(service="glue", resource="table", resource_name=f"crm/{name}"),
        schema_mapping=SchemaMapping(stack, "Schema", name=name, mapped_input_fields=FIELDS),
        bucket=f"crm-data-{stack.account}",
        prefix=name,
    )


class AdvertiserStack(Stack):
    """The collaboration, and the advertiser's part in it."""

    def __init__(self, scope: Construct, id: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        self.collaboration = Collaboration(
            self,
            "Collaboration",
            name="audience-overlap",
            description="Which of the advertiser's customers the publisher reaches",
            creator=Member(
                display_name="Advertiser",
                abilities=[MemberAbility.CAN_QUERY, MemberAbility.CAN_RECEIVE_RESULTS],
                pays_for=[PaymentResponsibility.QUERY_COMPUTE],
            ),
            members=[Member(account_id=PUBLISHER_ACCOUNT, display_name="Publisher")],
        )
        self.membership = Membership(self, "Membership", collaboration=self.collaboration)
        self.customers = IdNamespace.source(
            self, "Customers", name="customers", inputs=[table(self, "customers")]
        )
        self.association = IdNamespaceAssociation(
            self,
            "Association",
            membership=self.membership,
            id_namespace=self.customers,
            name="customers",
        )
        CfnOutput(
            self,
            "CollaborationIdentifier",
            value=self.collaboration.collaboration_identifier,
            description="For the publisher: collaboration in cdk.json",
        )


class MappingStack(Stack):
    """The table that maps the IDs of the advertiser to those of the publisher.

    It is a stack of its own, so that no deployment of the others can delete the filled table.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        advertiser: AdvertiserStack,
        publishers_id_namespace: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        workflow = IdMappingWorkflow(
            self,
            "Workflow",
            name="customers-to-subscribers",
            source=advertiser.customers,
            target=publishers_id_namespace,
        )
        mapping_table = IdMappingTable(
            self,
            "MappingTable",
            membership=advertiser.membership,
            id_mapping_workflow=workflow,
            name="customers_to_subscribers",
            source=advertiser.association,
        )
        CfnOutput(
            self,
            "Populate",
            value=(
                "aws cleanrooms populate-id-mapping-table"
                f" --membership-identifier {advertiser.membership.membership_identifier}"
                f" --id-mapping-table-identifier {mapping_table.id_mapping_table_identifier}"
            ),
            description="Fills the table; takes hours",
        )


class PublisherStack(Stack):
    """The publisher's part in the collaboration."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        collaboration: Collaboration,
        collaboration_identifier: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id, **kwargs)
        # The collaboration defines whether queries are logged, and what the publisher pays for. The
        # membership takes over both. Only the ID must be passed.
        membership = Membership(
            self,
            "Membership",
            collaboration=collaboration,
            collaboration_identifier=collaboration_identifier,
        )
        matching = MatchingWorkflow(
            self,
            "Matching",
            name="subscribers",
            inputs=[table(self, "subscribers")],
            output=MatchingWorkflowOutput(bucket=f"crm-data-{self.account}", prefix="matched"),
            rules={"Email": ["Email"]},
        )
        subscribers = IdNamespace.target(
            self, "Subscribers", name="subscribers", matching_workflow=matching
        )
        subscribers.grants.use(AccountPrincipal(ADVERTISER_ACCOUNT))
        IdNamespaceAssociation(
            self,
            "Association",
            membership=membership,
            id_namespace=subscribers,
            name="subscribers",
        )
        CfnOutput(
            self,
            "IdNamespaceArn",
            value=subscribers.id_namespace_arn,
            description="For the advertiser: id_namespace in cdk.json",
        )


app = App()
# Nobody deploys the stacks of both companies, so each one sends the value that its deployment
# prints, and the other one writes it into cdk.json.
advertiser = AdvertiserStack(
    app, "Advertiser", env=Environment(account=ADVERTISER_ACCOUNT, region=REGION)
)
PublisherStack(
    app,
    "Publisher",
    env=Environment(account=PUBLISHER_ACCOUNT, region=REGION),
    collaboration=advertiser.collaboration,
    collaboration_identifier=app.node.get_context("collaboration"),
)
id_namespace = app.node.try_get_context("id_namespace")
if id_namespace is not None:
    MappingStack(
        app,
        "Mapping",
        env=Environment(account=ADVERTISER_ACCOUNT, region=REGION),
        advertiser=advertiser,
        publishers_id_namespace=id_namespace,
    )
app.synth()
