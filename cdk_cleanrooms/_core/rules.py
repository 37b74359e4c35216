r"""The rules of AWS for the values that Clean Rooms resources share.

A rule takes an argument's name and value, and yields a `Problem` for each thing that AWS would
refuse. Tokens pass: their value is known only at deployment.

AWS's patterns are Java's: `\w` and `\d` are ASCII, and a match is whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import zip_longest
from operator import itemgetter
from reprlib import Repr
from typing import TypeAlias, cast
from uuid import UUID

from aws_cdk import RemovalPolicy
from constructs import Construct

from .environment import environment_of
from .validation import Problem

Rule: TypeAlias = Callable[[str, object], Iterator[Problem]]

ARN_LIMIT = 256
NAME_LIMIT = 100
DESCRIPTION_LIMIT = 255
TAG_LIMIT = 50
TAG_KEY_LIMIT = 128
TAG_VALUE_LIMIT = 256

IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
REGION = re.compile(r"\w{2}-\w{4,9}-\d", re.ASCII)
ACCOUNT = re.compile(r"\d{12}", re.ASCII)
ID_NAMESPACE = re.compile(r"idnamespace/[\w-]+", re.ASCII)
ID_NAMESPACE_ASSOCIATION = re.compile(
    f"membership/{IDENTIFIER.pattern}/idnamespaceassociation/{IDENTIFIER.pattern}"
)
# The surrogates in AWS's patterns admit no character outside the Basic Multilingual Plane. What is
# refused is listed, as it takes a tenth of the time to compile that its opposite takes.
NOT_IN_NAME = re.compile("[\0-\x08\n-\x1f\ud800-\udfff\ufffe-\U0010ffff]")
NOT_IN_DESCRIPTION = re.compile("[\0-\x08\v\f\x0e-\x1f\ud800-\udfff\ufffe-\U0010ffff]")
# AWS's pattern ends the white space with `$`, and Java's also matches before a line terminator.
WHITE_SPACE_ONLY = re.compile("[ \t]*[\u0085\u2028\u2029]?")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_TOKEN = re.compile(r"\$\{Token\[[a-zA-Z0-9:._-]+\]\}")
_EXAMPLE_IDENTIFIER = "a1b2c3d4-5678-90ab-cdef-111111111111"

_excerpt = Repr()
_excerpt.maxstring = _excerpt.maxother = 120


def is_token(value: str) -> bool:
    """Whether a string holds a CDK token, told without a request to the CDK's process."""
    return _TOKEN.search(value) is not None


def _text(expected: str) -> Callable[[Callable[[str], Iterable[str]]], Rule]:
    """Make a rule of a check of literal text, which returns what is wrong with it."""

    def rule_of(check: Callable[[str], Iterable[str]]) -> Rule:
        def rule(property: str, value: object) -> Iterator[Problem]:
            if not isinstance(value, str):
                yield _wrong_type(property, value, expected)
            elif not is_token(value):
                for message in check(value):
                    yield Problem(property, value, f"{_excerpt.repr(value)} {message}")

        return rule

    return rule_of


def _wrong_type(property: str, value: object, expected: str) -> Problem:
    # On one line, as the `repr` of an object need not be.
    given = f"{' '.join(_excerpt.repr(value).split())} is of type {type(value).__name__}"
    return Problem(property, value, f"{given}; write {expected}")


def optional(rule: Rule) -> Rule:
    """A rule for an argument that may be left out."""

    def rule_if_given(property: str, value: object) -> Iterator[Problem]:
        return iter(()) if value is None else rule(property, value)

    return rule_if_given


def literal(rule: Rule) -> Rule:
    """A rule for an argument that is needed while the app is synthesized."""

    def rule_without_tokens(property: str, value: object) -> Iterator[Problem]:
        yield from rule(property, value)
        if isinstance(value, str) and is_token(value):
            message = (
                f"{value!r} is known only at deployment, but to adopt or look up what exists it is"
                " needed at synthesis; write the literal value"
            )
            yield Problem(property, value, message)

    return rule_without_tokens


def is_construct(value: object) -> bool:
    """Whether a value is a construct, which the type of most constructs tells without a request."""
    return isinstance(value, Construct) or (
        hasattr(value, "__jsii_ref__") and hasattr(value, "node")
    )


def scope(property: str, value: object) -> Iterator[Problem]:
    """The construct that another one is created in."""
    if not is_construct(value):
        yield _wrong_type(property, value, "the stack or construct it belongs to, mostly self")


def scope_of_lookup(property: str, value: object) -> Iterator[Problem]:
    """A scope whose account and Region are known at synthesis."""
    yield from scope(property, value)
    if is_construct(value) and any(map(is_token, environment_of(cast(Construct, value)))):
        message = (
            "the stack leaves its account or Region open, where a look-up cannot know where to"
            " look; give the stack env=Environment(account=…, region=…)"
        )
        yield Problem(property, value, message)


