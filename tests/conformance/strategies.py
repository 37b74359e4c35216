"""Values for every property: valid values, limits, and values that only look valid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from aws_cdk import RemovalPolicy
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cdk_cleanrooms._core import checks, tags

# Control characters, white space and line breaks of every kind, invisible characters, and the
# limits of the ranges in AWS's patterns, of the surrogates and of the planes.
EDGES = (
    "\0\t\n\v\f\r\x1b\x1c\x1f !/:@[`{~\x7f\x80\x85\x9f\xa0\xad\u1680\u180e\u2000\u200a\u200b\u200d"
    "\u200e\u2028\u2029\u202e\u202f\u205f\u2060\u3000\ufeff\ud7ff\ud800\ud801\udbfe\udbff\udc00"
    "\udc01\udffe\udfff\ue000\uf8ff\ufdd0\ufffc\ufffd\ufffe\uffff\U00010000\U0001f600\U0001ffff"
    "\U000e0001\U000f0000\U0010fffd\U0010ffff"
)
# Digits and letters of other scripts, letters whose length or script changes with their case, and
# combining marks.
LOOK_ALIKES = (
    "\u0660\u0661\u06f0\u0967\u09e7\uff10\uff11\U0001d7ce\U0001d7d8\u00b2\u2460\u2160\u00bd\u00aa"
    "\u0430\u0435\u0441\u03b1\uff41\uff21\uff3f\u203f\u00e9e\u0301\u0131\u0130\u017f\u212a\u00df"
    "\ufb01\u01c5\u00b5\u4e00\u3042\uac00\u0e01\uff0d\u2010\u2013\u2212\uff1a\uff0f"
)
WHITE_SPACE = " \t\n\v\f\r\x1c\x85\xa0\u1680\u2003\u200b\u2028\u2029\u202f\u3000\ufeff"
_WORD = "abcxyzABCXYZ0189_-"
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))

TOKENS = ("${Token[TOKEN.12]}", "${Token[AWS.Region.3]}", "${Token[a]}")
_OTHER_MARKERS = (
    "{{resolve:ssm:/a}}",
    "{{resolve:secretsmanager:a:SecretString:b::}}",
    "dummy-value-for-/a",
    "#{Token[TOKEN.12]}",
)
_ALMOST_TOKENS = (
    "${Token[]}",
    "${Token[a b]}",
    "${Token[TOKEN.12}",
    "$ {Token[a]}",
    "${x}",
    "$${a}",
    "{{resolve:}}",
    "{{resolve:ssm:/a}",
    "{{ resolve:ssm:/a}}",
    "dummy-value",
    "#{Token[]}",
)


def _weighted(*choices: tuple[int, SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """Return one of several strategies, according to their weights."""
    flat = [strategy for weight, strategy in choices for _ in range(weight)]
    return st.integers(0, len(flat) - 1).flatmap(lambda index: flat[index])


_CHARACTER = st.one_of(
    st.sampled_from(EDGES + LOOK_ALIKES), st.sampled_from(_PRINTABLE), st.characters()
)

# CloudFormation converts numbers and booleans to text if it expects text. This library does not,
# because a value of a wrong type is usually a mistake.
_HASHABLE_OTHERS: SearchStrategy[object] = st.sampled_from([True, False, 0, 7, -1, 1.5])
_OTHERS = st.one_of(_HASHABLE_OTHERS, st.sampled_from([["x"], {"x": "y"}]))


def _in_other_digits(text: str) -> str:
    return text.translate({ord("0") + digit: 0x660 + digit for digit in range(10)})


def _twice(text: str) -> str:
    return text + text


_SUBSTITUTES: SearchStrategy[str | Callable[[str], str]] = _weighted(
    (5, _CHARACTER),
    (1, st.sampled_from((str.upper, str.lower, str.title, _in_other_digits, _twice))),
    (1, st.sampled_from(("", *TOKENS, *_OTHER_MARKERS, *_ALMOST_TOKENS))),
)
_Slip: TypeAlias = tuple[int, int, str | Callable[[str], str]]
_SLIPS = st.tuples(st.integers(0, 999), st.sampled_from((0, 1, 1, 1, 2, 9)), _SUBSTITUTES)


def _with_slips(text: str, slips: list[_Slip]) -> str:
    for position, length, substitute in slips:
        start = position % (len(text) + 1)
        part = text[start : start + length]
        new = substitute if isinstance(substitute, str) else substitute(part)
        text = text[:start] + new + text[start + length :]
    return text


def _mutated(originals: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return strings with up to three mistakes in each."""
    return st.builds(_with_slips, originals, st.lists(_SLIPS, max_size=3))


