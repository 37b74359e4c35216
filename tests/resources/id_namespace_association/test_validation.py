"""Tests of validation: values at each limit are accepted or refused as by AWS."""

from __future__ import annotations

import pickle
import traceback
from types import MappingProxyType

import pytest
from aws_cdk import CfnParameter, Lazy, RemovalPolicy, Stack, Tags
from aws_cdk.aws_cleanrooms import CfnMembership
from aws_cdk.aws_entityresolution import CfnIdNamespace

from cdk_cleanrooms import IdNamespaceAssociation, Problem, ValidationError
from tests.helpers import Associate, l1_of, problems_of, resource_of
from tests.samples import ID_NAMESPACE_ARN, MEMBERSHIP_ID

ARN_WITHOUT_NAME = ID_NAMESPACE_ARN.removesuffix("customers")


def arn_in(region: str = "us-east-1", account: str = "111122223333") -> str:
    return f"arn:aws:entityresolution:{region}:{account}:idnamespace/customers"


def many_tags(count: int) -> dict[str, str]:
    return {f"Key{number}": "Value" for number in range(count)}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        pytest.param("membership", "00000000-0000-0000-0000-000000000000", id="all zeros"),
        pytest.param("membership", "ffffffff-ffff-ffff-ffff-ffffffffffff", id="all f"),
        pytest.param("id_namespace", ARN_WITHOUT_NAME + "n", id="shortest namespace name"),
        pytest.param(
            "id_namespace", ARN_WITHOUT_NAME.ljust(256, "n"), id="longest id namespace ARN"
        ),
        pytest.param("id_namespace", ARN_WITHOUT_NAME + "N-_9", id="all kinds in namespace name"),
        pytest.param("id_namespace", arn_in(region="xx-area-1"), id="shortest region"),
        pytest.param("id_namespace", arn_in(region="ap-southeast-9"), id="longest region"),
        pytest.param("name", "n", id="shortest name"),
        pytest.param("name", "n" * 100, id="longest name"),
        pytest.param("name", "\tname", id="tab in name"),
        pytest.param("name", " name ", id="white space around name"),
        pytest.param("name", "\u007f\u0080\ud7ff\ue000\ufffd", id="edges of the name's characters"),
        pytest.param("description", "", id="shortest description"),
        pytest.param("description", "d" * 255, id="longest description"),
        pytest.param("description", "\t\r\n ", id="white space in description"),
        pytest.param("description", "\ud7ff\ue000\ufffd", id="edges of description's characters"),
        pytest.param("tags", {"k": "v"}, id="shortest tag"),
        pytest.param("tags", {"k" * 128: "v" * 256}, id="longest tag"),
        pytest.param("tags", {"\U0001f600": "\U0001f600"}, id="emoji in tag"),
        pytest.param("tags", {"aws": "aws:", "my-aws:": "v"}, id="tag key like a reserved one"),
        pytest.param("tags", {"Team": "v", "TEAM": "v"}, id="tag keys that differ in case"),
        pytest.param("tags", many_tags(50), id="most tags"),
        pytest.param("tags", MappingProxyType({"k": "v"}), id="tags in a mapping of any kind"),
        pytest.param("removal_policy", RemovalPolicy.DESTROY, id="destroy"),
        pytest.param("removal_policy", RemovalPolicy.RETAIN, id="retain"),
        pytest.param(
            "removal_policy", RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, id="retain on update"
        ),
    ],
)
@pytest.mark.unmeasured
def test_values_that_aws_accepts_are_accepted(
    argument: str, value: object, associate: Associate
) -> None:
    # Synthesis fails if the CDK's own validation, which the fixture `app` turns on, refuses the
    # value.
    resource = resource_of(associate(**{argument: value}))
    assert resource["Type"] == "AWS::CleanRooms::IdNamespaceAssociation"


