"""Tests of the plan of `cdk-cleanrooms adopt`, and of what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from cdk_cleanrooms._cli.defaults import completed
from cdk_cleanrooms._cli.listing import LISTINGS
from cdk_cleanrooms._core.types import BY_NAME, ResourceType
from tests.cli.conftest import Adopt, Assembly, Cdk, association, construct
from tests.cli.fake_aws import ASSOCIATION, DeployedStack, FakeAws, Refusal
from tests.samples import ACCOUNT, COLLABORATION_ID, ID_NAMESPACE_ARN, MEMBERSHIP_ID, REGION

COLLABORATION = "AWS::CleanRooms::Collaboration"
MEMBERSHIP = "AWS::CleanRooms::Membership"
BUDGET = "AWS::CleanRooms::PrivacyBudgetTemplate"
PAYS = {"IsResponsible": True}
ID_NAMESPACE = "AWS::EntityResolution::IdNamespace"
MISSING_ID = "a1b2c3d4-5678-90ab-cdef-999999999999"
CREATED_IN = "aws:cloudformation:stack-id"
OTHER_STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Other"


def test_the_plan_has_a_line_for_each_construct(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    mine, existing = aws.has_association("mine"), aws.has_association("existing")
    aws.stacks["Stack"] = DeployedStack(
        resources={"Mine": (ASSOCIATION, f"{mine}|{MEMBERSHIP_ID}")}
    )
    assembly.has_stack(association("mine"), association("existing"), association("new"))

    status, output, _ = adopt("--dry-run")

    assert status == 0
    assert output.splitlines() == [
        f"already managed  Stack/Mine  {mine}",
        f"adopt            Stack/Existing  {existing}",
        "create           Stack/New",
    ]
    assert cdk.commands() == ["synth"]


def test_the_plan_says_what_the_next_deployment_changes(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    tags = {"Kept": "same", "Changed": "old", "Removed": "x", "aws:cloudformation:own": "y"}
    aws.has_association("a", tags=tags, Description="By hand")
    declared = {"Kept": "same", "Changed": "new", "Added": "z"}
    assembly.has_stack(association("a", tags=declared, IdMappingConfig={}, Description="Ours"))

    status, output, _ = adopt("--dry-run")

    assert status == 0
    assert output.partition("(")[2] == (
        "the next deployment changes Description from 'By hand' to 'Ours', Tags.Added to 'z',"
        " Tags.Changed from 'old' to 'new', Tags.Removed from 'x' to nothing)\n"
    )


def test_equivalent_values_are_not_a_change(aws: FakeAws, assembly: Assembly, adopt: Adopt) -> None:
    aws.has_association(
        "a", Flag=True, Number=1, List=["b", "a"], Objects=[{"Flag": False}], Empty=[]
    )
    same = association(
        "a", Flag="true", Number="1", List=["a", "b"], Objects=[{"Flag": "false"}], Others=[]
    )
    assembly.has_stack(same)

    assert "(" not in adopt("--dry-run").output


def test_json_contains_the_whole_plan(aws: FakeAws, assembly: Assembly, adopt: Adopt) -> None:
    identifier = aws.has_association("a")
    assembly.has_stack(association("a", Description="Ours"), association("b"))

    status, output, error = adopt("--dry-run", "--format", "json")

    assert status == 0
    assert f"adopt            Stack/A  {identifier}  (" in error
    assert json.loads(output) == {
        "error": None,
        "stacks": [
            {
                "stack": "Stack",
                "stack_name": "Stack",
                "reason": None,
                "imported": False,
                "deployed": False,
                "constructs": [
                    {
                        "construct": "Stack/A",
                        "logical_id": "A",
                        "resource_type": ASSOCIATION,
                        "action": "adopt",
                        "identifier": {
                            "IdNamespaceAssociationIdentifier": identifier,
                            "MembershipIdentifier": MEMBERSHIP_ID,
                        },
                        "changes": [
                            {
                                "property": "Description",
                                "live": None,
                                "declared": "Ours",
                                "replaces": False,
                            }
                        ],
                        "after": [],
                        "reason": None,
                    },
                    {
                        "construct": "Stack/B",
                        "logical_id": "B",
                        "resource_type": ASSOCIATION,
                        "action": "create",
                        "identifier": None,
                        "changes": [],
                        "after": [],
                        "reason": None,
                    },
                ],
            }
        ],
    }


@pytest.mark.parametrize("resource_type", [*LISTINGS], ids=lambda one: one.option)
@pytest.mark.parametrize("exists", [True, False], ids=["exists", "does not exist"])
@pytest.mark.unmeasured
def test_a_resource_of_each_type_is_found_or_created(
    exists: bool, resource_type: ResourceType, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    [(property, member, _)] = resource_type.match
    context = {resource_type.membership_member: MEMBERSHIP_ID, resource_type.creator: ACCOUNT}
    listed = [
        {
            **{key: value for key, value in context.items() if key},
            resource_type.identifier: f"id-of-{name}",
            member: name,
        }
        for name in (["mine"] if exists else []) + ["mine too", "another"]
    ]
    own: dict[str, Any] = {property: "mine", "MembershipIdentifier": MEMBERSHIP_ID}
    identifier = str(listed[0][resource_type.identifier])
    in_membership = f"|{MEMBERSHIP_ID}" if resource_type.is_in_membership else ""
    list_operation = "".join(word.title() for word in resource_type.list.split("_"))
    aws.listed[list_operation] = [*listed]
    aws.has(resource_type.name, f"{identifier}{in_membership}", arn="arn:x", **own)
    assembly.has_stack(construct("A", resource_type.name, own))

    status, output, error = adopt("--dry-run")

    expected = ["adopt", "Stack/A", identifier] if exists else ["create", "Stack/A"]
    assert (status, output.split()) == (0, expected), error


def refused(outcome: Any, cdk: Cdk, reason: str, *, construct: str = "Stack/A") -> None:
    """Check that the command changed nothing, and the reason that it gives."""
    assert outcome.status == 1
    assert outcome.error.splitlines()[-1] == (
        f"cdk-cleanrooms adopt: error: nothing was changed, because {construct}: {reason}"
    )
    assert f"({reason})" in outcome.output
    assert cdk.commands() == ["synth"]


def test_a_given_identifier_is_adopted_without_a_search(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    identifier = aws.has_association("another name")
    assembly.has_stack(association("a", identifier=identifier))

    assert f"adopt            Stack/A  {identifier}" in adopt("--dry-run").output
    assert "ListIdNamespaceAssociations" not in aws.requests


def test_an_identifier_that_does_not_exist_is_refused(
    assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    assembly.has_stack(association("a", identifier=MISSING_ID))

    refused(
        adopt(),
        cdk,
        f"there is no ID namespace association '{MISSING_ID}|{MEMBERSHIP_ID}'; correct adopt=…,"
        " or use adopt=True to create it",
    )


def test_an_identifier_that_differs_from_that_in_the_stack_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    mine = f"{aws.has_association('a')}|{MEMBERSHIP_ID}"
    aws.stacks["Stack"] = DeployedStack(resources={"A": (ASSOCIATION, mine)})
    assembly.has_stack(association("a", identifier=MISSING_ID))

    refused(
        adopt(),
        cdk,
        f"the stack already has '{mine}' under this logical ID; to adopt"
        f" '{MISSING_ID}|{MEMBERSHIP_ID}' instead, give the construct another ID",
    )


def test_another_type_under_the_same_logical_id_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    table = ("AWS::CleanRooms::IdMappingTable", "b|c")
    aws.stacks["Stack"] = DeployedStack(resources={"A": table})
    assembly.has_stack(association("a"))

    refused(
        adopt(),
        cdk,
        "the stack already has the AWS::CleanRooms::IdMappingTable 'b|c' under this logical ID, and"
        " CloudFormation does not change its type; give the construct another ID",
    )


def test_two_resources_with_the_same_name_are_refused_and_both_identifiers_shown(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    one, other = aws.has_association("a"), aws.has_association("a")
    assembly.has_stack(association("a"))

    refused(
        adopt(),
        cdk,
        "there are 2 ID namespace associations 'a'; choose one with"
        f" adopt='{one}' or adopt='{other}'",
    )


def test_two_constructs_that_adopt_the_same_resource_are_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    identifier = aws.has_association("a")
    assembly.has_stack(association("a"), association("a", logical_id="B"))

    refused(
        adopt(),
        cdk,
        f"'{identifier}|{MEMBERSHIP_ID}' already belongs to Stack/A; declare it in one place",
        construct="Stack/B",
    )


def test_a_type_that_this_version_does_not_know_is_refused(
    assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    assembly.has_stack(construct("A", "AWS::CleanRooms::Tomorrow", {}))

    refused(
        adopt(), cdk, "this version of cdk-cleanrooms cannot look for AWS::CleanRooms::Tomorrow"
    )


def test_a_managed_resource_of_an_unknown_type_stays_managed(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    type_name = "AWS::CleanRooms::Tomorrow"
    aws.stacks["Stack"] = DeployedStack(resources={"A": (type_name, "x")})
    assembly.has_stack(construct("A", type_name, {}))

    assert adopt().output == "already managed  Stack/A\n"


def test_a_released_resource_does_not_count_as_managed(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    released = f"{aws.has_association('a')}|{MEMBERSHIP_ID}"
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (ASSOCIATION, released)}, resource_status="DELETE_SKIPPED"
    )
    assembly.has_stack(association("a"))

    assert adopt("--dry-run").output.split()[0] == "adopt"


# A detail that only Get returns


@pytest.mark.parametrize(("resource", "action"), [("mine", "adopt"), ("other", "create")])
def test_an_access_budget_is_found_by_the_resource_that_it_limits(
    resource: str, action: str, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    budgets = {"mine": MEMBERSHIP_ID, "theirs": MISSING_ID}
    aws.listed["ListPrivacyBudgetTemplates"] = [
        {"id": one, "membershipId": MEMBERSHIP_ID, "privacyBudgetType": "ACCESS_BUDGET"}
        for one in budgets.values()
    ]
    for limited, identifier in budgets.items():
        aws.has(
            BUDGET,
            f"{identifier}|{MEMBERSHIP_ID}",
            arn=f"arn:{limited}",
            MembershipIdentifier=MEMBERSHIP_ID,
            PrivacyBudgetType="ACCESS_BUDGET",
            Parameters={"ResourceArn": limited},
        )
    declared = {
        "MembershipIdentifier": MEMBERSHIP_ID,
        "PrivacyBudgetType": "ACCESS_BUDGET",
        "Parameters": {"ResourceArn": resource},
    }
    assembly.has_stack(construct("A", BUDGET, declared))

    status, output, error = adopt("--dry-run")

    assert status == 0, error
    found = [budgets[resource]] if action == "adopt" else []
    assert output.split() == [action, "Stack/A", *found]


def test_costs_that_a_member_pays_for_are_not_those_of_the_member_who_can_query() -> None:
    queries = {"CreatorMemberAbilities": ["CAN_QUERY"]}
    other = {"MemberAbilities": [], "PaymentConfiguration": {"QueryCompute": PAYS}}

    found = completed(BY_NAME[COLLABORATION], {**queries, "Members": [other]}, {})

    creator = found["CreatorPaymentConfiguration"]
    assert creator["QueryCompute"] == {}
    assert creator["JobCompute"] == PAYS


@pytest.mark.parametrize("kind", ["Glue", "Athena"])
def test_a_table_without_a_region_is_in_the_region_of_its_configured_table(kind: str) -> None:
    arn = f"arn:aws:cleanrooms:eu-west-1:{ACCOUNT}:configuredtable/{MISSING_ID}"
    live = {"Arn": arn, "TableReference": {kind: {"TableName": "people"}}}
    found = completed(BY_NAME["AWS::CleanRooms::ConfiguredTable"], live, {})
    assert found["TableReference"][kind] == {"TableName": "people", "Region": "eu-west-1"}


# Another stack


def test_a_resource_that_another_stack_manages_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    identifier = aws.has_association("a", tags={CREATED_IN: OTHER_STACK})
    aws.stacks["Other"] = DeployedStack(
        resources={
            "Else": (ASSOCIATION, "something else"),
            "Theirs": (ASSOCIATION, f"{identifier}|{MEMBERSHIP_ID}"),
        }
    )
    assembly.has_stack(association("a"))

    refused(
        adopt(),
        cdk,
        f"stack Other (as Theirs) manages '{identifier}|{MEMBERSHIP_ID}'; remove it there with"
        " removal policy RETAIN first, or refer to it with from_existing instead",
    )


@pytest.mark.parametrize("stack_id", [OTHER_STACK, "Other"])
@pytest.mark.parametrize(
    "other",
    [
        None,
        DeployedStack(resources={"Rest": ("AWS::SNS::Topic", "topic")}),
        DeployedStack(
            resources={"Theirs": (ASSOCIATION, "a1b2c3d4-5678-90ab-cdef-222222220000")},
            resource_status="DELETE_SKIPPED",
        ),
    ],
    ids=["deleted", "without it", "which kept it when it was deleted"],
)
def test_a_resource_that_its_stack_has_released_is_adopted(
    stack_id: str, other: DeployedStack | None, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a", tags={CREATED_IN: stack_id})
    if other:
        aws.stacks["Other"] = other
    assembly.has_stack(association("a"))

    status, output, error = adopt("--dry-run")

    assert (status, output.split()[0]) == (0, "adopt"), error


# Replacement


def test_a_difference_that_replaces_a_managed_resource_is_refused_unless_allowed(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    identifier = aws.has_association("a", Description="By hand", tags={"Of": "the stack"})
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (ASSOCIATION, f"{identifier}|{MEMBERSHIP_ID}")}
    )
    other = {"InputReferenceArn": f"{ID_NAMESPACE_ARN}2", "ManageResourcePolicies": True}
    assembly.has_stack(association("a", InputReferenceConfig=other, Description="Ours"))

    refused(
        adopt("--deploy"),
        cdk,
        "the next deployment would replace it, because InputReferenceConfig.InputReferenceArn"
        f" cannot be changed in place; declare the current value ('{ID_NAMESPACE_ARN}'), or use"
        " --allow-replacement",
    )
    allowed = adopt("--dry-run", "--allow-replacement")
    assert allowed.status == 0
    assert allowed.output.startswith(f"already managed  Stack/A  {identifier}  (the next ")
    assert "Tags" not in allowed.output


QUERY_PAYER = {"QueryCompute": {"IsResponsible": True}}
COLLABORATION_IN_USE: dict[str, Any] = {
    "Name": "ours",
    "CreatorDisplayName": "Us",
    "CreatorMemberAbilities": ["CAN_QUERY"],
    "CreatorPaymentConfiguration": QUERY_PAYER,
    "QueryLogStatus": "ENABLED",
    "Members": [{"AccountId": "444455556666", "DisplayName": "Partner", "MemberAbilities": []}],
}


@pytest.mark.parametrize(
    ("changes", "replacing"),
    [
        (
            {"CreatorPaymentConfiguration": {"QueryCompute": {"IsResponsible": False}}},
            "CreatorPaymentConfiguration.QueryCompute.IsResponsible",
        ),
        ({"CreatorPaymentConfiguration": QUERY_PAYER | {"JobCompute": {}}}, None),
        ({"CreatorMemberAbilities": ["CAN_RUN_JOB"]}, "CreatorMemberAbilities"),
        ({"Members": []}, "Members"),
        ({"QueryLogStatus": "DISABLED"}, "QueryLogStatus"),
        ({"AllowedResultRegions": [REGION]}, "AllowedResultRegions"),
        ({"Name": "renamed", "Description": "In place"}, None),
    ],
    ids=["who pays", "a default", "abilities", "members", "logs", "result Regions", "in place"],
)
@pytest.mark.unmeasured
def test_a_managed_collaboration_is_not_replaced_unless_that_is_allowed(
    changes: dict[str, Any],
    replacing: str | None,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
) -> None:
    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:ours", **COLLABORATION_IN_USE)
    aws.stacks["Stack"] = DeployedStack(resources={"A": (COLLABORATION, COLLABORATION_ID)})
    assembly.has_stack(construct("A", COLLABORATION, COLLABORATION_IN_USE | changes))

    outcome = adopt("--deploy")

    if replacing is None:
        assert outcome.status == 0, outcome.error
        assert cdk.commands() == ["synth", "deploy Stack"]
    else:
        reason = f"would replace it, because {replacing} cannot be changed in place"
        assert (outcome.status, reason in outcome.error) == (1, True), outcome.error
        assert cdk.commands() == ["synth"]
        assert adopt("--dry-run", "--allow-replacement").status == 0


def without_adopt(
    logical_id: str, type_name: str, **properties: Any
) -> tuple[str, dict[str, Any], None]:
    """Return a construct that does not adopt."""
    metadata = {"aws:cdk:path": f"Stack/The{logical_id}/Resource"}
    resource = {"Type": type_name, "Properties": properties, "Metadata": metadata}
    return logical_id, resource, None


IN_USE: dict[str, dict[str, Any]] = {
    "A": {"Type": COLLABORATION, "Properties": COLLABORATION_IN_USE},
    "M": {
        "Type": MEMBERSHIP,
        "Properties": {"CollaborationIdentifier": {"Fn::GetAtt": ["A", "CollaborationIdentifier"]}},
    },
}


@pytest.fixture
def in_use(aws: FakeAws) -> None:
    """A collaboration and a membership that were declared without adopt."""
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (COLLABORATION, COLLABORATION_ID), "M": (MEMBERSHIP, MEMBERSHIP_ID)},
        template={"Resources": IN_USE},
    )


def of_stack(
    collaboration: dict[str, Any] | None = None, membership: dict[str, Any] | None = None
) -> list[tuple[str, dict[str, Any], None]]:
    return [
        without_adopt("A", COLLABORATION, **(collaboration or COLLABORATION_IN_USE)),
        without_adopt("M", MEMBERSHIP, **(membership or IN_USE["M"]["Properties"])),
    ]


OTHER_COLLABORATION = COLLABORATION_ID.replace("3", "4")
PAYMENTS = "CreatorPaymentConfiguration"


@pytest.mark.parametrize(
    ("constructs", "construct", "reason"),
    [
        (
            of_stack({k: v for k, v in COLLABORATION_IN_USE.items() if k != PAYMENTS}),
            "Stack/TheA",
            f"because {PAYMENTS} cannot be changed in place; declare the current value"
            f" ({QUERY_PAYER})",
        ),
        (
            of_stack(COLLABORATION_IN_USE | {"AllowedResultRegions": [REGION]}),
            "Stack/TheA",
            "because AllowedResultRegions cannot be changed in place; declare the current value"
            " (none)",
        ),
        (
            of_stack(None, {"CollaborationIdentifier": OTHER_COLLABORATION}),
            "Stack/TheM",
            "because CollaborationIdentifier cannot be changed in place",
        ),
        (
            of_stack(None, {"CollaborationIdentifier": {"Fn::GetAZs": ""}}),
            "Stack/TheM",
            "because CollaborationIdentifier cannot be changed in place",
        ),
        (
            [
                without_adopt("B", COLLABORATION, **COLLABORATION_IN_USE),
                without_adopt("M", MEMBERSHIP, CollaborationIdentifier=COLLABORATION_ID),
            ],
            "Stack/A",
            "the next deployment would release or delete it, and use Stack/TheB instead",
        ),
    ],
    ids=["an argument removed", "one added", "another", "one known later", "another ID"],
)
@pytest.mark.usefixtures("in_use")
def test_what_belongs_to_all_partners_is_not_replaced_without_adopt_either(
    constructs: list[Any],
    construct: str,
    reason: str,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
) -> None:
    assembly.has_stack(*constructs)

    outcome = adopt("Stack", "--deploy")

    assert outcome.status == 1
    assert f"nothing was changed, because {construct}: " in outcome.error
    assert reason in outcome.error
    assert outcome.output.startswith(f"cannot           {construct}  ")
    assert cdk.commands() == ["synth"]
    assert adopt("Stack", "--deploy", "--allow-replacement").status == 0


@pytest.mark.parametrize(
    "constructs",
    [
        of_stack(),
        of_stack(COLLABORATION_IN_USE | {"Name": "renamed"}),
        of_stack(None, {"CollaborationIdentifier": COLLABORATION_ID}),
        [without_adopt("A", COLLABORATION, **COLLABORATION_IN_USE)],
        [*of_stack(), association("b")],
    ],
    ids=["nothing", "in place", "the same value", "released", "another type"],
)
@pytest.mark.usefixtures("in_use")
def test_what_replaces_nothing_is_deployed(
    constructs: list[Any], assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    assembly.has_stack(*constructs)

    outcome = adopt("Stack", "--deploy")

    assert outcome.status == 0, outcome.error
    assert cdk.commands() == ["synth", "deploy Stack"]


def test_a_stack_whose_template_is_yaml_is_compared_with_the_resource_itself(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (COLLABORATION, COLLABORATION_ID)}, template="Resources:\n  A:\n"
    )
    assembly.has_stack(without_adopt("A", COLLABORATION, **COLLABORATION_IN_USE))
    assert adopt("Stack", "--deploy").status == 0  # somebody has deleted it

    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:ours", **COLLABORATION_IN_USE)
    assert adopt("Stack", "--deploy").status == 0

    changed = COLLABORATION_IN_USE | {"AllowedResultRegions": [REGION]}
    assembly.has_stack(without_adopt("A", COLLABORATION, **changed))
    outcome = adopt("Stack", "--deploy")
    assert outcome.status == 1
    assert "because AllowedResultRegions cannot be changed in place" in outcome.error


def have_yaml(
    aws: FakeAws, declared: dict[str, Any] | str, live: dict[str, Any] | None = None
) -> None:
    """Add a collaboration whose stack has a template in YAML."""
    if isinstance(declared, dict):
        resource = {"Type": COLLABORATION, "Properties": declared}
        # A comment can have any indentation.
        text = yaml.dump({"Resources": {"A": resource}}).replace("\n", "\r\n# made by hand\n")
    else:
        text = f"Resources:\n  A:\n    Properties:\n{declared}"
    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:ours", **(live or COLLABORATION_IN_USE))
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (COLLABORATION, COLLABORATION_ID)}, template=text
    )


PAYING_MEMBER = COLLABORATION_IN_USE["Members"][0] | {"PaymentConfiguration": QUERY_PAYER}


@pytest.mark.parametrize(
    ("more", "property"),
    [
        ({"AllowedResultRegions": [REGION]}, "AllowedResultRegions"),
        (
            {"CreatorPaymentConfiguration": QUERY_PAYER | {"JobCompute": {"IsResponsible": True}}},
            "CreatorPaymentConfiguration",
        ),
        ({"Members": [PAYING_MEMBER]}, "Members"),
        ({"Members": [*COLLABORATION_IN_USE["Members"], PAYING_MEMBER]}, "Members"),
    ],
    ids=["a property", "inside a property", "in a list", "and an item of the list"],
)
@pytest.mark.parametrize("adopts", [False, True])
def test_an_argument_that_the_template_in_yaml_has_and_the_code_no_longer_is_refused(
    adopts: bool,
    more: dict[str, Any],
    property: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    cdk: Cdk,
) -> None:
    have_yaml(aws, COLLABORATION_IN_USE | more, COLLABORATION_IN_USE | more)
    one = construct if adopts else lambda *given: (*construct(*given)[:2], None)
    assembly.has_stack(one("A", COLLABORATION, COLLABORATION_IN_USE))

    outcome = adopt("Stack", "--deploy")

    assert f"would replace it, because {property} cannot be changed in place" in outcome.error
    assert cdk.commands() == ["synth"]
    assert adopt("Stack", "--deploy", "--allow-replacement").status == 0


def test_a_member_that_was_only_declared_in_a_condition_and_is_removed_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    # As the CDK CLI writes it. The description contains a separator of paragraphs.
    have_yaml(
        aws,
        """\
      Description: ours\u2029and theirs
      Members:
        Fn::If:
          - IsLarge
          - - AccountId: "444455556666"
              PaymentConfiguration: {}
          - []
