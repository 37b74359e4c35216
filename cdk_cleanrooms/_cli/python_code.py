"""Print Python code that declares exactly the existing resources."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any
from unicodedata import normalize

from .._core.types import COLLABORATION, ResourceType
from .arguments import Call, Undeclarable, Undeclared, Unknown
from .aws import visible
from .listing import LISTINGS

# The CDK replaces the first with the value of a token, or fails. It refuses the second.
_TOKEN = "${Token["
_TOKEN_OF_A_LIST = "#{Token["
# CloudFormation resolves this text everywhere, even in the result of a function.
_DYNAMIC_REFERENCE = "{{resolve:"
_EXCERPT = 120
_WRITE_IT = (
    "Without that, the construct declares something else. Write the argument by hand before you"
    " remove the comment signs."
)
_CHANGE_IT = "Change that first, and then adopt the resource."
_IT_CHANGES = "Remove the comment signs only if a deployment may add that to the resource."


@dataclass(frozen=True)
class Code:
    """An expression that is printed as it is, such as the name of a variable."""

    text: str


@dataclass(frozen=True)
class Statement:
    """The code that declares one construct.

    Attributes:
        code: The call of the constructor.
        comments: What the code does not declare, and why.
        advice: What a person has to do before the code declares the existing resource; none if it
            does so already.
        names: The names of this library's classes in the code.
        cdk_names: The names of the CDK's classes in the code.
    """

    code: str
    comments: tuple[str, ...]
    advice: tuple[str, ...]
    names: frozenset[str]
    cdk_names: frozenset[str]


Group = tuple[ResourceType, Sequence[tuple[str, Mapping[str, Any]]]]
"""A type, and the name and the arguments of each construct."""


def python_code(*groups: Group) -> str:
    """Return code that declares constructs, formatted as Black and Ruff do.

    Args:
        *groups: The constructs of each type.

    Returns:
        The code, for the constructor of a stack.
    """
    uses: Counter[str] = Counter()
    statements = []
    for resource_type, constructs in groups:
        for name, arguments in constructs:
            id = construct_id(name, words_of_class(resource_type.construct)[-1:])
            uses[id] += 1
            number = str(uses[id]) if uses[id] > 1 else ""
            statements.append(
                statement(resource_type, id + number, arguments, LISTINGS[resource_type].defaults)
            )
    names = frozenset[str]().union(*(one.names for one in statements))
    imports = f"from cdk_cleanrooms import {', '.join(sorted(names))}\n"
    from_cdk = sorted({name for one in statements for name in one.cdk_names})
    if from_cdk:
        imports = f"from aws_cdk import {', '.join(from_cdk)}\n{imports}"
    return "\n".join(
        [
            imports,
            *(
                comment_lines(one.comments + one.advice)
                + (indent(one.code, "# ", lambda _: True) if one.advice else one.code)
                for one in statements
            ),
        ]
    )


def comment_lines(comments: Iterable[str]) -> str:
    """Return a line of Python code for each comment."""
    return "".join(f"# {visible(comment)}\n" for comment in comments)


def construct_id(name: str, kind: Sequence[str]) -> str:
    """Return an ID for a construct.

    Args:
        name: The name of the resource.
        kind: The words with which the IDs of all such constructs end.
    """
    if "_" in name and name.isupper():  # such as the type of a privacy budget
        name = name.lower()
    text = "".join(word[0].upper() + word[1:] for word in words_of(name))
    # No ID equals an ID of the CDK, because all end with a kind. Numbers make them unique.
    for word in reversed(kind):
        text = text.removesuffix(word)
    return text + "".join(kind)


def words_of_class(name: str) -> list[str]:
    """Return the words of the name of a class."""
    return re.findall("[A-Z][a-z]+", name)


def words_of(name: str) -> list[str]:
    """Return the words of a name, in ASCII letters and digits."""
    text = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.findall("[A-Za-z0-9]+", text)


def statement(
    resource_type: ResourceType,
    construct_id: str,
    arguments: Mapping[str, Any],
    defaults: Mapping[str, object],
) -> Statement:
    """Return the code that declares one construct.

    Args:
        resource_type: The type of the resource.
        construct_id: The construct's ID in its scope.
        arguments: The arguments of the constructor.
        defaults: The values of arguments that are left out.
    """
    comments = []
    given = {}
    advice = []
    for key, value in arguments.items():
        if key == "tags":
            value, left_out = declarable_tags(resource_type, value)
            comments += left_out
        default = defaults.get(key, {} if key == "tags" else None)
        if value in (None, default):
            continue
        if any(_DYNAMIC_REFERENCE in text for text in _texts(value)):
            comments.append(
                f"CloudFormation would resolve the dynamic reference in {key}={excerpt(value)},"
                " so no template can declare it."
            )
            # Except in a collaboration, a description is optional, so it can be left out.
            if key != "description" or resource_type is COLLABORATION:
                advice.append(_CHANGE_IT)
            continue
        if isinstance(value, Unknown):
            comments.append(
                f"This version of cdk-cleanrooms does not know {key}, which is"
                f" {excerpt(value['value'])}."
            )
            continue
        if isinstance(value, Undeclarable):
            comments.append(value.reason)
            advice.append(_CHANGE_IT)
            continue
        if isinstance(value, Undeclared):
            if any(item is not None for item in value.values()):
                comments.append(f"This code does not declare {key}, which is {json.dumps(value)}.")
                advice.append(_WRITE_IT)
            else:
                comments.append(f"The resource has no {key}, which the construct would add.")
                advice.append(_IT_CHANGES)
            continue
        given[key] = value
    items = ["self", _literal(construct_id)]
    items += [f"{key}={expression(value)}" for key, value in given.items()]
    cdk_names = set[str]()
    if "adopt" in given:
        # The resource is then retained even after somebody has removed `adopt`.
        items.append("removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE")
        cdk_names.add("RemovalPolicy")
    code = f"{resource_type.construct}({_block(items)})\n"
    # Reading code takes longer than writing it, and a text rarely has this in it.
    if "Fn." in code and "Fn" in _names_in(code):
        cdk_names.add("Fn")
    return Statement(
        code,
        tuple(comments),
        tuple(dict.fromkeys(advice)),
        names=frozenset({resource_type.construct, *_names([*given.values()])}),
        cdk_names=frozenset(cdk_names),
    )


def declarable_tags(
    resource_type: ResourceType, tags: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the tags that a template can declare, and a comment for each other tag."""
    declared = {}
    comments = []
    for key, value in tags.items():
        if len(value) < resource_type.least_tag_value:
            reason = "CloudFormation does not accept an empty value"
        elif _DYNAMIC_REFERENCE in key + value:
            reason = f"CloudFormation would resolve the dynamic reference in {_literal(value)}"
        else:
            declared[key] = value
            continue
        comments.append(
            f"The tag {_literal(key)} is left out: {reason}. A deployment removes the tag, unless"
            " you give it another value first and run this command again."
        )
    return declared, comments


