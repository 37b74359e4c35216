"""All known differences between the verdicts of an oracle and of this library.

A difference is described by a reading, which converts a value to another value. The library's
verdict on the new value is the oracle's verdict on the original value. So the list predicts every
verdict of every oracle, and a test that finds a wrong prediction has found a new difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, starmap
from typing import Any, TypeAlias

import regex

from cdk_cleanrooms._core import checks
from cdk_cleanrooms._core.tags import TAG_LIMIT
from cdk_cleanrooms.clean_rooms.id_mapping_table import _ARN_LIMIT

from .properties import MEMBERSHIP
from .resources import PROPERTIES

# The resource's schema alone, cfn-lint for a whole template, the model of the API, and the CDK's
# own validation of a whole template.
SCHEMA, CFN_LINT, BOTOCORE, CDK = "schema", "cfn-lint", "botocore", "CDK"

Reading: TypeAlias = Callable[[Any], Any]

# A value that no property accepts.
_REFUSED = object()

ID_NAMESPACE = "arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers"
_WORKFLOW = "arn:aws:entityresolution:us-east-1:111122223333:idmappingworkflow/customers"
# The pattern of Clean Rooms. The pattern of Entity Resolution for its own ARNs is narrower.
_WORKFLOW_PATTERN = "arn:(aws|aws-us-gov|aws-cn):entityresolution:.*:[0-9]+:(idmappingworkflow/.*)"
_KEY = f"arn:aws:kms:us-east-1:111122223333:key/{MEMBERSHIP}"
_MEMBERSHIP_ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{MEMBERSHIP}"
_ASSOCIATION_ARN = f"{_MEMBERSHIP_ARN}/idnamespaceassociation/{MEMBERSHIP}"
_TABLE_ARN = f"{_MEMBERSHIP_ARN}/idmappingtable/{MEMBERSHIP}"
_TABLE_ARN_LIMIT = 200
_NAMES = ("name", "creator's display_name", "member's display_name")
_RULES_AND_FIELDS = (
    "rule's name",
    "matching key",
    "field's field_name",
    "field's match_key",
    "field's group_name",
    "field's sub_type",
)
_NAMES_THAT_MAY_BE_EMPTY = (
    "name of an ID mapping workflow",
    "name of a matching workflow",
    "name of a schema mapping",
)
_NAMES_IN_ENTITY_RESOLUTION = (
    *_NAMES_THAT_MAY_BE_EMPTY,
    "name of an ID namespace",
    "input's schema_mapping",
)
_DESCRIPTIONS = (
    "description",
    "description of a collaboration",
    "description in Entity Resolution",
)
_TAG_VALUES = ("tag_value", "tag_value in Entity Resolution")
_GLUE_TABLE = "arn:aws:glue:us-east-1:111122223333:table/crm/customers"
_ROLE_PATTERN = r"arn:aws:iam::\w+:role/[\w+=./@-]+"
_ROLE = "arn:aws:iam::111122223333:role/customers"
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
        if isinstance(text, str) and checks.is_known(value):
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


def _ascii_before_the_name(value: str) -> str:
    # The patterns list the letters and digits in the ID of a key and in the name of a role.
    before, *name = re.split("(?=:key/|:role)", value, maxsplit=1)
    return "".join([_ascii(before), *name])


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
    fits = 20 <= len(value) <= _ARN_LIMIT and re.fullmatch(_WORKFLOW_PATTERN, value)
    return _WORKFLOW if fits else value


def _as_clean_rooms_has_the_role(value: str) -> str:
    fits = 32 <= len(value) <= 512 and re.fullmatch(_ROLE_PATTERN, value, re.ASCII)
    return _ROLE if fits else value


def _as_in_the_partition_aws(value: str) -> str:
    in_aws = re.sub("^arn:(aws-cn|aws-us-gov):iam:", "arn:aws:iam:", value)
    # The length is the same, which is limited too.
    return in_aws.replace(":role/", f":role/{'x' * (len(value) - len(in_aws))}", 1)


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
        dict.fromkeys((*_NAMES, *_DESCRIPTIONS, "tag_key", *_TAG_VALUES), "#{Token[TOKEN.12]}"),
        _text(_without_list_tokens),
    ),
    KnownDifference(
        "value that is not known yet",
        "A token, a dynamic reference and the CDK's placeholder for a look-up represent a value"
        " that is not known yet. The oracle treats them as ordinary text.",
        (SCHEMA, BOTOCORE),
        {
            **dict.fromkeys((*_NAMES, *_DESCRIPTIONS), f"{_TOKEN}\0"),
            "description in Entity Resolution": _TOKEN.ljust(256, "-"),
            **dict.fromkeys((*_NAMES_IN_ENTITY_RESOLUTION, *_RULES_AND_FIELDS), _TOKEN),
            "membership": _TOKEN,
            "collaboration_identifier": _TOKEN,
            "membership_identifier": _TOKEN,
            "member's account_id": _TOKEN,
            "id_namespace": _TOKEN,
            "input's table": _TOKEN,
            "role": _TOKEN,
            "results' role": _TOKEN,
            "results' bucket": _TOKEN.ljust(64, "."),
            "name of an ID mapping table": f"{_TOKEN}\0",
            "id_mapping_workflow": _TOKEN,
            "encryption_key": _TOKEN,
            "id_mapping_table_identifier": _TOKEN,
            "id_mapping_table_arn": _TOKEN.ljust(257, "-"),
            "tag_key": _TOKEN.ljust(129, "-"),
            **dict.fromkeys(_TAG_VALUES, _TOKEN.ljust(257, "-")),
            "id_namespace_association_identifier": _TOKEN,
            "id_namespace_association_arn": _TOKEN.ljust(257, "-"),
        },
        _text(_as_known),
    ),
    KnownDifference(
        "prefix that is not known yet",
        "As above. The schema has no limits that such a prefix could exceed.",
        (BOTOCORE,),
        {"results' prefix": f"{_TOKEN}$"},
        _text(_as_known),
    ),
    KnownDifference(
        "number instead of text",
        "CloudFormation converts numbers and booleans to text. The construct's arguments are"
        " typed, and a value of another type is usually a mistake.",
        (CFN_LINT, CDK),
        {
            "name": 7,
            **dict.fromkeys(_DESCRIPTIONS, True),
            "name of an ID mapping table": 7,
            **dict.fromkeys(_NAMES_THAT_MAY_BE_EMPTY, 7),
            "name of an ID namespace": 7,
        },
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
            **dict.fromkeys(_NAMES, "customers\n"),
            **dict.fromkeys((*_NAMES_IN_ENTITY_RESOLUTION, *_RULES_AND_FIELDS), "customers\n"),
            "member's account_id": "11112222333\n",
            "id_namespace": f"{ID_NAMESPACE}\n",
            "input's table": f"{_GLUE_TABLE}\n",
            "role": f"{_ROLE}\n",
            "results' role": f"{_ROLE}\n",
            "name of an ID mapping table": "customers\n",
            "id_mapping_workflow": f"{_WORKFLOW}\n",
            "encryption_key": f"{_KEY}\n",
        },
        _text(_with_last_character_doubled),
    ),
    KnownDifference(
        "only a line break",
        "As above. These patterns match empty text, and the line break makes it long enough.",
        (SCHEMA, CFN_LINT),
        dict.fromkeys((*_NAMES_IN_ENTITY_RESOLUTION, *_RULES_AND_FIELDS), "\n"),
        _text(lambda value: "x" if value == "\n" else value),
    ),
    KnownDifference(
        "Unicode white space",
        r"The oracle's `\s` matches Unicode white space, so it considers the name blank. Java's"
        r" `\s` matches only ASCII.",
        (SCHEMA, CFN_LINT, CDK),
        dict.fromkeys((*_NAMES, "description of a collaboration"), "\u3000"),
        _text(lambda value: " " if value.isspace() else value),
    ),
    KnownDifference(
        "Unicode letters and digits",
        r"The oracle's `\w` and `\d` match Unicode letters and digits. Java's match only ASCII.",
        (SCHEMA, CFN_LINT, CDK),
        {
            "member's account_id": "\u0661" * 12,
            "id_namespace": ID_NAMESPACE.replace("1111", "\u0661" * 4) + "\u00e9",
            "role": _ROLE.replace("1111", "\u0661" * 4),
            "encryption_key": _KEY.replace("1111222", "\u0661" * 7),
        },
        _text(_ascii_before_the_name),
    ),
    KnownDifference(
        "white space before a line terminator",
        "Java's `$` also matches before U+0085, U+2028 and U+2029 at the end. Python's does not.",
        (BOTOCORE,),
        dict.fromkeys((*_NAMES, "description of a collaboration"), " \u2028"),
        _text(lambda value: re.sub("^[ \t\r\n]*[\x85\u2028\u2029]\\Z", "x", value)),
    ),
    KnownDifference(
        "surrogate that the pattern allows",
        "AWS's patterns allow some lone surrogates, which UTF-8 cannot encode.",
        (SCHEMA, BOTOCORE),
        {
            **dict.fromkeys(_NAMES, "\ud800"),
            "description": "\udfff",
            "description of a collaboration": "\udfff",
        },
        _text(lambda value: re.sub("[\ud800\udbff\udc00\udfff]", "x", value)),
    ),
    KnownDifference(
        "surrogate in a tag, or in a description in Entity Resolution",
        "Neither source limits the characters, but UTF-8 cannot encode a lone surrogate.",
        (SCHEMA, BOTOCORE),
        dict.fromkeys(("tag_key", *_TAG_VALUES, "description in Entity Resolution"), "\ud801"),
        _text(lambda value: re.sub("[\ud800-\udfff]", "x", value)),
    ),
    KnownDifference(
        "character beyond the Basic Multilingual Plane",
        "The oracle interprets the surrogates in the pattern as all characters beyond this plane."
        " Java interprets them as a few single surrogates, and refuses a pair.",
        (CDK,),
        dict.fromkeys(("name", "description", "description of a collaboration"), "\U0001f600"),
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
        _text(_with_uuids("idnamespaceassociation", checks.ARN_LIMIT)),
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
        {"id_mapping_workflow": _WORKFLOW.replace(":aws:", ":aws-cn:")},
        _text(_as_clean_rooms_has_it),
    ),
    KnownDifference(
        "any text as the ARN of an association",
        "The schema has no pattern for the association's ARN, because templates never set it.",
        (SCHEMA,),
        {"id_namespace_association_arn": "customers"},
        _text(lambda value: _ASSOCIATION_ARN if len(value) <= checks.ARN_LIMIT else value),
    ),
    KnownDifference(
        "any text as the ARN of an ID mapping table",
        "The schema has no pattern for the table's ARN, because templates never set it.",
        (SCHEMA,),
        {"id_mapping_table_arn": "customers"},
        _text(lambda value: _TABLE_ARN if len(value) <= _TABLE_ARN_LIMIT else value),
    ),
    KnownDifference(
        "empty name in Entity Resolution",
        "The API does not accept an empty name, but the schema does.",
        (SCHEMA, CFN_LINT, CDK),
        dict.fromkeys(_NAMES_THAT_MAY_BE_EMPTY, ""),
        _text(lambda value: value or "x"),
    ),
    KnownDifference(
        "empty name of a rule, a match key or a field",
        "AWS documents no minimum length. An empty text names nothing, and is usually a mistake.",
        (SCHEMA, BOTOCORE),
        dict.fromkeys(_RULES_AND_FIELDS, ""),
        _text(lambda value: value or "x"),
    ),
    KnownDifference(
        "tab in the name of a rule, a match key or a field",
        "The API does not accept a tab, but the schema does.",
        (SCHEMA,),
        dict.fromkeys(_RULES_AND_FIELDS[:-1], "first\tname"),
        _text(lambda value: value.replace("\t", " ")),
    ),
    KnownDifference(
        "empty description of a collaboration",
        "CloudFormation requires at least one character. The API does not.",
        (BOTOCORE,),
        {"description of a collaboration": ""},
        _text(lambda value: value or "x"),
    ),
    KnownDifference(
        "any text as a bucket",
        "The schema limits only the length. The model of the API also has a pattern.",
        (SCHEMA,),
        {"results' bucket": "My Bucket"},
        _text(lambda value: "x" * len(value)),
    ),
    KnownDifference(
        "any text as a prefix",
        "The schema has no limits. The model of the API does.",
        (SCHEMA,),
        {"results' prefix": "two words"},
        _text(lambda value: value and "x"),
    ),
    KnownDifference(
        "ARN of a role in another partition",
        "Neither Clean Rooms nor Entity Resolution is available there. The API does not accept it.",
        (SCHEMA, CFN_LINT, CDK),
        {"role": _ROLE.replace(":aws:", ":aws-cn:")},
        _text(_as_in_the_partition_aws),
    ),
    KnownDifference(
        "ARN of a role without a slash",
        "The pattern makes the slash optional, but every ARN of a role contains it.",
        (SCHEMA, CFN_LINT, BOTOCORE),
        {"role": _ROLE.replace("role/", "role")},
        _text(lambda value: re.sub(r":role[\w+=,.@-]", ":role/", value, count=1, flags=re.ASCII)),
    ),
    KnownDifference(
        "Unicode letters and digits in the role for results",
        r"As for the other letters and digits. This pattern also uses `\w` for the name.",
        (SCHEMA,),
        {"results' role": f"{_ROLE}\u00e9"},
        _text(_ascii),
    ),
    KnownDifference(
        "ARN of a role in something that is not an account",
        "Clean Rooms' pattern allows letters and any length, but an account has twelve digits.",
        (SCHEMA, BOTOCORE),
        {"results' role": _ROLE.replace("111122223333", "customers")},
        _text(_as_clean_rooms_has_the_role),
    ),
)
