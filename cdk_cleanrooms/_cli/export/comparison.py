"""Compare what a printed app declares with what was read, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..defaults import completed
from ..python_code import excerpt
from ..template import UnknownValueError, Values
from .printer import App
from .snapshot import Found, Snapshot
from .synthesizer import Properties, Synthesized

_NOTHING = object()
# What AWS fills in if it is not declared. A missing boolean always means false.
_FILLED_IN = {("AWS::CleanRooms::Collaboration", "AnalyticsEngine"): "SPARK"}


def differences(
    snapshot: Snapshot,
    app: App,
    synthesized: Synthesized,
    properties: Mapping[str, Properties],
) -> Iterator[str]:
    """Yield each difference between the constructs of an app and the resources.

    Args:
        snapshot: What was read.
        app: The printed app.
        synthesized: Its synthesis.
        properties: The properties of each type.

    Yields:
        One sentence for each property that differs.
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
        what = f"{found.type.noun} {found.label!r} ({found.identifier})"
        for name in sorted(existing.keys() - live.keys()):
            is_known = any(one.startswith(name.lower()) for one in read_only)
            if not is_known and not _is_empty(existing[name]):
                yield f"{what}: {name} is {excerpt(existing[name])}, which no construct knows yet"
        try:
            resolved = {name: values.of(declared[name]) for name in declared}
        except UnknownValueError as error:
            yield f"{what} could not be compared: {error}"
            continue
        ours, theirs = completed(type, resolved, live), completed(type, live, resolved)
        for name in sorted({*ours, *theirs}):
            our, their = ours.get(name, _FILLED_IN.get((found.type_name, name))), theirs.get(name)
            if _is_equal(our, their):
                continue
            if their is None:
                yield f"{what}: the resource has no {name}, and the code declares {excerpt(our)}"
            elif our is None:
                yield f"{what}: {name} is {excerpt(their)}, and the code does not declare it"
            else:
                yield f"{what}: {name} is {excerpt(their)}, and the code declares {excerpt(our)}"


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


def _is_equal(declared: Any, live: Any) -> bool:
    """Return whether two values mean the same. The service answers lists in any order."""
    if _is_empty(declared) or _is_empty(live):
        return _is_empty(declared) and _is_empty(live)
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        return all(_is_equal(declared.get(key), live.get(key)) for key in {*declared, *live})
    if isinstance(declared, list) and isinstance(live, list):
        others = [*live]
        for item in declared:
            same = next((one for one in others if _is_equal(item, one)), _NOTHING)
            if same is _NOTHING:
                return False
            others.remove(same)
        return not others
    return _text(declared) == _text(live)


def _is_empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_empty, value.values()))
    return value is None or value is False or value == []


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
