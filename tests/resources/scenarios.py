"""Apps as users write them. Each scenario is a function that adds stacks to an app.

Run as a program, it synthesizes each of them into a folder of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, cast

from aws_cdk import (
    App,
    Aws,
    CfnCondition,
    CfnOutput,
    CfnParameter,
    Environment,
    Fn,
    RemovalPolicy,
    Stack,
    Stage,
)
from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.aws_iam import ManagedPolicy, PolicyStatement
from constructs import Construct

from cdk_cleanrooms import (
    Collaboration,
    IdNamespaceAssociation,
    IIdNamespaceAssociation,
    Member,
    MemberAbility,
    Membership,
    PaymentResponsibility,
    Results,
)
from tests.samples import (
    ACCOUNT,
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    COLLABORATION_ID,
    ID_NAMESPACE_ARN,
    MEMBERSHIP_ID,
    REGION,
)

Scenario: TypeAlias = Callable[[App], object]


def minimal(app: App) -> None:
    IdNamespaceAssociation(
        Stack(app, "Minimal"),
        "Association",
        membership=MEMBERSHIP_ID,
        id_namespace=ID_NAMESPACE_ARN,
        name="customers",
    )


def full(app: App) -> None:
    IdNamespaceAssociation(
        Stack(app, "Full"),
        "Association",
        membership=MEMBERSHIP_ID,
        id_namespace=ID_NAMESPACE_ARN,
        name="customers",
        description="Our customers,\nto be matched with our partner's",
        manage_resource_policies=False,
        allow_use_as_dimension_column=True,
        tags={"Team": "DataScience", "Environment": "Production"},
        removal_policy=RemovalPolicy.RETAIN,
    )


def tokens_as_values(app: App) -> None:
    stack = Stack(app, "TokensAsValues")
    is_managed = CfnCondition(
        stack, "IsManaged", expression=Fn.condition_equals(Aws.REGION, "us-east-1")
    )
    IdNamespaceAssociation(
        stack,
        "Association",
        membership=CfnParameter(stack, "Membership").value_as_string,
        id_namespace=Fn.import_value("CustomersIdNamespaceArn"),
        name=CfnParameter(stack, "Name").value_as_string,
        description=CfnParameter(stack, "Description").value_as_string,
        manage_resource_policies=cast(bool, Fn.condition_if(is_managed.logical_id, True, False)),
        tags={"Stack": Aws.STACK_NAME},
    )


def tokens_inside_strings(app: App) -> None:
    stack = Stack(app, "TokensInsideStrings")
    IdNamespaceAssociation(
        stack,
        "Association",
        membership=f"a1b2c3d4-5678-90ab-cdef-{CfnParameter(stack, 'LastPart').value_as_string}",
        id_namespace=(
            f"arn:aws:entityresolution:{Aws.REGION}:{Aws.ACCOUNT_ID}:idnamespace/customers"
        ),
        name=f"customers in {Aws.REGION}",
        description=f"Our customers in {Aws.REGION}, of account {Aws.ACCOUNT_ID}",
        tags={"Origin": f"stack {Aws.STACK_NAME}"},
    )


def _membership(scope: Construct) -> CfnMembership:
    return CfnMembership(
        scope, "Membership", collaboration_identifier=COLLABORATION_ID, query_log_status="DISABLED"
    )


def _id_namespace(scope: Construct) -> CfnIdNamespace:
    return CfnIdNamespace(scope, "IdNamespace", id_namespace_name="customers", type="SOURCE")


def constructs_of_the_same_stack(app: App) -> None:
    stack = Stack(app, "SameStack")
    IdNamespaceAssociation(
        stack,
        "Association",
        membership=_membership(stack),
        id_namespace=_id_namespace(stack),
        name="customers",
    )


def constructs_of_another_stack(app: App) -> None:
    foundation = Stack(app, "Foundation")
    IdNamespaceAssociation(
        Stack(app, "OnTop"),
        "Association",
        membership=_membership(foundation),
        id_namespace=_id_namespace(foundation),
        name="customers",
    )


def imports_in_outputs_and_policies(app: App) -> None:
    stack = Stack(app, "Imports")
    imports: dict[str, IIdNamespaceAssociation] = {
        "ByIdentifier": IdNamespaceAssociation.from_existing(
            stack,
            "ByIdentifier",
            membership=MEMBERSHIP_ID,
            id_namespace_association_identifier=ASSOCIATION_ID,
        ),
        "ByArn": IdNamespaceAssociation.from_id_namespace_association_arn(
            stack, "ByArn", ASSOCIATION_ARN
        ),
        "ByArnKnownLater": IdNamespaceAssociation.from_id_namespace_association_arn(
            stack, "ByArnKnownLater", CfnParameter(stack, "AssociationArn").value_as_string
        ),
    }
    for name, association in imports.items():
        CfnOutput(stack, f"{name}Arn", value=association.id_namespace_association_arn)
        CfnOutput(stack, f"{name}Id", value=association.id_namespace_association_identifier)
        CfnOutput(stack, f"{name}MembershipArn", value=association.membership_arn)
        CfnOutput(stack, f"{name}MembershipId", value=association.membership_identifier)
    ManagedPolicy(
        stack,
        "Readers",
        statements=[
            PolicyStatement(
                actions=["cleanrooms:GetIdNamespaceAssociation"],
                resources=[each.id_namespace_association_arn for each in imports.values()],
            )
        ],
    )


def two_associations_in_one_stack(app: App) -> None:
    stack = Stack(app, "TwoAssociations")
    for name in ("customers", "prospects"):
        IdNamespaceAssociation(
            stack,
            name.title(),
            membership=MEMBERSHIP_ID,
            id_namespace=f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/{name}",
            name=name,
        )


def an_association_in_a_stage(app: App) -> None:
    stage = Stage(app, "Production", env=Environment(account=ACCOUNT, region=REGION))
    association = IdNamespaceAssociation(
        Stack(stage, "Associations"),
        "Association",
        membership=MEMBERSHIP_ID,
        id_namespace=ID_NAMESPACE_ARN,
        name="customers",
    )
    CfnOutput(association.stack, "Arn", value=association.id_namespace_association_arn)


def a_collaboration_that_its_creator_joins(app: App) -> None:
    stack = Stack(app, "Collaboration", env=Environment(account=ACCOUNT, region=REGION))
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="audience-overlap",
        description="Which of our customers the publisher reaches",
        creator=Member(
            display_name="Advertiser",
            abilities=[MemberAbility.CAN_QUERY, MemberAbility.CAN_RECEIVE_RESULTS],
            pays_for=[PaymentResponsibility.QUERY_COMPUTE],
        ),
        members=[Member(account_id="444455556666", display_name="Publisher")],
    )
    membership = Membership(
        stack,
        "Membership",
        collaboration=collaboration,
        results=Results(bucket="advertiser-results", prefix="overlap/"),
    )
    CfnOutput(stack, "CollaborationIdentifier", value=collaboration.collaboration_identifier)
    CfnOutput(stack, "MembershipArn", value=membership.membership_arn)


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        minimal,
        full,
        tokens_as_values,
        tokens_inside_strings,
        constructs_of_the_same_stack,
        constructs_of_another_stack,
        imports_in_outputs_and_policies,
        two_associations_in_one_stack,
        an_association_in_a_stage,
        a_collaboration_that_its_creator_joins,
    )
}


def synthesize_all(folder: Path) -> None:
    """Synthesize each scenario into a folder with its name."""
    for name, scenario in SCENARIOS.items():
        # Stack traces contain folders that differ between processes.
        app = App(
            outdir=str(folder / name),
            stack_traces=False,
            builtin_cloud_formation_validation=False,  # it takes seconds
        )
        scenario(app)
        app.synth()


if __name__ == "__main__":
    synthesize_all(Path(sys.argv[1]))