@pytest.mark.parametrize("name", ["\u00a0", "\u3000", "\u2028 ", "\u0085\u0085"])
def test_a_name_of_characters_that_aws_does_not_treat_as_white_space_is_accepted(
    name: str, associate: Associate
) -> None:
    # The CDK's own validation does not interpret the pattern like Java, and would refuse the name.
    assert l1_of(associate(name=name)).name == name


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        pytest.param("membership", "", id="empty membership"),
        pytest.param("membership", MEMBERSHIP_ID[:-1], id="membership too short"),
        pytest.param("membership", MEMBERSHIP_ID + "1", id="membership too long"),
        pytest.param("membership", "g" + MEMBERSHIP_ID[1:], id="letter that is no digit"),
        pytest.param("membership", "\u0661" + MEMBERSHIP_ID[1:], id="digit that is not ASCII"),
        pytest.param("membership", MEMBERSHIP_ID + "\n", id="line break after membership"),
        pytest.param("membership", MEMBERSHIP_ID.replace("-", "_"), id="no hyphens"),
        pytest.param("id_namespace", "", id="empty id namespace"),
        pytest.param("id_namespace", ARN_WITHOUT_NAME, id="no namespace name"),
        pytest.param("id_namespace", ARN_WITHOUT_NAME.ljust(257, "n"), id="ARN too long"),
        pytest.param("id_namespace", ARN_WITHOUT_NAME + "n.n", id="dot in namespace name"),
        pytest.param("id_namespace", ARN_WITHOUT_NAME + "\u00e4", id="letter that is not ASCII"),
        pytest.param("id_namespace", ARN_WITHOUT_NAME + "n/n", id="slash in namespace name"),
        pytest.param("id_namespace", ID_NAMESPACE_ARN + "\n", id="line break after ARN"),
        pytest.param("id_namespace", arn_in(region="x-area-1"), id="region begins too short"),
        pytest.param("id_namespace", arn_in(region="xxx-area-1"), id="region begins too long"),
        pytest.param("id_namespace", arn_in(region="xx-are-1"), id="region's middle too short"),
        pytest.param("id_namespace", arn_in(region="xx-southsouth-1"), id="region's middle long"),
        pytest.param("id_namespace", arn_in(region="us-east-10"), id="region's number too long"),
        pytest.param("id_namespace", arn_in(region="us-east-\u0661"), id="number not ASCII"),
        pytest.param("id_namespace", arn_in(region=""), id="no region"),
        pytest.param("id_namespace", arn_in(account="1" * 11), id="account too short"),
        pytest.param("id_namespace", arn_in(account="1" * 13), id="account too long"),
        pytest.param("id_namespace", arn_in(account="\u0661" * 12), id="account not ASCII"),
        pytest.param("id_namespace", arn_in(account=""), id="no account"),
        pytest.param("id_namespace", f"{ID_NAMESPACE_ARN}:1", id="one part too many"),
        pytest.param(
            "id_namespace", ID_NAMESPACE_ARN.replace(":aws:", ":aws-cn:"), id="China's partition"
        ),
        pytest.param("id_namespace", ID_NAMESPACE_ARN.replace("arn:", "arm:"), id="ARN misspelt"),
        pytest.param(
            "id_namespace", ID_NAMESPACE_ARN.replace("entity", "Entity"), id="service misspelt"
        ),
        pytest.param("name", "", id="empty name"),
        pytest.param("name", "n" * 101, id="name too long"),
        pytest.param("name", " ", id="space for a name"),
        pytest.param("name", "\t \t", id="white space for a name"),
        pytest.param("name", " \u2028", id="line separator that ends the name"),
        pytest.param("name", "\u0085", id="next line for a name"),
        pytest.param("name", "name\n", id="line break after name"),
        pytest.param("name", "na\rme", id="carriage return in name"),
        pytest.param("name", "\u001f", id="control character in name"),
        pytest.param("name", "\ud800", id="first surrogate in name"),
        pytest.param("name", "\udfff", id="last surrogate in name"),
        pytest.param("name", "\ufffe", id="no character in name"),
        pytest.param("name", "\U00010000", id="name beyond the Basic Multilingual Plane"),
        pytest.param("description", "d" * 256, id="description too long"),
        pytest.param("description", "\u000b", id="vertical tab in description"),
        pytest.param("description", "\u001f", id="control character in description"),
        pytest.param("description", "\ud800", id="first surrogate in description"),
        pytest.param("description", "\udfff", id="last surrogate in description"),
        pytest.param("description", "\ufffe", id="no character in description"),
        pytest.param("description", "\U0001f600", id="emoji in description"),
        pytest.param("tags", many_tags(51), id="too many tags"),
        pytest.param("removal_policy", RemovalPolicy.SNAPSHOT, id="snapshot"),
    ],
)
def test_values_that_aws_would_refuse_are_refused(
    argument: str, value: object, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(**{argument: value}))
    assert (problem.property, problem.value) == (argument, value)


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        pytest.param("", "v", "", id="empty key"),
        pytest.param("k" * 129, "v", "k" * 129, id="key too long"),
        pytest.param("aws:k", "v", "aws:k", id="reserved key"),
        pytest.param("AwS:k", "v", "AwS:k", id="reserved key in another case"),
        pytest.param("\ud800", "v", "\ud800", id="key that cannot be encoded"),
        pytest.param(1, "v", 1, id="number for a key"),
        pytest.param("k", "", "", id="empty value"),
        pytest.param("k", "v" * 257, "v" * 257, id="value too long"),
        pytest.param("k", "\udfff", "\udfff", id="value that cannot be encoded"),
        pytest.param("k", None, None, id="no value"),
        pytest.param("k", 1, 1, id="number for a value"),
    ],
)
def test_a_tag_that_aws_would_refuse_is_refused(
    key: object, value: object, wrong: object, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(tags={"Team": "DataScience", key: value}))
    assert (problem.property, problem.value) == ("tags", wrong)