@_text("a string, the construct's ID in its scope")
def construct_id(value: str) -> Iterator[str]:
    """The ID of a construct, which the CDK refuses only if it is empty."""
    if not value:
        yield "is empty; write an ID that is unique in its scope"


@_text("the membership's ID, a string, or pass the membership as a construct")
def membership_identifier(value: str) -> Iterator[str]:
    """The ID of a membership."""
    return _identifier(value, "a membership", "membership", "list-memberships")


@_text("the ID namespace association's ID, a string")
def id_namespace_association_identifier(value: str) -> Iterator[str]:
    """The ID of an ID namespace association."""
    return _identifier(
        value,
        "an ID namespace association",
        "idnamespaceassociation",
        "list-id-namespace-associations --membership-identifier <membership ID>",
    )


def _identifier(value: str, noun: str, resource: str, command: str) -> Iterator[str]:
    if IDENTIFIER.fullmatch(value):
        return
    pasted = value.strip()
    if pasted.startswith("arn:"):
        # The ARN of another resource may hold a UUID as well, which would be the wrong one.
        found = re.search(f"[:/]{resource}/({IDENTIFIER.pattern})", pasted)
        meant = found and found[1]
        mistake = f"is an ARN and not the ID of {noun}"
    else:
        meant = _uuid_in(pasted)
        mistake = " and ".join(_slips(value)) or f"is more than the ID of {noun}"
    if meant:
        yield f"{mistake}; write {meant!r}"
    else:
        yield (
            f"is not the ID of {noun}; write its lowercase UUID, such as {_EXAMPLE_IDENTIFIER!r}"
            f" (`aws cleanrooms {command}` shows it)"
        )


def _slips(value: str) -> Iterator[str]:
    if value != value.strip():
        yield "has white space around it"
    if any(map(str.isupper, value)):
        yield "has upper-case letters"
    if "-" not in value:
        yield "has no hyphens"


def _uuid_in(text: str) -> str | None:
    found = IDENTIFIER.search(text.lower())
    if found:
        return found[0]
    with suppress(ValueError):
        return str(UUID(text))
    return None


@_text("the ID namespace's ARN, a string, or pass the ID namespace as a construct")
def id_namespace_arn(value: str) -> Iterator[str]:
    """The ARN of an Entity Resolution ID namespace."""
    name = value.strip().removeprefix("idnamespace/")
    if ID_NAMESPACE.fullmatch(f"idnamespace/{name}") and not _uuid_in(name):
        right = f"arn:aws:entityresolution:<region>:<account>:idnamespace/{name}"
        yield f"is not an ARN but seems to be an ID namespace's name; write {right!r}"
        return
    noun, form = "an ID namespace", "idnamespace/<name>"
    yield from _arn(value, noun, "entityresolution", ID_NAMESPACE, form)


@_text("the ID namespace association's ARN, a string")
def id_namespace_association_arn(value: str) -> Iterator[str]:
    """The ARN of an ID namespace association."""
    noun = "an ID namespace association"
    form = "membership/<membership ID>/idnamespaceassociation/<association ID>"
    return _arn(value, noun, "cleanrooms", ID_NAMESPACE_ASSOCIATION, form)


def _arn(
    value: str, noun: str, service: str, resource: re.Pattern[str], resource_form: str
) -> Iterator[str]:
    forms = {
        "prefix": (re.compile("arn"), "arn"),
        "partition": (re.compile("aws"), "aws"),
        "service": (re.compile(service), service),
        "Region": (REGION, "<region>"),
        "account": (ACCOUNT, "<account>"),
        "resource": (resource, resource_form),
    }
    pasted = value.strip()
    given = dict(zip_longest(forms, pasted.split(":", len(forms) - 1), fillvalue=""))
    wrong = [part for part, (pattern, _) in forms.items() if not pattern.fullmatch(given[part])]
    right = ":".join(form if part in wrong else given[part] for part, (_, form) in forms.items())
    if "prefix" in wrong:
        yield f"is not an ARN; write the ARN of {noun}, {right!r}"
    elif wrong:
        faults = (f"its {part} is {given[part]!r} and not {forms[part][1]!r}" for part in wrong)
        yield f"is not the ARN of {noun}, as {', '.join(faults)}; write {right!r}"
    elif pasted != value:
        yield f"has white space around it; write {right!r}"
    elif len(value) > ARN_LIMIT:
        yield f"has {len(value)} characters; an ARN has at most {ARN_LIMIT}"


def own_id_namespace_arn(scope: Construct) -> Rule:
    """The ARN of an ID namespace that is in the account and Region a scope is deployed to."""

    def rule(property: str, value: object) -> Iterator[Problem]:
        malformed = [*id_namespace_arn(property, value)]
        yield from malformed
        text = str(value)
        if malformed or is_token(text) or not is_construct(scope):
            return
        _, _, _, region, account, _ = text.split(":")
        own = environment_of(scope)
        for part, given, allowed in (
            ("account", account, own.account),
            ("Region", region, own.region),
        ):
            if given != allowed and not is_token(allowed):
                yield Problem(
                    property,
                    value,
                    f"{_excerpt.repr(value)} is in {part} {given} and the stack in {allowed}, but"
                    f" a member associates ID namespaces of its own {part} only; write the ARN of"
                    f" one in {allowed}, or declare the association in a stack for {given}",
                )

    return rule


