"""Compare values of properties by the table of directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .directions import (
    LESS,
    MORE,
    NEUTRAL,
    SEEN,
    UNCLEAR,
    UNSEEN,
    Amount,
    Effect,
    Entries,
    Flag,
    Items,
    Pairs,
    Row,
    Steps,
    Value,
    Whole,
)
from .resources import Resource
from .values import (
    ABSENT,
    UNKNOWN,
    Symbolic,
    as_list,
    by_default,
    is_open,
    only,
    same,
    scalar,
    texts,
)

NOT_KNOWN = "This version of the command does not know it."

# If a change has several effects, the first of these counts.
_SEVERITY = (MORE, UNSEEN, UNCLEAR, LESS, SEEN, NEUTRAL)


class Found(NamedTuple):
    """A difference of one property."""

    path: str
    old: Any
    new: Any
    effect: Effect
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """What the comparison of one resource needs to know of others.

    Attributes:
        tags_matter: Whether a policy has a condition on tags.
        managed: The ARNs of managed policies that are in the templates, so that their statements
            count.
        providers: The accounts whose analyses a rule of the new templates allows.
        has_open_providers: Whether a parameter decides one of these accounts.
        members: The accounts that the new templates invite to collaborations.
        jobs: The analysis templates that are jobs, by references to them.
        buckets: The accounts of the buckets whose stack has one, by references to them.
    """

    tags_matter: bool
    managed: frozenset[str]
    providers: frozenset[str]
    has_open_providers: bool
    members: frozenset[str]
    jobs: frozenset[str]
    buckets: Mapping[str, str]


class Walk:
    """The comparison of a resource with its former self.

    Args:
        rows: The directions of its type.
        old: Its old properties.
        new: Its new properties.
        resource: The new resource.
        facts: What is known of other resources.
        specials: The functions for what depends on other properties.
    """

    def __init__(
        self,
        rows: Mapping[str, Row],
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        *,
        resource: Resource,
        facts: Facts,
        specials: Mapping[str, SpecialFunction],
    ) -> None:
        self.old, self.new, self.resource, self.facts = old, new, resource, facts
        self._rows = rows
        self._specials = specials

    def differences(self) -> Iterator[Found]:
        """Yield the differences of all properties."""
        yield from self.members("", "", self.old, self.new)

    def members(self, path: str, at: str, old: Any, new: Any) -> Iterator[Found]:
        """Yield the differences of the members of an object, or of a list of one object."""
        before, after = _object(old), _object(new)
        if before is None or after is None:
            yield Found(at, old, new, UNCLEAR)
            return
        for name in sorted({*before, *after}):
            below = f"{path}.{name}" if path else name
            yield from self.compare(
                below,
                f"{at}.{name}" if at else name,
                before.get(name, ABSENT),
                after.get(name, ABSENT),
            )

    def compare(self, path: str, at: str, old: Any, new: Any) -> Iterator[Found]:
        """Yield the differences of a property.

        Args:
            path: Its path in the table of directions.
            at: Its path with the keys of entries.
            old: The old value.
            new: The new value.

        Yields:
            The differences.
        """
        if same(old, new):
            return
        row = self._rows.get(path)
        if row is None and not _has_rows_below(self._rows, path):
            yield Found(at, old, new, UNCLEAR, NOT_KNOWN)
        elif _is_old_by_default(row, old, new):
            yield Found(at, old, new, NEUTRAL, _note(row))
        elif is_open(old) or is_open(new):
            yield Found(at, old, new, _effect_of_open(row), _note(row))
        else:
            yield from self._by_row(row, path, at, old, new)

    def unknown(self, path: str, at: str, value: Any) -> Iterator[Found]:
        """Yield the members of a new value that the table of directions does not know."""
        for there, member in _unknown(self._rows, path, at, value):
            yield Found(there, ABSENT, member, UNCLEAR, NOT_KNOWN)

    def items(
        self,
        at: str,
        old: Any,
        new: Any,
        row: Items,
    ) -> Iterator[Found]:
        """Yield the difference of two lists without an order."""
        if [] in (old, new) and row.empty is not None:
            yield Found(at, old, new, row.empty, row.note)
            return
        if old is ABSENT and row.listed is not None:
            yield Found(at, old, new, row.listed, row.note)
            return
        if new is ABSENT and row.unlisted is not None:
            yield Found(at, old, new, row.unlisted, row.note)
            return
        before = _by_key([*row.default] if old is ABSENT else as_list(old))
        after = _by_key([*row.default] if new is ABSENT else as_list(new))
        added = {key: item for key, item in after.items() if key not in before}
        removed = {key: item for key, item in before.items() if key not in after}
        if not added and not removed:
            return
        effects = []
        # What parameters decided before is not known, so that it can be what is there now.
        was_open = [it for it in removed.values() if is_open(it)]
        for item in added.values():
            if is_open(item):
                known = [] if item.default is ABSENT else as_list(item.default)
                is_old = (
                    not was_open
                    and item.default is not UNKNOWN
                    and all(scalar(it) in before for it in known)
                )
                effects.append(NEUTRAL if is_old else UNCLEAR)
                for it in known if is_old else ():
                    removed.pop(scalar(it), None)
            elif any(scalar(item) in texts(it.default) for it in was_open):
                effects.append(UNCLEAR)
            else:
                effects.append(_effect_of_item(row, scalar(item), 0))
        effects += [_effect_of_item(row, scalar(item), 1) for item in removed.values()]
        effect = row.both if row.both and added and removed else worst(effects)
        yield Found(at, old, new, effect, row.note)

    def _by_row(self, row: Row | None, path: str, at: str, old: Any, new: Any) -> Iterator[Found]:
        match row:
            case None:
                yield from self.members(path, at, old, new)
            case Whole():
                yield from self._whole(row, path, at, old, new)
            case Value():
                effect = row.changed
                if old is ABSENT:
                    effect = row.added or effect
                elif new is ABSENT:
                    effect = row.removed or effect
                yield Found(at, old, new, effect, row.note)
            case Flag():
                yield from _flag(row, at, old, new)
            case Steps():
                yield from _steps(row, at, old, new)
            case Amount():
                yield Found(at, old, new, _amount(row, old, new), row.note)
            case Items():
                yield from self.items(at, old, new, row)
            case Pairs():
                yield from self.items(at, _pairs(row, old), _pairs(row, new), Items(note=row.note))
            case Entries():
                yield from self._entries(row, path, at, old, new)
            case _:
                yield from self._specials[row.name](self, path, at, old, new, row.note)

    def _whole(self, row: Whole, path: str, at: str, old: Any, new: Any) -> Iterator[Found]:
        was_there, is_there = old not in (ABSENT, []), new not in (ABSENT, [])
        if was_there and is_there:
            yield from self.members(path, at, old, new)
        elif is_there:
            yield Found(at, old, new, row.added, row.note)
            yield from self.unknown(path, at, new)
        elif was_there:
            yield Found(at, old, new, row.removed, row.note)

    def _entries(self, row: Entries, path: str, at: str, old: Any, new: Any) -> Iterator[Found]:
        if old is ABSENT and row.listed is not None:
            yield Found(at, old, new, row.listed, row.note)
            return
        if new is ABSENT and row.unlisted is not None:
            yield Found(at, old, new, row.unlisted, row.note)
            return
        before = _entries(row, old, {})
        after = _entries(row, new, before or {})
        if before is None or after is None:
            yield Found(at, old, new, UNCLEAR, row.note)
            return
        added = [key for key in after if key not in before]
        removed = [key for key in before if key not in after]
        mixed = row.both if added and removed else None
        for key in added:
            effect = mixed or (UNCLEAR if _has_open_key(row, after[key]) else row.added)
            yield Found(f"{at}[{key}]", ABSENT, after[key], effect, row.note)
            yield from self.unknown(path, f"{at}[{key}]", after[key])
        for key in removed:
            yield Found(f"{at}[{key}]", before[key], ABSENT, mixed or row.removed, row.note)
        common = [key for key in before if key in after]
        if row.moved is not NEUTRAL and common != [key for key in after if key in before]:
            yield Found(at, [*before], [*after], row.moved, "Their order changed.")
        for key in common:
            yield from self.members(path, f"{at}[{key}]", before[key], after[key])


SpecialFunction = Callable[[Walk, str, str, Any, Any, str], Iterable[Found]]


def unknown_members(rows: Mapping[str, Row], properties: Any) -> list[str]:
    """Return the paths of the properties that the table of directions does not know."""
    return sorted({there for there, _ in _unknown(rows, "", "", properties)})


def _unknown(rows: Mapping[str, Row], path: str, at: str, value: Any) -> Iterator[tuple[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        for name, member in item.items():
            below = f"{path}.{name}" if path else name
            there = f"{at}.{name}" if at else name
            if _has_rows_below(rows, below):
                yield from _unknown(rows, below, there, member)
            elif below not in rows:
                yield there, member


def _has_rows_below(rows: Mapping[str, Row], path: str) -> bool:
    return any(name.startswith(f"{path}.") for name in rows)


def worst(effects: Iterable[Effect]) -> Effect:
    """Return the effect that counts."""
    return min(effects, key=_SEVERITY.index, default=NEUTRAL)


def severity(effect: Effect) -> int:
    """Return a number by which effects are sorted, with the one that matters most first."""
    return _SEVERITY.index(effect)


def _note(row: Row | None) -> str:
    return row.note if isinstance(row, Whole | Value | Flag | Steps | Amount | Items) else ""


def _effect_of_open(row: Row | None) -> Effect:
    if isinstance(row, Value) and {row.changed, row.added, row.removed} <= {NEUTRAL, None}:
        return NEUTRAL
    return UNCLEAR


def _is_old_by_default(row: Row | None, old: Any, new: Any) -> bool:
    """Return whether parameters decide a value or items of a list, and their defaults the old one.

    The other parts of what is compared are known, so that the old value has no open parts.
    """
    if is_open(old) or not any(map(is_open, new if isinstance(new, list) else [new])):
        return False
    default = by_default(new)
    if isinstance(row, Items) and isinstance(old, list) and isinstance(default, list):
        return texts(old) == texts(default)
    return default is not UNKNOWN and same(old, default)


def _effect_of_item(row: Items, item: str, index: int) -> Effect:
    if row.values is None:
        return (row.added, row.removed)[index]
    return row.values.get(item, (UNCLEAR, UNCLEAR))[index]


def _object(value: Any) -> Mapping[str, Any] | None:
    value = only(value)
    if value is ABSENT or value == []:
        return {}
    return value if isinstance(value, dict) else None


def _by_key(values: Iterable[Any]) -> dict[str, Any]:
    return {_key(it): it for it in values}


def _key(value: Any) -> str:
    # The default is a part of what a parameter means.
    return f"{value} {value.default!r}" if is_open(value) else scalar(value)


def _pairs(row: Pairs, value: Any) -> Any:
    found: list[Any] = []
    for item in as_list(value):
        if not isinstance(item, dict) or not {*item} <= {row.one, row.others}:
            found.append(Symbolic(scalar(item), ["unknown members"]))
            continue
        one = item.get(row.one, "")
        for other in as_list(item.get(row.others, [])):
            text = f"{scalar(one)}({scalar(other)})"
            open_parts = [it for it in (one, other) if isinstance(it, Symbolic) and it.deciders]
            if open_parts:
                default = by_default([one, other])
                text = Symbolic(
                    text,
                    [each for it in open_parts for each in it.deciders],
                    UNKNOWN
                    if default is UNKNOWN
                    else f"{scalar(default[0])}({scalar(default[1])})",
                )
            found.append(text)
    return found


def _entries(
    row: Entries, value: Any, others: Mapping[str, Any]
) -> dict[str, dict[str, Any]] | None:
    found: dict[str, dict[str, Any]] = {}
    for item in as_list(value):
        if not isinstance(item, dict):
            return None
        keys = [item.get(name, "") for name in row.key.split()]
        text = " ".join(map(scalar, keys)).strip()
        if _has_open_key(row, item):
            default = by_default(keys)
            known = "" if default is UNKNOWN else " ".join(map(scalar, default)).strip()
            # A parameter whose default is the old key can leave everything as it was.
            text = known if known in others else text
        if text in found:
            return None
        found[text] = item
    return found


def _has_open_key(row: Entries, item: Mapping[str, Any]) -> bool:
    return any(is_open(item.get(name)) for name in row.key.split())


def _flag(row: Flag, at: str, old: Any, new: Any) -> Iterator[Found]:
    values = {"true": True, "false": False}
    before = row.default if old is ABSENT else values.get(scalar(old).lower())
    after = row.default if new is ABSENT else values.get(scalar(new).lower())
    if before is None or after is None:
        yield Found(at, old, new, UNCLEAR, row.note)
    elif before != after:
        yield Found(at, old, new, row.on if after else row.off, row.note)


def _steps(row: Steps, at: str, old: Any, new: Any) -> Iterator[Found]:
    ranks = {value: rank for rank, values in enumerate(row.values) for value in values}
    texts = [row.default if it is ABSENT else scalar(it) for it in (old, new)]
    if texts[0] == texts[1]:
        return
    before, after = (ranks.get(it) if it is not None else None for it in texts)
    if before is None or after is None or before == after:
        yield Found(at, old, new, UNCLEAR, row.note)
    else:
        yield Found(at, old, new, row.up if after > before else row.down, row.note)


def _amount(row: Amount, old: Any, new: Any) -> Effect:
    if old is ABSENT:
        return row.added
    if new is ABSENT:
        return row.removed
    before, after = number(old), number(new)
    if before is None or after is None:
        return UNCLEAR
    return row.up if after > before else row.down


def number(value: Any) -> float | None:
    """Return a number, also one that is written as text; None if it is none."""
    try:
        return float(scalar(value))
    except ValueError:
        return None
