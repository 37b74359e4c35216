"""Print a snapshot as an app whose constructs refer to each other."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from textwrap import indent, wrap
from typing import Any, TypeAlias

from ..._core import types
from ..._core.types import ResourceType, snake_case
from ..listing import LISTINGS, Call, Undeclared
from ..python_code import (
    Code,
    Statement,
    comment_lines,
    construct_id,
    expression,
    statement,
    words_of,
)
from .references import ORDER_ONLY, PRINT_ORDER, REFERENCES
from .snapshot import Found, Snapshot

_WIDTH = 88
_ROLE = "role"
_ARN = re.compile(r"arn:[^:]*:([^:]*):([^:]*):(\d{12}):(.+)", re.DOTALL)
_LINES_OF_A_FILE = 3
# A stack's name has at most 128 characters, and the CDK adds nothing to it.
_STACK_NAME_LIMIT = 100

Path: TypeAlias = tuple[str, ...]
"""The path of an argument: its name, or the names and numbers of what contains it."""


@dataclass
class App:
    """A printed app.

    Attributes:
        stack: The name of the stack.
        text: The Python code.
        files: The content of other files, by name.
        gaps: What the app does not declare, and why.
        constructs: The resource of each construct that the app adopts, by the construct's ID.
        classes: The names of this library's classes in the code.
    """

    stack: str
    text: str = ""
    files: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    constructs: dict[str, Found] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)


def print_app(
    snapshot: Snapshot,
    *,
    excluded: Iterable[ResourceType] = (),
    text_files: bool = False,
    omitted: Mapping[str, frozenset[Path]] | None = None,
    gaps: Iterable[str] = (),
) -> App:
    """Print a snapshot as an app.

    Args:
        snapshot: What was read.
        excluded: Types that are left out on purpose.
        text_files: Whether long texts become files beside the app.
        omitted: The arguments that are left out, by the construct's ID.
        gaps: What else the app does not declare.

    Returns:
        The app.
    """
    return _Printer(snapshot, frozenset(excluded), text_files, omitted or {}).app(gaps)


def arguments_of(found: Found) -> dict[str, Any]:
    """Return the arguments with which a construct declares a resource, as literals."""
    values = LISTINGS[found.type].argument_values({**found.members, "tags": {**found.tags}})
    if found.type is types.ID_MAPPING_TABLE:
        values.update(_sides(found.members))
    return values


def stack_name(snapshot: Snapshot) -> str:
    """Return the name of the stack for a collaboration.

    Two collaborations can have the same name, and their stacks must not.
    """
    words = "".join(word[0].upper() + word[1:] for word in words_of(snapshot.name))
    words = re.sub("^[0-9]+", "", words)[:_STACK_NAME_LIMIT] or "Collaboration"
    return f"{words}-{snapshot.collaboration.split('-')[0]}"


@dataclass
class _Declared:
    found: Found
    id: str
    variable: str
    comments: str = ""
    code: str = ""
    is_active: bool = True
    is_used: bool = False


class _Printer:
    def __init__(
        self,
        snapshot: Snapshot,
        excluded: frozenset[ResourceType],
        text_files: bool,
        omitted: Mapping[str, frozenset[Path]],
    ) -> None:
        self._snapshot = snapshot
        self._excluded = excluded
        self._text_files = text_files
        self._omitted = omitted
        self._app = App(stack_name(snapshot))
        self._names = {"app", "self", "scope", "id", "env"}
        self._ids: set[str] = set()
        self._constants: dict[str, tuple[str, str]] = {}
        self._declared: dict[tuple[ResourceType, str], _Declared] = {}
        self._uses: set[str] = {"App", "Environment", "Stack"}
        self._uses_path = False

    def app(self, gaps_found: Iterable[str]) -> App:
        declarations = [
            self._declare(found) for found in self._in_print_order() if self._is_printed(found)
        ]
        body = [*map(self._printed, declarations)]
        gaps = self._app.gaps
        gaps += self._snapshot.unread
        for other in self._snapshot.left_out:
            gaps.append(f"{other.noun} {other.name!r} ({other.identifier}): {other.reason}")
        gaps += gaps_found
        self._app.text = self._file(body)
        return self._app

    def _is_printed(self, found: Found) -> bool:
        return found.type not in self._excluded

    def _in_print_order(self) -> list[Found]:
        return [
            found
            for type in PRINT_ORDER
            for found in sorted(
                (one for one in self._snapshot.resources if one.type is type),
                key=lambda one: (one.label, one.identifier),
            )
        ]

    def _is_managed_elsewhere(self, found: Found) -> bool:
        return found.stack is not None and found.stack != self._app.stack

    def _declare(self, found: Found) -> _Declared:
        """Print a construct. All that it refers to has been printed before."""
        id = self._new_id(construct_id(found.label, found.type.construct))
        declared = _Declared(found, id, self._new_variable(found))
        self._declared[found.type, found.identifier] = declared
        what = f"{found.type.noun} {found.label!r} ({found.identifier})"
        if found.problem:
            declared.is_active = False
            declared.comments = comment_lines(
                _wrapped(f"The {what} could not be read: {found.problem}.")
            )
            self._app.gaps.append(f"{what} could not be read: {found.problem}")
            return declared
        if self._is_managed_elsewhere(found):
            self._import(declared)
            return declared
        arguments, literal = self._arguments(found, id)
        arguments["adopt"] = True if found.is_unique else found.identifier
        printed = statement(found.type, id, arguments, {})
        comments = [*printed.comments, *literal]
        if not printed.is_complete:
            declared.is_active = False
            reasons = printed.comments[:-1]
            self._app.gaps += [f"{what}: {reason.rstrip('.')}" for reason in reasons]
            declared.comments = comment_lines(comments)
            declared.code = indent(printed.code, "# ", lambda _: True)
            return declared
        self._app.gaps += [f"{what}: {comment.rstrip('.')}" for comment in comments]
        self._app.constructs[id] = found
        self._note_names(printed)
        declared.comments = comment_lines(comments)
        declared.code = printed.code
        return declared

    def _note_names(self, printed: Statement) -> None:
        self._app.classes |= printed.names
        self._uses |= printed.cdk_names

    def _import(self, declared: _Declared) -> None:
        """Import a resource that another stack manages."""
        found = declared.found
        type = found.type
        arguments: dict[str, object] = {}
        if type.is_in_membership:
            membership = self._snapshot.membership
            arguments["membership"] = self._reference((types.MEMBERSHIP,), membership)
        kind = "name" if type.is_identified_by_name else "identifier"
        arguments[f"{type.key}_{kind}"] = found.identifier
        items = ["self", expression(declared.id)]
        items += [f"{key}={expression(value)}" for key, value in arguments.items()]
        block = "".join(f"    {item},\n" for item in items)
        declared.comments = f"# The stack {found.stack} manages the {type.noun} {found.label!r}.\n"
        declared.code = f"{type.construct}.from_existing(\n{block})\n"

    def _printed(self, declared: _Declared) -> str:
        found = declared.found
        if declared.is_active and self._is_managed_elsewhere(found):
            if not declared.is_used:
                return declared.comments
            self._app.classes.add(found.type.construct)
        is_assigned = declared.is_active and declared.is_used
        variable = f"{declared.variable} = " if is_assigned else ""
        return f"{declared.comments}{variable}{declared.code}"

    def _arguments(self, found: Found, id: str) -> tuple[dict[str, Any], list[str]]:
        """Return the arguments of a construct, and comments on what stays literal."""
        values = arguments_of(found)
        comments: list[str] = []
        omitted = self._omitted.get(id, frozenset())
        arguments = {
            name: self._argument(found.type.construct, name, value, comments, (name,), omitted)
            for name, value in values.items()
            if (name,) not in omitted
        }
        return {name: one for name, one in arguments.items() if one is not None}, comments

    def _argument(
        self,
        owner: str,
        name: str,
        value: Any,
        comments: list[str],
        path: Path,
        omitted: frozenset[Path],
    ) -> Any:
        if isinstance(value, Undeclared):
            return value
        if isinstance(value, Call):
            inner = {
                key: self._argument(value.name, key, item, comments, (*path, key), omitted)
                for key, item in value.items()
                if (*path, key) not in omitted
            }
            return Call(value.name, **inner)
        if isinstance(value, list):
            return [
                self._argument(owner, name, item, comments, (*path, str(number)), omitted)
                for number, item in enumerate(value)
            ]
        if isinstance(value, str):
            return self._text(owner, name, value, comments)
        return value

    def _text(self, owner: str, name: str, value: str, comments: list[str]) -> object:
        referred = REFERENCES.get((owner, name), ())
        if referred:
            found = self._reference(referred, value)
            if found is not value:
                return found
            if (owner, name) in ORDER_ONLY:
                return None
            for type in referred:
                declared = self._declared.get((type, _identifier(value)))
                if declared and not declared.is_active:
                    comments.append(
                        f"{name} is a literal, because the {type.noun} is not declared here."
                    )
            return self._partner(referred[0], value)
        return self._role(value) if name == "role" else value

    def _reference(self, referred: Iterable[ResourceType], value: str) -> object:
        """Return the variable of the resource that a value names, or the value."""
        for type in referred:
            declared = self._declared.get((type, _identifier(value)))
            if (
                declared
                and declared.is_active
                and value
                in (
                    declared.found.identifier,
                    declared.found.arn,
                )
            ):
                declared.is_used = True
                return Code(declared.variable)
        return value

    def _partner(self, type: ResourceType, value: str) -> object:
        """Return a constant for what another account manages, or the value itself."""
        snapshot = self._snapshot
        arn = _ARN.fullmatch(value)
        if type is types.COLLABORATION and snapshot.creator != snapshot.account:
            return self._constant(value, "collaboration", snapshot.creator)
        if arn is None or arn[3] == snapshot.account:
            return value
        kind = next((one.key for one in LISTINGS if arn[4].startswith(f"{one.path}/")), type.key)
        name = "_".join(words_of(_identifier(value)))
        return self._constant(value, f"partner_{name}_{kind}", arn[3])

    def _role(self, value: str) -> object:
        name = snake_case("_".join(words_of(_identifier(value))))
        return self._constant(value, f"{name.removesuffix('_role')}_role", _ROLE)

    def _constant(self, value: str, name: str, owner: str) -> Code:
        if value not in self._constants:
            self._constants[value] = (self._new_name(name).upper(), owner)
        return Code(self._constants[value][0])

    def _new_id(self, id: str) -> str:
        # The CDK ignores other characters in logical IDs, so IDs that differ only there are equal.
        number = 1
        new = id
        while new.lower() in self._ids:
            number += 1
            new = f"{id}{number}"
        self._ids.add(new.lower())
        return new

    def _new_variable(self, found: Found) -> str:
        kind = snake_case(found.type.construct).rpartition("_")[2]
        name = "_".join(words_of(found.label)).lower()
        if name == kind or name.endswith(f"_{kind}"):
            name = name.removesuffix(kind).rstrip("_")
        if not name:
            return self._new_name(kind)
        return self._new_name(f"{kind}_{name}" if name[0].isdigit() else f"{name}_{kind}")

    def _new_name(self, name: str) -> str:
        number = 1
        new = re.sub(r"\W", "_", name)
        if new[0].isdigit():
            new = f"_{new}"
        first = new
        while new.lower() in self._names or keyword.iskeyword(new):
            number += 1
            new = f"{first}_{number}"
        self._names.add(new.lower())
        return new

    def _file(self, body: list[str]) -> str:
        snapshot = self._snapshot
        name = re.sub(r"\W", "", self._app.stack) + "Stack"
        parts = [self._header()]
        imports = []
        if self._uses_path:
            imports.append("from pathlib import Path\n\n")
        imports.append(_import_line("aws_cdk", self._uses))
        if self._app.classes:
            imports.append(_import_line("cdk_cleanrooms", self._app.classes))
        imports.append("from constructs import Construct\n")
        parts.append("".join(imports))
        if self._constants:
            parts.append(self._constants_block())
        statements = "\n".join(body) or "pass\n"
        init = (
            f"class {name}(Stack):\n"
            f'    """The collaboration {_in_docstring(snapshot.name)}."""\n\n'
            "    def __init__(self, scope: Construct, id: str, env: Environment) -> None:\n"
            "        super().__init__(scope, id, env=env)\n"
        )
        code = init + indent(statements, "        ")
        environment = (
            f"Environment(account={expression(snapshot.account)}, "
            f"region={expression(snapshot.region)})"
        )
        main = (
            "app = App()\n"
            f"{name}(\n    app,\n    {expression(self._app.stack)},\n    {environment},\n)\n"
            "app.synth()\n"
        )
        return "\n".join(parts) + f"\n\n{code}\n\n{main}"

    def _constants_block(self) -> str:
        roles = [
            (name, value) for value, (name, owner) in self._constants.items() if owner == _ROLE
        ]
        others = [
            (name, value, owner)
            for value, (name, owner) in self._constants.items()
            if owner != _ROLE
        ]
        lines = ""
        if roles:
            lines += "# These roles stay outside this app.\n"
            lines += "".join(_assignment(name, value) for name, value in sorted(roles))
        for name, value, owner in sorted(others):
            lines += f"# Account {owner} manages this.\n" + _assignment(name, value)
        return lines

    def _header(self) -> str:
        snapshot = self._snapshot
        text = [
            f"The collaboration {_in_docstring(snapshot.name)}, as constructs that adopt it.",
            "",
            *wrap(
                "`cdk-cleanrooms export` wrote this for account"
                f" {snapshot.account} in Region {snapshot.region}. The identifiers in it hold only"
                " there. A construct keeps its resource as long as its ID stays the same.",
                _WIDTH,
            ),
            "",
        ]
        if self._app.gaps:
            text += ["Not in this app:", ""]
            for gap in self._app.gaps:
                first, *rest = wrap(_in_docstring(gap), _WIDTH - 2) or [""]
                text += [f"- {first}", *(f"  {line}" for line in rest)]
            text.append("")
        text += [
            "To adopt the resources, and then compare the code with them:",
            "",
            "    cdk-cleanrooms adopt --dry-run",
            "    cdk-cleanrooms adopt --deploy",
            "    cdk diff",
        ]
        return '"""' + "\n".join(text) + '\n"""\n'


def _identifier(value: str) -> str:
    """Return the identifier in a value that is an identifier or an ARN."""
    return value.rpartition("/")[2] if value.startswith("arn:") else value


def _sides(members: Mapping[str, Any]) -> dict[str, str]:
    """Return the associations from and to which a table maps IDs."""
    found = members.get("inputReferenceProperties", {}).get("idMappingTableInputSource", ())
    return {one["type"].lower(): one["idNamespaceAssociationId"] for one in found}


def _import_line(module: str, names: Iterable[str]) -> str:
    ordered = sorted(names)
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= _WIDTH + 1:
        return line
    block = "".join(f"    {name},\n" for name in ordered)
    return f"from {module} import (\n{block})\n"


def _assignment(name: str, value: str) -> str:
    line = f"{name} = {expression(value)}\n"
    return line if len(line) <= _WIDTH + 1 else f"{name} = (\n    {expression(value)}\n)\n"


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH - 10)


def _in_docstring(text: str) -> str:
    """Return text that cannot end or escape a docstring."""
    return text.replace("\\", "\\\\").replace('"', "'")