def test_the_message_about_the_value_of_a_tag_contains_its_key(associate: Associate) -> None:
    (problem,) = problems_of(lambda: associate(tags={"Team": ""}))
    assert "'Team'" in problem.message


NOT_TEXT = (1, 1.5, True, b"bytes", ["list"], {"key": "value"}, object())
NOT_BOOLEAN = ("true", "", 0, 1, ["list"], object())


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(
            (argument, value)
            for argument in ("id", "membership", "id_namespace", "name")
            for value in (None, *NOT_TEXT)
        ),
        *(("description", value) for value in NOT_TEXT),
        *(("manage_resource_policies", value) for value in (None, *NOT_BOOLEAN)),
        *(("allow_use_as_dimension_column", value) for value in NOT_BOOLEAN),
        *(("tags", value) for value in ([{"Key": "k", "Value": "v"}], ("k", "v"), "k=v", 1, True)),
        *(("removal_policy", value) for value in ("RETAIN", "retain", 1, True)),
        *(("scope", value) for value in (None, "Stack", Stack, object())),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(
    argument: str, value: object, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(**{argument: value}))
    assert (problem.property, problem.value) == (argument, value)
    if isinstance(value, type):
        assert f"the class {value.__name__} is given" in problem.message
    else:
        assert f"of type {type(value).__name__};" in problem.message


def test_an_empty_construct_id_is_refused(associate: Associate) -> None:
    (problem,) = problems_of(lambda: associate(id=""))
    assert (problem.property, problem.value) == ("id", "")


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("membership", CfnMembership),
        ("id_namespace", CfnIdNamespace),
        ("name", Lazy),
        ("manage_resource_policies", CfnParameter),
        ("removal_policy", RemovalPolicy),
    ],
)
def test_a_class_instead_of_an_object_is_refused(
    argument: str, value: object, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(**{argument: value}))
    assert (problem.property, problem.value) == (argument, value)


@pytest.mark.parametrize("argument", ["scope", "tags", "membership", "id_namespace", "name"])
def test_a_cdk_object_of_the_wrong_type_is_refused(
    argument: str, stack: Stack, associate: Associate
) -> None:
    value = Tags.of(stack)
    (problem,) = problems_of(lambda: associate(**{argument: value}))
    assert (problem.property, problem.value) == (argument, value)


def test_a_stack_is_refused_as_a_boolean_although_it_resolves_tokens(
    stack: Stack, associate: Associate
) -> None:
    (problem,) = problems_of(lambda: associate(manage_resource_policies=stack))
    assert (problem.property, problem.value) == ("manage_resource_policies", stack)