""",
        COLLABORATION_IN_USE | {"Members": [PAYING_MEMBER]},
    )
    assembly.has_stack(construct("A", COLLABORATION, COLLABORATION_IN_USE))

    assert "would replace it, because Members cannot be" in adopt("Stack", "--deploy").error


IN_USE_AS_YAML = """\
      Name: ours
      Description: |
        AllowedResultRegions: in a text

        - of the description
      # AllowedResultRegions: in a comment
      Fn::Other:
        AllowedResultRegions: in what is not a name
      Members: !If
        - IsLarge
        - - AccountId: "444455556666"
          - AccountId: "777788889999"
        -
          - AccountId: "444455556666"
"""
REGIONS = {"AllowedResultRegions": [REGION]}
BOTH = [{"AccountId": "444455556666"}, {"AccountId": "777788889999"}]
EITHER = {"Fn::If": ["IsLarge", BOTH, BOTH[:1]]}


@pytest.mark.parametrize(
    ("before", "after", "live"),
    [
        (COLLABORATION_IN_USE, {}, REGIONS),
        (COLLABORATION_IN_USE | REGIONS, {}, {}),
        (COLLABORATION_IN_USE | {"AllowedResultRegions": []}, {}, {"AllowedResultRegions": []}),
        (COLLABORATION_IN_USE | REGIONS, REGIONS, REGIONS),
        (IN_USE_AS_YAML, {"Members": EITHER}, REGIONS | {"Members": BOTH}),
    ],
    ids=["never declared", "not set", "empty", "still declared", "not in the properties"],
)
def test_what_no_argument_was_removed_from_is_deployed(
    before: dict[str, Any] | str,
    after: dict[str, Any],
    live: dict[str, Any],
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
) -> None:
    have_yaml(aws, before, COLLABORATION_IN_USE | live)
    assembly.has_stack(construct("A", COLLABORATION, COLLABORATION_IN_USE | after))

    outcome = adopt("Stack", "--deploy")

    assert outcome.status == 0, outcome.error


def test_an_argument_that_is_removed_from_an_adopted_resource_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    properties = COLLABORATION_IN_USE | {"AllowedResultRegions": [REGION]}
    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:ours", **properties)
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (COLLABORATION, COLLABORATION_ID)},
        template={"Resources": {"A": {"Type": COLLABORATION, "Properties": properties}}},
    )
    assembly.has_stack(construct("A", COLLABORATION, COLLABORATION_IN_USE))

    outcome = adopt("Stack", "--deploy")

    assert outcome.status == 1
    assert "because AllowedResultRegions cannot be changed in place" in outcome.error


@pytest.mark.parametrize("made_again", [False, True])
def test_a_managed_resource_that_was_deleted_by_hand_is_refused(
    made_again: bool, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    if made_again:
        aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(
        resources={"A": (ASSOCIATION, f"{MISSING_ID}|{MEMBERSHIP_ID}")}
    )
    assembly.has_stack(association("a"))

    refused(
        adopt(),
        cdk,
        f"ID namespace association '{MISSING_ID}|{MEMBERSHIP_ID}' is gone: it was deleted outside"
        " CloudFormation, but stack Stack still has it; to bring it back, deploy once without this"
        " construct, and then add the construct and run this again, which creates it, or adopts"
        " what has taken its place",
    )


@pytest.mark.parametrize("options", [[], ["--allow-replacement"]])
def test_a_resource_that_is_listed_but_cannot_be_read_is_refused(
    options: list[str], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    identifier = aws.has_association("a")
    aws.live.clear()
    assembly.has_stack(association("a"))

    refused(
        adopt(*options),
        cdk,
        f"ID namespace association '{identifier}|{MEMBERSHIP_ID}' is listed, but it cannot be read:"
        " it was deleted a moment ago, or AWS does not show it everywhere yet; run this again",
    )


LIVE_MEMBERS = [
    {
        "AccountId": "444455556666",
        "DisplayName": "One",
        "PaymentConfiguration": {"QueryCompute": {}},
    },
    {"AccountId": "777788889999", "DisplayName": "Two"},
]


@pytest.mark.parametrize(
    ("members", "is_refused"),
    [
        ([{"AccountId": "777788889999"}, {"AccountId": "444455556666"}], False),
        ([{"AccountId": "777788889999"}, {"AccountId": "777788889999"}], True),
        ([{"AccountId": "777788889999"}], True),
    ],
    ids=["in another order", "another member", "fewer members"],
)
def test_lists_are_compared_without_their_order_and_the_defaults_of_aws(
    members: list[Any], is_refused: bool, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:ours", Name="ours", Members=LIVE_MEMBERS)
    identifier = {"CollaborationIdentifier": COLLABORATION_ID}
    declared = {"Name": "ours", "Members": members}
    assembly.has_stack(construct("A", COLLABORATION, declared, identifier=identifier))

    outcome = adopt("--dry-run")

    assert ("Members cannot be changed in place" in outcome.error) == is_refused


def test_a_difference_that_replaces_is_refused_unless_allowed(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    other = {"InputReferenceArn": f"{ID_NAMESPACE_ARN}2", "ManageResourcePolicies": True}
    assembly.has_stack(association("a", InputReferenceConfig=other))

    refused(
        adopt(),
        cdk,
        "the next deployment would replace it, because InputReferenceConfig.InputReferenceArn"
        f" cannot be changed in place; declare the current value ('{ID_NAMESPACE_ARN}'), or use"
        " --allow-replacement",
    )

    allowed = adopt("--dry-run", "--allow-replacement")
    assert allowed.status == 0
    assert f"from '{ID_NAMESPACE_ARN}' to '{ID_NAMESPACE_ARN}2', by replacing it)" in allowed.output


# What never changes


@pytest.mark.parametrize("more", [[], ["--allow-replacement"]], ids=["plain", "with replacement"])
def test_an_id_namespace_of_the_other_type_is_refused(
    more: list[str], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.listed["ListIdNamespaces"] = [{"idNamespaceName": "a", "type": "SOURCE"}]
    aws.has(ID_NAMESPACE, "a", arn="arn:a", IdNamespaceName="a", Type="SOURCE", Description="x")
    declared = {"IdNamespaceName": "a", "Type": "TARGET", "Description": "y"}
    assembly.has_stack(construct("A", ID_NAMESPACE, declared))

    refused(
        adopt(*more),
        cdk,
        "its Type is 'SOURCE' and cannot become 'TARGET', because AWS cannot change it, and"
        " CloudFormation does not replace the resource for it; declare the current value, or"
        " use another name",
    )


def test_a_collaboration_with_other_metrics_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:collaboration", Name="ours")
    identifier = {"CollaborationIdentifier": COLLABORATION_ID}
    declared = {"Name": "ours", "IsMetricsEnabled": True}
    assembly.has_stack(construct("A", COLLABORATION, declared, identifier=identifier))

    refused(
        adopt(),
        cdk,
        "its IsMetricsEnabled is not set and cannot become True, because AWS cannot change it, and"
        " CloudFormation does not replace the resource for it; declare the current value",
    )


def test_a_replacement_also_gives_what_nothing_else_can_change(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    membership: dict[str, Any] = {"MembershipIdentifier": MEMBERSHIP_ID}
    name, identifier = "AWS::CleanRooms::AnalysisTemplate", f"{MISSING_ID}|{MEMBERSHIP_ID}"
    aws.has(name, identifier, arn="arn:template", **membership, Name="old")
    aws.stacks["Stack"] = DeployedStack(resources={"A": (name, identifier)})
    details = {"ErrorMessageConfiguration": {"Type": "DETAILED"}}
    assembly.has_stack(construct("A", name, {**membership, **details, "Name": "new"}))

    assert "because Name cannot be changed in place; declare the current value ('old')" in (
        adopt("--dry-run").error
    )
    assert adopt("--dry-run", "--allow-replacement").status == 0


def test_what_an_analysis_template_cannot_change_inside_a_property_is_refused(
    aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    membership: dict[str, Any] = {"MembershipIdentifier": MEMBERSHIP_ID}
    name, arn = "AWS::CleanRooms::AnalysisTemplate", "arn:template"
    aws.has(name, f"{MISSING_ID}|{MEMBERSHIP_ID}", arn=arn, **membership)
    declared = {**membership, "ErrorMessageConfiguration": {"Type": "DETAILED"}}
    identifier = {"AnalysisTemplateIdentifier": MISSING_ID, **membership}
    assembly.has_stack(construct("A", name, declared, identifier=identifier))

    refused(
        adopt("--allow-replacement"),
        cdk,
        "its ErrorMessageConfiguration.Type is not set and cannot become 'DETAILED', because AWS"
        " cannot change it, and CloudFormation does not replace the resource for it; declare the"
        " current value, or use another name",
    )


# References


@pytest.mark.parametrize(
    "attributes",
    [
        {"DependsOn": "Thing"},
        {"DependsOn": ["Thing"]},
        {"Condition": "Thing"},
        {"Metadata": {"Of": {"Ref": "Thing"}}},
    ],
)
def test_a_reference_to_something_that_is_not_deployed_is_refused(
    attributes: dict[str, Any], aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a")
    assembly.has_stack(association("a", attributes=attributes))

    refused(
        adopt(),
        cdk,
        "it refers to Thing, which is not deployed yet, and an import cannot create it; deploy that"
        " first without this construct, or use literal values",
    )


@pytest.mark.parametrize(
    "template",
    [
        {"Conditions": {"Thing": {}}},
        "# made by hand\nParameters:\n  Other:\n    Type: String\n\nConditions:\n  Thing: true\n"
        "Outputs:\n  Unrelated:\n    Value: x\n",
    ],
    ids=["JSON", "YAML"],
)
def test_a_reference_to_a_deployed_condition_is_accepted(
    template: dict[str, Any] | str, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(template=template)
    assembly.has_stack(association("a", attributes={"Condition": "Thing"}))

    assert adopt("--dry-run").status == 0


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Ref": "AWS::AccountId"}, ACCOUNT),
        ({"Fn::Sub": "${AWS::Partition} in ${AWS::Region}"}, f"aws in {REGION}"),
        ({"Ref": "Team"}, "Data"),
        ({"Ref": "Resolved"}, "from SSM"),
        ({"Ref": "Topic"}, "arn:topic"),
        ({"Fn::GetAtt": ["Topic", "TopicName"]}, "topics"),
        ({"Fn::GetAtt": "Topic.TopicName"}, "topics"),
        ({"Fn::ImportValue": "Exported"}, "from another stack"),
        ({"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "Key"}}, "an output"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Team"}]]}, "a-Data"),
        ({"Fn::Select": ["1", {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::Sub": ["${Own} ${!Not} ${Topic.TopicName}", {"Own": "x"}]}, "x ${Not} topics"),
        ({"Fn::Join": ["-", {"Ref": "Columns"}]}, "id-region"),
        ({"Fn::Select": [1, {"Ref": "Columns"}]}, "region"),
        ({"Ref": "Columns"}, ["id", "region"]),
        ({"Fn::GetAtt": ["Nested", "Outputs.Key"]}, "of the nested stack"),
    ],
)
def test_values_of_deployed_resources_are_known(
    expression: dict[str, Any], value: Any, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.live["AWS::SNS::Topic", "arn:topic"] = {"TopicName": "topics"}
    aws.stacks["guid"] = DeployedStack(outputs={"Key": "of the nested stack"})
    aws.exports["Exported"] = "from another stack"
    aws.stacks["Other"] = DeployedStack(outputs={"Unrelated": "x", "Key": "an output"})
    aws.stacks["Stack"] = DeployedStack(
        resources={
            "Topic": ("AWS::SNS::Topic", "arn:topic"),
            "Nested": ("AWS::CloudFormation::Stack", "arn:stack/Nested/guid"),
        },
        parameters=[
            {"ParameterKey": "Team", "ParameterValue": "Data"},
            {"ParameterKey": "Columns", "ParameterValue": "id, region"},
            {"ParameterKey": "Resolved", "ParameterValue": "/p", "ResolvedValue": "from SSM"},
        ],
        template={
            "Resources": {"Topic": {}, "Nested": {}},
            "Parameters": {"Team": {}, "Resolved": {}, "Columns": {}},
        },
    )
    columns = {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/columns"}
    assembly.has_stack(
        association("a", Description=expression), more={"Parameters": {"Columns": columns}}
    )

    assert f"(the next deployment changes Description to {value!r})" in adopt("--dry-run").output


@pytest.mark.parametrize(
    "expression",
    [
        {"Fn::GetAtt": ["Topic", "Unheard"]},
        {"Fn::Base64": "x"},
        {"Fn::If": ["OfTheTemplate", "a", {"Ref": "AWS::NoValue"}]},
        {"Fn::FindInMap": ["OfTheTemplate", "a", "b"]},
        {"Ref": "Hidden"},
        {"Fn::Join": ["", {"Ref": "Topic"}]},
        {"Fn::GetAtt": ["Nested", "Outputs.Unheard"]},
    ],
)
def test_values_known_only_at_deployment_are_not_a_change(
    expression: dict[str, Any], aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.live["AWS::SNS::Topic", "arn:topic"] = {"TopicName": "topics"}
    aws.stacks["guid"] = DeployedStack(outputs={"Key": "x"})
    aws.stacks["Stack"] = DeployedStack(
        resources={
            "Topic": ("AWS::SNS::Topic", "arn:topic"),
            "Nested": ("AWS::CloudFormation::Stack", "arn:stack/Nested/guid"),
        },
        parameters=[{"ParameterKey": "Hidden", "ParameterValue": "****"}],
        template={
            "Resources": {"Topic": {}, "Nested": {}},
            "Parameters": {"Hidden": {}},
            "Mappings": {"OfTheTemplate": {}},
        },
    )
    assembly.has_stack(association("a", Description=expression, tags={"Team": expression}))

    status, output, error = adopt("--dry-run")

    assert (status, "(" in output) == (0, False), error


def test_an_attribute_that_cannot_be_read_is_not_a_change(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    topic = {"Topic": ("AWS::SNS::Topic", "arn:topic")}
    aws.stacks["Stack"] = DeployedStack(resources=topic)
    answer = aws._get_resource
    refusal = Refusal("AccessDeniedException", "Not you")
    aws._get_resource = (  # type: ignore[method-assign]
        lambda request: refusal if request["TypeName"] == "AWS::SNS::Topic" else answer(request)
    )
    assembly.has_stack(association("a", Description={"Fn::GetAtt": ["Topic", "TopicName"]}))

    status, output, error = adopt("--dry-run")

    assert (status, "(" in output) == (0, False), error


@pytest.mark.parametrize(
    ("membership", "reason"),
    [
        (
            {"Fn::ImportValue": "Membership"},
            "it refers to the export 'Membership' of another stack, which is not deployed yet;"
            " deploy that stack first",
        ),
        (
            {
                "Fn::GetStackOutput": {
                    "StackName": "Other",
                    "OutputName": "Membership",
                    "Region": "eu-west-1",
                }
            },
            "it refers to the output Membership of stack Other in another account or Region, which"
            " is read at the deployment; use a literal value",
        ),
        (
            {"Fn::Select": [1, {"Fn::Split": [",", "only"]}]},
            "Fn::Select is evaluated at deployment",
        ),
        (
            {"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "Membership"}},
            "it refers to the output Membership of stack Other, which is not deployed yet; deploy"
            " that stack first",
        ),
        ({"Ref": "Parameter"}, "it refers to Parameter, which is not deployed yet; deploy that"),
        ({"Fn::GetAtt": ["Parameter", "X"]}, "it refers to Parameter, which is not deployed yet;"),
    ],
)
def test_an_unknown_membership_is_refused(
    membership: dict[str, Any], reason: str, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    assembly.has_stack(association("a", MembershipIdentifier=membership))

    outcome = adopt()

    assert outcome.status == 1
    assert f"nothing was changed, because Stack/A: {reason}" in outcome.error
    assert cdk.commands() == ["synth"]


# Conditions

NEW = {"Fn::Equals": [{"Ref": "New"}, "yes"]}
KEPT = {"Fn::Equals": [{"Ref": "Kept"}, "yes"]}
HERE = {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
ELSEWHERE = {"Fn::Equals": [{"Fn::Sub": "${AWS::Region}"}, "eu-west-1"]}
OPEN = {"Fn::Equals": [{"Fn::FindInMap": ["Map", "a", "b"]}, "x"]}
PARAMETERS = {
    "New": {"Type": "String", "Default": "no"},
    "Kept": {"Type": "String", "Default": "yes"},
    "Empty": {"Type": "String"},
    "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/stage"},
    "List": {"Type": "CommaDelimitedList", "Default": "a,b"},
    "Flag": {"Type": "String", "Default": False},
    "Number": {"Type": "Number", "Default": 1.5},
}


def have_condition(aws: FakeAws, assembly: Assembly, condition: Any) -> None:
    """Add a stack that has one condition, and an association that exists only if it holds."""
    aws.stacks["Stack"] = DeployedStack(
        parameters=[{"ParameterKey": "Kept", "ParameterValue": "no"}],
        template={"Conditions": {"Wanted": {}}},
    )
    conditions = {"Wanted": condition, "Other": ELSEWHERE, "Circle": {"Condition": "Circle"}}
    assembly.has_stack(
        association("a", attributes={"Condition": "Wanted"}),
        more={"Parameters": PARAMETERS, "Conditions": conditions},
    )


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize(
    "condition",
    [
        NEW,
        KEPT,
        ELSEWHERE,
        {"Fn::Not": [HERE]},
        {"Fn::And": [OPEN, ELSEWHERE]},
        {"Fn::Or": [ELSEWHERE, {"Condition": "Other"}]},
        {"Fn::Equals": ["true", {"Ref": "Flag"}]},
        {"Fn::Equals": ["x-False", {"Fn::Sub": "x-${Flag}"}]},
        {"Fn::Equals": ["True", {"Fn::Join": ["", [True]]}]},
        {"Fn::Equals": ["x", {"Fn::Sub": ["${A}", {"A": {"Ref": "Flag"}}]}]},
    ],
)
def test_a_construct_whose_condition_is_false_is_neither_adopted_nor_created(
    exists: bool, condition: Any, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    if exists:
        aws.has_association("a")
    have_condition(aws, assembly, condition)

    status, output, error = adopt()

    assert (status, output) == (0, "left out         Stack/A  (its condition Wanted is false)\n")
    assert error.endswith("There is nothing to adopt\n")
    assert cdk.commands() == ["synth"]


@pytest.mark.parametrize(
    "condition",
    [
        HERE,
        OPEN,
        {"Fn::Not": [ELSEWHERE]},
        {"Fn::Not": [OPEN]},
        {"Fn::And": [OPEN, HERE]},
        {"Fn::And": [HERE, HERE]},
        {"Fn::Or": [OPEN, ELSEWHERE]},
        {"Fn::Or": [OPEN, HERE]},
        {"Condition": "Missing"},
        {"Condition": "Circle"},
        {"Fn::Equals": ["false", {"Ref": "Flag"}]},
        {"Fn::Equals": ["x", {"Ref": "Empty"}]},
        {"Fn::Equals": ["x", {"Ref": "Stored"}]},
        {"Fn::Equals": ["x", {"Ref": "List"}]},
        {"Fn::Equals": ["x", {"Fn::Join": [",", {"Ref": "List"}]}]},
        {"Fn::Equals": ["x", {"Ref": "AWS::StackId"}]},
        {"Fn::Equals": ["x", "{{resolve:ssm:/stage}}"]},
        {"Fn::Equals": ["1", 1.0]},
        {"Fn::Equals": ["1", ["1"]]},
        {"Fn::Equals": ["x-false", {"Fn::Sub": "x-${Flag}"}]},
        {"Fn::Equals": ["x-1.50", {"Fn::Sub": "x-${Number}"}]},
        {"Fn::Equals": ["x-y", {"Fn::Sub": "x-${Empty}"}]},
        {"Fn::Equals": ["x", {"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "Empty"}]}]}]},
        {"Fn::Equals": ["x", {"Fn::Select": [0, {"Fn::Split": ["-", 1]}]}]},
        {"Fn::Equals": ["x", {"Fn::Select": [0, {"Fn::Split": ["", "a"]}]}]},
        {"Fn::Equals": ["x", {"Fn::Sub": ["y"]}]},
        {"Fn::Equals": ["x", {"Fn::Sub": 1}]},
    ],
)
def test_a_construct_whose_condition_is_true_or_open_is_adopted_or_created(
    condition: Any, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    have_condition(aws, assembly, condition)
    assert adopt("--dry-run").output == "create           Stack/A\n"

    aws.has_association("a")
    assert adopt("--dry-run").output.startswith("adopt ")


@pytest.mark.parametrize(
    "options",
    [
        ["--parameters", "New=yes"],
        ["--", "--parameters=New=yes"],
        ["--", "--parameters", "New=yes"],
        ["--", "--no-previous-parameters"],
        ["--", "--previous-parameters=false"],
        ["--", "--previousParameters=false"],
    ],
)
@pytest.mark.parametrize("condition", [NEW, KEPT])
def test_options_for_parameters_leave_conditions_open(
    condition: Any, options: list[str], aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    have_condition(aws, assembly, condition)

    assert adopt("--dry-run", *options).output == "create           Stack/A\n"


@pytest.mark.parametrize(
    ("conditions", "more"),
    [({}, {"Transform": ["Macro"]}), ({"Fn::Transform": {"Name": "Macro"}}, {})],
    ids=["of the template", "of the conditions"],
)
def test_a_macro_leaves_conditions_open(
    conditions: dict[str, Any],
    more: dict[str, Any],
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
) -> None:
    aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(template={"Conditions": {"Wanted": {}}})
    assembly.has_stack(
        association("a", attributes={"Condition": "Wanted"}),
        more={"Conditions": {"Wanted": ELSEWHERE, **conditions}, **more},
    )

    assert adopt("--dry-run").output.startswith("adopt ")


@pytest.mark.parametrize("variable", ["CDK_PARAMETERS", "CDK_PREVIOUS_PARAMETERS"])
def test_parameters_from_the_environment_leave_conditions_open(
    variable: str,
    aws: FakeAws,
    assembly: Assembly,
    adopt: Adopt,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, "false")
    have_condition(aws, assembly, KEPT)

    assert adopt("--dry-run").output == "create           Stack/A\n"


def test_json_says_why_a_construct_is_left_out(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    have_condition(aws, assembly, ELSEWHERE)

    [construct] = json.loads(adopt("--format", "json").output)["stacks"][0]["constructs"]

    assert (construct["action"], construct["reason"]) == (
        "left out",
        "its condition Wanted is false",
    )


def test_what_is_in_a_membership_that_is_left_out_does_not_exist(
    assembly: Assembly, adopt: Adopt
) -> None:
    collaboration, (name, resource, entry), contents = SHARED
    left_out = (name, resource | {"Condition": "Other"}, entry)
    conditions = {"Conditions": {"Other": ELSEWHERE}}
    assembly.has_stack(collaboration, left_out, contents, more=conditions)

    assert adopt("--dry-run").output == (
        "create           Stack/Collaboration\n"
        "left out         Stack/Membership  (its condition Other is false)\n"
        "create           Stack/A\n"
    )


# Resources of a membership of the same app

SHARED = (
    construct("Collaboration", COLLABORATION, {"Name": "ours"}),
    construct(
        "Membership",
        MEMBERSHIP,
        {"CollaborationIdentifier": {"Fn::GetAtt": ["Collaboration", "CollaborationIdentifier"]}},
    ),
    association("a", MembershipIdentifier={"Fn::GetAtt": ["Membership", "MembershipIdentifier"]}),
)


def have_collaboration(aws: FakeAws) -> None:
    """Add a collaboration with a membership and an association, and the same for a partner."""
    aws.listed["ListCollaborations"] = [
        {"id": COLLABORATION_ID, "name": "ours", "creatorAccountId": ACCOUNT},
        {"id": MISSING_ID, "name": "ours", "creatorAccountId": "999999999999"},
    ]
    aws.listed["ListMemberships"] = [
        {"id": MEMBERSHIP_ID, "collaborationId": COLLABORATION_ID, "collaborationName": "ours"}
    ]
    aws.has(COLLABORATION, COLLABORATION_ID, arn="arn:collaboration", Name="ours")
    aws.has(
        MEMBERSHIP,
        MEMBERSHIP_ID,
        arn="arn:membership",
        CollaborationIdentifier=COLLABORATION_ID,
    )


def test_a_collaboration_and_its_contents_are_adopted_together(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    have_collaboration(aws)
    identifier = aws.has_association("a")
    # The constructs are in another order, which must not matter.
    assembly.has_stack(*reversed(SHARED))

    status, output, error = adopt("--dry-run")

    assert status == 0, error
    assert output.splitlines() == [
        f"adopt            Stack/A  {identifier}",
        f"adopt            Stack/Membership  {MEMBERSHIP_ID}",
        f"adopt            Stack/Collaboration  {COLLABORATION_ID}",
    ]


def test_the_contents_of_a_new_membership_are_created(
    assembly: Assembly, adopt: Adopt, aws: FakeAws
) -> None:
    assembly.has_stack(*SHARED)

    assert [line.split()[0] for line in adopt("--dry-run").output.splitlines()] == ["create"] * 3
    assert "ListIdNamespaceAssociations" not in aws.requests


def test_the_contents_of_a_membership_that_cannot_be_adopted_are_refused(
    assembly: Assembly, adopt: Adopt
) -> None:
    membership = construct(
        "Membership",
        MEMBERSHIP,
        {"CollaborationIdentifier": COLLABORATION_ID},
        identifier={"MembershipIdentifier": MEMBERSHIP_ID},
    )
    assembly.has_stack(membership, SHARED[2])

    outcome = adopt("--dry-run")

    assert [line.split()[0] for line in outcome.output.splitlines()] == ["cannot", "cannot"]
    assert "it refers to Stack/Membership, which is not adopted yet; run" in outcome.error


@pytest.mark.parametrize(
    "membership",
    [
        {"Fn::GetAtt": ["Membership", "MembershipIdentifier"]},
        {"Ref": "Membership"},
        {"Fn::ImportValue": "Membership"},
    ],
)
def test_a_deployed_membership_is_looked_up_in_its_stack(
    membership: dict[str, Any], aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    identifier = aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(resources={"Membership": (MEMBERSHIP, MEMBERSHIP_ID)})
    aws.exports["Membership"] = MEMBERSHIP_ID
    assembly.has_stack(association("a", MembershipIdentifier=membership))

    status, output, error = adopt("--dry-run")

    assert (status, output.split()) == (0, ["adopt", "Stack/A", identifier]), error


def test_a_reference_to_a_resource_adopted_in_the_same_run_is_known(
    aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    have_collaboration(aws)
    reference = {"Ref": "Collaboration"}
    membership = construct("Membership", MEMBERSHIP, {"CollaborationIdentifier": reference})
    assembly.has_stack(SHARED[0], membership)

    status, output, error = adopt("--dry-run")

    assert (status, [line.split()[0] for line in output.splitlines()]) == (0, ["adopt"] * 2), error


# Stacks that accept no change set


@pytest.mark.parametrize(
    ("state", "way_out"),
    [
        (
            "UPDATE_IN_PROGRESS",
            "another change is running; run this again when it has ended",
        ),
        (
            "ROLLBACK_COMPLETE",
            "it can only be deleted; run `cdk destroy Stack`, which keeps retained resources, and"
            " then run this again",
        ),
        (
            "UPDATE_ROLLBACK_FAILED",
            "run `cdk rollback Stack`, or continue the rollback in the CloudFormation console, and"
            " then run this again",
        ),
    ],
)
def test_a_stack_that_accepts_no_change_set_is_refused_with_the_way_out(
    state: str, way_out: str, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.stacks["Stack"] = DeployedStack(state)
    assembly.has_stack(association("a"))

    status, output, error = adopt()

    assert status == 1
    reason = f"stack Stack is in state {state}: {way_out}"
    assert error.endswith(f"error: nothing was changed, because {reason}\n")
    assert output == f"cannot           {reason}\n"
    assert cdk.commands() == ["synth"]


@pytest.mark.parametrize("state", ["DELETE_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_a_deleted_or_only_prepared_stack_manages_nothing(
    state: str, aws: FakeAws, assembly: Assembly, adopt: Adopt
) -> None:
    aws.has_association("a")
    aws.stacks["Stack"] = DeployedStack(state)
    assembly.has_stack(association("a"))

    status, output, error = adopt("--dry-run")

    assert (status, output.split()[0]) == (0, "adopt"), error
    assert "GetTemplate" not in aws.requests


# Accounts, Regions and permissions


def test_a_stack_of_another_account_is_refused(assembly: Assembly, adopt: Adopt) -> None:
    assembly.has_stack(association("a"), environment=f"aws://999999999999/{REGION}")

    status, output, error = adopt()

    assert (status, output) == (1, "")
    assert error.endswith(
        "error: the app has stacks in account 999999999999, but the credentials belong to account"
        f" {ACCOUNT}, and the app names no role to assume there; choose a profile of 999999999999"
        f" with --profile, or let 999999999999 trust {ACCOUNT} with `cdk bootstrap --trust"
        f" {ACCOUNT}`\n"
    )


def test_an_unknown_region_is_refused(
    assembly: Assembly, adopt: Adopt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assembly.has_stack(association("a"), environment="aws://unknown-account/unknown-region")

    assert adopt().error.endswith(
        "error: the Region of stack Stack is not known; use --region, or set AWS_REGION\n"
    )
    assert adopt("--dry-run", "--region", REGION).status == 0


@pytest.mark.parametrize(
    "operation",
    ["DescribeStacks", "ListStackResources", "GetResource", "ListIdNamespaceAssociations"],
)
def test_denied_access_is_reported_with_the_permissions(
    operation: str, aws: FakeAws, assembly: Assembly, adopt: Adopt, cdk: Cdk
) -> None:
    aws.has_association("a", tags={CREATED_IN: OTHER_STACK})
    aws.refusals[operation] = Refusal("AccessDeniedException", "Not you")
    assembly.has_stack(association("a"))

    status, output, error = adopt()

    assert (status, output) == (1, "")
    assert f"when calling the {operation} operation: Not you; check that you may use " in error
    assert cdk.commands() == ["synth"]
