"""Tests that the pages of errors explain every code and warning, and show current messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from aws_cdk import App, CfnParameter, Environment, NestedStack, RemovalPolicy, Stack
from aws_cdk.assertions import Annotations, Match
from aws_cdk.aws_cleanrooms import CfnCollaboration
from aws_cdk.aws_iam import AccountRootPrincipal
from aws_cdk.aws_kms import Alias
from constructs import Construct

from cdk_cleanrooms import (
    Collaboration,
    IdMappingTable,
    IdNamespaceAssociation,
    Member,
    Membership,
    Problem,
    Results,
    ValidationError,
)

from . import entity_resolution
from .codes import codes_at_synthesis, codes_of_problems, unreadable_codes
from .messages import messages_of_constructs, messages_of_the_command
from .pages import ROOT, Block, blocks, pages

_ARGUMENTS = ROOT / "docs/errors/arguments.md"
_SYNTHESIS = ROOT / "docs/errors/synthesis.md"
_CDK = ROOT / "docs/errors/cdk-and-cloudformation.md"
_CDK_CLI = ROOT / "node_modules/aws-cdk/lib/index.js"

_MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
_COLLABORATION = "a1b2c3d4-5678-90ab-cdef-333333333333"
_ASSOCIATION = "b2c3d4e5-6789-01ab-cdef-222222222222"
_ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
_WORKFLOW = "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/customers"
_ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{_MEMBERSHIP}"

Provoke = Callable[[Stack], object]


def _associate(stack: Construct, id: Any = "Customers", **arguments: Any) -> IdNamespaceAssociation:
    good = {"membership": _MEMBERSHIP, "id_namespace": _ID_NAMESPACE, "name": "customers"}
    return IdNamespaceAssociation(stack, id, **{**good, **arguments})


def _collaborate(stack: Stack) -> CfnCollaboration:
    return CfnCollaboration(
        stack,
        "Collaboration",
        name="customers",
        description="Our customers",
        creator_display_name="We",
        query_log_status="DISABLED",
    )


def _with(**arguments: Any) -> Provoke:
    return lambda stack: _associate(stack, **arguments)


def _map(stack: Construct, id: str = "Table", **arguments: Any) -> IdMappingTable:
    good = {"membership": _MEMBERSHIP, "id_mapping_workflow": _WORKFLOW, "name": "customers"}
    return IdMappingTable(stack, id, **{**good, **arguments})


def _mapping(**arguments: Any) -> Provoke:
    return lambda stack: _map(stack, **arguments)


def _map_from_another_membership(stack: Stack) -> None:
    source = _associate(stack, membership=_MEMBERSHIP.replace("1111", "3333"))
    _map(stack, source=source)


def _map_from_and_to_the_same(stack: Stack) -> None:
    association = _associate(stack)
    _map(stack, source=association, target=association)


def _map_with_an_alias(stack: Stack) -> None:
    _map(stack, encryption_key=Alias.from_alias_name(stack, "Key", "alias/customers"))


def _import(**arguments: Any) -> Provoke:
    good = {"membership": _MEMBERSHIP, "id_namespace_association_identifier": _ASSOCIATION}
    return lambda stack: IdNamespaceAssociation.from_existing(
        stack, "Partners", **{**good, **arguments}
    )


def _import_arn(arn: Any) -> Provoke:
    return lambda stack: IdNamespaceAssociation.from_id_namespace_association_arn(
        stack, "Partners", arn
    )


def _look_up_without_environment(stack: Stack) -> None:
    IdNamespaceAssociation.from_lookup(
        Stack(cast(Construct, stack.node.root), "Open"),
        "Partners",
        membership_identifier=_MEMBERSHIP,
        id_namespace_association_identifier=_ASSOCIATION,
    )


def _adopt_twice(stack: Stack) -> None:
    _associate(stack, adopt=_ASSOCIATION)
    _associate(stack, "Again", adopt=_ASSOCIATION)


def _associate_twice(stack: Stack) -> None:
    _associate(stack)
    _associate(stack, "Again")


def _adopt_with_a_reference(stack: Stack) -> None:
    department = CfnParameter(stack, "Department").value_as_string
    _associate(stack, adopt=_ASSOCIATION, tags={"Department": department})


def _invite(stack: Construct, id: str = "Collaboration", **arguments: Any) -> Collaboration:
    good = {
        "name": "audience-overlap",
        "description": "Which customers we share",
        "creator": Member(
            display_name="Advertiser",
            abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            pays_for=["QUERY_COMPUTE", "MODEL_TRAINING"],
        ),
        "members": [_publisher()],
    }
    return Collaboration(stack, id, **{**good, **arguments})


def _publisher(**values: Any) -> Member:
    return Member(**{"account_id": "444455556666", "display_name": "Publisher", **values})


def _inviting(**arguments: Any) -> Provoke:
    return lambda stack: _invite(stack, **arguments)


def _joining(**arguments: Any) -> Provoke:
    return lambda stack: Membership(
        stack, "Membership", **{"collaboration": _COLLABORATION, **arguments}
    )


def _joining_own(collaboration: dict[str, Any], **arguments: Any) -> Provoke:
    return lambda stack: Membership(
        stack, "Membership", collaboration=_invite(stack, **collaboration), **arguments
    )


def _joining_from(account: str, collaboration: dict[str, Any], **arguments: Any) -> Provoke:
    def join(stack: Stack) -> None:
        environment = Environment(account=account, region="us-east-1")
        partner = Stack(cast(Construct, stack.node.root), "Partner", env=environment)
        Membership(
            partner, "Membership", collaboration=_invite(stack, **collaboration), **arguments
        )

    return join


def _join_twice(stack: Stack) -> None:
    for id in ("Membership", "Again"):
        Membership(stack, id, collaboration=_COLLABORATION)


def _results(**values: Any) -> Provoke:
    return _joining(results=Results(**{"bucket": "our-results", **values}))


def _many(declare: Callable[..., object], count: int) -> Provoke:
    def declare_many(stack: Stack) -> None:
        for number in range(count):
            declare(stack, f"Number{number}", name=f"customers {number}")

    return declare_many


def _grant(*actions: Any) -> Provoke:
    return lambda stack: _associate(stack).grants.actions(
        cast(Any, AccountRootPrincipal()), *actions
    )


_PROVOCATIONS: list[Provoke] = [
    lambda _: _associate(cast(Construct, "MyStack")),
    lambda stack: _associate(cast(Construct, stack.node.root)),
    lambda stack: _associate(
        Stack(
            cast(Construct, stack.node.root),
            "InStockholm",
            env=Environment(account="111122223333", region="eu-north-1"),
        ),
        id_namespace=_ID_NAMESPACE.replace("us-east-1", "eu-north-1"),
    ),
    _with(id=None),
    _with(id=""),
    _with(membership="membership-12345"),
    _with(membership=_ARN),
    _with(membership=_MEMBERSHIP.upper()),
    _with(membership=f" {_MEMBERSHIP}"),
    _with(membership=_MEMBERSHIP.replace("-", "")),
    _with(membership=f"membership/{_MEMBERSHIP}"),
    _with(membership=f"{{{_MEMBERSHIP}}}"),
    _with(membership=12345),
    lambda stack: _associate(stack, membership=_collaborate(stack)),
    _with(id_namespace="customers"),
    _with(id_namespace="arn:aws:cleanrooms:us-east-1:111122223333:input-reference/customers"),
    _with(id_namespace=f"{_ID_NAMESPACE}\n"),
    _with(id_namespace="https://example.com/customers"),
    _with(id_namespace=f"{_ID_NAMESPACE}{'s' * 200}"),
    _with(id_namespace=_ID_NAMESPACE.replace("111122223333", "444455556666")),
    _with(id_namespace=_ID_NAMESPACE.replace("us-east-1", "eu-west-1")),
    _with(id_namespace=None),
    _with(name=""),
    _with(name="   "),
    _with(name="customers\n"),
    lambda stack: _associate(
        stack, name=CfnParameter(stack, "N", type="CommaDelimitedList").value_as_list[0]
    ),
    _with(name=None),
    _with(description="c" * 256),
    _with(description="customers \U0001f600"),
    _with(description=["customers"]),
    _with(manage_resource_policies="true"),
    _with(tags=[{"Key": "Team", "Value": "DataScience"}]),
    _with(tags={"Team": ""}),
    _with(tags={"aws:team": "DataScience"}),
    _with(tags={7: "DataScience"}),
    _with(tags={"Team": 7}),
    _with(tags={"Team": "\ud800"}),
    _with(tags={f"Team{number}": "DataScience" for number in range(51)}),
    _with(removal_policy="RETAIN"),
    _with(removal_policy=RemovalPolicy.SNAPSHOT),
    _with(adopt="customers"),
    _with(adopt=7),
    lambda stack: _associate(stack, adopt=stack.stack_id),
    lambda stack: _associate(NestedStack(stack, "Nested"), adopt=_ASSOCIATION),
    _import(id_namespace_association_identifier=None),
    _import_arn(_ARN),
    _import_arn("{{resolve:ssm:/customers}}"),
    _import_arn(None),
    _look_up_without_environment,
    _mapping(id_mapping_workflow="customers"),
    _mapping(id_mapping_workflow=None),
    _mapping(name="customers--europe"),
    _mapping(encryption_key=_ID_NAMESPACE),
    _mapping(encryption_key=True),
    _map_with_an_alias,
    _mapping(source="customers"),
    _map_from_another_membership,
    _map_from_and_to_the_same,
    _inviting(description=""),
    _inviting(description="\n"),
    _inviting(creator="Advertiser"),
    _inviting(creator=Member(display_name="Advertiser", account_id="444455556666"), members=()),
    _inviting(members=_publisher()),
    _inviting(members=["444455556666"]),
    _inviting(members=[_publisher(account_id=None)]),
    _inviting(members=[_publisher(account_id="4444-5555-6666")]),
    _inviting(members=[_publisher(account_id=444455556666)]),
    _inviting(members=[_publisher(account_id="111122223333")]),
    _inviting(members=[_publisher(), _publisher(display_name="Publisher again")]),
    _inviting(members=[_publisher(account_id=f"{444455556666 + number}") for number in range(10)]),
    _inviting(members=[_publisher(abilities="CAN_RECEIVE_RESULTS")]),
    _inviting(members=[_publisher(abilities=["CAN_FLY"])]),
    _inviting(members=[_publisher(abilities=["CAN_RECEIVE_RESULTS"] * 2)]),
    _inviting(members=[_publisher(abilities=["CAN_QUERY"])]),
    _inviting(members=[_publisher(abilities=["CAN_RUN_JOB"])]),
    _inviting(query_log_enabled="ENABLED"),
    _inviting(data_encryption_metadata={}),
    _inviting(allowed_result_regions="us-east-1"),
    _inviting(allowed_result_regions=["Frankfurt"]),
    _inviting(allowed_result_regions=[1]),
    _inviting(adopt="audience-overlap"),
    _joining(collaboration="audience-overlap"),
    _joining(collaboration=12345),
    _joining(collaboration_identifier=_COLLABORATION),
    _joining_from("777788889999", {}),
    _joining_own({}, job_log_enabled=True),
    _joining_from(
        "444455556666",
        {"metrics_enabled": True},
        collaboration_identifier=_COLLABORATION,
        metrics_enabled=True,
    ),
    _joining_own({}, pays_for=["QUERY_COMPUTE"]),
    _joining_from(
        "444455556666",
        {},
        collaboration_identifier=_COLLABORATION,
        pays_for=["QUERY_COMPUTE"],
    ),
    _joining_from(
        "444455556666",
        {"members": [_publisher(abilities=["CAN_RECEIVE_RESULTS"])]},
        collaboration_identifier=_COLLABORATION,
    ),
    _joining(results="our-results"),
    _results(bucket=True),
    _results(prefix=True),
    _results(role=True),
    _results(bucket="Our_Results"),
    _results(bucket="arn:aws:s3:::our-results"),
    _results(prefix="our results"),
    _results(prefix="overlap*"),
    _results(role="Results"),
    _results(role="arn:aws:iam::111122223333:role/results,ours"),
    _results(query_runner_membership=_MEMBERSHIP),
    lambda stack: _associate(stack).grants.read(cast(Any, "analyst")),
    _grant(),
    _grant("cleanrooms:*"),
]


def _headings(page: Path) -> list[str]:
    lines = page.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("## ") for line in lines if line.startswith("## ")]


def _shown(page: Path, heading: str | None = None) -> list[Block]:
    """Return the `text` blocks of a page below all second-level headings, or below one of them."""
    lines = page.read_text(encoding="utf-8").splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith("## ")]
    start = places[0] if heading is None else lines.index(f"## {heading}")
    end = min([number for number in places if number > start], default=len(lines))
    return [
        block
        for block in blocks("text", path=page)
        if start < block.line and (heading is None or block.line <= end)
    ]


_PROVOCATIONS_AT_SYNTHESIS: list[Provoke] = [
    _associate_twice,
    _adopt_twice,
    _join_twice,
    entity_resolution.declare_twice,
]
_PROVOCATIONS_OF_WARNINGS: list[Provoke] = [
    _with(tags={"Team": "DataScience", "team": "DataScience"}),
    _adopt_with_a_reference,
    _many(_associate, 11),
    _many(_map, 6),
    _inviting(creator=Member(display_name="Advertiser", abilities=["CAN_QUERY"])),
    _inviting(members=[_publisher(account_id=f"{444455556666 + number}") for number in range(6)]),
    _joining_own({}, removal_policy=RemovalPolicy.DESTROY),
]


def _stack(folder: Path) -> Stack:
    environment = Environment(account="111122223333", region="us-east-1")
    return Stack(App(outdir=str(folder)), "MyStack", env=environment)


def test_every_code_has_a_heading_on_the_page_of_arguments_and_no_heading_is_invented() -> None:
    assert _headings(_ARGUMENTS) == sorted(codes_of_problems(), key=str.lower)


def test_the_code_of_every_problem_is_written_in_the_source() -> None:
    assert unreadable_codes() == []


def test_every_code_and_warning_at_synthesis_has_a_heading_and_no_heading_is_invented() -> None:
    headings = [one for one in _headings(_SYNTHESIS) if " " not in one]
    assert headings == sorted(codes_at_synthesis(), key=str.lower)


def test_the_page_shows_what_the_library_raises_under_its_code(tmp_path: Path) -> None:
    problems: list[Problem] = []
    for number, provoke in enumerate([*_PROVOCATIONS, *entity_resolution.PROVOCATIONS]):
        with pytest.raises(ValidationError) as caught:
            provoke(_stack(tmp_path / str(number)))
        problems += caught.value.problems
    assert {problem.code for problem in problems} <= {*_headings(_ARGUMENTS)}
    said = {re.sub(r"Token\[[^]]*\]", "Token[…]", str(problem)) for problem in problems}
    for code in _headings(_ARGUMENTS):
        shown = {block.code.strip() for block in _shown(_ARGUMENTS, code)}
        assert shown <= {line for line in said if line.endswith(f" [{code}]")}


@pytest.mark.parametrize("block", _shown(_SYNTHESIS), ids=str)
def test_the_page_of_the_synthesis_shows_messages_that_exist(block: Block) -> None:
    assert any(re.search(pattern, block.code) for pattern in messages_of_constructs())


@pytest.mark.parametrize("provoke", _PROVOCATIONS_AT_SYNTHESIS)
def test_what_fails_the_synthesis_has_a_code_on_the_page(provoke: Provoke, tmp_path: Path) -> None:
    stack = _stack(tmp_path)
    provoke(stack)
    with pytest.raises(RuntimeError) as raised:
        cast(App, stack.node.root).synth()
    codes = re.findall(r"\[(\w+)\]$", str(raised.value), flags=re.MULTILINE)
    assert codes
    assert {*codes} <= {*_headings(_SYNTHESIS)}


@pytest.mark.parametrize("provoke", _PROVOCATIONS_OF_WARNINGS)
def test_the_page_shows_each_warning(provoke: Provoke, tmp_path: Path) -> None:
    stack = _stack(tmp_path)
    provoke(stack)
    cast(App, stack.node.root).synth()
    warnings = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    said = {str(warning.entry.data) for warning in warnings}
    assert said
    for warning in said:
        id = warning.removesuffix("]").rpartition("[ack: ")[2]
        assert any(block.code.strip() in warning for block in _shown(_SYNTHESIS, id))


def test_no_message_of_the_command_is_missing_on_the_pages() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages())
    assert [one for one in messages_of_the_command() if not re.search(one, text)] == []


@pytest.mark.parametrize("block", _shown(_CDK, "The CDK CLI"), ids=str)
def test_the_page_shows_messages_of_the_cdk_cli_that_exist(block: Block) -> None:
    source = _CDK_CLI.read_text(encoding="utf-8")
    # The CLI joins some messages from parts with commas.
    for part in re.split("…,?", block.code.strip()):
        assert part.strip() in source
