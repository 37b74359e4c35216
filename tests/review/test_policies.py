"""Tests of policies: what they allow after a change that they did not allow before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .templates import (
    PARTNER,
    Template,
    changes,
    directions,
    resource,
    template,
    told,
)

_GET = "s3:GetObject"
_DATA = "arn:aws:s3:::crm-data/*"
_SAME: set[str] = set()
_ROLE = resource("AWS::IAM::Role", {"RoleName": "reader"})
_BUCKET = resource("AWS::S3::Bucket", {"BucketName": "crm-data"})


def statement(action: Any = _GET, on: Any = _DATA, **more: Any) -> Template:
    made = {"Effect": "Allow", "Action": action, "Resource": on, **more}
    return {key: value for key, value in made.items() if value is not None}


def document(*statements: Any) -> Template:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def role(*statements: Any, **properties: Any) -> Template:
    """Return a template with a role that has an inline policy."""
    policies = [{"PolicyName": "Inline", "PolicyDocument": document(*statements)}]
    made = {"RoleName": "reader", "Policies": policies, **properties}
    return template({"Role": resource("AWS::IAM::Role", made)})


def of_role(old: list[Any], new: list[Any]) -> set[str]:
    return directions(changes(role(*old), role(*new)))


def by(principal: Any, action: Any = _GET, **more: Any) -> Template:
    return statement(action, **{"Principal": principal, **more})


def of_bucket(old: list[Any], new: list[Any]) -> set[str]:
    def app(statements: list[Any]) -> Template:
        policy = {"Bucket": {"Ref": "Data"}, "PolicyDocument": document(*statements)}
        return template({"Data": _BUCKET, "Policy": resource("AWS::S3::BucketPolicy", policy)})

    return directions(changes(app(old), app(new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (statement("s3:GetObject"), statement("S3:getobject")),
        (statement(["s3:GetObject"]), statement("s3:GetObject")),
        (statement(on=[_DATA]), statement()),
        (statement(), statement(Sid="Read")),
        (
            statement(["s3:GetObject", "s3:ListBucket"]),
            statement(["s3:ListBucket", "s3:GetObject"]),
        ),
        (
            statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
            statement(Condition={"stringequals": {"AWS:principalorgid": ["o-1"]}}),
        ),
        (
            statement(Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:a"}}),
            statement(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:a"}}),
        ),
    ],
)
def test_a_policy_that_is_only_written_in_another_way_is_the_same(old: Any, new: Any) -> None:
    assert of_role([old], [new]) == _SAME
    assert of_role([new], [old]) == _SAME


@pytest.mark.parametrize(
    ("few", "many"),
    [
        ([], [statement()]),
        ([statement()], [statement(["s3:GetObject", "s3:PutObject"])]),
        ([statement()], [statement("s3:Get*")]),
        ([statement()], [statement("*")]),
        ([statement("s3:Get?bject")], [statement("s3:Get*")]),
        ([statement("s3:GetObject")], [statement("s3:Get?bject")]),
        ([statement()], [statement(on="arn:aws:s3:::crm-data*")]),
        ([statement(on="arn:aws:s3:::crm-data/a/*")], [statement()]),
        ([statement(Condition={"Bool": {"aws:SecureTransport": "true"}})], [statement()]),
        (
            [statement(Condition={"StringEquals": {"k": "a"}})],
            [statement(Condition={"StringEquals": {"k": ["a", "b"]}})],
        ),
        (
            [statement(Condition={"StringNotEquals": {"k": ["a", "b"]}})],
            [statement(Condition={"StringNotEquals": {"k": "a"}})],
        ),
        (
            [statement(Condition={"StringLike": {"k": "a/b*"}})],
            [statement(Condition={"StringLike": {"k": "a/*"}})],
        ),
        (
            [statement(Condition={"StringEquals": {"k": "a/b"}})],
            [statement(Condition={"StringLike": {"k": "a/*"}})],
        ),
        (
            [statement(Condition={"StringEquals": {"k": "a"}})],
            [statement(Condition={"StringEqualsIfExists": {"k": "a"}})],
        ),
        (
            [statement(Condition={"StringEquals": {"k": "a", "l": "b"}})],
            [statement(Condition={"StringEquals": {"k": "a"}})],
        ),
        ([statement(), statement(Effect="Deny")], [statement()]),
        (
            [statement(), statement("s3:*", Effect="Deny")],
            [statement(), statement(Effect="Deny")],
        ),
    ],
)
def test_a_policy_that_allows_more_widens_and_the_reverse_narrows(
    few: list[Any], many: list[Any]
) -> None:
    assert of_role(few, many) == {"widening"}
    assert of_role(many, few) == {"narrowing"}


def test_a_question_mark_does_not_cover_a_wildcard() -> None:
    assert "widening" in of_role([statement("s3:Get?")], [statement("s3:Get*")])


def test_a_condition_under_another_operator_is_another_condition() -> None:
    old = statement(Condition={"NumericLessThan": {"k": "1"}})
    new = statement(Condition={"NumericLessThanEquals": {"k": "1"}})
    assert of_role([old], [new]) == {"widening", "narrowing"}


@pytest.mark.parametrize("key", ["NotAction", "NotResource", "NotPrincipal"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_negation_needs_a_person(key: str, effect: str) -> None:
    negated = {**statement(Effect=effect), key: "a", "Sid": "One"}
    assert of_role([], [negated]) == {"unclear"}
    assert of_role([negated], []) == {"unclear"}
    assert of_role([negated], [{**negated, "Sid": "Two"}]) == _SAME


@pytest.mark.parametrize("odd", ["text", {"Effect": "Allow"}, {"Ref": "Statement"}])
def test_a_statement_of_another_form_needs_a_person(odd: Any) -> None:
    assert of_role([], [odd]) == {"unclear"}


def test_a_statement_of_another_service_is_neither() -> None:
    assert of_role([], [statement("dynamodb:PutItem")]) == {"neutral"}
    assert of_role([], [statement("dynamo*:PutItem")]) == {"widening"}


def test_who_reads_logs_reads_the_text_of_queries() -> None:
    assert of_role([], [statement("logs:PutLogEvents")]) == {"neutral"}
    assert of_role([], [statement("logs:GetLogEvents")]) == {"widening"}


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": PARTNER},
        {"AWS": [PARTNER]},
        {"AWS": f"arn:aws:iam::{PARTNER}:root"},
        {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{PARTNER}:root"}},
    ],
)
def test_an_account_is_its_root(principal: Any) -> None:
    assert of_bucket([by({"AWS": PARTNER})], [by(principal)]) == _SAME


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"AWS": PARTNER}, "*", {"widening"}),
        ({"AWS": "*"}, {"AWS": PARTNER}, {"narrowing"}),
        ("*", {"AWS": "*"}, _SAME),
        ({"Service": "a.amazonaws.com"}, {"AWS": PARTNER}, {"widening", "narrowing"}),
        ({"AWS": PARTNER}, {"AWS": [PARTNER, "777788889999"]}, {"widening"}),
    ],
)
def test_principals_are_compared(old: Any, new: Any, expected: set[str]) -> None:
    assert of_bucket([by(old)], [by(new)]) == expected


def test_a_deny_that_leaves_a_bucket_widens() -> None:
    deny = by("*", "s3:*", Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert of_bucket([deny], []) == {"widening"}
    assert of_bucket([], [deny]) == {"narrowing"}


def test_a_statement_that_moves_to_another_policy_of_the_role_is_the_same() -> None:
    attached = {"PolicyName": "Own", "PolicyDocument": document(statement())}
    others = [
        resource("AWS::IAM::Policy", {**attached, "Roles": [{"Ref": "Role"}]}),
        resource("AWS::IAM::RolePolicy", {**attached, "RoleName": {"Ref": "Role"}}),
        resource("AWS::IAM::RolePolicy", {**attached, "RoleName": "reader"}),
        resource(
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": document(statement()), "Roles": [{"Ref": "Role"}]},
        ),
    ]
    inline = role(statement())
    for other in others:
        moved = template({"Role": _ROLE, "Other": other})
        assert directions(changes(inline, moved)) == _SAME, other
        assert directions(changes(moved, inline)) == _SAME, other


@pytest.mark.parametrize("name", [{}, {"ManagedPolicyName": "Read"}])
def test_a_managed_policy_of_the_template_counts_with_the_role(name: Any) -> None:
    role_with = resource(
        "AWS::IAM::Role", {"RoleName": "reader", "ManagedPolicyArns": [{"Ref": "Read"}]}
    )
    managed = resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": document(statement()), **name})
    moved = template({"Role": role_with, "Read": managed})
    assert directions(changes(role(statement()), moved)) == _SAME


def test_a_managed_policy_that_nothing_uses_is_compared_by_itself() -> None:
    def app(*statements: Any) -> Template:
        made = {"PolicyDocument": document(*statements)}
        return template({"Read": resource("AWS::IAM::ManagedPolicy", made)})

    found = changes(app(), app(statement()))
    assert told(found) == [("PolicyDocument", "widening", True)]


def test_a_managed_policy_of_aws_needs_a_person() -> None:
    arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    with_it = role(ManagedPolicyArns=[arn])
    assert told(changes(role(), with_it)) == [("ManagedPolicyArns", "unclear", True)]
    assert told(changes(with_it, role())) == [("ManagedPolicyArns", "narrowing", False)]
    assert ("ManagedPolicyArns", "unclear", True) in told(changes(template({}), with_it))


def test_who_may_use_a_role_is_compared() -> None:
    def trusted(*statements: Any) -> Template:
        return role(AssumeRolePolicyDocument=document(*statements))

    trust = statement("sts:AssumeRole", None, Principal={"Service": "cleanrooms.amazonaws.com"})
    limited = {**trust, "Condition": {"StringEquals": {"aws:SourceAccount": PARTNER}}}
    found = changes(trusted(limited), trusted(trust))
    assert told(found) == [("AssumeRolePolicyDocument", "widening", True)]


def test_a_role_with_its_denials_that_is_removed_narrows() -> None:
    old = role(statement(), statement("s3:PutObject", Effect="Deny"), {"NotAction": "a"})
    found = changes(old, template({}))
    assert directions(found) == {"narrowing"}


@pytest.mark.parametrize(
    ("role", "policy", "expected"),
    [
        ("Retain", "Retain", {"neutral"}),
        ("Retain", "Delete", {"neutral", "narrowing"}),
        ("Delete", "Delete", {"narrowing"}),
    ],
)
def test_what_a_role_may_do_that_remains_with_its_policy_is_no_narrowing(
    role: str, policy: str, expected: set[str]
) -> None:
    attached = {
        "PolicyName": "p",
        "Roles": [{"Ref": "R"}],
        "PolicyDocument": {"Statement": [statement("s3:GetObject")]},
    }
    trust: Template = {"AssumeRolePolicyDocument": {"Statement": []}}
    old = template(
        {
            "R": resource("AWS::IAM::Role", trust, DeletionPolicy=role),
            "P": resource("AWS::IAM::Policy", attached, DeletionPolicy=policy),
        }
    )
    assert directions(changes(old, template({}))) == expected


def test_a_denial_of_a_bucket_that_remains_widens_when_it_is_removed() -> None:
    policy = {"Bucket": {"Ref": "Data"}, "PolicyDocument": document(by("*", Effect="Deny"))}

    def app(**more: Any) -> Template:
        data = {**resource("AWS::S3::Bucket", {"BucketName": "crm-data"}), **more}
        return template({"Data": data, "Policy": resource("AWS::S3::BucketPolicy", policy)})

    assert "widening" in directions(changes(app(DeletionPolicy="Retain"), template({})))
    assert "widening" not in directions(changes(app(), template({})))


@pytest.mark.parametrize(
    "policies",
    [
        [{"PolicyDocument": {"Statements": [statement()]}}],
        [{"PolicyDocument": document(statement(Later=True))}],
        [{"PolicyDocument": document(statement()), "Later": True}],
    ],
)
def test_a_policy_of_another_form_needs_a_person(policies: Any) -> None:
    odd = template({"Role": resource("AWS::IAM::Role", {"RoleName": "a", "Policies": policies})})
    plain = template({"Role": resource("AWS::IAM::Role", {"RoleName": "a"})})
    assert directions(changes(plain, odd)) == {"unclear"}


def entity(**properties: Any) -> Template:
    made = {
        "Arn": "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
        "StatementId": "Use",
        "Action": ["entityresolution:GetIdNamespace"],
        "Principal": [PARTNER],
        "Effect": "Allow",
        **properties,
    }
    return template({"It": resource("AWS::EntityResolution::PolicyStatement", made)})


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Principal": [f"arn:aws:iam::{PARTNER}:root"]}, _SAME),
        ({"Principal": [PARTNER, "777788889999"]}, {"widening"}),
        ({"Principal": [PARTNER, "entityresolution.amazonaws.com"]}, {"widening"}),
        ({"Action": ["entityresolution:*"]}, {"widening"}),
        ({"StatementId": "Renamed"}, {"neutral"}),
        ({"Condition": json.dumps({"StringEquals": {"aws:SourceAccount": "1"}})}, {"narrowing"}),
        ({"Condition": "no JSON"}, {"narrowing"}),
        ({"Condition": {"StringEquals": "odd"}}, {"narrowing"}),
        ({"Effect": "Deny"}, {"narrowing"}),
    ],
)
def test_statements_of_entity_resolution_are_compared(properties: Any, expected: set[str]) -> None:
    assert directions(changes(entity(), entity(**properties))) == expected


def test_a_statement_of_another_resource_is_another_policy() -> None:
    other = entity(Arn="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/others")
    assert directions(changes(entity(), other)) == {"widening", "narrowing"}


def key(*statements: Any) -> Template:
    return template({"Key": resource("AWS::KMS::Key", {"KeyPolicy": document(*statements)})})


def test_an_account_can_use_its_own_new_key() -> None:
    own = by({"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "kms:*")
    theirs = by({"AWS": PARTNER}, "kms:Decrypt")
    assert directions(changes(template({}), key(own))) == {"neutral"}
    assert directions(changes(template({}), key(own, theirs))) == {"neutral", "widening"}
    assert directions(changes(key(), key(own))) == {"widening"}


def test_a_policy_in_text_is_read() -> None:
    text = json.dumps(document(statement()))
    attached = {"PolicyName": "Own", "Roles": ["outside"]}

    def app(content: Any) -> Template:
        made = {**attached, "PolicyDocument": content}
        return template({"Policy": resource("AWS::IAM::Policy", made)})

    assert changes(app(document(statement())), app(text)) == []
    assert directions(changes(app(text), app("no JSON"))) == {"unclear", "narrowing"}


def test_a_policy_of_a_role_outside_is_compared_in_its_account() -> None:
    def app(*statements: Any) -> Template:
        made = {"PolicyName": "Own", "Roles": ["outside"], "PolicyDocument": document(*statements)}
        return template({"Policy": resource("AWS::IAM::Policy", made)})

    (found,) = changes(app(), app(statement()), account="111122223333")
    assert found.identity == "AWS::IAM::Role outside (111122223333)"


_PARAMETERS = {
    "Partner": {"Type": "String", "Default": PARTNER},
    "Open": {"Type": "String"},
}


def test_a_principal_that_a_parameter_decides_needs_a_person() -> None:
    def app(principal: Any) -> Template:
        made = {"Bucket": "crm-data", "PolicyDocument": document(by({"AWS": principal}))}
        policy = resource("AWS::S3::BucketPolicy", made)
        return template({"Policy": policy}, Parameters=_PARAMETERS)

    assert directions(changes(app(PARTNER), app({"Ref": "Partner"}))) == {"neutral", "narrowing"}
    found = changes(app(PARTNER), app({"Ref": "Open"}))
    assert directions(found) == {"unclear", "narrowing"}
    assert found[0].deciders == ("parameter Open",)


def test_a_policy_that_may_be_there_needs_a_person() -> None:
    def app(**condition: Any) -> Template:
        made = {"PolicyName": "Own", "Roles": ["outside"], "PolicyDocument": document(statement())}
        policy = resource("AWS::IAM::Policy", made, **condition)
        conditions = {"May": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
        return template({"Policy": policy}, Parameters=_PARAMETERS, Conditions=conditions)

    assert directions(changes(template({}), app(Condition="May"))) == {"unclear"}
    assert directions(changes(app(Condition="May"), app())) == {"widening", "neutral"}


def test_a_denial_that_may_be_there_widens() -> None:
    def app(**condition: Any) -> Template:
        deny = by("*", "s3:*", Effect="Deny")
        made = {"Bucket": "crm-data", "PolicyDocument": document(deny)}
        policy = resource("AWS::S3::BucketPolicy", made, **condition)
        conditions = {"May": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
        return template({"Policy": policy}, Parameters=_PARAMETERS, Conditions=conditions)

    assert "widening" in directions(changes(app(), app(Condition="May")))


def test_tags_count_where_a_policy_has_a_condition_on_them() -> None:
    def app(value: str, *statements: Any) -> Template:
        return role(*statements, Tags=[{"Key": "team", "Value": value}])

    tagged = statement(Condition={"StringEquals": {"aws:PrincipalTag/team": "crm"}})
    negated = {
        "Effect": "Allow",
        "NotAction": "a",
        "Condition": {"Null": {"aws:RequestTag/a": "1"}},
    }
    assert directions(changes(app("a"), app("b"))) == {"neutral"}
    assert directions(changes(app("a", tagged), app("b", tagged))) == {"unclear"}
    assert directions(changes(app("a", negated), app("b", negated))) == {"unclear"}


def test_inline_policies_of_another_form_need_a_person() -> None:
    assert directions(changes(role(), role(Policies=["text"]))) == {"unclear"}


def test_a_policy_of_a_bucket_without_a_name_belongs_to_the_bucket() -> None:
    def app(*statements: Any) -> Template:
        policy = {"Bucket": {"Ref": "Data"}, "PolicyDocument": document(*statements)}
        return template(
            {
                "Data": resource("AWS::S3::Bucket"),
                "Policy": resource("AWS::S3::BucketPolicy", policy),
            }
        )

    (found,) = changes(app(), app(by("*")))
    assert found.identity == "AWS::S3::Bucket Data"


def test_the_policy_of_a_new_key_of_another_stack_is_compared() -> None:
    policy = {"KeyPolicy": document(by({"AWS": "arn:aws:iam::111122223333:root"}, "kms:*"))}
    made = template({"Key": resource("AWS::KMS::Key", policy)})
    assert directions(changes(template({}), made, account="111122223333")) == {"neutral"}
