"""What every constructor does before and after its own arguments.

A constructor visits its declaration twice: it checks all arguments and calls `refuse`, and then,
with the L1 created, it calls `complete`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, cast

from aws_cdk import CfnResource, CfnTag, RemovalPolicy
from aws_cdk.interfaces.aws_cleanrooms import IMembershipRef
from constructs import Construct

from . import checks, construct_checks, tags as tag_rules
from .adoption import Adoption, adopted_identifier
from .construct_checks import ConstructArguments
from .imports import identifier_rule
from .in_membership import MEMBERSHIP, resolve_membership_arn
from .references import Reference
from .resource import Identity, LazyText, Resource, constantly
from .types import ResourceType
from .unique import Quota, claim_name
from .validation import Problem, Rule


class Declaration(ConstructArguments):
    """The declaration of one resource, made by its constructor.

    Args:
        kind: The class of the construct.
        scope: The scope of the construct.
        id: The construct's ID in its scope.
        name: The name, if such resources have one.
        name_rule: The rule for the name, if it is not the one that most resources of the service
            have in common.
        membership: The membership, if the resource belongs to one.
        membership_identifier: The ID of the membership, if it follows from another argument.
        tags: The tags.
        removal_policy: The removal policy.
        adopt: What the constructor's argument `adopt` says.

    Attributes:
        name: The name, if such resources have one.
        membership_identifier: The ID of the membership, if the resource belongs to one.
    """

    name: str
    membership_identifier: str
    _is_checked = False

    def __init__(
        self,
        kind: type[Resource],
        scope: Construct,
        id: str,
        *,
        name: str | None = None,
        name_rule: Rule = checks.name,
        membership: IMembershipRef | str | None = None,
        membership_identifier: str | None = None,
        tags: Mapping[str, str] | None,
        removal_policy: RemovalPolicy | None,
        adopt: str | bool | None,
    ) -> None:
        super().__init__(scope, id)
        self._kind, self._construct_scope = kind, scope
        self._type = type_ = kind._type
        self._membership = membership
        self._tags = tags
        self._removal_policy = removal_policy
        self._adoption = Adoption(scope, adopt, _adoption_rule(type_, name))
        if type_.needs_entity_resolution:
            self.report(construct_checks.region_of_id_mapping("scope", scope))
        if type_.is_in_membership:
            given: Any = (
                membership_identifier if membership is None else MEMBERSHIP.read(membership)
            )
            self.membership_identifier = self.check(
                "membership",
                given,
                self._adoption.literal(checks.membership, membership),
            )
            reason = "a resource can only belong to memberships"
            self.report(construct_checks.foreign("membership", membership, scope, reason))
        if type_.name_property is not None:
            rule = identifier_rule(type_) if type_.is_identified_by_name else name_rule
            self.name = self.check("name", cast(str, name), self._adoption.literal_name(rule))

    def check_finding(
        self, property: str, value: Any, rule: Rule, reference: Reference | None = None
    ) -> str:
        """Check an argument by which an adopted resource is found.

        Args:
            property: The name of the argument.
            value: Its value.
            rule: The rule for the text.
            reference: How to read the text of a construct, if the argument can be one.

        Returns:
            The text. It must be used instead of the value.
        """
        text = value if reference is None else reference.read(value)
        literal = self._adoption.literal(rule, value, is_in_identifier=False)
        return self.check(property, text, literal)

    def report(self, problems: Iterable[Problem]) -> None:
        """Add problems that were found by other means than `check`, but not after `refuse`."""
        assert not self._is_checked
        super().report(problems)

    def refuse(self) -> None:
        """Check the last arguments, and raise a `ValidationError` if a problem was found."""
        rule = partial(tag_rules.tags_rule, least=self._type.least_tag_value)
        self._tags = self.check("tags", self._tags, rule)
        self._adoption.check(self, self._removal_policy)
        self._problems = self._in_order(self._problems)
        super().refuse()
        self._is_checked = True

    def _in_order(self, problems: list[Problem]) -> list[Problem]:
        """Return the problems in the order of the constructor's arguments."""
        positions = {name: index for index, name in enumerate(self._kind.__signature__.parameters)}
        found, last = [], 0
        for problem in problems:
            # An argument of a factory stays behind what was checked before it.
            last = positions.get(problem.property, last)
            found.append((last, problem))
        return [problem for _, problem in sorted(found, key=lambda one: one[0])]

    @cached_property
    def tags(self) -> list[CfnTag] | None:
        """The tags, as an L1 accepts them."""
        return tag_rules.cfn_tags(self._tags)

    def complete(
        self,
        construct: Resource,
        resource: CfnResource,
        *,
        default_removal_policy: RemovalPolicy | None = None,
        quota: Quota | None = None,
    ) -> None:
        """Finish the construct, whose resource has been created.

        Args:
            construct: The construct.
            resource: Its resource.
            default_removal_policy: The removal policy if none was given. By default a resource is
                deleted, or retained if it is adopted.
            quota: The quota for such resources in one membership.
        """
        assert self._is_checked
        type_, scope = self._type, self._construct_scope
        construct._identity = self._identity(resource)
        assert isinstance(construct, tag_rules.TagMethods)
        construct._begin_tags(self._tags)
        parents = [self.membership_identifier] if type_.is_in_membership else []
        known = [adopted_identifier(self._membership) or parent for parent in parents]
        self._adoption.apply(
            construct,
            resource,
            self._removal_policy or default_removal_policy,
            lambda identifier: type_.identified(identifier, *known),
        )
        if type_.unique_within is not None:
            claim_name(
                construct, scope, type_.name, *parents, self.name, within=type_.unique_within
            )
        if quota is not None:
            quota.count(construct, scope, self.membership_identifier)

    def _identity(self, l1: Any) -> Identity:
        type_ = self._type
        membership = collaboration = None
        if type_.is_in_membership:
            membership = Identity(
                arn=self._membership_arn(l1), identifier=constantly(self.membership_identifier)
            )
        if type_.has_collaboration_attributes:
            collaboration = Identity(
                arn=lambda: l1.attr_collaboration_arn,
                identifier=lambda: l1.attr_collaboration_identifier,
            )
        return Identity(
            arn=lambda: getattr(l1, type_.arn_attribute),
            identifier=lambda: getattr(l1, type_.identifier_attribute),
            membership=membership,
            collaboration=collaboration,
        )

    def _membership_arn(self, l1: Any) -> LazyText:
        if self._type.has_collaboration_attributes:
            return lambda: l1.attr_membership_arn
        given = self._membership
        membership = (
            self.membership_identifier if given is None or isinstance(given, str) else given
        )
        return lambda: resolve_membership_arn(self._construct_scope, membership)


