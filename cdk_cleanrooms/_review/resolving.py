"""Resolve the intrinsic functions of templates, within and between the stacks of an assembly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

from .._core.template_references import VARIABLE
from .assembly import NESTED_STACK, Stack
from .resource_names import FORMATS, REFERENCES
from .values import ABSENT, UNKNOWN, Symbolic, by_default, is_open, literal, same, scalar

_LISTS = ("CommaDelimitedList", "List<")
_SSM = "AWS::SSM::"
STORED_IN = "stored in "
"""What a value that is read from an SSM parameter says before the name of that parameter."""

_OWN = {"AWS::AccountId": "{this account}", "AWS::Region": "{this Region}"}
# As formats of names call them.
_PSEUDO_PARAMETERS = {"account": "AWS::AccountId", "region": "AWS::Region"}


class Scope:
    """The names that the template of a stack can refer to.

    Args:
        stack: The stack.
        exported: A function that returns the value that a stack imports, by the name of the
            export, or None.
        output_of: A function that returns an output of a stack by the names of both, or None.
        label: A function that returns how a resource of the stack is called.
        arguments: The values of parameters that the parent of a nested stack passes.
        presence: Whether the stack exists: a Boolean, or text if it is decided at deployment.

    Attributes:
        stack: The stack.
        nested: The scopes of the stacks nested in it, by the logical ID of the resource.
        presence: Whether the stack exists.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        exported: Callable[[Stack, str], Any],
        output_of: Callable[[str, str], Any],
        label: Callable[[Scope, str], str],
        arguments: Mapping[str, Any] | None = None,
        presence: Any = True,
    ) -> None:
        self.stack = stack
        self.presence = presence
        self.nested: dict[str, Scope] = {}
        self._exported = exported
        self._output_of = output_of
        self._label = label
        self._arguments = arguments or {}
        self._conditions: dict[str, Any] = {}
        # What is being resolved: a template can refer in a circle, which CloudFormation refuses.
        self._pending: set[str] = set()
        for logical_id, nested in stack.nested.items():
            declared = stack.section("Resources")[logical_id]
            properties = declared.get("Properties", {})
            self.nested[logical_id] = Scope(
                nested,
                exported=exported,
                output_of=output_of,
                label=label,
                arguments={
                    name: (self, node) for name, node in _members(properties.get("Parameters"))
                },
                presence=self.presence_of(declared),
            )

    def scopes(self) -> Iterator[Scope]:
        """Yield this scope, and those of all nested stacks."""
        yield self
        for nested in self.nested.values():
            yield from nested.scopes()

    def presence_of(self, declared: Mapping[str, Any]) -> Any:
        """Return whether a resource exists: a Boolean, or text if it is decided at deployment."""
        own = self.condition(declared["Condition"]) if "Condition" in declared else True
        if own is True or self.presence is False:
            return self.presence
        if own is False or self.presence is True:
            return own
        return _both([self.presence, own])

    def output(self, name: str) -> Any:
        """Return the value of an output, or None if the template lacks it."""
        output = self.stack.section("Outputs").get(name)
        if not isinstance(output, dict) or "Value" not in output:
            return None
        return self._once(f"output {name}", lambda: self.value(output["Value"]))

    def condition(self, name: Any) -> Any:
        """Return the value of a condition: a Boolean, or text if it is decided at deployment."""
        if name not in self._conditions:
            # CloudFormation refuses a condition that refers to itself.
            self._conditions[name] = Symbolic(f"condition {name}", [f"condition {name}"])
            node = self.stack.section("Conditions").get(name)
            if node is not None:
                self._conditions[name] = self._decided(node)
        return self._conditions[name]

    def value(self, node: Any) -> Any:
        """Return the value of an expression, as far as the templates determine it."""
        match node:
            case str():
                return literal(node)
            case list():
                items = [self.value(item) for item in node]
                return [item for item in items if item is not ABSENT]
            case dict() if len(node) == 1:
                ((key, argument),) = node.items()
                if key == "Ref" and isinstance(argument, str):
                    return self._ref(argument)
                if key.startswith("Fn::"):
                    return self._function(key, argument)
            case dict() if any(key.startswith("Fn::") for key in node):
                return self._unresolved(node)
        if isinstance(node, dict):
            members = {key: self.value(item) for key, item in node.items()}
            return {key: item for key, item in members.items() if item is not ABSENT}
        return node

    def _function(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Fn::GetAtt", [str(resource), attribute]:
                return self._attribute(resource, scalar(self.value(attribute)))
            case "Fn::GetAtt", str():
                resource, _, attribute = argument.partition(".")
                return self._attribute(resource, attribute)
            case "Fn::Join", [str(separator), items]:
                return self._join(separator, self.value(items))
            case "Fn::Sub", str():
                return self._substituted(argument, {})
            case "Fn::Sub", [str(text), dict(variables)]:
                return self._substituted(text, variables)
            case "Fn::If", [str(condition), yes, no]:
                return self._choice(condition, yes, no)
            case "Fn::FindInMap", [mapping, first, second, *_]:
                return self._mapped(*map(self.value, (mapping, first, second)))
            case "Fn::Select", [index, items]:
                return self._selected(self.value(index), self.value(items))
            case "Fn::Split", [str(separator), text]:
                return self._apply(self.value(text), lambda known: scalar(known).split(separator))
            case "Fn::ImportValue", _:
                export = self.value(argument)
                found = None if is_open(export) else self._exported(self.stack, scalar(export))
                return self._unresolved({name: argument}) if found is None else found
            case "Fn::GetStackOutput", {"StackName": stack, "OutputName": output}:
                names = self.value(stack), self.value(output)
                found = None if any(map(is_open, names)) else self._output_of(*map(scalar, names))
                return self._unresolved({name: argument}) if found is None else found
        return self._unresolved({name: argument})

    def _unresolved(self, node: Mapping[str, Any]) -> Symbolic:
        """Return text for an expression that is evaluated at deployment."""
        members = {
            key: self.value(item) if not key.startswith("Fn::") else self._inside(item)
            for key, item in node.items()
        }
        text = json.dumps(members, sort_keys=True, ensure_ascii=False, default=str)
        return Symbolic(text, [name for name in node if name.startswith("Fn::")])

    def _inside(self, argument: Any) -> Any:
        return (
            [self.value(it) for it in argument]
            if isinstance(argument, list)
            else self.value(argument)
        )

    def _ref(self, name: str) -> Any:
        stack = self.stack
        match name:
            case "AWS::NoValue":
                return ABSENT
            case "AWS::Partition":
                return "aws"
            case "AWS::URLSuffix":
                return "amazonaws.com"
            case "AWS::AccountId" if stack.account:
                return stack.account
            case "AWS::Region" if stack.region:
                return stack.region
            case "AWS::StackName" if stack.name:
                return stack.name
        if name.startswith("AWS::"):
            return Symbolic(_OWN.get(name, f"${{{name}}}"))
        if name in stack.section("Parameters"):
            return self._parameter(name, stack.section("Parameters")[name])
        resource = stack.section("Resources").get(name)
        if resource is None:
            return self._unresolved_name(name)
        return self._named(resource, "") or Symbolic(
            self._reference(name, REFERENCES.get(resource["Type"], ""))
        )

    def _unresolved_name(self, name: str) -> Symbolic:
        return Symbolic(f"${{{name}}}", [f"{name}, which the template does not define"])

    def _reference(self, logical_id: str, attribute: str) -> str:
        label = self._label(self, logical_id).replace("\u2039", "<").replace("\u203a", ">")
        return f"\u2039{label}\u203a.{attribute}" if attribute else f"\u2039{label}\u203a"

    def _named(self, resource: Mapping[str, Any], attribute: str) -> Any:
        """Return what follows from the literal name of a resource, or None."""
        return self._once(f"{id(resource)} {attribute}", lambda: self._by_name(resource, attribute))

    def _once(self, name: str, resolve: Callable[[], Any]) -> Any:
        """Return what a function resolves, or None while that is already being resolved."""
        if name in self._pending:
            return None
        self._pending.add(name)
        try:
            return resolve()
        finally:
            self._pending.remove(name)

    def _by_name(self, resource: Mapping[str, Any], attribute: str) -> Any:
        pattern = FORMATS.get(resource["Type"], {}).get(attribute)
        if pattern is None:
            return None
        parts: list[Any] = []
        for text, property, default, _ in Formatter().parse(pattern):
            parts.append(text)
            # Each format ends with a name.
            value = self._of_name(resource, property or "", default)
            if not isinstance(value, str):
                return None
            parts.append(value)
        return self._join("", parts)

    def _of_name(self, resource: Mapping[str, Any], property: str, default: str | None) -> Any:
        if property in _PSEUDO_PARAMETERS:
            return self._ref(_PSEUDO_PARAMETERS[property])
        node: Any = resource.get("Properties", {})
        for step in property.split("/"):
            node = node.get(step) if isinstance(node, dict) else None
        return self.value(node) if node is not None else default or None

    def _parameter(self, name: str, declared: Mapping[str, Any]) -> Any:
        if name in self._arguments:
            scope, node = self._arguments[name]
            return scope.value(node)
        kind, default = declared.get("Type", "String"), declared.get("Default", UNKNOWN)
        decider = f"parameter {name}"
        if default is UNKNOWN:
            return Symbolic(f"{{{decider}}}", [decider])
        if str(kind).startswith(_SSM):
            return Symbolic(f"{{{decider}, {STORED_IN}{scalar(default)}}}", [decider])
        hidden = str(declared.get("NoEcho", "")).lower() == "true"
        shown = "hidden" if hidden else scalar(default)
        if str(kind).startswith(_LISTS):
            default = [item.strip() for item in scalar(default).split(",")]
        return Symbolic(f"{{{decider}, default {shown}}}", [decider], default)

    def _attribute(self, name: str, attribute: str) -> Any:
        resource = self.stack.section("Resources").get(name)
        if resource is None:
            return self._unresolved_name(f"{name}.{attribute}")
        if resource["Type"] == NESTED_STACK and attribute.startswith("Outputs."):
            nested = self.nested.get(name)
            found = nested.output(attribute.removeprefix("Outputs.")) if nested else None
            if found is not None:
                return found
            return Symbolic(
                self._reference(name, attribute), [f"{attribute} of the nested stack {name}"]
            )
        return self._named(resource, attribute) or Symbolic(self._reference(name, attribute))

    def _join(self, separator: str, items: Any) -> Any:
        return self._apply(
            items,
            lambda known: separator.join(map(scalar, known)) if isinstance(known, list) else known,
        )

    def _substituted(self, text: str, variables: Mapping[str, Any]) -> Any:
        parts: list[Any] = []
        position = 0
        for found in VARIABLE.finditer(text):
            parts += [text[position : found.start()].replace("${!", "${")]
            position = found.end()
            name = found[1]
            if name in variables:
                parts.append(self.value(variables[name]))
            elif "." in name:
                parts.append(self._attribute(*name.split(".", 1)))
            else:
                parts.append(self._ref(name))
        parts.append(text[position:].replace("${!", "${"))
        joined = self._join("", parts)
        return joined if isinstance(joined, Symbolic) else literal(joined)

    def _choice(self, condition: str, yes: Any, no: Any) -> Any:
        decided = self.condition(condition)
        if decided is True:
            return self.value(yes)
        if decided is False:
            return self.value(no)
        first, second = self.value(yes), self.value(no)
        if same(first, second):
            return first
        shown = ["nothing" if it is ABSENT else scalar(it) for it in (first, second)]
        default = decided.default
        if default is not UNKNOWN:
            default = by_default(first if default else second)
        return Symbolic(
            f"{{if {decided}: {shown[0]}, otherwise: {shown[1]}}}", decided.deciders, default
        )

    def _mapped(self, mapping: Any, first: Any, second: Any) -> Any:
        def found(keys: Any) -> Any:
            table: Any = self.stack.section("Mappings")
            for key in keys:
                table = table.get(scalar(key)) if isinstance(table, dict) else None
            return UNKNOWN if table is None else self.value(table)

        keys = [mapping, first, second]
        value = found(keys)
        if value is not UNKNOWN:
            return value
        who = [decider for key in keys if isinstance(key, Symbolic) for decider in key.deciders]
        # Another value for any key is another value of the expression.
        table = self.stack.section("Mappings").get(scalar(mapping), {})
        text = scalar({"Fn::FindInMap": [*map(scalar, keys)], "Mapping": self.value(table)})
        default = by_default(keys)
        return Symbolic(
            text, who or ["Fn::FindInMap"], UNKNOWN if default is UNKNOWN else found(default)
        )

    def _selected(self, index: Any, items: Any) -> Any:
        def selected(known: Any) -> Any:
            position, listed = known
            if not isinstance(listed, list) or not scalar(position).isdecimal():
                return UNKNOWN
            return listed[int(scalar(position))] if int(scalar(position)) < len(listed) else UNKNOWN

        if isinstance(items, list) and not isinstance(index, Symbolic):
            value = selected([index, items])
            if value is not UNKNOWN:
                return value
        return self._apply([index, items], selected)

    def _apply(self, value: Any, function: Callable[[Any], Any]) -> Any:
        """Return the result of a function, which is decided by what decides its arguments."""
        who = [*_all_deciders(value)]
        if not _has_symbol(value):
            result = function(value)
            if result is not UNKNOWN:
                return result
            return Symbolic(scalar(value), ["Fn::Select"])
        # The parts that the resources of the templates determine stand for themselves in the text.
        text = function(_as_text(value))
        shown = scalar(value) if text is UNKNOWN else text
        if not who:
            return [Symbolic(it) for it in shown] if isinstance(shown, list) else Symbolic(shown)
        default = by_default(value)
        if default is not UNKNOWN:
            default = function(default)
        return Symbolic(scalar(shown), who, default)

    def _decided(self, node: Any) -> Any:
        """Return the value of an expression in Conditions."""
        match node:
            case {"Fn::Equals": [first, second]}:
                return self._equal(self.value(first), self.value(second))
            case {"Fn::Not": [inner]}:
                return self._logic([inner], lambda known: not known[0], "not")
            case {"Fn::And": list(parts)}:
                return self._logic(parts, all, "and")
            case {"Fn::Or": list(parts)}:
                return self._logic(parts, any, "or")
            case {"Condition": str(name)}:
                return self.condition(name)
        return self._unresolved(node) if isinstance(node, dict) else bool(node)

    def _equal(self, first: Any, second: Any) -> Any:
        if same(first, second):
            return True
        symbols = [it for it in (first, second) if isinstance(it, Symbolic)]
        if not symbols:
            return False
        defaults = by_default([first, second])
        # Only the deployment shows whether its account or Region is a certain one.
        who = [*_all_deciders(symbols)]
        return Symbolic(
            f"{scalar(first)} = {scalar(second)}",
            who or symbols,
            same(*defaults) if who and defaults is not UNKNOWN else UNKNOWN,
        )

    def _logic(self, parts: list[Any], function: Callable[[list[Any]], Any], word: str) -> Any:
        values = [self._decided(part) for part in parts]
        if not any(isinstance(value, Symbolic) for value in values):
            return bool(function(values))
        # What is decided can settle the result alone: both possible values then give the same.
        known = {
            bool(function([guess if isinstance(it, Symbolic) else it for it in values]))
            for guess in (True, False)
        }
        if len(known) == 1 and word != "not":
            return known.pop()
        default = by_default(values)
        return Symbolic(
            f" {word} ".join(map(scalar, values)) if word != "not" else f"not {scalar(values[0])}",
            _all_deciders(values),
            UNKNOWN if default is UNKNOWN else bool(function(default)),
        )


def _members(node: Any) -> Iterable[tuple[str, Any]]:
    return node.items() if isinstance(node, dict) else ()


def _both(values: list[Any]) -> Symbolic:
    """Return text for a condition that holds where two others hold."""
    default = by_default(values)
    return Symbolic(
        " and ".join(map(scalar, values)),
        _all_deciders(values),
        UNKNOWN if default is UNKNOWN else all(default),
    )


def _has_symbol(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_symbol, value))
    return isinstance(value, Symbolic)


def _as_text(value: Any) -> Any:
    return (
        [_as_text(item) for item in value]
        if isinstance(value, list)
        else (str(value) if isinstance(value, Symbolic) else value)
    )


def _all_deciders(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _all_deciders(item)
        elif isinstance(item, Symbolic):
            yield from item.deciders
