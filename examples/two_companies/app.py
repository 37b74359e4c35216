"""Both sides of a collaboration: an advertiser who creates it, and a publisher who joins it.

Each company has its own stack in its own account. A matching workflow, and the role with which
Entity Resolution reads its output, must already exist there.
"""

from __future__ import annotations

from typing import Any

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import Role
from constructs import Construct

from cdk_cleanrooms import (
    Collaboration,
    IdNamespaceAssociation,
    Member,
    MemberAbility,
    Membership,
    PaymentResponsibility,
)

ADVERTISER_ACCOUNT = "111122223333"
PUBLISHER_ACCOUNT = "444455556666"
REGION = "us-east-1"


class IdentityData(Construct):
    """A company's ID namespace, and its association with the company's membership."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        membership: Membership,
        people: str,
        namespace_type: str,
        rules: list[CfnIdNamespace.RuleProperty] | None = None,
    ) -> None:
        super().__init__(scope, id)
        id_namespace = CfnIdNamespace(
            self,
            "IdNamespace",
            id_namespace_name=people,
            type=namespace_type,
            role_arn=Role.from_role_name(self, "Role", "EntityResolutionReader").role_arn,
            input_source_config=[
                CfnIdNamespace.IdNamespaceInputSourceProperty(
                    input_source_arn=Stack.of(self).format_arn(
                        service="entityresolution",
                        resource="matchingworkflow",
                        resource_name=people,
                    )
                )
            ],
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
        )
        IdNamespaceAssociation(
            self,
            "Association",
            membership=membership,
            id_namespace=id_namespace,
            name=people,
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
        membership = Membership(self, "Membership", collaboration=self.collaboration)
        IdentityData(
            self,
            "Customers",
            membership=membership,
            people="customers",
            namespace_type="SOURCE",
        )
        CfnOutput(
            self,
            "CollaborationIdentifier",
            value=self.collaboration.collaboration_identifier,
            description="For the publisher: cdk deploy Publisher -c collaboration=<this value>",
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
        # The membership takes over from the collaboration whether queries are logged, and what
        # the publisher pays for. Only the ID must be passed on.
        membership = Membership(
            self,
            "Membership",
            collaboration=collaboration,
            collaboration_identifier=collaboration_identifier,
        )
        IdentityData(
            self,
            "Subscribers",
            membership=membership,
            people="subscribers",
            namespace_type="TARGET",
            rules=[CfnIdNamespace.RuleProperty(rule_name="Email", matching_keys=["Email"])],
        )


app = App()
advertiser = AdvertiserStack(
    app, "Advertiser", env=Environment(account=ADVERTISER_ACCOUNT, region=REGION)
)
PublisherStack(
    app,
    "Publisher",
    env=Environment(account=PUBLISHER_ACCOUNT, region=REGION),
    collaboration=advertiser.collaboration,
    # CloudFormation cannot pass a value from one account to another. The advertiser sends the ID
    # that its deployment prints, and the publisher passes it as `-c collaboration=…`.
    collaboration_identifier=app.node.get_context("collaboration"),
)
app.synth()
