"""Print Python code that declares exactly the existing resources."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any
from unicodedata import normalize

from .._core.types import ResourceType
from .listing import LISTINGS, Call, Undeclared

# The CDK replaces the first with the value of a token, or fails. It refuses the second.
_TOKEN = "${Token["
_TOKEN_OF_A_LIST = "#{Token["
# CloudFormation resolves this text everywhere, even in the result of a function.
_DYNAMIC_REFERENCE = "{{resolve:"


def python_code(
    resource_type: ResourceType, constructs: Sequence[tuple[str, Mapping[str, Any]]]
) -> str:
    """Return code that declares constructs, formatted as Black and Ruff do.

    Args:
        resource_type: Their type.
        constructs: The name and the arguments of each construct.

    Returns:
        The code, for the constructor of a stack.
    """
    uses: Counter[str] = Counter()
    statements = []
    for name, arguments in constructs:
        construct_id = _construct_id(name, resource_type.construct)
        uses[construct_id] += 1
        number = str(uses[construct_id]) if uses[construct_id] > 1 else ""
        statements.append(_construct(resource_type, construct_id + number, arguments))
    names = {resource_type.construct}
    for _, arguments in constructs:
        names.update(_names([*arguments.values()]))
    imports = f"from cdk_cleanrooms import {', '.join(sorted(names))}\n"
    from_cdk = [
        name
        for name in ("Fn", "RemovalPolicy")
        if any(f"{name}." in statement for statement in statements)
    ]
    if from_cdk:
        imports = f"from aws_cdk import {', '.join(from_cdk)}\n{imports}"
    return "\n".join([imports, *statements])


def _construct_id(name: str, construct: str) -> str:
    # All IDs end with the same word, so no ID equals an ID of the CDK. Numbers make them unique.
    kind = re.findall("[A-Z][a-z]+", construct)[-1]
    text = normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z0-9]+", text))
    return f"{words.removesuffix(kind)}{kind}"


def _construct(resource_type: ResourceType, construct_id: str, arguments: Mapping[str, Any]) -> str:
    comments = []
    given = {}
    what_to_do = ""
    for key, value in arguments.items():
        if key == "tags":
            value, left_out = _tags(value, may_be_empty=resource_type.least_tag_value == 0)
            comments += left_out
        default = LISTINGS[resource_type].defaults.get(key, {} if key == "tags" else None)
        if value in (None, default):
            continue
        if any(_DYNAMIC_REFERENCE in text for text in _texts(value)):
            comments.append(
                f"CloudFormation would resolve the dynamic reference in {key}={_literal(value)},"
                " so no template can declare it."
            )
            # A description is optional, so it can be left out with the comment.
            if key != "description":
                what_to_do = "Change that first, and then adopt the resource."
            continue
        if isinstance(value, Undeclared):
            comments.append(f"This code does not declare {key}, which is {json.dumps(value)}.")
            what_to_do = "Add that to the construct, and then adopt the resource."
            continue
        given[key] = value
    items = ["self", _literal(construct_id)]
    items += [f"{key}={_expression(value)}" for key, value in given.items()]
    if "adopt" in given:
        # The resource is then retained even after somebody has removed `adopt`.
        items.append("removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE")
    code = f"{resource_type.construct}({_block(items)})\n"
    if what_to_do:
        comments.append(what_to_do)
        code = indent(code, "# ", lambda _: True)
    return "".join(f"# {comment}\n" for comment in comments) + code


def _tags(tags: Mapping[str, str], *, may_be_empty: bool) -> tuple[dict[str, str], list[str]]:
    """Return the tags that a template can declare, and a comment for each other tag."""
    declared = {}
    comments = []
    for key, value in tags.items():
        if not value and not may_be_empty:
            reason = "CloudFormation does not accept an empty value"
        elif _DYNAMIC_REFERENCE in key + value:
            reason = f"CloudFormation would resolve the dynamic reference in {_literal(value)}"
        else:
            declared[key] = value
            continue
        comments.append(f"The tag {_literal(key)} is left out: {reason}.")
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


def _block(items: Iterable[str]) -> str:
    return "\n" + indent("".join(f"{item},\n" for item in items), "    ")


def _expression(value: object) -> str:
    """Return a Python expression that becomes the given value in a template."""
    if isinstance(value, Call):
        arguments = (f"{key}={_expression(item)}" for key, item in value.items())
        return f"{value.name}({_block(arguments)})"
    if isinstance(value, list):
        return "[" + _block(map(_expression, value)) + "]" if value else "[]"
    if isinstance(value, Mapping):
        entries = (f"{_expression(key)}: {_expression(item)}" for key, item in value.items())
        return "{" + _block(entries) + "}"
    if isinstance(value, str) and (_TOKEN in value or _TOKEN_OF_A_LIST in value):
        # CloudFormation converts `${!` to `${`, and the CDK finds no token in `${!`.
        text = value.replace("${", "${!").replace(_TOKEN_OF_A_LIST, "#${Brace}Token[")
        variables = ', {"Brace": "{"}' if _TOKEN_OF_A_LIST in value else ""
        return f"Fn.sub({_literal(text)}{variables})"
    return _literal(value)


def _literal(value: object) -> str:
    """Return a Python literal in the style of Black and Ruff."""
    if not isinstance(value, str):
        return repr(value)
    text = repr(f'"{value}')[2:-1]  # because of the double quote, `repr` escapes only single quotes
    if value.count('"') > value.count("'"):
        return f"'{text}'"
    return '"{}"'.format(text.replace(r"\'", "'").replace('"', r"\""))
