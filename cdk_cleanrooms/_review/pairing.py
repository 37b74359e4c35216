"""Pair the resources of two assemblies by what identifies them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from .resources import Resource
from .values import Symbolic

_REFERENCE = re.compile(r"\u2039([^\u203a]*)\u203a")


class Pairs:
    """The resources of two assemblies, paired.

    They are paired by what identifies them; those with the same identity by their stack and logical
    ID; and then those that have only the logical ID in common, because their name changed.

    Args:
        old: The resources of the old assembly.
        new: The resources of the new assembly.

    Attributes:
        both: The pairs.
        removed: The old resources without a new one.
        created: The new resources without an old one.
    """

    def __init__(self, old: Iterable[Resource], new: Iterable[Resource]) -> None:
        self.both: list[tuple[Resource, Resource]] = []
        self.removed, self.created = [*old], [*new]
        # Without a name, the logical ID says more than what uses it, which can now use another.
        self._pair(lambda it: (it.type, it.base, it.stack.id, it.logical_id))
        self._pair(lambda it: None if it.is_named else (it.type, it.stack.id, it.logical_id))
        self._pair(lambda it: (it.type, it.base, it.stack.id))
        self._pair(lambda it: (it.type, it.base))
        self._pair(lambda it: (it.type, it.stack.id, it.logical_id))
        self._pair(lambda it: (it.type, it.logical_id), only_single=True)
        self._old = {id(new): old for old, new in self.both}
        self._names = {
            old.identity: new.identity for old, new in self.both if old.identity != new.identity
        }

    def old_of(self, new: Resource) -> Resource | None:
        """Return the old resource of a new one."""
        return self._old.get(id(new))

    def rename(self, value: Any) -> Any:
        """Return an old value with the new names of the resources that it refers to."""
        if not self._names:
            return value
        match value:
            case Symbolic():
                default = value.default
                renamed = Symbolic(self._renamed(value), value.deciders)
                renamed.default = self.rename(default) if value.deciders else str(renamed)
                return renamed
            case str():
                return self._names.get(value, value)
            case dict():
                return {key: self.rename(item) for key, item in value.items()}
            case list():
                return [self.rename(item) for item in value]
        return value

    def _renamed(self, text: str) -> str:
        return _REFERENCE.sub(
            lambda found: f"\u2039{self._names.get(found[1], found[1])}\u203a", text
        )

    def _pair(self, key: Callable[[Resource], Hashable], *, only_single: bool = False) -> None:
        olds: dict[Hashable, list[Resource]] = {}
        for resource in self.removed:
            olds.setdefault(key(resource), []).append(resource)
        news: dict[Hashable, list[Resource]] = {}
        for resource in self.created:
            news.setdefault(key(resource), []).append(resource)
        news.pop(None, None)
        paired: set[int] = set()
        for name, created in news.items():
            removed = olds.get(name, [])
            if only_single and (len(created) != 1 or len(removed) != 1):
                continue
            for old, new in zip(removed, created, strict=False):
                self.both.append((old, new))
                paired |= {id(old), id(new)}
        self.removed = [it for it in self.removed if id(it) not in paired]
        self.created = [it for it in self.created if id(it) not in paired]
