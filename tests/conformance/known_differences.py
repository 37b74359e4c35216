"""All known differences between the verdicts of an oracle and of this library.

A difference is described by a reading. It converts a value to another value, for which the library
has the verdict that the oracle has for the original. So the list predicts every verdict of every
oracle, and a test that finds a wrong prediction has found a new difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, starmap
from typing import Any, TypeAlias

import regex

from cdk_cleanrooms._core import rules
from cdk_cleanrooms._core.tags import TAG_LIMIT
from cdk_cleanrooms.id_mapping_table import _ARN_LIMIT

from .properties import MEMBERSHIP
from .resources import PROPERTIES
from .resources.id_mapping_table import KEY, WORKFLOW, WORKFLOW_PATTERN
from .resources.id_namespace_association import ID_NAMESPACE

# The resource's schema alone, cfn-lint for a whole template, the model of the API, and the CDK's
# own validation of a whole template.
SCHEMA, CFN_LINT, BOTOCORE, CDK = "schema", "cfn-lint", "botocore", "CDK"

Reading: TypeAlias = Callable[[Any], Any]

# A value that no property accepts.
_REFUSED = object()

_MEMBERSHIP_ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{MEMBERSHIP}"
_ASSOCIATION_ARN = f"{_MEMBERSHIP_ARN}/idnamespaceassociation/{MEMBERSHIP}"
_TABLE_ARN = f"{_MEMBERSHIP_ARN}/idmappingtable/{MEMBERSHIP}"
_TABLE_ARN_LIMIT = 200
_TRUE_AND_FALSE = {"true", "True", "TRUE", "false", "False", "FALSE"}
_YES_AND_NO = {
    case(word)
    for word in ("yes", "no", "y", "n", "on", "off", "1", "0")
    for case in (str.lower, str.upper, str.title)
}
_NOT_KNOWN_YET = {
    "${Token[": "${Token(",
    "{{resolve:": "{{resolve;",
    "dummy-value-for-": "dummy_value_for_",
}
_TOKEN = "${Token[TOKEN.12]}"


@dataclass(frozen=True)
class KnownDifference:
    """A difference.

    Attributes:
        name: The name of the difference.
        reason: The reason for it, and why the library's verdict is right.
        oracles: The oracles with the difference.
        witnesses: For each property with the difference, a value that shows it.
        reading: A function that converts a value as these oracles read it.
    """

    name: str
    reason: str
    oracles: tuple[str, ...]
    witnesses: Mapping[str, Any]
    reading: Reading


def predicted(oracle: str, property: str, value: Any) -> bool:
    """Return the predicted verdict of an oracle on a value."""
    return PROPERTIES[property].accepts(read(oracle, property, value))


def read(oracle: str, property: str, value: Any) -> Any:
    """Convert a value as an oracle reads it."""
    for difference in _of(oracle, property):
        if value is not _REFUSED:
            value = difference.reading(value)
    if property == "tags" and value is not _REFUSED:
        keys = [read(oracle, "tag_key", key) for key in value]
        texts = [read(oracle, "tag_value", text) for text in value.values()]
        # Two keys that are read as the same are still two, so each valid key becomes a unique one.
        unlike = (
            str(index) if PROPERTIES["tag_key"].accepts(key) else key
            for index, key in enumerate(keys)
        )
        return dict(zip(unlike, texts, strict=True))
    return value


def names_of(oracle: str, property: str, value: Any) -> Iterator[str]:
    """Yield the names of the differences that explain an oracle's verdict on a value."""
    if property == "tags":
        for key, text in value.items():
            yield from names_of(oracle, "tag_key", key)
            yield from names_of(oracle, "tag_value", text)
    for difference in _of(oracle, property):
        if difference.reading(value) != value:
            yield difference.name


def _of(oracle: str, property: str) -> Iterator[KnownDifference]:
    for difference in KNOWN_DIFFERENCES:
        if oracle in difference.oracles and property in difference.witnesses:
            yield difference