def _adoption_rule(type: ResourceType, name: str | None) -> Rule:
    """Return the rule for the identifier of a resource to adopt."""
    if type.is_identified_by_name:
        return _same_name(type, name)
    command = "cdk-cleanrooms discover"
    if type.is_in_membership:
        command += " --membership <membership ID>"
    command += f" --resource-type {type.option}"
    alternative = f" (`{command}` shows it)"
    if type.match:
        alternative += f", or True to find it by {type.found_by}"
    return checks.identifier(type.noun_with_article, type.path, command, alternative=alternative)


def _same_name(type: ResourceType, name: str | None) -> Rule:
    """Return a rule for a name that must be the declared one, which identifies the resource."""
    well_formed = identifier_rule(type)

    def rule(property: str, value: object) -> Iterator[Problem]:
        malformed = [*well_formed(property, value)]
        yield from malformed
        if not malformed and value != name and not _is_to_be_looked_up(value, name):
            message = (
                f"{checks.excerpt(value)} is not the name {checks.excerpt(name)} that is"
                " declared, and the name identifies it; use the same name, or True"
            )
            yield Problem(property, value, message, "AdoptOtherName")

    return rule


def _is_to_be_looked_up(*values: object) -> bool:
    return any(isinstance(value, str) and checks.is_placeholder(value) for value in values)
