r"""Rules for the values that AWS accepts.

A rule takes an argument's name and value, and yields a `Problem` for each thing that AWS would
refuse. Text whose value is not known yet passes: a token and a dynamic reference are resolved at
deployment, and a placeholder represents a value that the CDK CLI still has to look up.

AWS's patterns are Java patterns: `\w` and `\d` match only ASCII, and the whole text must match.

Nothing here needs the CDK, so that the command line can use it without starting Node.js.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import zip_longest
from operator import itemgetter
from reprlib import Repr
from typing import Any, TypeAlias, cast

from .validation import Problem, Rule

Fault: TypeAlias = tuple[str, str]
"""The code of a problem with a text, and the part of the message that follows the text."""

ARN_LIMIT = 256
NAME_LIMIT = 100
DESCRIPTION_LIMIT = 255

IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
REGION = re.compile(r"\w{2}-\w{4,9}-\d", re.ASCII)
ACCOUNT = re.compile(r"\d{12}", re.ASCII)
# The surrogates in AWS's patterns admit no character outside the Basic Multilingual Plane. The
# refused characters are listed because that pattern compiles in a tenth of the time.
NOT_IN_NAME = re.compile("[\0-\x08\n-\x1f\ud800-\udfff\ufffe-\U0010ffff]")
NOT_IN_DESCRIPTION = re.compile("[\0-\x08\v\f\x0e-\x1f\ud800-\udfff\ufffe-\U0010ffff]")
# AWS's pattern ends the white space with `$`, which Java also matches before a line terminator.
WHITE_SPACE_ONLY = re.compile("[ \t]*[\u0085\u2028\u2029]?")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_TOKEN = re.compile(r"\$\{Token\[[a-zA-Z0-9:._-]+\]\}")
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[^{}]+\}\}")
_TOKEN_OF_A_LIST = re.compile(r"#\{Token\[[a-zA-Z0-9:._-]+\]\}")
# The CDK's own text for a parameter that the CLI looks up after the first pass of synthesis.
_PLACEHOLDER = "dummy-value-for-"
# How much of two texts must be the same, so that one is probably a slip for the other.
_CLOSE = 0.7
_EXAMPLE_IDENTIFIER = "a1b2c3d4-5678-90ab-cdef-111111111111"

_excerpt = Repr()
_excerpt.maxstring = _excerpt.maxother = 120


def is_token(value: str) -> bool:
    """Return whether text contains a token of the CDK."""
    return _TOKEN.search(value) is not None


def is_whole_token(value: str) -> bool:
    """Return whether text is a single token of the CDK and nothing else."""
    return _TOKEN.fullmatch(value) is not None


def is_deploy_time(value: str) -> bool:
    """Return whether text contains a token or a dynamic reference, resolved at deployment."""
    return is_token(value) or _DYNAMIC_REFERENCE.search(value) is not None


def is_placeholder(value: str) -> bool:
    """Return whether text contains the placeholder for a value that is still to be looked up."""
    return _PLACEHOLDER in value


def is_known(value: str) -> bool:
    """Return whether text is already what it will be in AWS."""
    is_deploy_time_list = _TOKEN_OF_A_LIST.search(value) is not None
    return not is_deploy_time(value) and not is_deploy_time_list and not is_placeholder(value)


def is_list_token(value: object) -> bool:
    """Return whether a value is a list of the CDK whose items are known at deployment."""
    return (
        isinstance(value, (list, tuple))
        and len(value) == 1
        and isinstance(value[0], str)
        and _TOKEN_OF_A_LIST.fullmatch(value[0]) is not None
    )


def list_token_problem(property: str, value: object) -> Problem:
    """Return the problem of a list of unknown length whose items become parts of the template."""
    message = (
        f"{excerpt(value)} is a list that is only known at deployment, and each item becomes a"
        " part of the template; write the items as a list, such as [Fn.select(0, the_list),"
        " Fn.select(1, the_list)]"
    )
    return Problem(property, value, message, "ListIsToken")


def excerpt(value: object) -> str:
    """Return a value as Python writes it, on one line and shortened."""
    return " ".join(_excerpt.repr(value).split())


def text(expected: str) -> Callable[[Callable[[str], Iterable[Fault]]], Rule]:
    """Turn a check of literal text into a rule.

    Args:
        expected: What to write if the value is not text.

    Returns:
        A decorator for a function that yields the code and the message of each thing that is wrong.
    """

    def rule_of(check: Callable[[str], Iterable[Fault]]) -> Rule:
        def rule(property: str, value: object) -> Iterator[Problem]:
            if not isinstance(value, str):
                yield wrong_type(property, value, expected)
            elif _TOKEN_OF_A_LIST.search(value):
                yield Problem(
                    property,
                    value,
                    f"{excerpt(value)} is an item taken out of a list token, which cannot be"
                    " resolved; use Fn.select(0, the_list) instead of the_list[0]",
                    "ItemOfListToken",
                )
            elif is_known(value):
                for code, message in check(value):
                    yield Problem(property, value, f"{excerpt(value)} {message}", code)

        return rule

    return rule_of


def wrong_type(property: str, value: object, expected: str) -> Problem:
    """Return the problem that a value is of the wrong type.

    Args:
        property: The name of the argument.
        value: Its value.
        expected: What to write instead.

    Returns:
        The problem.
    """
    if isinstance(value, type):
        message = f"the class {value.__name__} is given, and not an instance of it; use {expected}"
        return Problem(property, value, message, "WrongType")
    # The name of a private class says nothing to a reader, and neither does that of the proxy with
    # which jsii represents some imports.
    kind = next(
        each
        for each in type(value).__mro__
        if not each.__name__.startswith("_") and not each.__module__.startswith("jsii.")
    )
    if kind is object and kind is not type(value):
        return Problem(
            property, value, f"{shown(value)} is of another type; use {expected}", "WrongType"
        )
    # A class of another library can have the same name as a built-in class without being accepted.
    is_ambiguous = kind.__module__ != "builtins" and hasattr(builtins, kind.__name__)
    name = f"{kind.__module__}.{kind.__name__}" if is_ambiguous else kind.__name__
    message = f"{shown(value)} is of type {name}; use {expected}"
    return Problem(property, value, message, "WrongType")


def shown(value: object) -> str:
    """Return a construct as its path, and another value as Python writes it."""
    path = None if isinstance(value, type) else getattr(getattr(value, "node", None), "path", None)
    return f"the construct {path!r}" if isinstance(path, str) else excerpt(value)


def optional(rule: Rule) -> Rule:
    """Return a rule for an argument that may be None."""

    def rule_if_given(property: str, value: object) -> Iterator[Problem]:
        return iter(()) if value is None else rule(property, value)

    return rule_if_given


def literal(rule: Rule) -> Rule:
    """Return a rule for an argument whose value is needed at synthesis."""

    def rule_without_tokens(property: str, value: object) -> Iterator[Problem]:
        yield from rule(property, value)
        if isinstance(value, str) and is_deploy_time(value):
            message = (
                f"{excerpt(value)} is only known at deployment, but adopting or looking up what"
                " exists needs it at synthesis; use the literal value"
            )
            yield Problem(property, value, message, "NotLiteral")

    return rule_without_tokens


def can_be_split(rule: Rule) -> Rule:
    """Return a rule that also refuses ARNs that cannot be split."""

    def rule_for_parts(property: str, value: object) -> Iterator[Problem]:
        yield from rule(property, value)
        if isinstance(value, str) and _DYNAMIC_REFERENCE.fullmatch(value.strip()):
            message = (
                f"{excerpt(value)} cannot be split into the parts of an ARN, because CloudFormation"
                " resolves a dynamic reference after its functions; use"
                " StringParameter.value_for_string_parameter, or import the resource by its IDs"
            )
            yield Problem(property, value, message, "ArnCannotBeSplit")

    return rule_for_parts


@text("a string, the ID of the construct in its scope")
def construct_id(value: str) -> Iterator[Fault]:
    """Check the ID of a construct, which the CDK refuses only if it is empty."""
    if not value:
        yield "ConstructIdEmpty", "is empty; use an ID that is unique in its scope"


def identifier(noun: str, resource: str, command: str, *, alternative: str = "") -> Rule:
    """Return a rule for the ID of a resource, a lowercase UUID.

    Args:
        noun: The resource with its article, such as `a membership`.
        resource: The resource type in an ARN, such as `membership`.
        command: The command that lists such resources with their IDs.
        alternative: What can be passed instead of the ID, if anything.

    Returns:
        The rule.
    """
    in_path = re.compile(f"(?:^|[:/\\s]){resource}s?/({IDENTIFIER.pattern})(?![0-9a-z-])")

    @text(f"the ID of {noun}, a string{alternative}")
    def rule(value: str) -> Iterator[Fault]:
        if IDENTIFIER.fullmatch(value):
            return
        pasted = value.strip()
        named = set(in_path.findall(pasted.lower()))
        whole = _uuid(pasted)
        if pasted.startswith("arn:"):
            mistake = f"is an ARN and not the ID of {noun}"
        elif whole:
            mistake = " and ".join(_slips(value)) or f"is not the ID of {noun} as AWS writes it"
        else:
            mistake = f"is {'more than' if named else 'not'} the ID of {noun}"
        # A UUID in the text can be the ID of anything, unless the text shows what it identifies.
        meant = whole or (named.pop() if len(named) == 1 else None)
        right = f"its lowercase UUID, such as {_EXAMPLE_IDENTIFIER!r} (`{command}` shows it)"
        if meant:
            right = repr(meant)
        yield "IdMisspelled" if whole else f"{code_of(noun)}IdNotUuid", f"{mistake}; use {right}"

    return rule


def code_of(noun: str) -> str:
    """Return a noun with its article, such as `an ID namespace`, as the beginning of a code."""
    _, *words = noun.split()
    return "".join(map(str.capitalize, words))


def _slips(value: str) -> Iterator[str]:
    if value != value.strip():
        yield "has white space around it"
    if any(map(str.isupper, value)):
        yield "has uppercase letters"
    if "-" not in value:
        yield "has no hyphens"


def _uuid(text: str) -> str | None:
    """Return the text in AWS's form if all of it is a UUID, and otherwise None."""
    # Loading it takes time, and only an error needs it.
    from uuid import UUID

    with suppress(ValueError):
        return str(UUID(text))
    return None


