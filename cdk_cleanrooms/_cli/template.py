"""References and values in a CloudFormation template."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


class UnknownValueError(Exception):
    """A value that cannot be known before the deployment, and the reason."""


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
    for name in _VARIABLE.findall(text):
        if name not in own and not name.startswith("AWS::"):
            yield name.split(".")[0]


class Values:
    """The values of expressions in a template, as far as they are known.

    Args:
        ref: A function that returns the value of `Ref`.
        attribute: A function that returns the value of `Fn::GetAtt`.
        export: A function that returns the value of an export.
        output: A function that returns an output of a stack.
    """

    def __init__(
        self,
        *,
        ref: Callable[[str], Any],
        attribute: Callable[[str, str], Any],
        export: Callable[[str], str],
        output: Callable[[Mapping[str, Any]], str],
    ) -> None:
        self._ref = ref
        self._attribute = attribute
        self._export = export
        self._output = output

    def of(self, node: Any) -> Any:
        """Return the value of an expression.

        Args:
            node: A part of a template.

        Returns:
            Its value.

        Raises:
            UnknownValueError: If it is known only at deployment.
        """
        match node:
            case {"Ref": str(name)} if len(node) == 1:
                return self._ref(name)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self._attribute(name, attribute)
            case {"Fn::GetAtt": str(text)}:
                name, _, attribute = text.partition(".")
                return self._attribute(name, attribute)
            case {"Fn::ImportValue": name}:
                return self._export(self.of(name))
            case {"Fn::GetStackOutput": dict(arguments)}:
                return self._output(self.of(arguments))
            case {"Fn::Join": [str(separator), list(items)]}:
                return separator.join(str(self.of(item)) for item in items)
            case {"Fn::Select": [index, items]}:
                return self.of(items)[int(index)]
            case {"Fn::Split": [str(separator), text]}:
                return self.of(text).split(separator)
            case {"Fn::Sub": value}:
                text, variables = value if isinstance(value, list) else (value, {})
                return self._substituted(text, variables)
            case dict():
                if any(key.startswith("Fn::") for key in node):
                    raise UnknownValueError(f"{next(iter(node))} is evaluated at deployment")
                return {key: self.of(item) for key, item in node.items()}
            case list():
                return [self.of(item) for item in node]
        return node

    def _substituted(self, text: str, variables: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in variables:
                return str(self.of(variables[name]))
            resource, _, attribute = name.partition(".")
            return str(self._attribute(resource, attribute) if attribute else self._ref(name))

        return _VARIABLE.sub(value, text).replace("${!", "${")
