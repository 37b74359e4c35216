"""The facts about configured tables and their associations that other resources check."""

from __future__ import annotations

from typing import Any, NamedTuple

from aws_cdk import Annotations
from aws_cdk.aws_cleanrooms import CfnCollaboration
from constructs import Construct

from .._core.environment import facts_of, stack_of
from .._core.facts import facts_about
from .._core.synthesis import Claims, Tree, warn_at_synthesis
from .analysis_rules import AnalysisRule, CustomAnalysisRule
from .analysis_sources import TemplateFacts
from .member import MembershipFacts
from .memberships import names_of_memberships
from .table_sources import TableSource

_associated = Claims()
_private_budgets: list[tuple[Construct, str]] = []


class TableFacts(NamedTuple):
    """The facts about a configured table of this app."""

    name: str
    source: TableSource
    analysis_methods: tuple[str, ...]
    analysis_rule: AnalysisRule | None


class AssociationFacts(NamedTuple):
    """The facts about a configured table association of this app."""

    membership: Any
    """The membership, as it was given."""
    membership_identifier: str
    table: TableFacts | None


def _rule_of(association: Construct) -> AnalysisRule | None:
    facts = facts_about(association, AssociationFacts)
    return facts.table.analysis_rule if facts and facts.table else None


def _private_column(rule: AnalysisRule | None) -> str | None:
    return rule.differential_privacy_column if isinstance(rule, CustomAnalysisRule) else None


def compare_rules(association: Construct, membership_identifier: str) -> None:
    """Warn at synthesis if tables of a membership cannot be queried together, or not at all.

    Args:
        association: The association of a table, whose facts have been published.
        membership_identifier: The ID of its membership.
    """
    rule, stack = _rule_of(association), stack_of(association)
    if rule is None or stack is None:
        return
    column = _private_column(rule)

    def differs(other: Construct) -> bool:
        others_rule = _rule_of(other)
        columns = {column, _private_column(others_rule)} - {None}
        return others_rule is None or others_rule.type != rule.type or len(columns) > 1

    # Asking whether they are still in the tree costs requests, and if all rules agree, nothing
    # depends on it.
    earlier_in = _associated.note(stack, association, membership_identifier, differs)

    def warn(tree: Tree) -> None:
        annotations = Annotations.of(association)
        earlier = [] if earlier_in is None else earlier_in(tree)
        for other in earlier[:1]:
            others_rule = _rule_of(other)
            if others_rule is not None and others_rule.type != rule.type:
                annotations.add_warning_v2(
                    "cdk-cleanrooms:ruleTypesDiffer",
                    f"The analysis rule is of the type {rule.type}, and that of {other.node.path}"
                    f" is of the type {others_rule.type}, so one query cannot use both tables. Use"
                    " rules of the same type, or acknowledge this warning.",
                )
        private = [each for each in earlier if column and _private_column(_rule_of(each))]
        for other in private[:1]:
            others_column = _private_column(_rule_of(other))
            if column != others_column:
                annotations.add_warning_v2(
                    "cdk-cleanrooms:privateColumnsDiffer",
                    f"The column {column!r} identifies people here, and {others_column!r} in"
                    f" {other.node.path}. With differential privacy, AWS needs the same column in"
                    " all tables of a collaboration. Use the same, or acknowledge this warning.",
                )
        if column is not None and not _has_private_budget(tree, association, membership_identifier):
            annotations.add_warning_v2(
                "cdk-cleanrooms:noPrivacyBudget",
                "The table has differential privacy, and this app declares no differential privacy"
                " budget in its membership, without which nobody can query it. Declare a"
                " PrivacyBudgetTemplate, or acknowledge this warning if there is one.",
            )

    if earlier_in is not None or column is not None:
        warn_at_synthesis(stack, warn)


def warn_of_foreign_templates(
    association: Construct, membership: object, rule: AnalysisRule | None
) -> None:
    """Warn if all templates that a rule allows belong to other collaborations.

    Args:
        association: The association of the table with the rule.
        membership: The membership of the association.
        rule: The analysis rule of the table.
    """
    own = facts_about(membership, MembershipFacts)
    allowed = rule.allowed_analyses if isinstance(rule, CustomAnalysisRule) else ()
    if own is None or not allowed:
        return
    for template in allowed:
        facts = facts_about(template, TemplateFacts)
        theirs = facts_about(facts.membership, MembershipFacts) if facts else None
        if theirs is None:
            return
        identifiers = {own.collaboration_identifier, theirs.collaboration_identifier}
        if len(identifiers) == 1 or not names_of_memberships(*identifiers, l1=CfnCollaboration):
            return
    Annotations.of(association).add_warning_v2(
        "cdk-cleanrooms:templatesOfOtherCollaborations",
        "Each analysis template that the analysis rule of the configured table allows is in another"
        " collaboration, so nothing can run in this one. Allow a template of this collaboration, or"
        " acknowledge this warning.",
    )


def note_private_budget(template: Construct, membership_identifier: str) -> None:
    """Note that a membership has a differential privacy budget.

    Args:
        template: The privacy budget template.
        membership_identifier: The ID of its membership.
    """
    _private_budgets.append((template, membership_identifier))


def _has_private_budget(tree: Tree, association: Construct, membership_identifier: str) -> bool:
    return any(
        membership == membership_identifier
        and _root_of(template) is _root_of(association)
        and tree.contains(template)
        for template, membership in _private_budgets
    )


def _root_of(construct: Construct) -> object:
    stack = stack_of(construct)
    assert stack is not None
    return facts_of(stack).root