def arn(
    noun: str,
    service: str,
    resource: re.Pattern[str],
    resource_form: str,
    *,
    alternative: str = "",
    limit: int = ARN_LIMIT,
    region: re.Pattern[str] = REGION,
) -> Rule:
    """Return a rule for the ARN of a resource.

    Args:
        noun: The resource with its article, such as `an ID namespace`.
        service: The service in the ARN.
        resource: The pattern of the last part of the ARN.
        resource_form: The last part of the ARN as it is shown to people.
        alternative: What can be passed instead of the ARN, if anything.
        limit: The number of characters that the ARN can have.
        region: The pattern of the Region.

    Returns:
        The rule.
    """

    @text(f"the ARN of {noun}, a string{alternative}")
    def rule(value: str) -> Iterator[Fault]:
        return arn_problems(value, noun, service, resource, resource_form, limit, region)

    return rule


def arn_problems(
    value: str,
    noun: str,
    service: str,
    resource: re.Pattern[str],
    resource_form: str,
    limit: int = ARN_LIMIT,
    region: re.Pattern[str] = REGION,
) -> Iterator[Fault]:
    """Yield what is wrong with literal text that has to be an ARN; see `arn`."""
    malformed = f"{code_of(noun)}ArnMalformed"
    forms = {
        "prefix": (re.compile("arn"), "arn"),
        "partition": (re.compile("aws"), "aws"),
        "service": (re.compile(service), service),
        "Region": (region, "<region>"),
        "account": (ACCOUNT, "<account>"),
        "resource": (resource, resource_form),
    }
    pasted = value.strip()
    given = dict(zip_longest(forms, pasted.split(":", len(forms) - 1), fillvalue=""))
    wrong = [part for part, (pattern, _) in forms.items() if not pattern.fullmatch(given[part])]
    right = ":".join(form if part in wrong else given[part] for part, (_, form) in forms.items())
    if "prefix" in wrong:
        yield malformed, f"is not an ARN; use the ARN of {noun}, {right!r}"
    elif wrong:
        faults = (f"its {part} is {given[part]!r} and not {forms[part][1]!r}" for part in wrong)
        yield malformed, f"is not the ARN of {noun}, because {', '.join(faults)}; use {right!r}"
    elif pasted != value:
        yield malformed, f"has white space around it; use {right!r}"
    elif len(value) > limit:
        yield "ArnLength", f"has {len(value)} characters; an ARN has at most {limit}"


