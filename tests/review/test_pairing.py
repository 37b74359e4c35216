"""Tests of what is paired with what, and of budgets that begin again."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from cdk_cleanrooms._review.assembly import Stack
from cdk_cleanrooms._review.changes import WHOLE, Change
from cdk_cleanrooms._review.comparison import compare
from cdk_cleanrooms._review.directions import LESS, NEUTRAL, UNCLEAR
from cdk_cleanrooms._review.resources import Assembly

from .templates import (
    PARTNER,
    Template,
    access_budget,
    aggregation_rule,
    association,
    changes,
    collaboration,
    custom_rule,
    directions,
    list_rule,
    membership,
    resource,
    room,
    table,
    template,
    told,
)


def renamed(content: Template, old: str, new: str) -> Template:
    """Return a template with another logical ID."""
    made = deepcopy(content)

    def replaced(node: Any) -> Any:
        if isinstance(node, dict):
            return {new if key == old else key: replaced(item) for key, item in node.items()}
        if isinstance(node, list):
            return [replaced(item) for item in node]
        return new if node == old else node

    found: Template = replaced(made)
    return found


def several(*stacks: tuple[str, Template], account: str | None = None) -> Assembly:
    return Assembly(
        [
            Stack(id=name, name=name.replace("/", "-"), account=account, region=None, template=it)
            for name, it in stacks
        ]
    )


def anew(found: list[Change]) -> list[Change]:
    return [it for it in found if it.property == f"{WHOLE} anew"]


@pytest.mark.parametrize(
    ("account", "region"),
    [(PARTNER, "us-east-1"), ("111122223333", "eu-west-1"), (None, "us-east-1")],
)
@pytest.mark.parametrize("id", ["App", "Other"])
def test_a_stack_in_another_account_or_region_needs_a_person(
    id: str, account: str | None, region: str
) -> None:
    nested = {"Inner": Stack("App/Inner", None, account, region, room())}
    outer = template({"Inner": resource("AWS::CloudFormation::Stack")})

    def app(id: str, account: str | None, region: str) -> Assembly:
        return Assembly([Stack(id, id, account, region, outer, nested=nested)])

    found = compare(app("App", "111122223333", "us-east-1"), app(id, account, region))

    assert [it for it in found if it.property == "Environment"] == [
        Change(
            f"Stack {id}",
            "Environment",
            {"account": "111122223333", "region": "us-east-1"},
            {"account": account, "region": region},
            UNCLEAR,
            "CloudFormation creates all resources of the stack anew in the other place.",
        )
    ]


@pytest.mark.parametrize("logical_id", ["InRoom", "Orders", "Room", "Us"])
def test_a_renamed_construct_is_the_same_resource(logical_id: str) -> None:
    content = room()
    del content["Resources"]["Budget"]
    assert changes(content, renamed(content, logical_id, "Renamed")) == []


@pytest.mark.parametrize("logical_id", ["Budget", "InRoom", "Orders", "Us", "Room"])
def test_a_budget_begins_again_where_a_renamed_construct_is_created_anew(logical_id: str) -> None:
    found = changes(room(), renamed(room(), logical_id, "Renamed"))
    assert directions(found) == {"unclear"}
    assert [it.identity.split()[0] for it in anew(found)] == [
        "AWS::CleanRooms::PrivacyBudgetTemplate"
    ]
    assert all(it.effect.is_gated for it in found)


@pytest.mark.parametrize(
    ("logical_id", "properties"),
    [
        ("Room", {"QueryLogStatus": "DISABLED"}),
        ("Room", {"Members": []}),
        ("Us", {"CollaborationIdentifier": "a1b2c3d4-5678-90ab-cdef-333333333333"}),
        ("InRoom", {"Name": "sales"}),
        ("Budget", {"AutoRefresh": "CALENDAR_MONTH"}),
    ],
)
def test_a_budget_begins_again_where_a_property_replaces(
    logical_id: str, properties: dict[str, Any]
) -> None:
    new = room()
    new["Resources"][logical_id]["Properties"].update(properties)
    found = changes(room(), new)
    assert anew(found)
    assert all(it.effect.direction == "unclear" for it in anew(found))


def test_members_in_another_order_replace_nothing() -> None:
    members = [
        {"AccountId": it, "DisplayName": it, "MemberAbilities": []}
        for it in (PARTNER, "777788889999")
    ]
    old, new = (room(Room=collaboration(Members=it)) for it in (members, members[::-1]))
    assert changes(old, new) == []


def test_without_a_budget_nothing_begins_again() -> None:
    old = room()
    del old["Resources"]["Budget"]
    new = renamed(old, "Us", "Renamed")
    assert changes(old, new) == []


def test_a_budget_begins_again_in_another_stack() -> None:
    old, new = several(("App", room())), several(("Renamed", room()))
    assert len(anew(compare(old, new))) == 5
    assert compare(old, several(("App", room()))) == []


def test_a_budget_of_a_new_membership_begins_again() -> None:
    new = room(
        Others=collaboration(Name="others"),
        Second=membership(CollaborationIdentifier={"Ref": "Others"}),
    )
    new["Resources"]["Budget"]["Properties"]["MembershipIdentifier"] = {
        "Fn::GetAtt": ["Second", "MembershipIdentifier"]
    }
    found = changes(room(), new)
    assert {"AWS::CleanRooms::Membership others", "AWS::CleanRooms::Collaboration others"} <= {
        it.new for it in anew(found) if isinstance(it.new, str)
    }


def test_removing_an_access_budget_widens_and_adding_one_narrows() -> None:
    without = room()
    del without["Resources"]["Budget"]
    assert directions(changes(room(), without)) == {"widening"}
    assert directions(changes(without, room())) == {"narrowing"}


def test_removing_a_budget_of_differential_privacy_narrows_and_adding_one_widens() -> None:
    private = access_budget(
        PrivacyBudgetType="DIFFERENTIAL_PRIVACY",
        Parameters={"Epsilon": 3, "UsersNoisePerQuery": 10},
    )
    without, with_it = template({}), template({"Budget": private})
    assert directions(changes(without, with_it)) == {"widening"}
    assert directions(changes(with_it, without)) == {"narrowing"}


def test_a_budget_of_a_later_version_needs_a_person() -> None:
    later = template({"Budget": access_budget(PrivacyBudgetType="LATER")})
    assert directions(changes(template({}), later)) == {"unclear"}


@pytest.mark.parametrize("budget", [50, 200])
def test_each_edit_of_an_access_budget_needs_a_person(budget: int) -> None:
    parameters = {
        "ResourceArn": {"Fn::GetAtt": ["InRoom", "Arn"]},
        "BudgetParameters": [{"Type": "LIFETIME", "Budget": budget}],
    }
    new = room(Budget=access_budget(Parameters=parameters))
    assert told(changes(room(), new)) == [
        ("Parameters.BudgetParameters[LIFETIME].Budget", "unclear", True)
    ]


def test_a_resource_with_another_name_is_found_by_its_logical_id() -> None:
    old, new = (
        template({"Orders": table(rule, Name=name)})
        for rule, name in ((custom_rule(), "orders"), (list_rule(), "sales"))
    )
    assert {(it.property, it.effect.direction.value) for it in changes(old, new)} == {
        ("Name", "neutral"),
        ("AnalysisRules", "widening"),
    }


def test_a_resource_in_another_stack_is_found_by_its_logical_id_alone() -> None:
    old = several(("One", template({"Orders": table(custom_rule())})))
    new = several(("Two", template({"Orders": table(custom_rule(), Name="sales")})))
    assert told(compare(old, new)) == [("Name", "neutral", False)]


def test_a_table_with_another_name_and_logical_id_is_another_table() -> None:
    old = template({"Orders": table(custom_rule())})
    new = template({"Sales": table(custom_rule(), Name="sales")})
    assert [(it.property, it.effect.direction.value) for it in changes(old, new)] == [
        (WHOLE, "narrowing"),
        (WHOLE, "neutral"),
    ]


def test_a_reference_to_a_resource_with_another_name_is_the_same_reference() -> None:
    old, new = room(), room(Room=collaboration(Name="renamed"))
    new["Resources"]["Us"]["Properties"]["QueryLogStatus"] = "DISABLED"
    found = changes(old, new)
    assert {(it.property, it.effect.direction.value) for it in found} == {
        ("Name", "neutral"),
        ("QueryLogStatus", "oversight"),
    }


def test_stages_with_the_same_names_are_told_apart() -> None:
    def app(beta: Any, prod: Any) -> Assembly:
        stacks = (("Beta/App", beta), ("Prod/App", prod))
        return several(*((name, template({"Orders": table(rule)})) for name, rule in stacks))

    found = compare(app(custom_rule(), custom_rule()), app(custom_rule(), list_rule()))
    assert [(it.identity, it.property) for it in found] == [
        ("AWS::CleanRooms::ConfiguredTable orders [Prod/App]", "AnalysisRules")
    ]
    assert compare(app(list_rule(), custom_rule()), app(list_rule(), custom_rule())) == []


def test_two_tables_with_the_same_name_in_a_stack_are_told_apart() -> None:
    both = template({"A": table(), "B": table(), "C": table()})
    changed = deepcopy(both)
    changed["Resources"]["C"] = table(custom_rule())
    found = changes(both, changed, id="App", name="App")
    assert [it.identity for it in found] == ["AWS::CleanRooms::ConfiguredTable orders [App C]"]


def test_a_role_without_a_name_is_known_by_what_uses_it() -> None:
    def app(role: str, actions: list[str]) -> Template:
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        return template(
            {
                "InRoom": association(
                    RoleArn={"Fn::GetAtt": [role, "Arn"]},
                    MembershipIdentifier="m",
                    ConfiguredTableIdentifier="t",
                ),
                role: resource(
                    "AWS::IAM::Role", {"Policies": [{"PolicyDocument": {"Statement": [statement]}}]}
                ),
            }
        )

    assert changes(app("One", ["s3:GetObject"]), app("Two", ["s3:GetObject"])) == []
    found = changes(app("One", ["s3:GetObject"]), app("Two", ["s3:GetObject", "s3:ListBucket"]))
    assert [(it.property, it.effect.direction.value) for it in found] == [("Policies", "widening")]


@pytest.mark.parametrize(
    "name", [{"Ref": "Data"}, {"Fn::ImportValue": "e"}, {"Fn::GetAtt": ["Data", "Arn"]}]
)
def test_a_name_that_refers_to_itself_ends(name: Any) -> None:
    looped = template(
        {"Data": resource("AWS::S3::Bucket", {"BucketName": name})},
        Outputs={"E": {"Value": {"Fn::ImportValue": "e"}, "Export": {"Name": "e"}}},
    )
    assert changes(looped, looped) == []


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("AWS::CleanRooms::OfALaterVersion", {"Name": "a"}),
        ("AWS::EntityResolution::OfALaterVersion", {}),
        ("AWS::LakeFormation::PrincipalPermissions", {}),
        ("AWS::Organizations::Policy", {}),
        ("AWS::RolesAnywhere::Profile", {}),
        ("AWS::SSO::PermissionSet", {}),
        *((f"AWS::{it}::OfALaterVersion", {}) for it in ("Glue", "IAM", "KMS", "S3", "S3Express")),
        ("AWS::Logs::SubscriptionFilter", {"LogGroupName": "/aws/cleanrooms/a"}),
        ("Custom::AWS", {"Create": '{"service":"CleanRooms","action":"updateConfiguredTable"}'}),
    ],
)
def test_a_type_that_the_table_does_not_know_needs_a_person(
    type_name: str, properties: dict[str, Any]
) -> None:
    nothing = template({})
    it = template({"It": resource(type_name, properties)})
    changed = template({"It": resource(type_name, {**properties, "More": 1})})
    for old, new in ((nothing, it), (it, nothing), (it, changed)):
        found = changes(old, new)
        assert directions(found) == {"unclear"}
        assert all(change.effect.is_gated for change in found)
    assert changes(it, it) == []


PASSED_ON = {"Fn::GetAtt": ["Chosen", "Value"]}


@pytest.mark.parametrize("type_name", ["Custom::Choice", "AWS::CloudFormation::CustomResource"])
@pytest.mark.parametrize("value", [PASSED_ON, {"Fn::GetAtt": ["Next", "Value"]}])
def test_a_custom_resource_whose_value_is_used_needs_a_person(value: Any, type_name: str) -> None:
    def app(chosen: str) -> Template:
        return template(
            {
                "Room": collaboration(Members=[{"AccountId": value, "DisplayName": "P"}]),
                "Next": resource(type_name, {"From": PASSED_ON}),
                "Chosen": resource(type_name, {"Partner": chosen}),
            }
        )

    [found] = changes(app(PARTNER), app("777788889999"))
    assert (found.identity, found.effect) == (f"{type_name} Chosen", UNCLEAR)


@pytest.mark.parametrize(
    "value",
    [
        "{{resolve:ssm:/partner}}",
        {"Fn::Sub": "{{resolve:ssm:/partner:1}}"},
        {"Ref": "Stored"},
    ],
)
def test_an_ssm_parameter_that_a_template_reads_needs_a_person(value: Any) -> None:
    def app(partner: str) -> Template:
        parameter = {"Name": "/partner", "Type": "String", "Value": partner}
        stored = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/partner"}
        return template(
            {
                "Room": collaboration(Members=[{"AccountId": value, "DisplayName": "P"}]),
                "Partner": resource("AWS::SSM::Parameter", parameter),
                "Other": resource("AWS::SSM::Parameter", {**parameter, "Name": "/other"}),
            },
            Parameters={"Stored": stored},
        )

    [found] = changes(app(PARTNER), app("777788889999"))
    assert (found.identity, found.effect) == ("AWS::SSM::Parameter Partner", UNCLEAR)
    assert found.note == "The templates read its value."


def test_a_value_of_an_ssm_parameter_of_the_template_is_compared() -> None:
    def app(partner: str) -> Template:
        value = {"Fn::GetAtt": ["Partner", "Value"]}
        return template(
            {
                "Room": collaboration(Members=[{"AccountId": value, "DisplayName": "P"}]),
                "Partner": resource("AWS::SSM::Parameter", {"Type": "String", "Value": partner}),
            }
        )

    assert told(changes(app(PARTNER), app("777788889999"))) == [
        ("Members[777788889999]", "widening", True),
        (f"Members[{PARTNER}]", "narrowing", False),
    ]


def test_a_value_that_is_stored_elsewhere_needs_a_person() -> None:
    def app(name: str) -> Template:
        stored = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": name}
        room = collaboration(Members=[{"AccountId": {"Ref": "Stored"}, "DisplayName": "P"}])
        return template({"Room": room}, Parameters={"Stored": stored})

    assert directions(changes(app("/partner"), app("/other"))) >= {"unclear"}


@pytest.mark.parametrize(
    "type_name",
    ["Custom::Thing", "AWS::Glue::Job", "AWS::Lambda::Function", "AWS::Logs::MetricFilter"],
)
def test_a_type_that_has_nothing_to_do_with_it_is_left_out(type_name: str) -> None:
    assert changes(template({}), template({"It": resource(type_name, {"A": "b"})})) == []


@pytest.mark.parametrize(
    "new",
    [
        table(None, Later=True),
        table(None, TableReference={"Databricks": {"TableName": "a"}}),
        table(custom_rule(Later=True)),
    ],
)
def test_a_property_that_the_table_does_not_know_needs_a_person(new: Template) -> None:
    content = template({"Orders": new})
    assert any(
        it.effect.direction == "unclear" and "does not know" in it.note
        for it in [*changes(template({}), content)]
    )
    old = template(
        {"Orders": table(custom_rule() if "AnalysisRules" in new["Properties"] else None)}
    )
    assert "unclear" in directions(changes(old, content))


def test_a_property_whose_form_is_another_needs_a_person() -> None:
    def app(**properties: Any) -> Template:
        return template({"Room": collaboration(**properties)})

    for odd in ("text", [["nested"]], [{"AccountId": "1"}, {"AccountId": "1"}]):
        assert "unclear" in directions(changes(app(), app(Members=odd))), odd
    odd_payment = app(CreatorPaymentConfiguration="all")
    assert directions(changes(app(), odd_payment)) == {"unclear"}
    encryption = {"AllowCleartext": "perhaps"}
    strange = app(DataEncryptionMetadata=encryption)
    plain = app(DataEncryptionMetadata={"AllowCleartext": True})
    assert directions(changes(plain, strange)) == {"unclear"}


def test_what_a_resource_is_made_of_can_be_made_by_a_function() -> None:
    made = resource("AWS::CleanRooms::Membership", {"Fn::Transform": {"Name": "M"}})
    old, new = template({"Us": membership()}), template({"Us": made})
    assert told(changes(old, new)) == [(WHOLE, "unclear", True)]
    assert changes(new, new) == []
    made["Properties"]["Name"] = "a"
    assert told(changes(old, new)) == [(WHOLE, "unclear", True)]


_GENERATED = [
    template({}, Transform="AWS::Serverless-2016-10-31"),
    template({"Fn::ForEach::Tables": ["Name", ["a"], {"Table${Name}": table()}]}),
    template({"Made": resource("Our::Own::MODULE", {"Name": "a"})}),
    template({"Nested": resource("AWS::CloudFormation::Stack", {"TemplateURL": "https://a/b"})}),
    template({"Everywhere": resource("AWS::CloudFormation::StackSet", {"TemplateURL": "a"})}),
    template({"Queue": {**resource("AWS::SQS::Queue"), "Fn::Transform": {"Name": "Include"}}}),
    {**template({}), "Fn::Transform": {"Name": "AWS::Include"}},
]


@pytest.mark.parametrize("content", _GENERATED)
def test_what_makes_resources_needs_a_person(content: Template) -> None:
    for old, new in ((template({}), content), (content, template({}))):
        found = changes(old, new)
        assert directions(found) == {"unclear"}
        assert found[0].effect.is_gated
    assert changes(content, content) == []


def test_what_a_parameter_passes_to_a_template_elsewhere_needs_a_person() -> None:
    passed = {"TemplateURL": "https://a/b", "Parameters": {"Partner": {"Ref": "Partner"}}}

    def app(default: str) -> Template:
        declared = {"Partner": {"Type": "String", "Default": default}}
        nested = resource("AWS::CloudFormation::Stack", passed)
        return template({"Nested": nested}, Parameters=declared)

    assert directions(changes(app("1"), app("2"))) == {"unclear"}
    assert changes(app("1"), app("1")) == []


def test_a_removal_policy_is_neither() -> None:
    for name in ("DeletionPolicy", "UpdateReplacePolicy"):
        kept = {**association(), name: "Retain"}
        assert told(changes(room(), room(InRoom=kept))) == [(name, "neutral", False)]


def test_a_resource_that_remains_in_aws_is_told_when_it_is_removed() -> None:
    kept = {**association(), "DeletionPolicy": "RetainExceptOnCreate"}
    (found,) = changes(template({"InRoom": kept}), template({}))
    note = "It remains in AWS, as its DeletionPolicy says."
    assert (found.note, found.effect) == (note, NEUTRAL)
    (gone,) = changes(template({"InRoom": association()}), template({}))
    assert (gone.note, gone.effect) == ("", LESS)
    budget = {**access_budget(), "DeletionPolicy": "Retain"}
    (limit,) = changes(template({"Budget": budget}), template({}))
    assert limit.effect.is_gated


def test_a_transform_can_make_something_else_of_another_template() -> None:
    old = template({}, Transform="Make")
    new = template({}, Transform="Make", Metadata={"More": 1})
    assert directions(changes(old, new, id="App", name="App")) == {"unclear"}


def test_a_table_with_a_rule_of_the_same_kind_in_both_is_compared_inside() -> None:
    old = template({"Orders": table(aggregation_rule())})
    new = template({"Orders": table(aggregation_rule(ScalarFunctions=["TRUNC"]))})
    assert told(changes(old, new)) == [
        ("AnalysisRules.Policy.V1.Aggregation.ScalarFunctions", "widening", True)
    ]


def test_the_order_of_matching_rules_needs_a_person() -> None:
    rules = [{"RuleName": it, "MatchingKeys": [it]} for it in ("a", "b")]

    def app(order: list[Any]) -> Template:
        techniques = {"RuleBasedProperties": {"Rules": order}}
        workflow = {"WorkflowName": "w", "ResolutionTechniques": techniques}
        return template({"W": resource("AWS::EntityResolution::MatchingWorkflow", workflow)})

    assert directions(changes(app(rules), app(rules[::-1]))) == {"unclear"}


def lifecycle(*rules: Any) -> Template:
    properties = {"BucketName": "crm", "LifecycleConfiguration": {"Rules": [*rules]}}
    return template({"Data": resource("AWS::S3::Bucket", properties)})


def kept(days: Any, **more: Any) -> dict[str, Any]:
    return {"Id": "a", "Status": "Enabled", "ExpirationInDays": days, **more}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([kept(7)], [kept(30)], {"widening"}),
        ([kept(30)], [kept(7)], {"narrowing"}),
        ([kept(7)], [kept(7, Status="Disabled")], {"widening"}),
        ([kept(7), kept(9, Prefix="a")], [kept(7), kept(8, Prefix="a")], {"narrowing"}),
        ([kept(7)], [kept(7, Id="b")], {"unclear"}),
        ([kept(7)], [kept("soon")], {"unclear"}),
        ([kept(7)], ["text"], {"unclear"}),
    ],
)
def test_data_that_is_kept_longer_widens(old: Any, new: Any, expected: set[str]) -> None:
    assert directions(changes(lifecycle(*old), lifecycle(*new))) == expected


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [("cleanrooms", "many", {"unclear"}), ("/aws/lambda/other", 7, {"neutral"})],
)
def test_other_log_groups_are_neither(name: str, days: Any, expected: set[str]) -> None:
    def app(retention: Any) -> Template:
        made = {"LogGroupName": name, "RetentionInDays": retention}
        return template({"Log": resource("AWS::Logs::LogGroup", made)})

    assert directions(changes(app(30), app(days))) == expected


@pytest.mark.parametrize(
    ("owner", "new", "expected"),
    [
        (PARTNER, "partner", {"widening"}),
        (PARTNER, "elsewhere", {"unclear"}),
        ("111122223333", "partner", {"unclear"}),
        (None, "partner", {"unclear"}),
    ],
)
def test_results_in_the_bucket_of_another_account_widen(
    owner: str | None, new: str, expected: set[str]
) -> None:
    bucket = template({"Data": resource("AWS::S3::Bucket", {"BucketName": "partner"})})

    def app(name: str) -> Assembly:
        us = membership(
            DefaultResultConfiguration={"OutputConfiguration": {"S3": {"Bucket": name}}}
        )
        matching = resource(
            "AWS::EntityResolution::MatchingWorkflow",
            {"OutputSourceConfig": [{"OutputS3Path": f"s3://{name}/matched/"}]},
        )
        theirs = Stack(id="Theirs", name="Theirs", template=bucket, account=owner, region=None)
        content = template({"Us": us, "Matching": matching})
        ours = Stack("Ours", "Ours", account="111122223333", region=None, template=content)
        return Assembly([ours, theirs])

    found = compare(app("ours"), app(new))
    assert len(found) == 2
    assert directions(found) == expected


def test_a_flag_that_is_written_out_is_no_change() -> None:
    def app(**metadata: Any) -> Template:
        return template({"Room": collaboration(DataEncryptionMetadata=metadata)})

    assert changes(app(AllowCleartext=True), app(AllowCleartext=True, PreserveNulls=False)) == []


def test_a_step_that_is_written_out_is_no_change() -> None:
    def app(**more: Any) -> Template:
        return template({"Room": collaboration(**more)})

    assert changes(app(), app(JobLogStatus="DISABLED")) == []


def test_an_output_without_a_value_is_not_known() -> None:
    content = template(
        {"Us": membership(CollaborationIdentifier={"Fn::ImportValue": "e"})},
        Outputs={"E": {"Export": {"Name": "e"}}},
    )
    assert changes(content, content) == []


@pytest.mark.parametrize(
    ("type_name", "attribute", "expected"),
    [("AWS::S3::Bucket", "Ref", {"unclear"}), ("AWS::IAM::Role", "Arn", {"unclear"})],
)
def test_another_bucket_or_role_without_a_name_is_another(
    type_name: str, attribute: str, expected: set[str]
) -> None:
    def app(used: str) -> Template:
        value = {"Ref": used} if attribute == "Ref" else {"Fn::GetAtt": [used, attribute]}
        bucket, role = (value, "arn:role") if attribute == "Ref" else ("b", value)
        results = {"OutputConfiguration": {"S3": {"Bucket": bucket}}, "RoleArn": role}
        us = membership(CollaborationIdentifier="c-1", DefaultResultConfiguration=results)
        return template({"One": resource(type_name), "Two": resource(type_name), "Us": us})

    assert directions(changes(app("One"), app("Two"))) == expected
    assert changes(app("One"), app("One")) == []
