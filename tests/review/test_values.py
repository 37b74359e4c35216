"""Tests of values: what templates determine, and what is decided at deployment."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_cleanrooms._review.assembly import Stack
from cdk_cleanrooms._review.comparison import compare
from cdk_cleanrooms._review.resources import Assembly
from cdk_cleanrooms._review.values import (
    ABSENT,
    UNKNOWN,
    Symbolic,
    as_list,
    by_default,
    deciders,
    get,
    is_open,
    plain,
    same,
    scalar,
)

from .templates import (
    PARTNER,
    Template,
    changes,
    collaboration,
    custom_rule,
    directions,
    membership,
    resource,
    table,
    template,
    told,
)

_DATA = resource("AWS::S3::Bucket", {"BucketName": "crm-data"})
_MAP = {"Partners": {"eu": {"account": PARTNER}, "us": {"account": "777788889999"}}}


def value_of(node: Any, stack: dict[str, Any] | None = None, **sections: Any) -> Any:
    """Return the value of a property of a template."""
    content = template(
        {
            "It": resource("AWS::CleanRooms::Membership", {"It": node}),
            "Data": _DATA,
            "Unnamed": resource("AWS::S3::Bucket"),
            "Room": collaboration(),
        },
        **sections,
    )
    known: dict[str, Any] = {"id": "App", "name": "App", "account": None, "region": None}
    made = Assembly([Stack(template=content, **{**known, **(stack or {})})])
    (found,) = (it for it in made.resources() if it.logical_id == "It")
    return found.get("It")


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Data"}, "crm-data"),
        ({"Fn::GetAtt": ["Data", "Arn"]}, "arn:aws:s3:::crm-data"),
        ({"Fn::GetAtt": "Data.Arn"}, "arn:aws:s3:::crm-data"),
        ({"Fn::Sub": "s3://${Data}/${AWS::Region}"}, "s3://crm-data/us-east-1"),
        ({"Fn::Sub": "${Data.Arn}/*${!Literal}"}, "arn:aws:s3:::crm-data/*${Literal}"),
        ({"Fn::Sub": ["${Here}", {"Here": {"Ref": "Data"}}]}, "crm-data"),
        ({"Fn::Join": ["/", ["a", {"Ref": "AWS::AccountId"}]]}, "a/111122223333"),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3"]]}, "arn:aws:s3"),
        ({"Fn::Select": [1, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": [",", "a,b"]}]}, "a"),
        ({"Fn::FindInMap": ["Partners", "eu", "account"]}, PARTNER),
        ({"Ref": "AWS::StackName"}, "App"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ([{"Ref": "AWS::NoValue"}, "a"], ["a"]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": 1}, {"b": 1}),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", "b"]}, "b"),
        ({"Fn::If": ["Same", "a", "a"]}, "a"),
    ],
)
def test_a_value_that_the_template_determines_is_resolved(node: Any, value: Any) -> None:
    conditions = {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Same": {"Fn::Equals": [{"Ref": "Open"}, "a"]},
    }
    found = value_of(
        node,
        {"account": "111122223333", "region": "us-east-1"},
        Conditions=conditions,
        Mappings=_MAP,
        Parameters={"Open": {"Type": "String"}},
    )
    assert found == value
    assert not is_open(found)


@pytest.mark.parametrize(
    "node",
    [
        {"Ref": "Unnamed"},
        {"Fn::GetAtt": ["Unnamed", "Arn"]},
        {"Ref": "AWS::AccountId"},
        {"Fn::Sub": "s3://${Unnamed}/"},
        {"Fn::Join": ["", ["s3://", {"Ref": "Unnamed"}]]},
        {"Ref": "Room"},
    ],
)
def test_a_reference_is_not_known_but_nobody_decides_it(node: Any) -> None:
    found = value_of(node)
    assert isinstance(found, Symbolic)
    assert not is_open(found)
    assert same(found, value_of(node))


def test_what_ref_and_get_att_return_of_a_room_is_the_same() -> None:
    attribute = value_of({"Fn::GetAtt": ["Room", "CollaborationIdentifier"]})
    assert same(value_of({"Ref": "Room"}), attribute)


_PARAMETERS = {
    "Partner": {"Type": "String", "Default": PARTNER},
    "Open": {"Type": "String"},
    "Columns": {"Type": "CommaDelimitedList", "Default": "id, region"},
    "Secret": {"Type": "String", "Default": "s3cret", "NoEcho": True},
    "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/partner"},
}
_CONDITIONS = {
    "IsPartner": {"Fn::Equals": [{"Ref": "Partner"}, PARTNER]},
    "IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "a"]},
    "Both": {"Fn::And": [{"Condition": "IsPartner"}, {"Condition": "IsOpen"}]},
    "Either": {"Fn::Or": [{"Condition": "IsPartner"}, {"Condition": "IsPartner"}]},
    "Neither": {"Fn::Not": [{"Condition": "IsPartner"}]},
    "Never": {"Fn::And": [{"Condition": "IsPartner"}, {"Fn::Equals": ["a", "b"]}]},
    "Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
    "Strange": {"Fn::Contains": [["a"], "a"]},
    "Literal": True,
    "Circle": {"Condition": "Circle"},
}


@pytest.mark.parametrize(
    ("node", "default"),
    [
        ({"Ref": "Partner"}, PARTNER),
        ({"Ref": "Open"}, UNKNOWN),
        ({"Ref": "Columns"}, ["id", "region"]),
        ({"Ref": "Secret"}, "s3cret"),
        ({"Ref": "Stored"}, UNKNOWN),
        ({"Ref": "Nothing"}, UNKNOWN),
        ({"Fn::GetAtt": ["Nothing", "Arn"]}, UNKNOWN),
        ({"Fn::Sub": "a/${Partner}"}, f"a/{PARTNER}"),
        ({"Fn::Join": [",", {"Ref": "Columns"}]}, "id,region"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Open"}]]}, UNKNOWN),
        ({"Fn::Select": [1, {"Ref": "Columns"}]}, "region"),
        ({"Fn::Select": [7, ["a"]]}, UNKNOWN),
        ({"Fn::Select": [{"Ref": "Open"}, ["a"]]}, UNKNOWN),
        ({"Fn::Split": ["4", {"Ref": "Partner"}]}, PARTNER.split("4")),
        ({"Fn::FindInMap": ["Partners", {"Ref": "AWS::Region"}, "account"]}, UNKNOWN),
        ({"Fn::FindInMap": ["Partners", {"Ref": "Area"}, "account"]}, PARTNER),
        ({"Fn::FindInMap": ["Partners", {"Ref": "Open"}, "account"]}, UNKNOWN),
        ({"Fn::If": ["IsPartner", "a", "b"]}, "a"),
        ({"Fn::If": ["Neither", "a", "b"]}, "b"),
        ({"Fn::If": ["Either", "a", {"Ref": "AWS::NoValue"}]}, "a"),
        ({"Fn::If": ["Neither", "a", {"Ref": "AWS::NoValue"}]}, ABSENT),
        ({"Fn::If": ["IsOpen", "a", "b"]}, UNKNOWN),
        ({"Fn::If": ["Both", "a", "b"]}, UNKNOWN),
        ({"Fn::If": ["Here", "a", "b"]}, UNKNOWN),
        ({"Fn::If": ["Strange", "a", "b"]}, UNKNOWN),
        ({"Fn::If": ["Circle", "a", "b"]}, UNKNOWN),
        ({"Fn::If": ["Missing", "a", "b"]}, UNKNOWN),
        ({"Fn::ImportValue": "elsewhere"}, UNKNOWN),
        ({"Fn::ImportValue": {"Ref": "Open"}}, UNKNOWN),
        ({"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "Id"}}, UNKNOWN),
        ({"Fn::GetStackOutput": {"StackName": {"Ref": "Open"}, "OutputName": "Id"}}, UNKNOWN),
        ({"Fn::Cidr": ["10.0.0.0/8", 2, 8]}, UNKNOWN),
        ({"Fn::Transform": {"Name": "Make"}, "more": 1}, UNKNOWN),
        ("{{resolve:ssm:/partner}}", UNKNOWN),
        ({"Fn::Sub": "a/{{resolve:ssm:/partner}}"}, UNKNOWN),
    ],
)
def test_a_value_that_is_decided_at_deployment_says_by_what(node: Any, default: Any) -> None:
    found = value_of(
        node,
        Parameters={**_PARAMETERS, "Area": {"Type": "String", "Default": "eu"}},
        Conditions=_CONDITIONS,
        Mappings=_MAP,
    )
    assert is_open(found)
    assert [*deciders(found)]
    assert by_default(found) == default


@pytest.mark.parametrize(("condition", "value"), [("Never", "b"), ("Literal", "a")])
def test_a_condition_that_a_literal_decides_is_decided(condition: str, value: str) -> None:
    node = {"Fn::If": [condition, "a", "b"]}
    assert value_of(node, Parameters=_PARAMETERS, Conditions=_CONDITIONS) == value


def test_the_default_of_a_hidden_parameter_is_not_told() -> None:
    found = value_of({"Ref": "Secret"}, Parameters=_PARAMETERS)
    assert "s3cret" not in str(found)


def test_a_value_across_stacks_is_resolved() -> None:
    one = template(
        {"Data": _DATA},
        Outputs={
            "Name": {
                "Value": {"Ref": "Data"},
                "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-n"}},
            },
            "Plain": {"Value": "literal"},
            "Open": {"Value": "a", "Export": {"Name": {"Ref": "Name"}}},
        },
        Parameters={"Name": {"Type": "String"}},
    )
    two = template(
        {
            "It": resource(
                "AWS::CleanRooms::Membership",
                {
                    "Imported": {"Fn::ImportValue": "One-n"},
                    "Output": {"Fn::GetStackOutput": {"StackName": "One", "OutputName": "Plain"}},
                },
            )
        }
    )
    made = Assembly(
        [
            Stack(id=name, name=name, account=None, region=None, template=content)
            for name, content in (("One", one), ("Two", two))
        ]
    )
    (found,) = (it for it in made.resources() if it.logical_id == "It")
    assert found.get("Imported") == "crm-data"
    assert found.get("Output") == "literal"


def test_an_export_is_looked_for_in_the_account_and_region_of_the_stack() -> None:
    it = resource("AWS::CleanRooms::Membership", {"Imported": {"Fn::ImportValue": "name"}})
    stacks = []
    for account in ("111122223333", PARTNER):
        outputs = {"O": {"Value": f"of {account}", "Export": {"Name": "name"}}}
        for name, content in (
            ("One", template({}, Outputs=outputs)),
            ("Two", template({"It": it})),
        ):
            id = f"{account}/{name}"
            stacks.append(Stack(id, name, account=account, region="us-east-1", template=content))
    found = [it.get("Imported") for it in Assembly(stacks).resources()]
    assert found == ["of 111122223333", f"of {PARTNER}"]


_IF = [{"Fn::If": ["More", "777788889999", {"Ref": "AWS::NoValue"}]}]
_MAPPED = [{"Fn::FindInMap": ["Partners", {"Ref": "Partner"}, "account"]}]


@pytest.mark.parametrize(
    ("providers", "old", "new"),
    [
        (
            _IF,
            {"Conditions": {"More": {"Fn::Equals": [{"Ref": "Partner"}, "a"]}}},
            {"Conditions": {"More": {"Fn::Equals": [{"Ref": "Partner"}, "b"]}}},
        ),
        (
            _MAPPED,
            {"Mappings": {"Partners": {"z": {"account": PARTNER}, "a": {"account": "1"}}}},
            {"Mappings": {"Partners": {"z": {"account": PARTNER}, "a": {"account": "2"}}}},
        ),
    ],
)
def test_what_a_parameter_can_choose_counts_though_its_default_does_not(
    providers: Any, old: Any, new: Any
) -> None:
    content = room()["Resources"]
    rule = custom_rule(AllowedAnalyses=["ANY_QUERY"], AllowedAnalysisProviders=providers)
    content["Orders"]["Properties"]["AnalysisRules"] = rule
    declared = {"Partner": {"Type": "String", "Default": "z"}}
    before, after = (template(content, Parameters=declared, **it) for it in (old, new))
    assert directions(changes(before, after)) == {"unclear"}
    assert changes(before, before) == []


def test_the_default_of_an_old_parameter_in_its_place_needs_a_person() -> None:
    assert directions(changes(room({"Ref": "Partner"}, Default=PARTNER), room(PARTNER))) == {
        "unclear"
    }
    assert directions(changes(room({"Ref": "Partner"}, Default=PARTNER), room("1"))) == {"widening"}


def test_what_was_open_can_be_what_is_open_now() -> None:
    def app(other: str) -> Template:
        made = room(PARTNER)
        rule = made["Resources"]["Orders"]["Properties"]["AnalysisRules"][0]["Policy"]["V1"]
        added = {"Fn::If": ["More", other, {"Ref": "AWS::NoValue"}]}
        rule["Custom"]["AllowedAnalysisProviders"].append(added)
        more = {"Fn::Equals": [{"Ref": "Partner"}, "a"]}
        declared = {"Partner": {"Type": "String", "Default": "z"}}
        return {**made, "Conditions": {"More": more}, "Parameters": declared}

    assert directions(changes(app("1"), app("2"))) == {"unclear"}


def room(parameter: Any = None, **stack: Any) -> Template:
    rule = custom_rule(AllowedAnalyses=["ANY_QUERY"], AllowedAnalysisProviders=[parameter])
    declared = {"Partner": {"Type": "String", **stack}} if stack else {}
    return template({"Orders": table(rule)}, Parameters=declared)


def test_a_parameter_whose_default_is_the_old_value_changes_nothing() -> None:
    literal, parameter = room(PARTNER), room({"Ref": "Partner"}, Default=PARTNER)
    assert directions(changes(literal, parameter)) == {"neutral"}
    assert directions(changes(parameter, parameter)) == set()


def test_a_parameter_whose_value_can_decide_needs_a_person() -> None:
    literal = room(PARTNER)
    other = room({"Ref": "Partner"}, Default="777788889999")
    none = room({"Ref": "Partner"}, Description="who")
    assert directions(changes(literal, other)) == {"unclear"}
    assert directions(changes(literal, none)) == {"unclear"}
    assert directions(changes(other, room({"Ref": "Partner"}, Default=PARTNER))) == {"unclear"}
    (change,) = changes(literal, none)
    assert change.deciders == ["parameter Partner"]


def test_a_list_parameter_is_compared_with_a_list() -> None:
    def app(columns: Any) -> Template:
        rule = custom_rule(AllowedAnalyses=["ANY_QUERY"])
        return template({"Orders": table(rule, AllowedColumns=columns)}, Parameters=_PARAMETERS)

    assert directions(changes(app(["id", "region"]), app({"Ref": "Columns"}))) == {"neutral"}
    assert directions(changes(app(["id"]), app({"Ref": "Columns"}))) == {"unclear"}
    assert directions(changes(app({"Ref": "Columns"}), app(["id"]))) == {"unclear"}


def test_the_order_of_a_list_parameter_does_not_count_where_that_of_the_list_does_not() -> None:
    declared = {"Type": "CommaDelimitedList", "Default": f"777788889999, {PARTNER}"}

    def app(providers: Any) -> Template:
        rule = custom_rule(AllowedAnalyses=["ANY_QUERY"], AllowedAnalysisProviders=providers)
        return template({"Orders": table(rule)}, Parameters={"Partners": declared})

    parameter = app({"Ref": "Partners"})
    assert directions(changes(app([PARTNER, "777788889999"]), parameter)) == {"neutral"}
    assert directions(changes(app([PARTNER]), parameter)) == {"unclear"}


def test_an_item_that_may_be_there_needs_a_person() -> None:
    def app(*columns: Any) -> Template:
        rule = custom_rule(AllowedAnalyses=["ANY_QUERY"])
        return template(
            {"Orders": table(rule, AllowedColumns=[*columns])},
            Parameters=_PARAMETERS,
            Conditions=_CONDITIONS,
        )

    may_be = {"Fn::If": ["IsPartner", "email", {"Ref": "AWS::NoValue"}]}
    may_not = {"Fn::If": ["Neither", "email", {"Ref": "AWS::NoValue"}]}
    assert directions(changes(app("id"), app("id", may_be))) == {"unclear"}
    assert directions(changes(app("id"), app("id", may_not))) == {"neutral"}
    assert directions(changes(app("id", may_be), app("id"))) == {"narrowing"}


def test_a_name_that_a_parameter_decides_is_neither() -> None:
    old = template({"Orders": table(None)})
    new = template({"Orders": table(None, Name={"Ref": "Open"})}, Parameters=_PARAMETERS)
    assert told(changes(old, new)) == [("Name", "neutral", False)]


def test_a_member_whose_account_is_a_parameter_is_compared_by_its_default() -> None:
    def app(account: Any) -> Template:
        member = {"AccountId": account, "DisplayName": "P", "MemberAbilities": []}
        return template({"Room": collaboration(Members=[member])}, Parameters=_PARAMETERS)

    assert directions(changes(app(PARTNER), app({"Ref": "Partner"}))) == {"neutral"}
    assert directions(changes(app(PARTNER), app({"Ref": "Open"}))) == {"unclear", "narrowing"}


def test_a_resource_that_may_be_there_needs_a_person() -> None:
    def app(*condition: str) -> Template:
        us = membership()
        return template(
            {
                "Room": collaboration(),
                "Us": {**us, **dict(zip(("Condition",), condition, strict=False))},
            },
            Parameters=_PARAMETERS,
            Conditions=_CONDITIONS,
        )

    def without(*condition: str) -> Template:
        content = app(*condition)
        del content["Resources"]["Us"]
        return content

    assert directions(changes(without(), app("IsOpen"))) == {"unclear"}
    assert directions(changes(without(), app("Neither"))) == {"neutral"}
    assert directions(changes(without(), app("Never"))) == set()
    assert directions(changes(app(), app("IsPartner"))) == {"neutral"}
    assert directions(changes(app(), app("IsOpen"))) == {"unclear"}
    assert directions(changes(app("IsOpen"), app())) == {"unclear"}
    assert directions(changes(app("IsOpen"), app("IsOpen"))) == set()
    assert directions(changes(app("IsOpen"), without())) == {"narrowing"}


def test_a_conditional_resource_of_no_effect_is_neither() -> None:
    def app(**more: Any) -> Template:
        data = {**_DATA, **more}
        return template({"Data": data}, Parameters=_PARAMETERS, Conditions=_CONDITIONS)

    assert directions(changes(app(), app(Condition="IsOpen"))) == {"neutral"}


@pytest.mark.parametrize(
    ("old", "new"),
    [(True, "true"), (100, "100"), (2.0, "2"), ({"a": 1}, {"a": "1"}), (["a"], ["a"])],
)
def test_values_that_cloudformation_takes_for_the_same_are_the_same(old: Any, new: Any) -> None:
    assert same(old, new)
    assert same(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [(["a"], ["b"]), (["a"], "a"), ({}, []), (ABSENT, "a"), ({"a": 1}, {"b": 1}), ([], ["a"])],
)
def test_other_values_are_not_the_same(old: Any, new: Any) -> None:
    assert not same(old, new)


def test_a_list_of_one_object_is_like_the_object() -> None:
    assert get([{"a": [{"b": 1}]}], "a.b") == 1
    assert get([{"a": 1}, {"a": 2}], "a") is ABSENT
    assert get("text", "a") is ABSENT


def test_values_as_json_has_them() -> None:
    symbol = Symbolic("a", ["parameter P"])
    assert plain({"a": (symbol, ABSENT)}) == {"a": ["a", None]}
    assert repr(ABSENT) == "absent"
    assert scalar(1.5) == "1.5"
    assert as_list(None) == as_list(ABSENT) == []
    assert by_default({"a": symbol}) is UNKNOWN
    assert [*deciders({"a": [symbol]})] == ["parameter P"]


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("IsPartner", None, {"unclear"}),
        ("Neither", None, {"neutral"}),
        (None, "Neither", {"neutral"}),
        ("IsPartner", "Neither", {"neutral"}),
        ("IsPartner", "IsOpen", {"unclear"}),
        ("Never", "IsPartner", set()),
        ("IsPartner", "Never", set()),
        (None, None, {"widening"}),
    ],
)
def test_what_is_in_a_nested_stack_exists_where_the_stack_does(
    outer: str | None, inner: str | None, expected: set[str]
) -> None:
    def app(us: dict[str, Any]) -> Assembly:
        sections = {"Parameters": _PARAMETERS, "Conditions": _CONDITIONS}
        condition: dict[str, Any] = {"Condition": outer} if outer else {}
        parent = template(
            {"Nested": resource("AWS::CloudFormation::Stack", **condition)}, **sections
        )
        known: dict[str, Any] = {"account": None, "region": None}
        nested = Stack(id="App/Nested", name=None, template=template(us, **sections), **known)
        app = Stack(id="App", name="App", template=parent, nested={"Nested": nested}, **known)
        return Assembly([app])

    us = membership(CollaborationIdentifier="c-1")
    made = {**us, "Condition": inner} if inner else us
    assert directions(compare(app({}), app({"Us": made}))) == expected


def test_an_object_in_a_list_that_is_the_old_one_by_default_changes_nothing() -> None:
    def app(*rules: Any) -> Template:
        return template({"Orders": table([*rules])}, Parameters=_PARAMETERS, Conditions=_CONDITIONS)

    (rule,), (other,) = custom_rule(), custom_rule(AllowedAnalyses=["ANY_QUERY"])
    assert directions(changes(app(rule), app({"Fn::If": ["IsPartner", rule, other]}))) == {
        "neutral"
    }
    assert directions(changes(app(rule), app({"Fn::If": ["Neither", rule, other]}))) == {"unclear"}
    assert directions(changes(app(rule), app({"Fn::If": ["IsOpen", rule, other]}))) == {"unclear"}