_membership = identifier(
    "a membership",
    "membership",
    "aws cleanrooms list-memberships",
    alternative=", or the membership as a construct",
)


def membership(property: str, value: object) -> Iterator[Problem]:
    """Check the ID of a membership."""
    for problem in _membership(property, value):
        if hasattr(type(value), "collaboration_ref"):
            message = f"a collaboration is not a membership: {problem.message}"
            yield Problem(property, value, message, "CollaborationForMembership")
        else:
            yield problem


@text("the name, a string")
def name(value: str) -> Iterator[Fault]:
    """Check the name of a Clean Rooms resource."""
    yield from length("Name", value, 1, NAME_LIMIT)
    yield from characters("Name", value, NOT_IN_NAME, "tab and U+0020 to U+FFFD, on one line")
    if value and WHITE_SPACE_ONLY.fullmatch(value):
        yield "NameBlank", "is all white space; use a name that can be seen"


@text("the description, a string")
def description(value: str) -> Iterator[Fault]:
    """Check the description of a Clean Rooms resource."""
    yield from length("Description", value, 0, DESCRIPTION_LIMIT)
    yield from characters(
        "Description", value, NOT_IN_DESCRIPTION, "tab, line breaks and U+0020 to U+FFFD"
    )


def length(noun: str, value: str, minimum: int, maximum: int) -> Iterator[Fault]:
    """Yield what is wrong with the length of a text. Codes begin with the noun, such as `Name`."""
    if not value and minimum:
        yield f"{noun}Empty", f"is empty; use {minimum} to {maximum} characters"
    elif not minimum <= len(value) <= maximum:
        message = f"has {len(value)} characters; use {minimum} to {maximum} characters"
        yield f"{noun}Length", message


