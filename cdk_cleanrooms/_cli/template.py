"""References and values in a CloudFormation template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from .._core.template_references import VARIABLE


class UnknownValueError(Exception):
    """A value is not known before the deployment. The message is the reason."""


class Values:
    """Evaluate expressions in a template, as far as their values are known.

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
            case {"Fn::Join": [str(separator), items]}:
                return self._joined(separator, self.of(items))
            case {"Fn::Select": [index, items]}:
                return self._selected(index, self.of(items))
            case {"Fn::Split": [str(separator), text]}:
                return self._split(separator, self.of(text))
            case {"Fn::Sub": str(text)}:
                return self._substituted(text, {})
            case {"Fn::Sub": [str(text), dict(variables)]}:
                return self._substituted(text, variables)
            case dict():
                if any(key.startswith("Fn::") for key in node):
                    raise _evaluated_at_deployment(next(iter(node)))
                return {key: self.of(item) for key, item in node.items()}
            case list():
                return [self.of(item) for item in node]
        return node

    def _joined(self, separator: str, items: Any) -> str:
        if not isinstance(items, list):
            raise _evaluated_at_deployment("Fn::Join")
        return separator.join(map(_text, items))

    def _split(self, separator: str, text: Any) -> list[str]:
        if not isinstance(text, str) or not separator:
            raise _evaluated_at_deployment("Fn::Split")
        return text.split(separator)

    def _selected(self, index: Any, items: Any) -> Any:
        if not isinstance(items, list) or not str(index).isdecimal() or int(index) >= len(items):
            raise _evaluated_at_deployment("Fn::Select")
        return items[int(index)]

    def _substituted(self, text: str, variables: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in variables:
                return _text(self.of(variables[name]))
            resource, _, attribute = name.partition(".")
            return _text(self._attribute(resource, attribute) if attribute else self._ref(name))

        return VARIABLE.sub(value, text).replace("${!", "${")


def decided(node: Any, conditions: Mapping[str, Any], values: Values) -> bool | None:
    """Return whether a condition holds, or None if that is known only at deployment.

    Args:
        node: The condition, as in the section of conditions.
        conditions: The conditions of the template.
        values: The values of parameters and pseudo parameters.
    """
    match node:
        case {"Condition": str(name)}:
            # CloudFormation refuses a condition that refers to itself.
            others = {key: conditions[key] for key in conditions if key != name}
            return decided(conditions.get(name), others, values)
        case {"Fn::Equals": [first, second]}:
            with suppress(UnknownValueError):
                return compared(values.of(first)) == compared(values.of(second))
        case {"Fn::Not": [part]}:
            inner = decided(part, conditions, values)
            return None if inner is None else not inner
        case {"Fn::And": list(parts)} | {"Fn::Or": list(parts)}:
            decisive = "Fn::Or" in node
            found = {decided(part, conditions, values) for part in parts}
            return decisive if decisive in found else None if None in found else not decisive
    return None


def compared(value: Any) -> str:
    """Return a value as the text that CloudFormation compares.

    Raises:
        UnknownValueError: If this text is not certain.
    """
    text = _text(value)
    if not isinstance(value, str | int) or "{{resolve:" in text:
        raise _evaluated_at_deployment("Fn::Equals")
    return text


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def imports(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the functions that import a value from another stack, each with its argument.

    Args:
        node: A part of a template.
    """
    if isinstance(node, Mapping):
        for key, item in node.items():
            if key in ("Fn::ImportValue", "Fn::GetStackOutput"):
                yield key, item
            else:
                yield from imports(item)
    elif isinstance(node, list):
        for item in node:
            yield from imports(item)


def _evaluated_at_deployment(function: str) -> UnknownValueError:
    return UnknownValueError(f"{function} is evaluated at deployment")