def _around(limit: int, units: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return strings of about this number of characters."""
    lengths = st.sampled_from((limit - 1, limit, limit, limit + 1, 2 * limit))
    return st.builds(lambda unit, length: (unit * length)[:length], units, lengths)


def _texts(limit: int) -> SearchStrategy[str]:
    return st.one_of(
        st.text(_CHARACTER, max_size=8),
        st.text(st.characters(max_codepoint=0xFFFF), max_size=8),
        st.text(st.sampled_from(WHITE_SPACE), max_size=4),
        _mutated(_around(limit, st.text(_CHARACTER, min_size=1, max_size=3))),
        _mutated(_around(limit, st.sampled_from(_PRINTABLE))),
        _mutated(st.just("Our customers")),
    )


IDENTIFIERS = st.uuids().map(str)

_ID_LIKE = st.one_of(
    IDENTIFIERS.map(str.upper),
    IDENTIFIERS.map(lambda it: it.replace("-", "")),
    IDENTIFIERS.map(lambda it: f"urn:uuid:{it}"),
    IDENTIFIERS.map(lambda it: f"{{{it}}}"),
    IDENTIFIERS.map(lambda it: f"membership/{it}"),
    st.sampled_from(("membership-12345", "00000000-0000-0000-0000-000000000000", "-" * 36)),
)


def _part(good: SearchStrategy[str], *others: str) -> SearchStrategy[str]:
    """Return a part of an ARN. It is usually valid, because an ARN has many parts."""
    return _weighted((18, good), (1, st.sampled_from(others)), (1, _mutated(good)))


_REGIONS = st.sampled_from(
    ("us-east-1", "eu-west-3", "ap-southeast-2", "xx-yyyy-0", "9_-_abcABC09-9")
)
_ACCOUNTS = st.integers(0, 10**12 - 1).map("{:012}".format)
_ID_NAMESPACE_NAMES = st.one_of(
    st.text(st.sampled_from(_WORD), min_size=1, max_size=6),
    # Up to the maximum length of the ARN. The part before the name has about 66 characters.
    st.integers(180, 200).map("n".__mul__),
)


def _arns(service: str, resource: SearchStrategy[str]) -> SearchStrategy[str]:
    parts = st.tuples(
        _part(st.just("arn"), "", "ARN", "urn"),
        _part(st.just("aws"), "aws-cn", "aws-us-gov", "aws-iso", "AWS", "", "*"),
        _part(st.just(service), "entityresolution", "cleanrooms", "glue", ""),
        _part(_REGIONS, "us-gov-west-1", "us-east-10", "us-isob-east-1", "", "us-west", "*"),
        _part(_ACCOUNTS, "", "1" * 11, "1" * 13, "aws", "123456789o12"),
        resource,
    )
    arns = parts.map(":".join)
    return st.one_of(arns, _mutated(arns))


def _to_the_limit(arns: SearchStrategy[str]) -> SearchStrategy[str]:
    limit = checks.ARN_LIMIT
    return st.builds(str.ljust, arns, st.sampled_from((limit - 1, limit, limit + 1)), st.just("n"))


_ID_NAMESPACE_ARNS = _arns(
    "entityresolution",
    st.one_of(
        _ID_NAMESPACE_NAMES.map("idnamespace/".__add__),
        _ID_NAMESPACE_NAMES.map("idnamespace/".__add__),
        _ID_NAMESPACE_NAMES.map("matchingworkflow/".__add__),
        st.sampled_from(("idnamespace/", "idnamespace", "", "idnamespace/a/b", "idnamespace/a b")),
    ),
)
_ASSOCIATION_ARNS = _arns(
    "cleanrooms",
    st.one_of(
        st.tuples(IDENTIFIERS, IDENTIFIERS),
        st.tuples(IDENTIFIERS, IDENTIFIERS),
        st.tuples(IDENTIFIERS, _ID_LIKE),
        st.tuples(_ID_NAMESPACE_NAMES, IDENTIFIERS),
    ).map(lambda ids: f"membership/{ids[0]}/idnamespaceassociation/{ids[1]}"),
)

_TABLE_ARNS = _arns(
    "cleanrooms",
    st.one_of(
        st.tuples(IDENTIFIERS, IDENTIFIERS),
        st.tuples(IDENTIFIERS, _ID_LIKE),
        st.tuples(_ID_NAMESPACE_NAMES, IDENTIFIERS),
    ).map(lambda ids: f"membership/{ids[0]}/idmappingtable/{ids[1]}"),
)
_WORKFLOW_ARNS = _arns(
    "entityresolution",
    st.one_of(
        _ID_NAMESPACE_NAMES.map("idmappingworkflow/".__add__),
        st.integers(250, 260).map(lambda length: "idmappingworkflow/" + "n" * length),
        _ID_NAMESPACE_NAMES.map("idnamespace/".__add__),
        st.sampled_from(("idmappingworkflow/", "idmappingworkflow", "idmappingworkflow/a/b")),
    ),
)
_KEY_ARNS = _arns(
    "kms",
    st.one_of(
        IDENTIFIERS.map("key/".__add__),
        IDENTIFIERS.map(lambda it: f"key/mrk-{it.replace('-', '')}"),
        st.sampled_from(("key/", "alias/customers", "key/a_b", "key/-", "key")),
    ),
)

_GLUE_TABLE_ARNS = _arns(
    "glue",
    st.one_of(
        st.tuples(_ID_NAMESPACE_NAMES, _ID_NAMESPACE_NAMES).map("table/%s/%s".__mod__),
        st.integers(254, 257).map(lambda length: "table/crm/" + "n" * length),
        st.sampled_from(("table/crm", "table//customers", "table/a/b/c", "database/crm")),
    ),
)
_ROLE_ARNS = st.builds(
    "{}:{}:iam::{}:role/{}".format,
    _part(st.just("arn"), "", "ARN"),
    _part(st.just("aws"), "aws-cn", "aws-us-gov", "AWS", ""),
    _part(_ACCOUNTS, "", "1" * 11, "aws", "\u0661" * 12),
    _weighted(
        (6, st.text(st.sampled_from(_WORD + "+=.@/"), min_size=1, max_size=6)),
        (1, st.sampled_from(("", "/", "a,b", "a b", "caf\u00e9", "a:b"))),
    ),
)
_BUCKET_NAMES = st.text(st.sampled_from("abz019.-"), min_size=2, max_size=5)

_TABLE_NAME_PARTS = st.text(st.sampled_from("abzAZ019_ "), max_size=3)
_TABLE_NAMES = st.one_of(
    st.lists(_TABLE_NAME_PARTS, max_size=5).map("-".join),
    _around(128, st.sampled_from(("a", "ab-", "a ", "_"))),
)
table_names: SearchStrategy[object] = st.one_of(
    _TABLE_NAMES, _TABLE_NAMES, _mutated(_TABLE_NAMES), _texts(128), _OTHERS
)
id_mapping_workflow_arns: SearchStrategy[object] = st.one_of(
    _WORKFLOW_ARNS, _WORKFLOW_ARNS, _ID_NAMESPACE_NAMES, _OTHERS
)
key_arns: SearchStrategy[object] = st.one_of(
    _KEY_ARNS,
    _KEY_ARNS,
    st.builds(str.ljust, _KEY_ARNS, st.sampled_from((2047, 2048, 2049)), st.just("n")),
    _OTHERS,
)
table_arns: SearchStrategy[object] = st.one_of(_TABLE_ARNS, _TABLE_ARNS, _OTHERS)

glue_table_arns: SearchStrategy[object] = st.one_of(_GLUE_TABLE_ARNS, _GLUE_TABLE_ARNS, _OTHERS)
role_arns: SearchStrategy[object] = st.one_of(
    _ROLE_ARNS,
    _mutated(_ROLE_ARNS),
    st.builds(str.ljust, _ROLE_ARNS, st.sampled_from((511, 512, 513)), st.just("n")),
    _OTHERS,
)
bucket_names: SearchStrategy[object] = st.one_of(
    _BUCKET_NAMES,
    _mutated(_BUCKET_NAMES),
    _around(63, _BUCKET_NAMES),
    st.sampled_from(("192.168.0.1", "1.2", "a..b", "-a-", "a.-b")),
    _OTHERS,
)
prefixes: SearchStrategy[object] = st.one_of(
    st.text(st.sampled_from(_WORD + "!.=*/"), max_size=6),
    _mutated(st.just("results/2026/")),
    _around(512, st.sampled_from(_WORD)),
    _OTHERS,
)
accounts: SearchStrategy[object] = st.one_of(
    _ACCOUNTS, _mutated(_ACCOUNTS), st.text(st.sampled_from("019"), max_size=14), _OTHERS
)
entity_resolution_names: SearchStrategy[object] = st.one_of(
    _ID_NAMESPACE_NAMES,
    _mutated(_ID_NAMESPACE_NAMES),
    _around(255, st.sampled_from(_WORD)),
    _texts(255),
    _OTHERS,
)
words: SearchStrategy[object] = st.one_of(
    st.text(st.sampled_from(_WORD + " \t"), max_size=6),
    _mutated(st.just("first name")),
    _around(255, st.sampled_from(_WORD + " ")),
    _texts(255),
    _HASHABLE_OTHERS,
)

names: SearchStrategy[object] = st.one_of(_texts(checks.NAME_LIMIT), _OTHERS)
descriptions: SearchStrategy[object] = st.one_of(_texts(checks.DESCRIPTION_LIMIT), _OTHERS)
identifiers: SearchStrategy[object] = st.one_of(
    IDENTIFIERS, _mutated(IDENTIFIERS), _mutated(_ID_LIKE), _texts(36), _OTHERS
)
id_namespace_arns: SearchStrategy[object] = st.one_of(
    _ID_NAMESPACE_ARNS,
    _ID_NAMESPACE_ARNS,
    _to_the_limit(_ID_NAMESPACE_ARNS),
    _ID_NAMESPACE_NAMES,
    _OTHERS,
)
association_arns: SearchStrategy[object] = st.one_of(
    _ASSOCIATION_ARNS, _ASSOCIATION_ARNS, _to_the_limit(_ASSOCIATION_ARNS), _OTHERS
)
# Words that mean true or false in some format.
_WORDS = st.sampled_from(("true", "True", "false", "FALSE", "yes", "off", "0", "1", "null", "~"))
booleans: SearchStrategy[object] = st.one_of(
    st.booleans(),
    st.booleans(),
    st.sampled_from(
        [
            "true",
            "false",
            "True",
            "FALSE",
            "tRuE",
            "yes",
            "NO",
            "on",
            "off",
            "n",
            "",
            "0",
            "1",
            "2",
            " true",
        ]
    ),
    st.sampled_from([0, 1, 2, 0.0, 1.0, "true\n", "\uff54rue", ["true"], {"true": True}]),
)

_RESERVED = st.sampled_from(("aws:", "AWS:", "Aws:x", "aws", "aws:createdBy", " aws:", "\uff41ws:"))
_tag_key_texts = st.one_of(_texts(tags.KEY_LIMIT), _mutated(_RESERVED))
tag_keys: SearchStrategy[object] = st.one_of(_tag_key_texts, _tag_key_texts, _HASHABLE_OTHERS)
tag_values: SearchStrategy[object] = st.one_of(_texts(tags.VALUE_LIMIT), _OTHERS)


def _numbered(*counts: int) -> SearchStrategy[dict[str, str]]:
    return st.sampled_from(counts).map(lambda count: {f"Key{n}": "Value" for n in range(count)})


_good_tag_texts = st.text(st.sampled_from(_PRINTABLE), min_size=1, max_size=5)
_good_tags = st.dictionaries(
    st.one_of(_good_tag_texts, _good_tag_texts, _WORDS),
    st.one_of(_good_tag_texts, _good_tag_texts, _WORDS),
    max_size=4,
)
tag_maps: SearchStrategy[dict[str, str]] = _weighted(
    (4, _good_tags),
    (6, st.dictionaries(_tag_key_texts, _texts(tags.VALUE_LIMIT), max_size=2)),
    (2, st.builds(dict.__or__, _numbered(47, 48, 49, 50, 51), _good_tags)),
    (1, _numbered(0, 1, 49, 50, 51, 52, 199, 200, 201)),
)

_PIECES_OF_TOKENS = ("${Token[TOKEN.12]}", "${Token[AWS.Region.3]}", "${Token[a]}")
_OTHER_MARKERS = (
    "{{resolve:ssm:/a}}",
    "{{resolve:secretsmanager:a:SecretString:b::}}",
    "dummy-value-for-/a",
    "#{Token[TOKEN.12]}",
)
texts_like_tokens: SearchStrategy[str] = st.one_of(
    st.lists(st.one_of(st.sampled_from(_PIECES_OF_TOKENS), _CHARACTER), max_size=6).map("".join),
    _mutated(st.sampled_from(TOKENS)),
)


def _good_texts(alphabet: SearchStrategy[str], least: int, most: int) -> SearchStrategy[str]:
    return st.one_of(
        st.text(alphabet, min_size=least, max_size=min(most, 12)),
        st.builds(
            lambda unit, length: (unit * length)[:length],
            st.text(alphabet, min_size=1, max_size=3),
            st.sampled_from((max(1, least), most - 1, most)),
        ),
    )


# The characters that AWS accepts in names and descriptions, according to its reference.
_LINE = st.one_of(
    st.just("\t"),
    st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, exclude_categories=["Cs"]),
)
_LINES = st.one_of(_LINE, st.sampled_from("\r\n"))
_TAG_TEXT = st.characters(exclude_categories=["Cs"])


def good_constructs(account: str, region: str) -> SearchStrategy[dict[str, Any]]:
    """Return valid arguments of a construct in an account and Region."""
    return st.fixed_dictionaries(
        {
            "membership": IDENTIFIERS,
            "id_namespace": st.builds(
                f"arn:aws:entityresolution:{region}:{account}:idnamespace/{{}}".format,
                _good_texts(st.sampled_from(_WORD), 1, 190),
            ),
            "name": _good_texts(_LINE, 1, checks.NAME_LIMIT).filter(
                lambda name: not checks.WHITE_SPACE_ONLY.fullmatch(name)
            ),
        },
        optional={
            "description": _good_texts(_LINES, 0, checks.DESCRIPTION_LIMIT),
            "manage_resource_policies": st.booleans(),
            "allow_use_as_dimension_column": st.booleans(),
            "tags": st.one_of(
                st.dictionaries(
                    _good_texts(_TAG_TEXT, 1, tags.KEY_LIMIT).map(_unreserved),
                    _good_texts(_TAG_TEXT, 1, tags.VALUE_LIMIT),
                    max_size=3,
                ),
                _numbered(1, 49, 50),
            ),
            "removal_policy": st.sampled_from(
                [policy for policy in RemovalPolicy if policy is not RemovalPolicy.SNAPSHOT]
            ),
            "adopt": IDENTIFIERS,
        },
    )


def _unreserved(key: str) -> str:
    return key if key[:4].lower() != "aws:" else "x" + key[1:]
