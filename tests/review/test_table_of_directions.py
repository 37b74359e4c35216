"""Tests that each property, changed in each direction, is found, generated from the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import zip_longest
from typing import Any

import pytest

from cdk_cleanrooms._review.changes import WHOLE
from cdk_cleanrooms._review.directions import (
    BLOCKS,
    LESS,
    MORE,
    NEUTRAL,
    SEEN,
    TABLE,
    UNCLEAR,
    UNSEEN,
    Amount,
    Effect,
    Entries,
    Flag,
    Items,
    Pairs,
    Row,
    Special,
    Steps,
    Value,
    Whole,
)
from cdk_cleanrooms._review.resources import SERVICES
from tests.conformance.oracles import resource_schema

from .apps import app_of_l1s, app_of_l2s
from .templates import (
    Template,
    aggregation_rule,
    changes,
    custom_rule,
    list_rule,
    resource,
    template,
    with_property,
)

Case = tuple[Any, Any, Effect]

_RULES = {"Aggregation": aggregation_rule, "Custom": custom_rule, "List": list_rule}
_BASES: Mapping[str, Template] = {
    "AWS::CleanRooms::PrivacyBudgetTemplate": {
        "MembershipIdentifier": "m",
        "PrivacyBudgetType": "DIFFERENTIAL_PRIVACY",
        "AutoRefresh": "NONE",
    },
    "AWS::CleanRooms::AnalysisTemplate": {"Name": "reach", "Format": "SQL"},
    "AWS::EntityResolution::PolicyStatement": {
        "Arn": "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
        "StatementId": "Use",
        "Action": ["entityresolution:GetIdNamespace"],
        "Principal": ["444455556666"],
    },
    "AWS::Logs::LogGroup": {"LogGroupName": "/aws/cleanrooms/membership"},
}
_STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
_DOCUMENT = {"Statement": [_STATEMENT]}
_WIDER = {"Statement": [{**_STATEMENT, "Action": "s3:*"}]}
_KEY = "arn:aws:kms:us-east-1:111122223333:key/1"
_SPECIALS: Mapping[str, list[Case]] = {
    # Which columns, methods and rules count is tested in test_analysis_rules.py.
    "allowed_columns": [(["a"], ["a", "b"], NEUTRAL), (["a", "b"], ["a"], NEUTRAL)],
    "analysis_method": [],
    "analysis_rule": [(None, custom_rule(), MORE), (custom_rule(), None, LESS)],
    "columns": [
        ([{"Name": "a"}, {"Name": "b"}], [{"Name": "b"}, {"Name": "a"}], UNCLEAR),
        ([{"Name": "a"}], [{"Name": "a"}, {"Name": "b"}], NEUTRAL),
        ([{"Name": "a"}], [{"Name": "a", "OfALaterVersion": 1}], UNCLEAR),
    ],
    "key": [
        (None, _KEY, LESS),
        (_KEY, None, MORE),
        (_KEY, f"{_KEY}0", UNCLEAR),
        (_KEY, _KEY.replace("111122223333", "444455556666"), MORE),
    ],
    "lifecycle": [
        (None, {"Rules": [{"Id": "a", "Status": "Enabled", "ExpirationInDays": 7}]}, LESS),
        ({"Rules": [{"Id": "a", "Status": "Enabled", "ExpirationInDays": 7}]}, None, MORE),
    ],
    "log_group": [(30, 7, UNSEEN), (7, 30, SEEN), (None, 7, UNSEEN), (7, None, SEEN)],
    "managed_policies": [([], ["arn:a"], UNCLEAR), (["arn:a"], [], LESS)],
    "place": [("a", "b", UNCLEAR), (None, "a", UNCLEAR), ("a", None, UNCLEAR)],
    "public_access": [
        (None, dict.fromkeys(BLOCKS, True), LESS),
        (None, dict.fromkeys(BLOCKS, False), MORE),
        (None, dict.fromkeys(BLOCKS[1:], True), MORE),
        (None, dict.fromkeys(BLOCKS, "{{resolve:ssm:/blocks}}"), UNCLEAR),
        (dict.fromkeys(BLOCKS, True), None, MORE),
    ],
    "refresh": [("NONE", "CALENDAR_MONTH", MORE), ("CALENDAR_MONTH", "NONE", LESS)],
    "tags": [([], [{"Key": "Team", "Value": "a"}], NEUTRAL)],
    "thresholds_of_columns": [],
}
# A policy is compared as a whole: test_policies.py tests the rest of what it says.
_POLICIES: Mapping[str, list[Case]] = {
    "AWS::IAM::Role.AssumeRolePolicyDocument": [
        (_DOCUMENT, _WIDER, MORE),
        (_WIDER, _DOCUMENT, LESS),
    ],
    "AWS::KMS::Key.KeyPolicy": [(_DOCUMENT, _WIDER, MORE), (_WIDER, _DOCUMENT, LESS)],
    "AWS::S3::AccessPoint.Policy": [(_DOCUMENT, _WIDER, MORE), (_WIDER, _DOCUMENT, LESS)],
    **{
        f"{name}.Policies": [
            ([{"PolicyDocument": _DOCUMENT}], [{"PolicyDocument": _WIDER}], MORE),
            ([{"PolicyDocument": _WIDER}], [{"PolicyDocument": _DOCUMENT}], LESS),
        ]
        for name in ("AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User")
    },
}


def cases(row: Row, type_name: str, path: str) -> Iterator[Case]:
    """Yield old and new values of a property, and the effect of the change."""
    match row:
        case Whole():
            content = _sample_below(type_name, path)
            yield None, content, row.added
            yield content, None, row.removed
        case Value():
            yield "a", "b", row.changed
            yield None, "a", row.added or row.changed
            yield "a", None, row.removed or row.changed
        case Flag():
            yield False, True, row.on
            yield True, False, row.off
            yield None, not row.default, row.off if row.default else row.on
        case Steps():
            for (low, *_), (high, *_) in zip(row.values, row.values[1:], strict=False):
                yield low, high, row.up
                yield high, low, row.down
            if row.default is not None:
                yield None, row.values[-1][-1], row.up
                yield row.values[-1][-1], None, row.down
            yield row.values[0][0], "OF_A_LATER_VERSION", UNCLEAR
        case Amount():
            yield 5, 6, row.up
            yield 6, 5, row.down
            yield None, 5, row.added
            yield 5, None, row.removed
        case Items(values=None):
            yield ["a"], ["a", "b"], row.added
            yield ["a", "b"], ["a"], row.removed
            yield ["a"], ["b"], row.both or (MORE if MORE in (row.added, row.removed) else UNCLEAR)
            if row.listed is not None and row.unlisted is not None:
                yield None, ["a"], row.listed
                yield ["a"], None, row.unlisted
            if row.empty is not None:
                yield ["a"], [], row.empty
                yield [], ["a"], row.empty
                yield None, [], row.empty
        case Items():
            assert row.values is not None
            for name, (added, removed) in row.values.items():
                yield [], [name], added
                yield [name], [], removed
            yield [], ["OF_A_LATER_VERSION"], UNCLEAR
        case Pairs():
            first, second = ({row.one: it, row.others: ["x"]} for it in ("a", "b"))
            yield [first], [first, second], MORE
            yield [first, second], [first], LESS
            yield [first], [{row.one: "a", row.others: ["x", "y"]}], MORE
        case Entries():
            one, two = (dict.fromkeys(row.key.split(), it) for it in ("a", "b"))
            yield [one], [one, two], row.added
            yield [one, two], [one], row.removed
            yield [one, two], [two, one], row.moved
            if row.listed is not None and row.unlisted is not None:
                yield None, [one], row.listed
                yield [one], None, row.unlisted
        case Special("policy"):
            yield from _POLICIES.get(f"{type_name}.{path}", ())
        case Special():
            yield from _SPECIALS[row.name]


def _sample_below(type_name: str, path: str) -> Any:
    """Return an object with a member that the table knows."""
    below = [name for name in TABLE[type_name] if name.startswith(f"{path}.")]
    content: dict[str, Any] = {}
    node = content
    *parents, last = min(below).removeprefix(f"{path}.").split(".")
    for step in parents:
        node = node.setdefault(step, {})
    node[last] = "a"
    return content


def written(type_name: str, path: str) -> str:
    """Return a path with `[]` after the names of lists of objects, as the schema has them."""
    schema = resource_schema(type_name)
    made: list[str] = []
    nodes = [schema]
    for name in path.split("."):
        found = [
            _resolved(schema, node["properties"][name])
            for node in _objects(schema, nodes)
            if name in node.get("properties", {})
        ]
        is_list = any("items" in node for node in found)
        made.append(f"{name}[]" if is_list else name)
        nodes = [_resolved(schema, it["items"]) if "items" in it else it for it in found]
    return ".".join(made)


def _objects(schema: Template, nodes: list[Template]) -> Iterator[Template]:
    for node in nodes:
        yield node
        for key in ("oneOf", "anyOf", "allOf"):
            yield from _objects(schema, [_resolved(schema, it) for it in node.get(key, ())])


def _resolved(schema: Template, node: Template) -> Template:
    while "$ref" in node:
        node = schema["definitions"][node["$ref"].rsplit("/", 1)[1]]
    return node


def base_of(type_name: str, path: str) -> Template:
    """Return properties in which a property can be changed."""
    parts = path.split(".")
    if parts[0] == "AnalysisRules" and len(parts) > 3:
        return {"Name": "orders", "AnalysisRules": _RULES[parts[3]]()}
    return deepcopy({**_BASES.get(type_name, {})})


def _is_key(type_name: str, path: str) -> bool:
    """Return whether a property is the key of an entry, so that another key is another entry."""
    above, _, name = path.rpartition(".")
    row = TABLE[type_name].get(above)
    return isinstance(row, Entries) and name in row.key.split()


_ROWS = [
    (type_name, path)
    for type_name, rows in TABLE.items()
    for path, row in rows.items()
    if path and not _is_key(type_name, path) and [*cases(row, type_name, path)]
]


@pytest.mark.parametrize(("type_name", "path"), _ROWS, ids=lambda it: it.replace("::", "-"))
def test_a_property_changed_in_each_direction_is_found(type_name: str, path: str) -> None:
    place = written(type_name, path)
    base = base_of(type_name, path)
    for old, new, effect in cases(TABLE[type_name][path], type_name, path):
        before, after = (
            template({"It": resource(type_name, with_property(base, place, value))})
            for value in (old, new)
        )
        found = changes(before, after)
        effects = [it.effect for it in found if it.property != f"{WHOLE} anew"]
        if effect is NEUTRAL:
            assert {*effects} <= {NEUTRAL}, (old, new)
        else:
            assert effects == [effect] * len(effects), (old, new, found)
            assert effects, (old, new, found)
        assert changes(before, before) == []


@pytest.mark.parametrize("type_name", TABLE)
def test_a_resource_that_is_created_or_removed_is_found(type_name: str) -> None:
    row = TABLE[type_name][""]
    content = template({"It": resource(type_name, _BASES.get(type_name, {}))})
    created, removed = changes(template({}), content), changes(content, template({}))
    match row:
        case Whole():
            assert [it.effect for it in created] == [row.added]
            assert [it.effect for it in removed] == [row.removed]
        case Special("policy"):
            # Its statements are found, wherever they are written.
            assert all(it.property != WHOLE for it in [*created, *removed])
        case _:
            assert len(created) == len(removed) == 1


def _leaves(schema: Template, node: Template, path: str) -> Iterator[str]:
    node = _resolved(schema, node)
    parts = [it for it in _objects(schema, [node]) if "properties" in it]
    if "items" in node:
        yield from _leaves(schema, node["items"], path)
    elif not parts:
        yield path
    for part in parts:
        for name, member in part["properties"].items():
            yield from _leaves(schema, member, f"{path}.{name}" if path else name)


def _types() -> list[str]:
    from importlib.metadata import distribution
    from json import loads
    from pathlib import Path

    names = distribution("cfn-lint").locate_file("cfnlint/data/schemas/providers/us-east-1.json")
    known = loads(Path(str(names)).read_text("utf-8"))
    return sorted({it for it in known if it.startswith(SERVICES)} | {*TABLE})


@pytest.mark.parametrize("type_name", _types())
def test_the_table_has_every_property_of_the_schema(type_name: str) -> None:
    schema = resource_schema(type_name)
    read_only = {it.removeprefix("/properties/") for it in schema.get("readOnlyProperties", ())}
    rows = TABLE[type_name]
    missing = [
        path
        for name, node in schema["properties"].items()
        if name not in read_only
        for path in _leaves(schema, node, name)
        if not any(
            # A row of an object that has rows for its members covers no others.
            above in rows and not any(it.startswith(f"{above}.") for it in rows)
            for above in (path.rsplit(".", cut)[0] for cut in range(path.count(".") + 1))
        )
        and path not in rows
    ]
    assert missing == []


_APPS = {"L1s": app_of_l1s, "L2s": app_of_l2s}


@pytest.fixture(scope="module", params=_APPS)
def app(request: pytest.FixtureRequest) -> Template:
    return _APPS[request.param]()


def _fits(properties: Template, path: str) -> bool:
    """Return whether a property of an analysis rule belongs to the rule that the table has."""
    parts = path.split(".")
    if "Rules" not in parts[0] or len(parts) == 1:
        return True
    rules = properties.get(parts[0], [{}])
    return len(parts) > 3 and parts[3] in rules[0].get("Policy", {}).get("V1", {})


def _expected(properties: Template, path: str, case: Case) -> Effect:
    """Return what a change means where it depends on the rest of the resource."""
    old, new, effect = case
    if path == "AllowedColumns" and properties["AnalysisRules"][0]["Type"] == "CUSTOM":
        return MORE if len(new) > len(old) else LESS
    if path == "AutoRefresh" and properties["PrivacyBudgetType"] == "ACCESS_BUDGET":
        return UNCLEAR
    return effect


def _changed(declared: Template, path: str, value: Any) -> Template:
    properties = declared.get("Properties", {})
    place = written(declared["Type"], path)
    return {**declared, "Properties": with_property(properties, place, value)}


@pytest.mark.unmeasured  # It compares many whole apps, and the other tests cover all lines.
def test_each_change_is_found_in_the_template_of_an_app(app: Template) -> None:
    waiting: dict[str, list[tuple[str, str, Case]]] = {}
    tried: set[tuple[str, str]] = set()
    for logical_id, declared in app["Resources"].items():
        type_name, properties = declared["Type"], declared.get("Properties", {})
        for path, row in TABLE.get(type_name, {}).items():
            # Once for each type, because each comparison is one of two whole apps.
            if (type_name, path) in tried:
                continue
            if not path or _is_key(type_name, path) or not _fits(properties, path):
                continue
            for case in cases(row, type_name, path):
                if _expected(properties, path, case).is_gated:
                    waiting.setdefault(logical_id, []).append((logical_id, path, case))
                    tried.add((type_name, path))
    # One change of each resource at the same time, so that there are fewer comparisons.
    for row_of_each in zip_longest(*waiting.values()):
        together = [it for it in row_of_each if it is not None]
        before, after = (
            {
                **app,
                "Resources": {
                    **app["Resources"],
                    **{
                        logical_id: _changed(app["Resources"][logical_id], path, case[which])
                        for logical_id, path, case in together
                    },
                },
            }
            for which in (0, 1)
        )
        found = {
            (it.identity.split(" ")[0], re.sub(r"\[[^]]*\]", "", it.property))
            for it in changes(before, after)
            if it.effect.is_gated
        }
        for logical_id, path, (old, new, _) in together:
            kind = app["Resources"][logical_id]["Type"]
            assert (kind, path) in found, (logical_id, path, old, new, found)
    assert {it for it, _ in tried if it.startswith(SERVICES)} >= {
        "AWS::CleanRooms::ConfiguredTable",
        "AWS::CleanRooms::ConfiguredTableAssociation",
        "AWS::EntityResolution::MatchingWorkflow",
    }