@_text("the name, a string")
def name(value: str) -> Iterator[str]:
    """The name of a Clean Rooms resource."""
    yield from _length(value, 1, NAME_LIMIT)
    yield from _characters(value, NOT_IN_NAME, "tab and U+0020 to U+FFFD, on one line")
    if value and WHITE_SPACE_ONLY.fullmatch(value):
        yield "is all white space; write a name that can be seen"


@_text("the description, a string")
def description(value: str) -> Iterator[str]:
    """The description of a Clean Rooms resource."""
    yield from _length(value, 0, DESCRIPTION_LIMIT)
    yield from _characters(value, NOT_IN_DESCRIPTION, "tab, line breaks and U+0020 to U+FFFD")


def _length(value: str, minimum: int, maximum: int) -> Iterator[str]:
    if not minimum <= len(value) <= maximum:
        yield f"has {len(value)} characters; write {minimum} to {maximum} of them"


def _characters(value: str, refused: re.Pattern[str], allowed: str) -> Iterator[str]:
    # Backwards, so that the first position of each character is the one that stays.
    first = {found[0]: found.start() for found in reversed([*refused.finditer(value)])}
    if first:
        characters = ", ".join(
            f"U+{ord(character):04X} at position {index + 1}"
            for character, index in sorted(first.items(), key=itemgetter(1))
        )
        yield f"has {characters}; allowed are {allowed}"


def boolean(property: str, value: object) -> Iterator[Problem]:
    """True or False; a token that resolves to one is an object, not a string."""
    if not isinstance(value, bool) and not _is_resolvable(value):
        yield _wrong_type(property, value, "True or False, without quotes")


def _is_resolvable(value: object) -> bool:
    # A stack can resolve things too, and so can, by the look of it, a class of resolvable things.
    return hasattr(value, "resolve") and not isinstance(value, (Construct, type))


def removal_policy(property: str, value: object) -> Iterator[Problem]:
    """A removal policy for a resource of which CloudFormation makes no snapshot."""
    if not isinstance(value, RemovalPolicy):
        yield _wrong_type(property, value, "a member of aws_cdk.RemovalPolicy, such as RETAIN")
    elif value is RemovalPolicy.SNAPSHOT:
        message = "SNAPSHOT is for resources with snapshots, which this one has not; write RETAIN"
        yield Problem(property, value, message)


def tags(property: str, value: object) -> Iterator[Problem]:
    """Tags as a mapping of keys to values."""
    if not isinstance(value, Mapping):
        yield _wrong_type(property, value, f"a mapping, {_tags_meant(value)!r}")
        return
    yield from tag_count(property, value, len(value))
    for key, tag_text in value.items():
        yield from tag_key(property, key)
        for problem in tag_value(property, tag_text):
            yield Problem(
                property, tag_text, f"the value of {_excerpt.repr(key)}, {problem.message}"
            )


def one_more_tag(property: str, value: object, present: Collection[str]) -> Iterator[Problem]:
    """The key of a tag that is added to those present."""
    if isinstance(value, str) and value not in present:
        yield from tag_count(property, value, len(present) + 1)


def _tags_meant(value: object) -> dict[str, str]:
    # A template, and most other tools, have a list of objects with a key and a value.
    with suppress(TypeError, KeyError):
        return {tag["Key"]: tag["Value"] for tag in cast(Iterable[Mapping[str, str]], value)}
    return {"Team": "DataScience"}


def tag_count(property: str, value: object, count: int) -> Iterator[Problem]:
    """The number of tags on one resource."""
    if count > TAG_LIMIT:
        message = f"{count} tags are more than the {TAG_LIMIT} that a resource can have"
        yield Problem(property, value, message)


@_text("the tag's key, a string")
def tag_key(value: str) -> Iterator[str]:
    """The key of a tag."""
    yield from _length(value, 1, TAG_KEY_LIMIT)
    yield from _characters(value, LONE_SURROGATE, "all that UTF-8 can encode")
    if value.lower().startswith("aws:"):
        yield "starts with 'aws:', which AWS keeps for itself; write a key without it"


@_text("the tag's value, a string")
def tag_value(value: str) -> Iterator[str]:
    """The value of a tag, which CloudFormation, unlike the service, does not take empty."""
    yield from _length(value, 1, TAG_VALUE_LIMIT)
    yield from _characters(value, LONE_SURROGATE, "all that UTF-8 can encode")


def keys_alike(keys: Iterable[str]) -> list[list[str]]:
    """The tag keys that differ only in case, in groups."""
    groups = defaultdict(list)
    for key in sorted(keys):
        groups[key.lower()].append(key)
    return [group for group in groups.values() if len(group) > 1]
