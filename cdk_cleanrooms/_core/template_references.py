"""References in a CloudFormation template."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
"""A variable in the text of `Fn::Sub`."""


def references(resource: Mapping[str, Any]) -> Iterator[str]:
    """Yield the logical IDs, parameters, conditions and mappings that a resource refers to.

    Args:
        resource: The resource in a template.

    Yields:
        Each name, as often as it occurs.
    """
    depends = resource.get("DependsOn", [])
    yield from [depends] if isinstance(depends, str) else depends
    if "Condition" in resource:
        yield resource["Condition"]
    yield from _references([resource.get("Properties"), resource.get("Metadata")])


def _references(node: Any) -> Iterator[str]:
    match node:
        case {"Ref": str(name)} if len(node) == 1:
            yield from () if name.startswith("AWS::") else (name,)
        case {"Fn::GetAtt": str(path)}:
            yield path.split(".")[0]
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from _variables(text, ())
        case {"Fn::Sub": [str(text), dict(variables)]}:
            yield from _variables(text, variables)
            yield from _references(variables)
        case {"Fn::FindInMap": [str(name), *keys]} | {"Fn::If": [str(name), *keys]}:
            yield name
            yield from _references(keys)
        case dict():
            yield from _references([*node.values()])
        case list():
            for item in node:
                yield from _references(item)


def _variables(text: str, own: Collection[str]) -> Iterator[str]:
    for name in VARIABLE.findall(text):
        if name not in own and not name.startswith("AWS::"):
            yield name.split(".")[0]