def characters(noun: str, value: str, refused: re.Pattern[str], allowed: str) -> Iterator[Fault]:
    """Yield what is wrong with the characters of a text. The code begins with the noun."""
    # In reverse order, so that the first position of each character is the one that stays.
    first = {found[0]: found.start() for found in reversed([*refused.finditer(value)])}
    if first:
        named = ", ".join(
            f"U+{ord(character):04X} at position {index + 1}"
            for character, index in sorted(first.items(), key=itemgetter(1))
        )
        yield f"{noun}Characters", f"has {named}; use only {allowed}"


def boolean(property: str, value: object) -> Iterator[Problem]:
    """Check a boolean, which can be a token; a token for a boolean is an object, not text."""
    if not isinstance(value, bool) and not _is_resolvable(value):
        yield wrong_type(property, value, "True or False, without quotes")


def _is_resolvable(value: Any) -> bool:
    # A stack has a method of that name too, and so has a class of resolvable objects.
    return hasattr(value, "resolve") and not isinstance(value, type) and not hasattr(value, "node")


def choice(*choices: str) -> Rule:
    """Return a rule for text that has to be one of a few words."""

    @text(f"one of {', '.join(map(repr, choices))}")
    def rule(value: str) -> Iterator[Fault]:
        if value not in choices:
            names = ", ".join(map(repr, choices))
            closest = closest_to(value, choices)
            meant = f"; did you mean {closest!r}?" if closest else ""
            yield "UnknownChoice", f"is not one of {names}{meant}"

    return rule


def closest_to(value: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is probably meant by another text, or None."""
    # Loading it takes time, and only an error needs it.
    from difflib import get_close_matches

    names = {re.sub("[^a-z0-9]", "", each.lower()): each for each in choices}
    given = re.sub("[^a-z0-9]", "", value.lower())
    found = get_close_matches(given, names, n=1, cutoff=_CLOSE) or [
        each for each in names if given and (each.startswith(given) or given.startswith(each))
    ]
    return names[found[0]] if found else None


def several(choices: type[StrEnum]) -> Rule:
    """Return a rule for a list in which each item is a different member of an enumeration.

    Args:
        choices: The enumeration. A string with the same spelling is accepted too.

    Returns:
        The rule.
    """
    one = choice(*(each.value for each in choices))
    example = next(iter(choices))
    name = choices.__name__
    expected = f"a list of members of {name}, such as [{name}.{example.name}]"

    def rule(property: str, value: object) -> Iterator[Problem]:
        if is_list_token(value):
            return
        if isinstance(value, str) or not isinstance(value, Sequence):
            yield wrong_type(property, value, expected)
            return
        for index, item in enumerate(value):
            yield from one(property, item)
            if item in value[:index]:
                message = f"{excerpt(item)} is given twice; use it once"
                yield Problem(property, item, message, "GivenTwice")

    return rule


def flag(property: str, value: object) -> Iterator[Problem]:
    """Check a boolean that is needed at synthesis."""
    if not isinstance(value, bool):
        yield wrong_type(property, value, "True or False, without quotes")


def tags_meant(value: object) -> dict[str, str]:
    """Return the mapping that corresponds to a list of tags in the form of templates."""
    with suppress(TypeError, KeyError):
        return {tag["Key"]: tag["Value"] for tag in cast(Iterable[Mapping[str, str]], value)}
    return {"Team": "DataScience"}
