"""Checks that are made while the app is synthesized.

Some problems are known only at the end, because a construct can be removed from the tree, and a tag
from a resource. A check is added only when a problem becomes possible, so that other apps have no
additional cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

import jsii
from aws_cdk import CfnResource, IAnyProducer, IResolveContext, Lazy, Stack
from constructs import Construct, IConstruct, IValidation

from .environment import facts_of, same_app
from .facts import remember


class Tree:
    """The current construct tree, read with as few requests as possible.

    Args:
        known: A construct that is known to be in the tree.
    """

    def __init__(self, known: IConstruct | None = None) -> None:
        self._children: dict[int, tuple[IConstruct, ...]] = {}
        self._attached: dict[int, bool] = {id(known): True}
        self._conditional: dict[int, bool] = {}
        self._asked: list[IConstruct | None] = [known]

    def contains(self, construct: IConstruct, scope: IConstruct | None = None) -> bool:
        """Return whether a construct has not been removed from its tree.

        Args:
            construct: The construct.
            scope: Its scope, if that is known.
        """
        key = id(construct)
        if key not in self._attached:
            self._asked.append(construct)  # so that no other object gets this id
            parent = scope or construct.node.scope
            self._attached[key] = parent is None or (
                any(child is construct for child in self._children_of(parent))
                and self.contains(parent)
            )
        return self._attached[key]

    def is_conditional(self, construct: IConstruct) -> bool:
        """Return whether the resource of a construct has a condition."""
        key = id(construct)
        if key not in self._conditional:
            self._asked.append(construct)
            resource = construct.node.default_child
            self._conditional[key] = (
                isinstance(resource, CfnResource) and resource.cfn_options.condition is not None
            )
        return self._conditional[key]

    def _children_of(self, parent: IConstruct) -> tuple[IConstruct, ...]:
        key = id(parent)
        if key not in self._children:
            self._asked.append(parent)
            node = facts_of(parent).node if isinstance(parent, Stack) else parent.node
            self._children[key] = tuple(node.children)
        return self._children[key]


Check = Callable[[Tree], Iterable[str]]


@jsii.implements(IValidation)
class _Checks:
    def __init__(self, stack: Stack) -> None:
        self._checks: list[Check] = []
        facts_of(stack).node.add_validation(self)

    def add(self, check: Check) -> None:
        self._checks.append(check)

    def validate(self) -> list[str]:
        tree = Tree()
        return list(dict.fromkeys(message for check in self._checks for message in check(tree)))


def at_synthesis(stack: Stack, check: Check) -> None:
    """Add a check that runs when a stack is synthesized.

    Args:
        stack: The stack.
        check: A function that yields a message for each problem.
    """
    remember(stack, _Checks, lambda: _Checks(stack)).add(check)


Warn = Callable[[Tree], None]


@jsii.implements(IAnyProducer)
class _Warnings:
    """The functions that warn about a stack. The CDK calls `produce` when it collects metadata.

    At that time the tree is final, and unlike validation this cannot be skipped.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._functions: list[Warn] = []
        facts_of(stack).node.add_metadata("cdk-cleanrooms:warnings", Lazy.uncached_any(self))

    def add(self, warn: Warn) -> None:
        self._functions.append(warn)

    def produce(self, _context: IResolveContext) -> None:
        tree = Tree(known=self._stack)
        for warn in self._functions:
            warn(tree)


def warn_at_synthesis(stack: Stack, warn: Warn) -> None:
    """Add a function that warns when a stack is synthesized.

    Args:
        stack: The stack.
        warn: A function that adds warnings to constructs of the stack.
    """
    remember(stack, _Warnings, lambda: _Warnings(stack)).add(warn)


class Claims:
    """Find constructs that claim the same thing, if their number exceeds a limit.

    Entries are kept for the life of the process, as jsii keeps the constructs themselves.

    Args:
        limit: How many constructs can claim one thing.
    """

    def __init__(self, limit: int = 1) -> None:
        self._limit = limit
        self._claims: defaultdict[Hashable, list[tuple[Stack, Construct]]] = defaultdict(list)

    def add(
        self,
        stack: Stack,
        construct: Construct,
        claimed: Hashable,
        conflict: Callable[[list[Construct]], str | None],
    ) -> None:
        """Note that a construct claims something.

        Args:
            stack: The stack of the construct.
            construct: The construct.
            claimed: The thing that it claims.
            conflict: A function that is called at synthesis if too many constructs had claimed the
                thing before. It receives those constructs, and returns the error message, or None
                if there is no error.
        """
        earlier_in = self.note(stack, construct, claimed)

        def check(tree: Tree) -> Iterator[str]:
            assert earlier_in is not None
            earlier = earlier_in(tree)
            message = conflict(earlier) if len(earlier) >= self._limit else None
            if message:
                yield f"{construct.node.path}: {message}"

        if earlier_in is not None:
            at_synthesis(stack, check)

    def note(
        self,
        stack: Stack,
        construct: Construct,
        claimed: Hashable,
        matters: Callable[[Construct], bool] = lambda _: True,
    ) -> Callable[[Tree], list[Construct]] | None:
        """Note that a construct claims something.

        Args:
            stack: The stack of the construct.
            construct: The construct.
            claimed: The thing that it claims.
            matters: Whether an earlier claim of the thing can be the reason to ask for them.

        Returns:
            None if the limit cannot be exceeded. Otherwise a function that returns the constructs
            of the tree that had claimed the thing before, or none if this construct does not count.
        """
        entries = self._claims[claimed]
        position = len(entries)
        entries.append((stack, construct))

        def earlier(tree: Tree) -> list[Construct]:
            if not _counts(tree, construct):
                return []
            return [
                other
                for other_stack, other in entries[:position]
                if same_app(stack, other_stack) and _counts(tree, other)
            ]

        others = sum(
            matters(other) and same_app(stack, other_stack)
            for other_stack, other in entries[:position]
        )
        return earlier if others >= self._limit else None


def _counts(tree: Tree, construct: Construct) -> bool:
    # A resource with a condition may never be created.
    return tree.contains(construct) and not tree.is_conditional(construct)
