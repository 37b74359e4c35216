"""The members of a collaboration, with their abilities and payments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, cast, overload

from .._core import checks
from .._core.environment import Environment
from .._core.validation import Problem


class MemberAbility(StrEnum):
    """An ability of a member in a collaboration.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/userguide/glossary.html
    """

    CAN_QUERY = "CAN_QUERY"
    """The member can run queries. Only one member of a collaboration can have this ability."""
    CAN_RUN_JOB = "CAN_RUN_JOB"
    """The member can run PySpark jobs. Only the member who can query can have this ability."""
    CAN_RECEIVE_RESULTS = "CAN_RECEIVE_RESULTS"
    """The member can receive the results of queries and jobs."""


class CustomMLMemberAbility(StrEnum):
    """An ability of a member with custom machine learning models in a collaboration.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_MLMemberAbilities.html
    """

    CAN_RECEIVE_MODEL_OUTPUT = "CAN_RECEIVE_MODEL_OUTPUT"
    """The member can receive trained models."""
    CAN_RECEIVE_INFERENCE_OUTPUT = "CAN_RECEIVE_INFERENCE_OUTPUT"
    """The member can receive the output of inference."""


class PaymentResponsibility(StrEnum):
    """A kind of cost that a member can pay for.

    See Also:
        https://docs.aws.amazon.com/clean-rooms/latest/apireference/API_PaymentConfiguration.html
    """

    QUERY_COMPUTE = "QUERY_COMPUTE"
    """The costs of queries."""
    JOB_COMPUTE = "JOB_COMPUTE"
    """The costs of PySpark jobs."""
    MODEL_TRAINING = "MODEL_TRAINING"
    """The costs of training custom models."""
    MODEL_INFERENCE = "MODEL_INFERENCE"
    """The costs of inference with custom models."""
    SYNTHETIC_DATA_GENERATION = "SYNTHETIC_DATA_GENERATION"
    """The costs of generating synthetic data."""


if TYPE_CHECKING:
    # jsii needs this module too, but an older version of it than the default.
    from typing_extensions import TypeVar

    Account = TypeVar("Account", bound="str | None", default=str, covariant=True)
else:
    from typing import TypeVar

    Account = TypeVar("Account", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Member(Generic[Account]):
    """A member of a collaboration. The collaboration checks the values.

    Attributes:
        display_name: The name that the other members see, 1 to 100 characters on one line.
        account_id: The member's AWS account, 12 digits. The creator's account is that of the
            stack, and can be omitted; type checkers know such a member as `Member[None]`.
        abilities: The abilities of the member. By default it only contributes data.
        ml_abilities: The abilities of the member with custom machine learning models. None by
            default.
        pays_for: The costs that the member pays for. Several members can pay for the same costs.
            None by default: the member who can query pays for everything that no other member
            pays for. An empty list states explicitly that the member does not pay for queries.
    """

    display_name: str
    account_id: Account = cast(Account, None)  # noqa: RUF009
    abilities: Sequence[MemberAbility | str] = ()
    ml_abilities: Sequence[CustomMLMemberAbility | str] = ()
    pays_for: Sequence[PaymentResponsibility | str] | None = None

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: Member[None],
            *,
            display_name: str,
            account_id: None = None,
            abilities: Sequence[MemberAbility | str] = (),
            ml_abilities: Sequence[CustomMLMemberAbility | str] = (),
            pays_for: Sequence[PaymentResponsibility | str] | None = None,
        ) -> None: ...

        @overload
        def __init__(
            self: Member[str],
            *,
            display_name: str,
            account_id: str,
            abilities: Sequence[MemberAbility | str] = (),
            ml_abilities: Sequence[CustomMLMemberAbility | str] = (),
            pays_for: Sequence[PaymentResponsibility | str] | None = None,
        ) -> None: ...

        def __init__(self, **values: Any) -> None: ...


AnyMember: TypeAlias = Member[str | None]
"""A member, with or without the ID of its account."""

_abilities = checks.several(MemberAbility)
_ml_abilities = checks.several(CustomMLMemberAbility)
_costs = checks.several(PaymentResponsibility)


def _no_token(property: str, value: object) -> Iterator[Problem]:
    # A payment configuration has a boolean for each kind of cost.
    if checks.is_list_token(value):
        message = (
            f"{checks.excerpt(value)} is a list that is only known at deployment, and the template"
            " has True or False for each kind of cost; write the costs as a list of literal values"
        )
        yield Problem(property, value, message, "ListIsToken")
    else:
        yield from _costs(property, value)


pays_for_rule = checks.optional(_no_token)
"""Check the costs that a member pays for."""


@checks.text("the account ID, a string of 12 digits")
def _account(value: str) -> Iterator[checks.Fault]:
    if not checks.ACCOUNT.fullmatch(value):
        yield "AccountIdMalformed", "is not the ID of an AWS account; use its 12 digits"


def creator_rule(property: str, value: object) -> Iterator[Problem]:
    """Check the creator of a collaboration."""
    if isinstance(value, Member):
        yield from _parts(property, value, checks.optional(_account))
    else:
        expected = "a Member, such as Member(display_name='Example Corp')"
        yield checks.wrong_type(property, value, expected)


def members_rule(property: str, value: object) -> Iterator[Problem]:
    """Check the other members of a collaboration."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        expected = "a list of members, [Member(account_id=…, display_name=…)]"
        yield checks.wrong_type(property, value, expected)
        return
    for member in value:
        if not isinstance(member, Member):
            expected = "a Member, such as Member(account_id='111122223333', display_name='Partner')"
            yield checks.wrong_type(property, member, expected)
        elif member.account_id is None:
            who = checks.excerpt(member.display_name)
            message = f"{who} has no account_id; use the ID of its AWS account, 12 digits"
            yield Problem(property, member, message, "AccountIdMissing")
            yield from _parts(property, member, checks.optional(_account))
        else:
            yield from _parts(property, member, _account)