def _names(value: object) -> Iterator[str]:
    """Yield the names of this library's classes in an argument."""
    if isinstance(value, Call):
        yield value.name
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _names(item)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)


def excerpt(value: object) -> str:
    """Return a value for a message, in which a long text, such as SQL, has no place."""
    text = _literal(value)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"


def _names_in(code: str) -> Iterator[str]:
    """Yield the names in code, but not those in its texts."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            yield node.id


def _block(items: Iterable[str]) -> str:
    lines = "".join(f"{item},\n" for item in items)
    return "\n" + indent(lines, "    ") if lines else ""


def expression(value: object) -> str:
    """Return a Python expression that becomes the given value in a template."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Call):
        arguments = (f"{key}={expression(item)}" for key, item in value.items())
        return f"{value.name}({_block(arguments)})"
    if isinstance(value, list):
        return "[" + _block(map(expression, value)) + "]"
    if isinstance(value, Mapping):
        entries = (f"{expression(key)}: {expression(item)}" for key, item in value.items())
        return "{" + _block(entries) + "}"
    if isinstance(value, str) and (_TOKEN in value or _TOKEN_OF_A_LIST in value):
        # CloudFormation converts `${!` to `${`, and the CDK finds no token in `${!`.
        text = value.replace("${", "${!").replace(_TOKEN_OF_A_LIST, "#${Brace}Token[")
        variables = ['{"Brace": "{"}'] if _TOKEN_OF_A_LIST in value else []
        return f"Fn.sub({_block([_literal(text), *variables])})"
    return _literal(value)


def _literal(value: object) -> str:
    """Return a Python literal in the style of Black and Ruff."""
    if not isinstance(value, str):
        return repr(value)
    text = repr(f'"{value}')[2:-1]  # because of the double quote, `repr` escapes only single quotes
    if value.count('"') > value.count("'"):
        return f"'{text}'"
    return '"{}"'.format(text.replace(r"\'", "'").replace('"', r"\""))
