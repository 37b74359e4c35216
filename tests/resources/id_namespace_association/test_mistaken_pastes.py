"""Tests that a message names the mistake in a pasted value, and shows the right form.

Some of the values come from the examples on a documentation page of another tool, and the service
does not support them: `membership-12345`, and ARNs of an `input-reference`.
"""

from __future__ import annotations

import pytest
from aws_cdk import Stack

from cdk_cleanrooms import IdNamespaceAssociation
from tests.helpers import Associate, problems_of
from tests.samples import (
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    COLLABORATION_ID,
    ID_NAMESPACE_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
)

INPUT_REFERENCE = "arn:aws:cleanrooms:us-east-1:123456789012:input-reference/my-input-reference"


@pytest.mark.parametrize(
    ("argument", "pasted", "mistake", "right_form"),
    [
        pytest.param(
            "membership",
            "membership-12345",
            "is not the ID of a membership",
            "use its lowercase UUID, such as 'a1b2c3d4-5678-90ab-cdef-111111111111'"
            " (`aws cleanrooms list-memberships` shows it)",
            id="the documentation page's membership",
        ),
        pytest.param(
            "membership",
            MEMBERSHIP_ARN,
            "is an ARN and not the ID of a membership",
            f"use {MEMBERSHIP_ID!r}",
            id="membership's ARN",
        ),
        pytest.param(
            "membership",
            MEMBERSHIP_ARN.removeprefix("arn:aws:cleanrooms:us-east-1:111122223333:"),
            "is more than the ID of a membership",
            f"use {MEMBERSHIP_ID!r}",
            id="end of membership's ARN",
        ),
        pytest.param(
            "membership",
            f"https://us-east-1.console.aws.amazon.com/cleanrooms/memberships/{MEMBERSHIP_ID}/",
            "is more than the ID of a membership",
            f"use {MEMBERSHIP_ID!r}",
            id="address of a membership's page",
        ),
        pytest.param(
            "membership",
            f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{COLLABORATION_ID}",
            "is an ARN and not the ID of a membership",
            "`aws cleanrooms list-memberships` shows it",
            id="collaboration's ARN",
        ),
        pytest.param(
            "membership",
            MEMBERSHIP_ID.upper(),
            "has uppercase letters",
            f"use {MEMBERSHIP_ID!r}",
            id="upper-case membership",
        ),
        pytest.param(
            "membership",
            f" {MEMBERSHIP_ID}\n",
            "has white space around it",
            f"use {MEMBERSHIP_ID!r}",
            id="white space around membership",
        ),
        pytest.param(
            "membership",
            f"{MEMBERSHIP_ID.upper()} ",
            "has white space around it and has uppercase letters",
            f"use {MEMBERSHIP_ID!r}",
            id="upper-case membership with white space",
        ),
        pytest.param(
            "membership",
            MEMBERSHIP_ID.replace("-", ""),
            "hyphens",
            f"use {MEMBERSHIP_ID!r}",
            id="membership without hyphens",
        ),
        pytest.param(
            "membership",
            ID_NAMESPACE_ARN,
            "is an ARN and not the ID of a membership",
            "`aws cleanrooms list-memberships` shows it",
            id="ID namespace's ARN for a membership",
        ),
        pytest.param(
            "id_namespace",
            INPUT_REFERENCE,
            "its service is 'cleanrooms' and not 'entityresolution', its resource is"
            " 'input-reference/my-input-reference' and not 'idnamespace/<name>'",
            "use 'arn:aws:entityresolution:us-east-1:123456789012:idnamespace/<name>'",
            id="the documentation page's input reference",
        ),
        pytest.param(
            "id_namespace",
            "customers",
            "looks like the name of an ID namespace",
            "use 'arn:aws:entityresolution:<region>:<account>:idnamespace/customers'",
            id="ID namespace's name",
        ),
        pytest.param(
            "id_namespace",
            " idnamespace/customers ",
            "looks like the name of an ID namespace",
            "use 'arn:aws:entityresolution:<region>:<account>:idnamespace/customers'",
            id="end of ID namespace's ARN",
        ),
        pytest.param(
            "id_namespace",
            f"{ID_NAMESPACE_ARN}\n",
            "has white space around it",
            f"use {ID_NAMESPACE_ARN!r}",
            id="white space around ID namespace's ARN",
        ),
        *(
            pytest.param(
                "id_namespace",
                f"arn:aws:entityresolution:us-east-1:111122223333:{resource}/customers",
                f"its resource is '{resource}/customers' and not 'idnamespace/<name>'",
                "use 'arn:aws:entityresolution:us-east-1:111122223333:idnamespace/<name>'",
                id=f"ARN of a {resource}",
            )
            for resource in ("idmappingworkflow", "matchingworkflow", "schemamapping")
        ),
        pytest.param(
            "id_namespace",
            ID_NAMESPACE_ARN.replace(":aws:", ":aws-us-gov:"),
            "its partition is 'aws-us-gov' and not 'aws'",
            f"use {ID_NAMESPACE_ARN!r}",
            id="ID namespace in another partition",
        ),
        pytest.param(
            "id_namespace",
            ID_NAMESPACE_ARN.replace(":us-east-1:111122223333:", ":::"),
            "its Region is '' and not '<region>', its account is '' and not '<account>'",
            "use 'arn:aws:entityresolution:<region>:<account>:idnamespace/customers'",
            id="ARN without Region and account",
        ),
        pytest.param(
            "id_namespace",
            "arn:aws:entityresolution",
            "is not the ARN of an ID namespace",
            "use 'arn:aws:entityresolution:<region>:<account>:idnamespace/<name>'",
            id="beginning of an ARN",
        ),
        pytest.param(
            "id_namespace",
            "https://us-east-1.console.aws.amazon.com/entityresolution/home",
            "is not an ARN",
            "use the ARN of an ID namespace,"
            " 'arn:aws:entityresolution:<region>:<account>:idnamespace/<name>'",
            id="address of a page",
        ),
        pytest.param(
            "name",
            "customers\n",
            "has U+000A at position 10",
            "on one line",
            id="line break after a name",
        ),
        pytest.param(
            "manage_resource_policies",
            "true",
            "is of type str",
            "use True or False, without quotes",
            id="text for a boolean",
        ),
        pytest.param(
            "tags",
            [{"Key": "Team", "Value": "DataScience"}],
            "is of type list",
            "{'Team': 'DataScience'}",
            id="tags as CloudFormation has them",
        ),
        pytest.param(
            "removal_policy",
            "Retain",
            "is of type str",
            "such as RETAIN",
            id="deletion policy as CloudFormation has it",
        ),
    ],
)
def test_the_message_names_the_mistake_and_shows_the_right_form(
    argument: str, pasted: object, mistake: str, right_form: str, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(**{argument: pasted}))
    assert problem.property == argument
    assert mistake in problem.message
    assert right_form in problem.message


