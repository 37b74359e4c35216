"""Tests of patterns, limits and types as AWS interprets them."""

from __future__ import annotations

import pytest

from cdk_cleanrooms.local_cloud.json_schema import converted, java_pattern, problems

NOT_BLANK = r"\A(?:(?!\s*$)[\u0020-\uD7FF\t\u2028\n]*)\Z"
TAGS = {
    "type": "array",
    "uniqueItems": True,
    "items": {
        "type": "object",
        "required": ["Key"],
        "properties": {"Key": {"type": "string"}, "Flag": {"type": "boolean"}},
        "additionalProperties": False,
    },
}


@pytest.mark.parametrize("value", ["٣", "é"])
def test_word_characters_and_digits_are_ascii(value: str) -> None:
    assert not java_pattern(r"\A[\w\d]\Z").search(value)


@pytest.mark.parametrize("terminator", ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"])
def test_a_dollar_sign_also_matches_before_a_final_line_terminator(terminator: str) -> None:
    assert java_pattern("^a$").search(f"a{terminator}")
    assert not java_pattern("^a$").search(f"a{terminator}{terminator}b")


def test_white_space_before_a_final_line_separator_is_all_white_space() -> None:
    assert not java_pattern(NOT_BLANK).search(" \t\u2028")
    assert java_pattern(NOT_BLANK).search(" \u2028x")


def test_a_surrogate_range_admits_nothing_outside_the_basic_multilingual_plane() -> None:
    assert not java_pattern(r"\A[\u0020-\uD7FF\uD800\uDBFF-\uDC00\uDFFF]*\Z").search("😀")


@pytest.mark.parametrize(
    ("schema", "fits", "breaks"),
    [
        ({"type": "string", "minLength": 2}, "ab", "a"),
        ({"type": "string", "maxLength": 2}, "ab", "abc"),
        ({"type": "string", "pattern": "^a"}, "ab", "ba"),
        ({"type": "integer", "minimum": 1}, 1, 0),
        ({"type": "integer", "maximum": 1}, 1, 2),
        ({"type": "boolean"}, False, 0),
        ({"type": "integer"}, 1, True),
        (TAGS, [{"Key": "a"}, {"Key": "b"}], [{"Key": "a"}, {"Key": "a"}]),
        (TAGS, [{"Key": "a", "Flag": True}], [{"Key": "a", "Other": True}]),
        (TAGS, [{"Key": "a"}], [{"Flag": True}]),
    ],
)
def test_a_value_within_a_limit_is_accepted_and_one_beyond_it_is_a_problem(
    schema: dict[str, object], fits: object, breaks: object
) -> None:
    assert list(problems(schema, fits)) == []
    assert len(list(problems(schema, breaks))) == 1


def test_a_problem_contains_its_path() -> None:
    assert list(problems(TAGS, [{"Key": 1}])) == ["#/0/Key: expected type: String, found: int"]


def test_true_as_a_string_and_numbers_for_strings_are_converted() -> None:
    assert converted(TAGS, [{"Key": 1, "Flag": "true"}]) == [{"Key": "1", "Flag": True}]
    assert converted(TAGS, [{"Key": True, "Flag": "false"}]) == [{"Key": "true", "Flag": False}]


def test_values_that_cannot_be_converted_are_left_unchanged() -> None:
    assert converted(TAGS, [{"Key": None, "Flag": "yes", "Other": 1}]) == [
        {"Key": None, "Flag": "yes", "Other": 1}
    ]
