"""Tests of analysis templates and of what they run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Environment, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket, CfnBucket

from cdk_cleanrooms import (
    AnalysisTemplate,
    Member,
    Parameter,
    ParameterType,
    PySparkSource,
    Results,
    SqlSource,
)
from tests.helpers import problems_of, resource_of, warnings_of
from tests.samples import MEMBERSHIP_ARN, MEMBERSHIP_ID

from .declarations import ANALYST, PARTNER, membership

RUNNER = f"arn:aws:cleanrooms:us-east-1:{PARTNER}:membership/{MEMBERSHIP_ID}"


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Stack", env=Environment(account="111122223333", region="us-east-1"))


def template(stack: Stack, id: str = "Overlap", **arguments: Any) -> AnalysisTemplate:
    return AnalysisTemplate(
        stack,
        id,
        **{
            "membership": MEMBERSHIP_ID,
            "name": "overlap",
            "source": SqlSource("SELECT 1"),
            **arguments,
        },
    )


def pyspark(**arguments: Any) -> PySparkSource:
    return PySparkSource(**{"bucket": "code", "entry_point": "overlap.py", **arguments})


def test_a_query_is_read_from_a_file_without_its_byte_order_mark(
    tmp_path: Path, stack: Stack
) -> None:
    file = tmp_path / "overlap.sql"
    file.write_text("\ufeffSELECT 'é'\n", "utf-8")
    properties = resource_of(template(stack, source=SqlSource.from_file(file)))["Properties"]
    assert (properties["Format"], properties["Source"]) == ("SQL", {"Text": "SELECT 'é'\n"})


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "overlap.sql"
    file.write_bytes("SELECT 'é'".encode("latin-1"))
    with pytest.raises(ValueError, match=r"overlap\.sql is not in UTF-8; save it in UTF-8"):
        SqlSource.from_file(str(file))


def test_parameters_have_types_and_defaults(stack: Stack) -> None:
    query = SqlSource("SELECT :since, :until")
    resource = resource_of(
        template(
            stack,
            source=query,
            parameters={
                "since": ParameterType.DATE,
                "until": Parameter(type="DATE", default="2027-01-01"),
            },
        )
    )
    assert resource["Properties"]["AnalysisParameters"] == [
        {"Name": "since", "Type": "DATE"},
        {"Name": "until", "Type": "DATE", "DefaultValue": "2027-01-01"},
    ]
    assert warnings_of(stack) == []


def test_a_parameter_that_the_query_does_not_use_causes_a_warning(stack: Stack) -> None:
    query = SqlSource("SELECT :since_when, :Until")
    template(stack, source=query, parameters=dict.fromkeys(["since", "Until", "to"], "DATE"))
    (warning,) = warnings_of(stack)
    assert warning.startswith("The query does not use :since, :to.")


def test_a_query_known_at_deployment_may_use_any_parameter(stack: Stack) -> None:
    query = SqlSource(CfnParameter(stack, "Query").value_as_string)
    template(stack, source=query, parameters={"since": "DATE"})
    assert warnings_of(stack) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "SELECT 1"}, "source: 'SELECT 1' is of type str; use SqlSource.from_file("),
        ({"source": SqlSource("")}, "source: its text, '' is empty; use 1 to 90000 characters"),
        ({"source": SqlSource("x" * 90_001)}, "has 90001 characters"),
        ({"source": SqlSource("\ud800")}, "has U+D800 at position 1"),
        ({"source": pyspark(bucket="My_Bucket")}, "its bucket, 'My_Bucket' is not the name"),
        ({"source": pyspark(entry_point="")}, "its entry_point, '' is empty"),
        ({"source": pyspark(entry_point="a b")}, "'a b' is not a key that Clean Rooms accepts"),
        ({"source": pyspark(virtual_environment="a@b")}, "its virtual_environment, 'a@b' is not"),
        ({"source": pyspark(role="x" * 40)}, "is not the ARN of a role"),
        (
            {"source": pyspark(query_runner_membership=MEMBERSHIP_ID)},
            "its query_runner_membership, 'a1b2c3d4-5678-90ab-cdef-111111111111' is not an ARN",
        ),
        ({"name": "a-b"}, "'a-b' is not the name of a table in queries or of a template"),
        ({"parameters": ["since"]}, "is of type list; use a mapping of names to types"),
        ({"parameters": {"a b": "DATE"}}, "'a b' is not the name of a parameter"),
        ({"parameters": {"a": "DAY"}}, "the value of 'a', 'DAY' is not one of 'SMALLINT'"),
        (
            {"parameters": {"a": Parameter(type="INT", default=1)}},  # type: ignore[arg-type]
            "the value of 'a', its default, 1 is of type int; use the default value as text",
        ),
        (
            {"parameters": {"a": Parameter(type="INT", default="1" * 1001)}},
            "has 1001 characters",
        ),
        ({"parameters": {f"p{n}": "INT" for n in range(51)}}, "there are 51 items; use at most 50"),
        ({"detailed_error_messages": True}, "only PySpark jobs have detailed error messages"),
        ({"referenced_tables": ["sales.orders"]}, "referenced_tables: 'sales.orders' is not"),
        (
            {"source": pyspark(), "parameters": {"a": "INT"}},
            "a parameter of a PySpark script is a STRING",
        ),
        (
            {"source": pyspark(), "parameters": {"1a": Parameter(type="STRING")}},
            "'1a' begins with a digit",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_argument_that_aws_refuses_is_a_problem(
    arguments: dict[str, Any], message: str, stack: Stack
) -> None:
    problems = problems_of(lambda: template(stack, **arguments))
    assert any(message in str(problem) for problem in problems), problems


def test_the_role_of_a_script_reads_exactly_its_files(stack: Stack) -> None:
    bucket = Bucket(stack, "Code", versioned=True)
    made = template(stack, source=pyspark(bucket=bucket, virtual_environment="packages/env.tar.gz"))
    found = Template.from_stack(stack)
    (role,) = found.find_resources("AWS::IAM::Role").values()
    ((policy_id, policy),) = found.find_resources("AWS::IAM::Policy").items()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    arn = stack.resolve(bucket.bucket_arn)
    assert statement == {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": [
            {"Fn::Join": ["", [arn, "/overlap.py"]]},
            {"Fn::Join": ["", [arn, "/packages/env.tar.gz"]]},
        ],
        "Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}},
    }
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    sources = trust["Condition"]["ForAnyValue:ArnEquals"]["aws:SourceArn"]
    assert sources[1:] == ["arn:aws:cleanrooms:us-east-1:*:membership/*"]
    assert resource_of(made)["DependsOn"] == [policy_id]
    assert made.role is not None


@pytest.mark.parametrize(
    ("runner", "others"),
    [
        (None, [f"arn:aws:cleanrooms:us-east-1:{PARTNER}:membership/*"]),
        (RUNNER, [RUNNER]),
    ],
)
def test_the_role_of_a_script_trusts_its_owner_and_who_runs_jobs(
    runner: str | None, others: list[str], stack: Stack
) -> None:
    creator = Member(display_name="Publisher", abilities=["CAN_RECEIVE_RESULTS"])
    third = Member(account_id="777788889999", display_name="Third")
    results = Results(bucket="results", role="arn:aws:iam::111122223333:role/Results")
    us = membership(stack, ANALYST, third, creator=creator, results=results)
    template(stack, membership=us, source=pyspark(query_runner_membership=runner))
    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    sources = trust["Condition"]["ForAnyValue:ArnEquals"]["aws:SourceArn"]
    assert sources == [stack.resolve(us.membership_arn), *others]


def test_a_template_of_the_member_who_runs_it_trusts_nobody_else(stack: Stack) -> None:
    creator = Member(display_name="Publisher", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
    other = Member(account_id=PARTNER, display_name="Other")
    us = membership(stack, other, creator=creator)
    template(stack, membership=us, source=pyspark())
    (role,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    sources = trust["Condition"]["ForAnyValue:ArnEquals"]["aws:SourceArn"]
    assert sources == [stack.resolve(us.membership_arn)]


def test_a_role_of_another_account_cannot_read_a_script(stack: Stack) -> None:
    role = f"arn:aws:iam::{PARTNER}:role/ReadsScripts"
    (problem,) = problems_of(lambda: template(stack, source=pyspark(role=role)))
    assert (problem.property, problem.value, problem.code) == ("source", role, "OtherAccount")
    assert problem.message.startswith("its role, ")


def test_a_role_that_is_given_is_used(stack: Stack) -> None:
    made = template(stack, source=pyspark(role="arn:aws:iam::111122223333:role/Code"))
    assert made.role is None


def test_who_cannot_receive_results_cannot_declare_a_script(stack: Stack) -> None:
    us = membership(stack)
    (problem,) = problems_of(lambda: template(stack, membership=us, source=pyspark()))
    assert problem.property == "source"
    assert "'Publisher' cannot; use SQL, or add CAN_RECEIVE_RESULTS" in problem.message
    template(stack, membership=us)


def test_abilities_known_at_deployment_may_be_those_that_a_script_needs(stack: Stack) -> None:
    ability = CfnParameter(stack, "Ability").value_as_string
    us = membership(stack, creator=Member(display_name="Publisher", abilities=[ability]))
    template(stack, membership=us, source=pyspark())


def test_more_than_25_templates_in_a_membership_cause_a_warning(stack: Stack) -> None:
    for number in range(26):
        template(stack, f"Overlap{number}", name=f"overlap_{number}")
    (warning,) = warnings_of(stack)
    assert "more than 25 analysis templates" in warning


def test_a_membership_arn_is_not_an_id(stack: Stack) -> None:
    (problem,) = problems_of(lambda: template(stack, membership=MEMBERSHIP_ARN))
    assert "is an ARN and not the ID of a membership" in problem.message


def test_the_role_of_a_script_decrypts_with_the_key_of_the_bucket(stack: Stack) -> None:
    key = Key(stack, "Key")
    template(stack, source=pyspark(bucket=Bucket(stack, "Code", encryption_key=key)))
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    *_, statement = policy["Properties"]["PolicyDocument"]["Statement"]
    arn = stack.resolve(key.key_arn)
    assert statement == {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": arn}


@pytest.mark.parametrize("is_l1", [True, False])
def test_a_bucket_of_the_app_without_versions_causes_a_warning(is_l1: bool, stack: Stack) -> None:
    bucket: Any = CfnBucket(stack, "Code") if is_l1 else Bucket(stack, "Code")
    template(stack, source=pyspark(bucket=bucket))
    (warning,) = warnings_of(stack)
    assert warning.startswith("The bucket of the script keeps no versions of its objects")


@pytest.mark.parametrize("bucket", ["versioned", "versioned later", "imported", "a name"])
@pytest.mark.unmeasured
def test_a_bucket_with_versions_or_an_unknown_one_causes_no_warning(
    bucket: str, stack: Stack
) -> None:
    made: Any = bucket
    if bucket == "imported":
        made = Bucket.from_bucket_name(stack, "Code", "code")
    elif bucket == "a name":
        made = "code"
    else:
        made = Bucket(stack, "Code", versioned=bucket == "versioned")
    template(stack, source=pyspark(bucket=made))
    if bucket == "versioned later":
        made.node.default_child.versioning_configuration = (
            CfnBucket.VersioningConfigurationProperty(status="Enabled")
        )
    assert warnings_of(stack) == []