def _text(reading: Callable[[str], Any]) -> Reading:
    """Return a reading of text that adds no tokens, and does not change values of other types."""

    def read_text(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = reading(value)
        if isinstance(text, str) and rules.is_known(value):
            return _as_known(text)
        return text

    return read_text


def _as_known(text: str) -> str:
    """Return text of the same length without anything to resolve or to look up."""
    for marker, literal in _NOT_KNOWN_YET.items():
        text = text.replace(marker, literal)
    return text


def _without_list_tokens(text: str) -> str:
    return text.replace("#{Token[", "#{Token(")


def _with_last_character_doubled(value: str) -> str:
    # The length is the same, and the result is valid if the text without the line break is.
    return re.sub(r"(?s)(.)\n\Z", r"\1\1", value)


def _ascii_but_for_the_id_of_a_key(value: str) -> str:
    # The pattern of a key's ID lists its letters and digits, instead of using \w or \d.
    before, separator, identifier = value.partition(":key/")
    return _ascii(before) + separator + identifier


def _ascii(value: str) -> str:
    def as_ascii(character: str) -> str:
        if character.isascii() or not regex.match(r"\w", character):
            return character
        return "0" if regex.match(r"\d", character) else "x"

    return "".join(map(as_ascii, value))


def _with_uuids(path: str, limit: int) -> Callable[[str], str]:
    def reading(value: str) -> str:
        if len(value) > limit:
            return value
        return re.sub(
            rf"membership/[\w-]+/{path}/[\w-]+\Z",
            f"membership/{MEMBERSHIP}/{path}/{MEMBERSHIP}",
            value,
            flags=re.ASCII,
        )

    return reading


def _as_clean_rooms_has_it(value: str) -> str:
    fits = 20 <= len(value) <= _ARN_LIMIT and re.fullmatch(WORKFLOW_PATTERN, value)
    return WORKFLOW if fits else value


def _without_surplus(tags: dict[str, str]) -> dict[str, str]:
    refused_first = sorted(tags.items(), key=lambda tag: PROPERTIES["tags"].accepts(dict([tag])))
    return dict(refused_first[:TAG_LIMIT])


def _with_one_of_each(tags: dict[str, str]) -> Any:
    return _REFUSED if any(starmap(_are_alike_to_cfn_lint, combinations(tags, 2))) else tags


def _with_one_of_each_pair(tags: dict[str, str]) -> Any:
    for one, other in combinations(tags.items(), 2):
        if all(map(_are_alike_to_cfn_lint, one, other)):
            return _REFUSED
    return tags


def _are_alike_to_cfn_lint(one: str, other: str) -> bool:
    if {one.lower(), other.lower()} & {"true", "false"}:
        return (one.lower() == "true") == (other.lower() == "true")
    return one == other


def _as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


KNOWN_DIFFERENCES = (
    KnownDifference(
        "list token",
        "An item taken out of a list token cannot be resolved. The oracle treats it as ordinary"
        " text.",
        (SCHEMA, BOTOCORE),
        {
            "name": "#{Token[TOKEN.12]}",
            "description": "#{Token[TOKEN.12]}",
            "tag_key": "#{Token[TOKEN.12]}",
            "tag_value": "#{Token[TOKEN.12]}",
        },
        _text(_without_list_tokens),
    ),
    KnownDifference(
        "value that is not known yet",
        "A token, a dynamic reference and the CDK's placeholder for a look-up represent a value"
        " that is not known yet. The oracle treats them as ordinary text.",
        (SCHEMA, BOTOCORE),
        {
            "name": f"{_TOKEN}\0",
            "description": f"{_TOKEN}\0",
            "membership": _TOKEN,
            "id_namespace": _TOKEN,
            "name of an ID mapping table": f"{_TOKEN}\0",
            "id_mapping_workflow": _TOKEN,
            "encryption_key": _TOKEN,
            "id_mapping_table_identifier": _TOKEN,
            "id_mapping_table_arn": _TOKEN.ljust(257, "-"),
            "tag_key": _TOKEN.ljust(129, "-"),
            "tag_value": _TOKEN.ljust(257, "-"),
            "id_namespace_association_identifier": _TOKEN,
            "id_namespace_association_arn": _TOKEN.ljust(257, "-"),
        },
        _text(_as_known),
    ),
    KnownDifference(
        "number instead of text",
        "CloudFormation converts numbers and booleans to text. The construct's arguments are"
        " typed, and a value of another type is usually a mistake.",
        (CFN_LINT, CDK),
        {"name": 7, "description": True, "name of an ID mapping table": 7},
        _as_text,
    ),
    KnownDifference(
        "boolean in quotes",
        "CloudFormation converts 'true' to a boolean. The construct's arguments are typed, and"
        " Python treats the text 'false' as true.",
        (CFN_LINT,),
        {"manage_resource_policies": "true", "allow_use_as_dimension_column": "False"},
        _text(lambda value: value in _TRUE_AND_FALSE or value),
    ),
    KnownDifference(
        "boolean in quotes, as a digit or as a word",
        "As above. The CDK's validation also accepts the other words that YAML uses for true and"
        " false.",
        (CDK,),
        {"manage_resource_policies": "yes", "allow_use_as_dimension_column": "0"},
        _text(lambda value: value in _TRUE_AND_FALSE | _YES_AND_NO or value),
    ),
    KnownDifference(
        "line break at the end",
        "Python's `$` also matches before a line break at the end. AWS's patterns are Java"
        " patterns, and must match the whole text.",
        (SCHEMA, CFN_LINT),
        {
            "name": "customers\n",
            "id_namespace": f"{ID_NAMESPACE}\n",
            "name of an ID mapping table": "customers\n",
            "id_mapping_workflow": f"{WORKFLOW}\n",
            "encryption_key": f"{KEY}\n",
        },
        _text(_with_last_character_doubled),
    ),
    KnownDifference(
        "Unicode white space",
        r"The oracle's `\s` matches Unicode white space, so it considers the name blank. Java's"
        r" `\s` matches only ASCII.",
        (SCHEMA, CFN_LINT, CDK),
        {"name": "\u3000"},
        _text(lambda value: " " if value.isspace() else value),
    ),
    KnownDifference(
        "Unicode letters and digits",
        r"The oracle's `\w` and `\d` match Unicode letters and digits. Java's match only ASCII.",
        (SCHEMA, CFN_LINT, CDK),
        {
            "id_namespace": ID_NAMESPACE.replace("1111", "\u0661" * 4) + "\u00e9",
            "encryption_key": KEY.replace("1111222", "\u0661" * 7),
        },
        _text(_ascii_but_for_the_id_of_a_key),
    ),
    KnownDifference(
        "white space before a line terminator",
        "Java's `$` also matches before U+0085, U+2028 and U+2029 at the end. Python's does not.",
        (BOTOCORE,),
        {"name": " \u2028"},
        _text(lambda value: re.sub("^[ \t]*[\x85\u2028\u2029]\\Z", "x", value)),
    ),
    KnownDifference(
        "surrogate that the pattern allows",
        "AWS's patterns allow some lone surrogates, which UTF-8 cannot encode.",
        (SCHEMA, BOTOCORE),
        {"name": "\ud800", "description": "\udfff"},
        _text(lambda value: re.sub("[\ud800\udbff\udc00\udfff]", "x", value)),
    ),
    KnownDifference(
        "surrogate in a tag",
        "Neither source limits the characters of a tag, but UTF-8 cannot encode a lone surrogate.",
        (SCHEMA, BOTOCORE),
        {"tag_key": "\ud801", "tag_value": "\ud801"},
        _text(lambda value: re.sub("[\ud800-\udfff]", "x", value)),
    ),
    KnownDifference(
        "character beyond the Basic Multilingual Plane",
        "The oracle interprets the surrogates in the pattern as all characters beyond this plane."
        " Java interprets them as a few single surrogates, and refuses a pair.",
        (CDK,),
        {"name": "\U0001f600", "description": "\U0001f600"},
        _text(lambda value: re.sub("[\U00010000-\U0010ffff]", "x", value)),
    ),
    KnownDifference(
        "reserved prefix",
        "AWS reserves `aws:` for itself, but neither the schema nor the model says so.",
        (SCHEMA, BOTOCORE, CDK),
        {"tag_key": "aws:createdBy"},
        _text(lambda value: re.sub("^aws:", "xws:", value, flags=re.I | re.A)),
    ),
    KnownDifference(
        "reserved prefix in upper case",
        "AWS reserves `aws:` in upper case and lower case. cfn-lint refuses it only in lower case.",
        (CFN_LINT,),
        {"tag_key": "AWS:createdBy"},
        _text(lambda value: re.sub("^(?!aws:)(?i:aws:)", "xws:", value)),
    ),
    KnownDifference(
        "line break in a tag's key",
        "cfn-lint's own rule for tags allows only one line. Neither the schema nor the model"
        " requires this.",
        (CFN_LINT,),
        {"tag_key": "two\nlines"},
        _text(lambda value: _REFUSED if "\n" in value[:-1] or value == "\n" else value),
    ),
    KnownDifference(
        "empty value of a tag",
        "The API accepts it. CloudFormation does not.",
        (BOTOCORE,),
        {"tag_value": ""},
        _text(lambda value: value or "x"),
    ),
    KnownDifference(
        "false as a key",
        "cfn-lint treats every text other than 'true' as equal to 'false', so it considers the two"
        " keys the same.",
        (CFN_LINT,),
        {"tags": {"False": "Value", "Key": "Value"}},
        _with_one_of_each,
    ),
    KnownDifference(
        "false as a key, with similar values",
        "As above, but cfn-lint's schema validator considers two tags the same only if their"
        " values are the same too.",
        (SCHEMA,),
        {"tags": {"false": "Value", "Key": "FALSE"}},
        _with_one_of_each_pair,
    ),
    KnownDifference(
        "more than fifty tags",
        "A resource can have at most fifty. Neither the schema nor the validations of templates"
        " check this.",
        (SCHEMA, CFN_LINT, CDK),
        {"tags": {f"Key{number}": "Value" for number in range(51)}},
        _without_surplus,
    ),
    KnownDifference(
        "more than fifty tags, up to two hundred",
        "A resource can have at most fifty tags of its owner. The limit in the model includes"
        " AWS's own tags.",
        (BOTOCORE,),
        {"tags": {f"Key{number}": "Value" for number in range(200)}},
        lambda tags: _without_surplus(tags) if len(tags) <= 200 else tags,
    ),
    KnownDifference(
        "ARN of an association with other IDs",
        "The API's pattern for the ARN allows IDs that are not UUIDs. The patterns for the IDs do"
        " not.",
        (BOTOCORE,),
        {
            "id_namespace_association_arn": "arn:aws:cleanrooms:us-east-1:111122223333:"
            "membership/1/idnamespaceassociation/2"
        },
        _text(_with_uuids("idnamespaceassociation", rules.ARN_LIMIT)),
    ),
    KnownDifference(
        "ARN of an ID mapping table with other IDs",
        "The API's pattern for the ARN allows IDs that are not UUIDs. The patterns for the IDs do"
        " not.",
        (BOTOCORE,),
        {
            "id_mapping_table_arn": "arn:aws:cleanrooms:us-east-1:111122223333:"
            "membership/1/idmappingtable/2"
        },
        _text(_with_uuids("idmappingtable", _TABLE_ARN_LIMIT)),
    ),
    KnownDifference(
        "ARN of a workflow with other parts",
        "Clean Rooms' pattern allows partitions, Regions, accounts and names that no workflow of"
        " Entity Resolution has where Clean Rooms is available.",
        (SCHEMA, CFN_LINT, CDK, BOTOCORE),
        {"id_mapping_workflow": WORKFLOW.replace(":aws:", ":aws-cn:")},
        _text(_as_clean_rooms_has_it),
    ),
    KnownDifference(
        "any text as the ARN of an association",
        "The schema has no pattern for the association's ARN, because templates never set it.",
        (SCHEMA,),
        {"id_namespace_association_arn": "customers"},
        _text(lambda value: _ASSOCIATION_ARN if len(value) <= rules.ARN_LIMIT else value),
    ),
    KnownDifference(
        "any text as the ARN of an ID mapping table",
        "The schema has no pattern for the table's ARN, because templates never set it.",
        (SCHEMA,),
        {"id_mapping_table_arn": "customers"},
        _text(lambda value: _TABLE_ARN if len(value) <= _TABLE_ARN_LIMIT else value),
    ),
)