def test_characters_that_aws_refuses_are_reported_in_the_order_of_the_text(
    associate: Associate,
) -> None:
    (problem,) = problems_of(lambda: associate(name="\x02 and \x01 and \x02"))
    assert "has U+0002 at position 1, U+0001 at position 7; use only" in problem.message


def test_an_id_in_the_arn_of_another_resource_is_not_recommended_as_a_membership(
    associate: Associate,
) -> None:
    arn = f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{COLLABORATION_ID}"
    (problem,) = problems_of(lambda: associate(membership=arn))
    assert f"use {COLLABORATION_ID!r}" not in problem.message


def test_an_association_arn_instead_of_an_id_gets_the_id_at_its_end_as_advice(stack: Stack) -> None:
    (problem,) = problems_of(
        lambda: IdNamespaceAssociation.from_existing(
            stack,
            "Association",
            membership=MEMBERSHIP_ID,
            id_namespace_association_identifier=ASSOCIATION_ARN,
        )
    )
    assert problem.property == "id_namespace_association_identifier"
    assert "is an ARN and not the ID of an ID namespace association" in problem.message
    assert problem.message.endswith(f"use {ASSOCIATION_ID!r}")


def test_a_wrong_association_id_gets_the_command_that_lists_associations(stack: Stack) -> None:
    (problem,) = problems_of(
        lambda: IdNamespaceAssociation.from_existing(
            stack,
            "Association",
            membership=MEMBERSHIP_ID,
            id_namespace_association_identifier="customers",
        )
    )
    assert "`aws cleanrooms list-id-namespace-associations" in problem.message


@pytest.mark.parametrize(
    ("pasted", "mistake", "right_form"),
    [
        pytest.param(
            ASSOCIATION_ID,
            "is not an ARN",
            "use the ARN of an ID namespace association, 'arn:aws:cleanrooms:<region>:<account>:"
            "membership/<membership ID>/idnamespaceassociation/<ID>'",
            id="association's ID",
        ),
        pytest.param(
            MEMBERSHIP_ARN,
            f"its resource is 'membership/{MEMBERSHIP_ID}'",
            "use 'arn:aws:cleanrooms:us-east-1:111122223333:"
            "membership/<membership ID>/idnamespaceassociation/<ID>'",
            id="membership's ARN",
        ),
        pytest.param(
            ID_NAMESPACE_ARN,
            "its service is 'entityresolution' and not 'cleanrooms'",
            "use 'arn:aws:cleanrooms:us-east-1:111122223333:"
            "membership/<membership ID>/idnamespaceassociation/<ID>'",
            id="ID namespace's ARN",
        ),
        pytest.param(
            f"\t{ASSOCIATION_ARN}",
            "has white space around it",
            f"use {ASSOCIATION_ARN!r}",
            id="white space around association's ARN",
        ),
    ],
)
def test_the_message_about_an_associations_arn_names_the_mistake_and_shows_the_right_form(
    pasted: str, mistake: str, right_form: str, stack: Stack
) -> None:
    (problem,) = problems_of(
        lambda: IdNamespaceAssociation.from_id_namespace_association_arn(
            stack, "Association", pasted
        )
    )
    assert problem.property == "id_namespace_association_arn"
    assert mistake in problem.message
    assert right_form in problem.message
