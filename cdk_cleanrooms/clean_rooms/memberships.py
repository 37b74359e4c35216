"""What resources in a membership need to know about the membership and its collaboration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from aws_cdk import Tokenization
from aws_cdk.aws_cleanrooms import CfnCollaboration, CfnMembership
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from constructs import Construct

from .._core import checks
from .._core.construct_checks import elsewhere, place_of
from .._core.environment import facts_of_scope, stack_of
from .._core.facts import facts_about, publish
from .._core.in_membership import MEMBERSHIP_ARN, resolve_membership_arn
from .._core.references import Reference
from .._core.resource import ArnParts
from .._core.synthesis import Claims
from .._core.validation import Problem, Rule
from .member import MembershipFacts, Terms, can_query, can_receive_results, has_known_abilities

PRINCIPAL = "cleanrooms.amazonaws.com"
_NAME = re.compile(r"[a-zA-Z0-9_](([a-zA-Z0-9_ ]+-)*([a-zA-Z0-9_ ]+))?")
_NAME_LIMIT = 128
_table_names = Claims()

_membership_arn = checks.can_be_split(
    checks.arn(
        "a membership",
        "cleanrooms",
        re.compile(f"membership/{checks.IDENTIFIER.pattern}"),
        "membership/<ID>",
        alternative=", or the membership as a construct",
    )
)


@checks.text("the name, a string")
def table_alias(value: str) -> Iterator[checks.Fault]:
    """Check the name of a table in queries."""
    yield from checks.length("Name", value, 1, _NAME_LIMIT)
    if value and not _NAME.fullmatch(value):
        yield (
            "NameCharacters",
            "is not the name of a table in queries or of a template; use letters, digits,"
            " underscores, spaces and single hyphens; a hyphen cannot be the first, second or last"
            " character, and a space cannot be the first",
        )


def membership_arn(property: str, value: object) -> Iterator[Problem]:
    """Check a membership that is given as a construct or its ARN."""
    yield from _membership_arn(property, MEMBERSHIP_ARN.read(value))


def other_membership(scope: Construct) -> Rule:
    """Return a rule for a membership in the collaboration, given as a construct or its ARN.

    Args:
        scope: The scope of the resource that refers to the membership.
    """

    def rule(property: str, value: object) -> Iterator[Problem]:
        problems = [*membership_arn(property, value)]
        yield from problems
        if not problems:
            reason = "the members of a collaboration can only have memberships"
            yield from elsewhere(property, value, scope, reason, account=False)

    return rule


def query_runner_rule(scope: Construct, terms: Terms | None) -> Rule:
    """Return a rule for the membership of the member who can query, if it is given.

    Args:
        scope: The scope of the resource that refers to the membership.
        terms: The terms of the collaboration, if they are known.
    """
    well_formed = other_membership(scope)

    def rule(property: str, value: object) -> Iterator[Problem]:
        problems = [*well_formed(property, value)]
        yield from problems
        if not problems and terms is not None:
            yield from _query_runner_problems(property, value, terms)

    return checks.optional(rule)


def _query_runner_problems(property: str, membership: object, terms: Terms) -> Iterator[Problem]:
    """Yield that a membership is certainly not that of the member who can query."""
    runner = terms.query_runner
    if runner is None:
        return
    facts = facts_about(membership, MembershipFacts)
    member = facts.member if facts else None
    account, expected = place_of(membership).account, terms.account_of(runner)
    is_other_member = member is not None and has_known_abilities(member) and not can_query(member)
    is_other_account = (
        None not in (account, expected) and checks.is_known(str(expected)) and account != expected
    )
    if is_other_member or is_other_account:
        who = checks.excerpt(runner.display_name)
        message = (
            f"{checks.shown(membership)} is not the membership of {who}, who can query; use that"
            " one, or leave it out"
        )
        yield Problem(property, membership, message, "NotQueryRunner")


def terms_of(membership: object) -> Terms | None:
    """Return the terms of the collaboration of a membership, if they are known."""
    facts = facts_about(membership, MembershipFacts)
    return facts.terms if facts else None


def receiver_problems(property: str, value: object, membership: object) -> Iterator[Problem]:
    """Yield a problem if the member who declares a PySpark script cannot receive results."""
    facts = facts_about(membership, MembershipFacts)
    member = facts.member if facts else None
    if member is None or not all(map(checks.is_known, member.abilities)):
        return
    if not can_receive_results(member):
        message = (
            f"only a member who can receive results can create a PySpark template, and"
            f" {checks.excerpt(member.display_name)} cannot; use SQL, or add CAN_RECEIVE_RESULTS to"
            " its abilities"
        )
        yield Problem(property, value, message, "CannotReceiveResults")


def names_of_memberships(
    *identifiers: object, l1: type[CfnMembership | CfnCollaboration] = CfnMembership
) -> list[str]:
    """Return the IDs of memberships or the paths of their L1s, if they can be compared.

    An ID and an L1 cannot: the L1 may adopt the membership with this ID.

    Args:
        *identifiers: The IDs of the memberships.
        l1: The class of the L1s, if they are the IDs of collaborations instead.
    """
    texts = [each for each in identifiers if isinstance(each, str)]
    if all(map(checks.IDENTIFIER.fullmatch, texts)):
        return texts
    if not all(map(checks.is_whole_token, texts)):
        return []
    tokens = map(Tokenization.reverse_complete_string, texts)
    resources = [getattr(token, "target", None) for token in tokens]
    return [each.node.path for each in resources if isinstance(each, l1)]


def arns_of_members(
    scope: Construct,
    membership: IMembershipRef | str,
    given: Sequence[IMembershipRef | str],
    *,
    of_query_runner: bool = False,
) -> list[str]:
    """Return the ARNs of the memberships for which a role trusts Clean Rooms.

    Args:
        scope: A scope in the account and Region of the own membership.
        membership: The own membership.
        given: The memberships of other members, as far as the user has given them.
        of_query_runner: Whether only the member who can query is needed of the others.

    Returns:
        The ARNs, with `*` in place of an account or ID that is not known.
    """
    facts = facts_about(membership, MembershipFacts)
    exact = [MEMBERSHIP_ARN.read(each) for each in given]
    if exact and of_query_runner:
        accounts: list[str] = []
    elif facts is None or facts.terms is None:
        accounts = [] if exact else ["*"]
    else:
        terms = facts.terms
        others = [terms.query_runner] if of_query_runner else terms.everyone
        named = {_account_of(each) for each in given}
        accounts = [
            terms.account_of(member) or "*"
            for member in others
            if member not in (None, facts.member) and terms.account_of(member) not in named
        ]
    region = facts_of_scope(scope).region
    wildcards = [f"arn:aws:cleanrooms:{region}:{each}:membership/*" for each in accounts]
    return [*dict.fromkeys([resolve_membership_arn(scope, membership), *exact, *wildcards])]


def _account_of(membership: object) -> object:
    """Return the account of a membership, or an object that equals none if it is not known."""
    if isinstance(membership, str):
        parts = membership.split(":")
        return parts[4] if checks.is_known(membership) else membership
    facts = facts_about(membership, MembershipFacts)
    if facts is None or facts.terms is None or facts.member is None:
        return membership
    return facts.terms.account_of(facts.member) or membership


def external_id(scope: Construct, query_runner_membership: IMembershipRef | str | None) -> str:
    """Return the pattern of the external ID with which Clean Rooms assumes a role.

    Args:
        scope: A scope in the Region of the collaboration.
        query_runner_membership: The membership of the member who can query, if it is known.
    """
    region = facts_of_scope(scope).region
    runner = ""
    if query_runner_membership is not None:
        runner = ArnParts(MEMBERSHIP_ARN.read(query_runner_membership))[1]
    return f"arn:aws:*:{region}:*:dbuser:*/{runner}*"


def arn_in_policies(resource: Any, identifier: Reference) -> str:
    """Return the ARN of a resource in a membership as the service authorization reference has it.

    For some types, the reference of the API has another form of the ARN.

    Args:
        resource: The resource: a construct of this library, an L1, or any other object that the
            CDK accepts as such a resource.
        identifier: How to read its ID.
    """
    names = ("membership_arn", "attr_membership_arn")
    name = next((name for name in names if hasattr(type(resource), name)), None)
    if name is None:
        parent = Reference(identifier.property, "membership_identifier", "membership_identifier")
        membership = facts_of_scope(resource).arn("cleanrooms", "membership", parent.read(resource))
    else:
        membership = getattr(resource, name)
    path = identifier.property.removesuffix("_ref").replace("_", "")
    return f"{membership}/{path}/{identifier.read(resource)}"


class _Home(NamedTuple):
    """The ID of the membership that a table belongs to."""

    membership_identifier: str


def claim_table_name(
    construct: Construct,
    scope: Construct,
    membership: Any,
    membership_identifier: str,
    name: str,
) -> None:
    """Make synthesis fail if another table of the collaboration has the same name.

    Configured table associations and ID mapping tables have their names in common, and Clean Rooms
    does not distinguish uppercase and lowercase letters in them.

    Args:
        construct: The construct.
        scope: Its scope.
        membership: The membership.
        membership_identifier: The ID of the membership.
        name: The name of the table.
    """
    stack = stack_of(scope)
    if stack is None or any(map(checks.is_placeholder, (membership_identifier, name))):
        return
    alias = name.lower() if checks.is_known(name) else name
    facts = facts_about(membership, MembershipFacts)

    def conflict_within(where: str, earlier: list[Construct]) -> str:
        return (
            f"name: {checks.excerpt(name)} is also the name of {earlier[0].node.path}, in the same"
            f" {where}; use another name, or remove one of the two [NameNotUnique]"
        )

    _table_names.add(
        stack,
        construct,
        ("membership", membership_identifier, alias),
        lambda earlier: conflict_within("membership", earlier),
    )
    if facts is not None:
        home = _Home(membership_identifier)
        publish(construct, home)

        def conflict(earlier: list[Construct]) -> str | None:
            others = [each for each in earlier if facts_about(each, _Home) != home]
            return conflict_within("collaboration", others) if others else None

        claimed = ("collaboration", facts.collaboration_identifier, alias)
        _table_names.add(stack, construct, claimed, conflict)