def _parts(property: str, member: AnyMember, account: Any) -> Iterator[Problem]:
    for part, rule in (
        ("display_name", checks.name),
        ("account_id", account),
        ("abilities", _abilities),
        ("ml_abilities", _ml_abilities),
        ("pays_for", pays_for_rule),
    ):
        for problem in rule(property, getattr(member, part)):
            who = checks.excerpt(member.display_name)
            message = f"the {part} of {who}, {problem.message}"
            yield Problem(property, problem.value, message, problem.code)


@dataclass(frozen=True)
class Terms:
    """The settings that the members of a collaboration agree on, as far as the app knows them."""

    creator: AnyMember
    members: tuple[AnyMember, ...]
    query_log_enabled: bool
    job_log_enabled: bool
    metrics_enabled: bool
    environment: Environment
    """The environment of the collaboration's stack."""

    @property
    def everyone(self) -> tuple[AnyMember, ...]:
        """All members, starting with the creator."""
        return (self.creator, *self.members)

    @property
    def creator_account(self) -> str | None:
        """The creator's account, or None if the stack has no concrete account."""
        return self.environment.account or self.creator.account_id

    @property
    def query_runner(self) -> AnyMember | None:
        """The member who can query."""
        return next((each for each in self.everyone if can_query(each)), None)

    def account_of(self, member: AnyMember) -> str | None:
        """Return the account of a member, or None if the stack has no concrete account."""
        return self.creator_account if member is self.creator else member.account_id

    def member_in(self, environment: Environment) -> AnyMember | None:
        """Return the member of an environment, or None if it is not known."""
        if environment == self.environment:
            return self.creator
        if environment.account is None:
            return None
        accounts = (self.account_of(each) for each in self.everyone)
        found = (
            member
            for member, account in zip(self.everyone, accounts, strict=True)
            if account == environment.account
        )
        return next(found, None)

    def has_no_member_in(self, environment: Environment) -> bool:
        """Return whether an environment certainly belongs to no member."""
        accounts = [environment.account, *map(self.account_of, self.everyone)]
        all_are_known = all(
            account is not None and checks.is_known(account) for account in accounts
        )
        return all_are_known and self.member_in(environment) is None

    def must_pay_for(self, member: AnyMember) -> set[str]:
        """Return the costs that a member has to pay for."""
        stated = set(map(str, member.pays_for or ()))
        paid = {str(cost) for each in self.everyone for cost in each.pays_for or ()}
        unpaid = {str(cost) for cost in PaymentResponsibility} - paid
        return stated | unpaid if can_query(member) else stated


@dataclass(frozen=True)
class MembershipFacts:
    """The facts about a membership of this app, as far as the app knows its collaboration."""

    terms: Terms | None
    member: AnyMember | None
    """The member whose membership it is."""
    collaboration_identifier: str


def has_known_abilities(member: AnyMember) -> bool:
    """Return whether all abilities of a member are known at synthesis."""
    return all(map(checks.is_known, member.abilities))


def can_query(member: AnyMember) -> bool:
    """Return whether a member can query."""
    return MemberAbility.CAN_QUERY in member.abilities


def can_receive_results(member: AnyMember) -> bool:
    """Return whether a member can receive results."""
    return MemberAbility.CAN_RECEIVE_RESULTS in member.abilities


def only_receives_results(member: AnyMember) -> bool:
    """Return whether a member can receive results but not query."""
    receives = can_receive_results(member)
    return receives and has_known_abilities(member) and not can_query(member)


def log_status(enabled: bool) -> str:
    """Return the status of logs as a value for CloudFormation."""
    return "ENABLED" if enabled else "DISABLED"


def payment_configuration(l1: Any, prefix: str, pays_for: Collection[str] | None) -> Any:
    """Return the payment configuration of a member for an L1.

    Args:
        l1: The L1, which has a class for each part.
        prefix: The prefix of the names of these classes.
        pays_for: The costs that the member pays for.

    Returns:
        The payment configuration, or None.
    """
    if pays_for is None:
        return None

    def part(name: str, **values: object) -> Any:
        return getattr(l1, f"{prefix}{name}Property")(**values)

    def costs(*kinds: PaymentResponsibility) -> dict[str, Any]:
        return {
            kind.lower(): part(
                f"{kind.replace('_', ' ').title().replace(' ', '')}PaymentConfig",
                is_responsible=kind in pays_for,
            )
            for kind in kinds
            if kind in pays_for or kind == PaymentResponsibility.QUERY_COMPUTE
        }

    machine_learning = costs(
        PaymentResponsibility.MODEL_TRAINING,
        PaymentResponsibility.MODEL_INFERENCE,
        PaymentResponsibility.SYNTHETIC_DATA_GENERATION,
    )
    if machine_learning:
        machine_learning = {"machine_learning": part("MLPaymentConfig", **machine_learning)}
    return part(
        "PaymentConfiguration",
        **costs(PaymentResponsibility.QUERY_COMPUTE, PaymentResponsibility.JOB_COMPUTE),
        **machine_learning,
    )
