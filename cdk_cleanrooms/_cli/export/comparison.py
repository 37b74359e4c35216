"""Compare what a printed app declares with what was read, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from ..defaults import completed
from ..python_code import declarable_tags, excerpt
from ..template import UnknownValueError, Values
from .printer import App
from .snapshot import Found, Snapshot
from .synthesizer import Properties, Synthesized

_NOTHING = object()
_ENGINE = "AnalyticsEngine"
# What AWS fills in for the engine, which no construct declares.
_ONLY_ENGINE = "SPARK"


class Difference(NamedTuple):
    """What a construct declares in another way than its resource has it."""

    construct: str
    """The construct's ID."""
    what: str
    """The resource, in words."""
    text: str
    """The difference."""
    is_changed: bool = False
    """Whether a deployment of the code would change the resource."""


def differences(
    snapshot: Snapshot,
    app: App,
    synthesized: Synthesized,
    properties: Mapping[str, Properties],
) -> Iterator[Difference]:
    """Yield each difference between the constructs of an app and the resources.

    Args:
        snapshot: What was read.
        app: The printed app.
        synthesized: Its synthesis.
        properties: The properties of each type.

    Yields:
        One difference for each value that differs.
    """
    by_logical_id = {
        logical_id: app.constructs[id]
        for id, logical_id in synthesized.logical_ids.items()
        if id in app.constructs
    }
    values = _values(snapshot, by_logical_id)
    for id, found in app.constructs.items():
        declared = synthesized.resource(id).get("Properties", {})
        writable, read_only = properties[found.type_name]
        existing = found.properties or {}
        live = {name: value for name, value in existing.items() if name.lower() in writable}
        type = found.type
        difference = partial(
            Difference, id, f"{found.type.noun} {found.label!r} ({found.identifier})"
        )
        for name in sorted(existing.keys() - live.keys()):
            is_known = any(one.startswith(name.lower()) for one in read_only)
            if not is_known and not _is_empty(existing[name]):
                yield difference(
                    f"{name} is {excerpt(existing[name])}, which no construct knows yet"
                )
        try:
            resolved = {name: values.of(declared[name]) for name in declared}
        except UnknownValueError as error:
            yield difference(f"its values could not be compared: {error}")
            continue
        if "Tags" in live:
            # A tag that no template can declare has a comment of its own.
            can_be_declared, _ = declarable_tags(type, found.tags)
            left_out = found.tags.keys() - can_be_declared.keys()
            live["Tags"] = [tag for tag in live["Tags"] if tag["Key"] not in left_out]
        ours, theirs = completed(type, resolved, live), completed(type, live, resolved)
        for name in sorted({*ours, *theirs}):
            if name == _ENGINE:
                if theirs[name] != _ONLY_ENGINE:
                    yield difference(_other_engine(theirs[name], found.identifier))
                continue
            for path, one, other in _differing(name, ours.get(name), theirs.get(name)):
                # What the service does not answer can still be there. The adoption's plan shows
                # tags, which a deployment changes in place.
                is_told = name in declared and name != "Tags"
                is_changed = is_told and one is not None and other is not None
                yield difference(_said(path, one, other), is_changed)


def _other_engine(engine: str, collaboration: str) -> str:
    return (
        f"AnalyticsEngine is {excerpt(engine)}, and the code does not declare it: AWS offers only"
        " SPARK now, so there is no argument. A deployment leaves the engine as it is. To change"
        f" it, run `aws cleanrooms update-collaboration --collaboration-identifier {collaboration}"
        " --analytics-engine SPARK`"
    )


def _said(path: str, our: Any, their: Any) -> str:
    if their is None:
        return f"the resource has no {path}, and the code declares {excerpt(our)}"
    if our is None:
        return f"{path} is {excerpt(their)}, and the code does not declare it"
    return f"{path} is {excerpt(their)}, and the code declares {excerpt(our)}"


def _values(snapshot: Snapshot, by_logical_id: Mapping[str, Found]) -> Values:
    pseudo_parameters = {
        "AWS::AccountId": snapshot.account,
        "AWS::Region": snapshot.region,
        "AWS::Partition": snapshot.partition,
        "AWS::NoValue": None,
    }

    def ref(name: str) -> Any:
        if name in pseudo_parameters:
            return pseudo_parameters[name]
        return _found(name).identifier

    def attribute(name: str, path: str) -> Any:
        return (_found(name).properties or {}).get(path)

    def _found(name: str) -> Found:
        if name not in by_logical_id:
            raise UnknownValueError(f"{name} is no resource of this app that was read")
        return by_logical_id[name]

    def outside(_: object) -> str:
        raise UnknownValueError("it comes from another stack")

    return Values(ref=ref, attribute=attribute, export=outside, output=outside)


def _differing(path: str, declared: Any, live: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the paths at which values do not mean the same, and the two values there."""
    if _is_equal(declared, live):
        return
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        for key in sorted({*declared, *live}):
            yield from _differing(f"{path}.{key}", declared.get(key), live.get(key))
        return
    if isinstance(declared, list) and isinstance(live, list):
        ours, theirs = _without_equal(declared, live)
        if len(ours) == len(theirs) == 1:
            yield from _differing(f"{path}.{live.index(theirs[0])}", ours[0], theirs[0])
            return
    yield path, declared, live


def _is_equal(declared: Any, live: Any) -> bool:
    """Return whether two values mean the same. The service answers lists in any order."""
    if _is_empty(declared) or _is_empty(live):
        return _is_empty(declared) and _is_empty(live)
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        return all(_is_equal(declared.get(key), live.get(key)) for key in {*declared, *live})
    if isinstance(declared, list) and isinstance(live, list):
        return not any(_without_equal(declared, live))
    return _text(declared) == _text(live)


def _without_equal(declared: list[Any], live: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return the items of each of two lists that have no equal in the other one."""
    ours, theirs = [], [*live]
    for item in declared:
        same = next((one for one in theirs if _is_equal(item, one)), _NOTHING)
        if same is _NOTHING:
            ours.append(item)
        else:
            theirs.remove(same)
    return ours, theirs


def _is_empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_empty, value.values()))
    return value is None or value is False or value == []


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