def everything_wrong(stack: Stack) -> IdNamespaceAssociation:
    return IdNamespaceAssociation(
        stack,
        "Association",
        membership="membership-12345",
        id_namespace="not an ARN",
        name="\n" * 101,
        description="d" * 256,
        manage_resource_policies="true",  # type: ignore[arg-type]
        allow_use_as_dimension_column="true",  # type: ignore[arg-type]
        tags={"": "", "aws:k": "v"},
        removal_policy=RemovalPolicy.SNAPSHOT,
    )


@pytest.fixture
def error(stack: Stack) -> ValidationError:
    with pytest.raises(ValidationError) as raised:
        everything_wrong(stack)
    return raised.value


def test_all_problems_are_reported_at_once_in_the_order_of_the_arguments(
    error: ValidationError,
) -> None:
    assert [(problem.property, problem.value) for problem in error.problems] == [
        ("membership", "membership-12345"),
        ("id_namespace", "not an ARN"),
        ("name", "\n" * 101),  # too long
        ("name", "\n" * 101),  # line breaks
        ("description", "d" * 256),
        ("manage_resource_policies", "true"),
        ("allow_use_as_dimension_column", "true"),
        ("tags", ""),  # the key
        ("tags", ""),  # its value
        ("tags", "aws:k"),
        ("removal_policy", RemovalPolicy.SNAPSHOT),
    ]


def test_the_problems_are_a_tuple(error: ValidationError) -> None:
    assert isinstance(error.problems, tuple)


def test_the_error_is_a_value_error(error: ValidationError) -> None:
    assert isinstance(error, ValueError)


def test_the_text_of_an_error_is_the_path_and_one_line_for_each_problem(
    error: ValidationError,
) -> None:
    heading, *lines = str(error).splitlines()
    assert heading == "Stack/Association: 11 problems"
    assert lines == [f"  {each.property}: {each.message} [{each.code}]" for each in error.problems]


def test_the_text_of_an_error_has_the_singular_for_one_problem(associate: Associate) -> None:
    with pytest.raises(ValidationError) as raised:
        associate(name="")
    assert str(raised.value).splitlines()[0] == "Stack/Association: 1 problem"


def test_the_path_of_a_construct_that_is_not_in_a_stack_is_its_id(associate: Associate) -> None:
    with pytest.raises(ValidationError) as raised:
        associate(scope=None)
    assert raised.value.construct_path == "Association"


class WithLineBreakInItsForm:
    def __repr__(self) -> str:
        return "a value\nof two lines"


def test_a_problem_stays_on_one_line_whatever_the_value(associate: Associate) -> None:
    with pytest.raises(ValidationError) as raised:
        associate(name=WithLineBreakInItsForm())
    assert len(str(raised.value).splitlines()) == 2


def test_a_long_value_is_shortened_in_the_message(associate: Associate) -> None:
    (problem,) = problems_of(lambda: associate(name="n" * 5000))
    assert len(problem.message) < 300


def test_an_error_survives_pickling(error: ValidationError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.problems) == (ValidationError, str(error), error.problems)


def test_the_text_of_a_problem_is_its_line_in_the_error() -> None:
    assert str(Problem("name", "", "is empty", "NameEmpty")) == "name: is empty [NameEmpty]"


def test_a_refused_construct_leaves_nothing_in_the_tree(stack: Stack, associate: Associate) -> None:
    problems_of(lambda: associate(name=""))
    assert stack.node.children == []


def test_after_an_error_the_same_id_can_be_used(associate: Associate) -> None:
    problems_of(lambda: associate(name=""))
    assert associate().node.path == "Stack/Association"


def test_the_traceback_contains_the_line_of_the_user(stack: Stack) -> None:
    with pytest.raises(ValidationError) as raised:
        everything_wrong(stack)
    frames = traceback.extract_tb(raised.value.__traceback__)
    own = [frame for frame in frames if frame.filename == __file__]
    assert own[-1].name == "everything_wrong"
    assert own[-1].line is not None
    assert own[-1].line.startswith("return IdNamespaceAssociation(")


def test_an_error_has_neither_cause_nor_context(error: ValidationError) -> None:
    assert (error.__cause__, error.__context__) == (None, None)
