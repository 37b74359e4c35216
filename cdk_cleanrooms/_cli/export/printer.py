"""Print a snapshot as an app whose constructs refer to each other."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from textwrap import indent, wrap
from typing import Any, TypeAlias

from ..._core import checks, types
from ..._core.types import ResourceType, snake_case
from ..arguments import Call
from ..aws import visible
from ..listing import BY_OPTION, LISTINGS
from ..python_code import (
    Code,
    Statement,
    comment_lines,
    construct_id,
    expression,
    statement,
    words_of,
    words_of_class,
)
from .references import (
    ORDER_ONLY,
    PRINT_ORDER,
    REFERENCES,
    UnknownFormError,
    arguments_of,
    name_in,
    without,
)
from .snapshot import Found, Snapshot

_WIDTH = 88
_ROLE = "role"
_SQL = "SqlSource"
_FUNCTION = "Fn."
_ARN = re.compile(r"arn:[^:]*:([^:]*):([^:]*):(\d{12}):(.+)", re.DOTALL)
# A text with more lines or characters becomes a file.
_LINES_IN_CODE, _CHARACTERS_IN_CODE = 2, 500
# A longer line would not fit into the constructor of the stack, if its variable gets a number.
_LONGEST_LINE = _WIDTH - 8 - len("_99")
_LONGEST_CLASS = 60
_IN_SOURCE = " " * 16
"""The indentation of what is inside the source of an analysis template."""
# The classes that end with the same word as another one. Resources of both types often have the
# same name, and the ID of one must not depend on whether there is the other.
_WITH_TWO_WORDS = (
    types.CONFIGURED_TABLE_ASSOCIATION,
    types.ID_MAPPING_TABLE,
    types.ID_MAPPING_WORKFLOW,
    types.PRIVACY_BUDGET_TEMPLATE,
)
_KINDS = {
    type: words_of_class(type.construct)[-2 if type in _WITH_TWO_WORDS else -1 :]
    for type in PRINT_ORDER
}
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
    refused: Mapping[str, str] | None = None,
    gaps: Iterable[str] = (),
) -> App:
    """Print a snapshot as an app.

    Args:
        snapshot: What was read.
        excluded: Types that are left out on purpose.
        text_files: Whether long texts become files beside the app.
        omitted: The arguments that are left out, by the construct's ID.
        refused: Why a construct cannot declare its resource, by the construct's ID.
        gaps: What else the app does not declare.

    Returns:
        The app.
    """
    left_out = frozenset({*excluded, *(BY_OPTION[name] for name in snapshot.excluded)})
    return _Printer(snapshot, left_out, text_files, omitted or {}, refused or {}).app(gaps)


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
    comments: list[str] = field(default_factory=list)
    code: str = ""
    is_active: bool = True
    is_used: bool = False
    refers_to: list[_Declared] = field(default_factory=list)


class _Printer:
    def __init__(
        self,
        snapshot: Snapshot,
        excluded: frozenset[ResourceType],
        text_files: bool,
        omitted: Mapping[str, frozenset[Path]],
        refused: Mapping[str, str],
    ) -> None:
        self._snapshot = snapshot
        self._excluded = excluded
        self._text_files = text_files
        self._omitted = omitted
        self._refused = refused
        self._app = App(stack_name(snapshot))
        self._names = {"app", "self", "scope", "id", "env"}
        self._ids: set[str] = set()
        self._constants: dict[str, tuple[str, str]] = {}
        self._declared: dict[tuple[ResourceType, str], _Declared] = {}
        self._uses: set[str] = {"App", "Environment", "Stack"}

    def app(self, gaps_found: Iterable[str]) -> App:
        declarations = [self._declare(found) for found in self._in_print_order()]
        # What refers to something comes after it.
        for declared in reversed(declarations):
            if self._has_code(declared):
                for referred in declared.refers_to:
                    referred.is_used = True
        body = [*map(self._printed, declarations)]
        gaps = self._app.gaps
        gaps += self._snapshot.unread
        for other in self._snapshot.left_out:
            gaps.append(f"{other.noun} {other.name!r} ({other.identifier}): {other.reason}")
        gaps += gaps_found
        self._app.text = self._file(body)
        return self._app

    def _in_print_order(self) -> list[Found]:
        printed = without(self._snapshot.resources, self._excluded)
        return [
            found
            for type in PRINT_ORDER
            for found in sorted(
                (one for one in printed if one.type is type),
                key=lambda one: (one.label, one.identifier),
            )
        ]

    def _is_managed_elsewhere(self, found: Found) -> bool:
        return found.stack is not None and found.stack != self._app.stack

    def _has_code(self, declared: _Declared) -> bool:
        is_elsewhere = self._is_managed_elsewhere(declared.found)
        return declared.is_active and (declared.is_used or not is_elsewhere)

    def _declare(self, found: Found) -> _Declared:
        """Print a construct. All that it refers to has been printed before."""
        id = self._new_id(construct_id(found.label, _KINDS[found.type]))
        declared = _Declared(found, id, self._new_variable(found))
        self._declared[found.type, found.identifier] = declared
        what = f"{found.type.noun} {found.label!r} ({found.identifier})"
        problem, values = found.problem, dict[str, Any]()
        if not problem and self._is_managed_elsewhere(found):
            self._import(declared)
            return declared
        try:
            values = {} if problem else arguments_of(found)
        except UnknownFormError as error:
            problem = str(error)
        if problem:
            declared.is_active = False
            declared.comments = _wrapped(f"The {what} could not be read: {problem}.")
            self._app.gaps.append(f"{what} could not be read: {problem}")
            return declared
        # A name that is no literal in code finds nothing.
        is_found = found.is_unique and not expression(found.label).startswith(_FUNCTION)
        adopt = {"adopt": True if is_found else found.identifier}
        printed = statement(found.type, id, _as_literals(found.type, values) | adopt, {})
        comments = [*printed.comments]
        if id in self._refused:
            comments.append(self._refused[id])
        elif not printed.advice:
            arguments = self._arguments(declared, values) | adopt
            printed = statement(found.type, id, arguments, {})
            declared.comments = comments + declared.comments
            declared.code = printed.code
            self._app.gaps += [f"{what}: {comment.rstrip('.')}" for comment in declared.comments]
            self._app.constructs[id] = found
            self._note_names(printed)
            return declared
        declared.is_active = False
        all_comments = (*comments, *printed.advice)
        declared.comments = [line for comment in all_comments for line in _wrapped(comment)]
        declared.code = indent(printed.code, "# ", lambda _: True)
        self._app.gaps += [f"{what}: {comment.rstrip('.')}" for comment in comments]
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
            arguments["membership"] = self._reference(declared, (types.MEMBERSHIP,), membership)
        kind = "name" if type.is_identified_by_name else "identifier"
        arguments[f"{type.key}_{kind}"] = found.identifier
        items = ["self", expression(declared.id)]
        items += [f"{key}={expression(value)}" for key, value in arguments.items()]
        block = "".join(f"    {item},\n" for item in items)
        declared.comments = [f"The stack {found.stack} manages the {type.noun} {found.label!r}."]
        declared.code = f"{type.construct}.from_existing(\n{block})\n"

    def _printed(self, declared: _Declared) -> str:
        comments = comment_lines(line for one in declared.comments for line in _wrapped(one))
        if declared.is_active and not self._has_code(declared):
            return comments
        if not declared.is_active or not declared.is_used:
            return comments + declared.code
        self._app.classes.add(declared.found.type.construct)
        return f"{comments}{declared.variable} = {declared.code}"

    def _arguments(self, declared: _Declared, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a construct, with variables and constants."""
        omitted = self._omitted.get(declared.id, frozenset())
        arguments = {
            name: self._argument(declared, declared.found.type.construct, name, value, (name,))
            for name, value in values.items()
            if (name,) not in omitted
        }
        return {name: one for name, one in arguments.items() if one is not None}

    def _argument(self, declared: _Declared, owner: str, name: str, value: Any, path: Path) -> Any:
        if isinstance(value, Call):
            if value.name == _SQL and self._is_for_a_file(value["text"]):
                return self._sql_file(declared, value["text"])
            omitted = self._omitted.get(declared.id, frozenset())
            inner = {
                key: self._argument(declared, value.name, key, item, (*path, key))
                for key, item in value.items()
                if (*path, key) not in omitted
            }
            return Call(value.name, **inner)
        if isinstance(value, list):
            return [
                self._argument(declared, owner, name, item, (*path, str(number)))
                for number, item in enumerate(value)
            ]
        if isinstance(value, str):
            return self._text(declared, owner, name, value)
        return value

    def _is_for_a_file(self, text: str) -> bool:
        is_long = text.count("\n") >= _LINES_IN_CODE or len(text) > _CHARACTERS_IN_CODE
        # Reading a file changes the ends of lines, and removes a byte order mark.
        is_kept = "\r" not in text and not text.startswith("\ufeff")
        is_kept = is_kept and not checks.LONE_SURROGATE.search(text)
        is_literal = not expression(text).startswith(_FUNCTION)
        return self._text_files and is_long and is_kept and is_literal

    def _sql_file(self, declared: _Declared, text: str) -> Code:
        """Write SQL to a file beside the app, and return the code that reads it."""
        name = f"{declared.variable}.sql"
        self._app.files[name] = text
        self._app.classes.add(_SQL)
        file = f'Path(__file__).with_name("{name}")'
        if len(_IN_SOURCE) + len(file) + len(",") > _WIDTH:
            file = f'Path(__file__).with_name(\n        "{name}",\n    )'
        return Code(f"{_SQL}.from_file(\n    {file},\n)")

    def _text(self, declared: _Declared, owner: str, name: str, value: str) -> object:
        referred = REFERENCES.get((owner, name), ())
        if referred:
            found = self._reference(declared, referred, value)
            if found is not value:
                return found
            if (owner, name) in ORDER_ONLY:
                return None
            for type in referred:
                other = self._declared.get((type, name_in(value)))
                if other and not other.is_active:
                    declared.comments.append(
                        f"{name} is a literal, because the {type.noun} is not declared here."
                    )
            return self._partner(referred[0], value)
        return self._role(value) if name == "role" else value

    def _reference(
        self, declared: _Declared, referred: Iterable[ResourceType], value: str
    ) -> object:
        """Return the variable of the resource that a value names, or the value."""
        for type in referred:
            other = self._declared.get((type, name_in(value)))
            if (
                other
                and other.is_active
                and value
                in (
                    other.found.identifier,
                    other.found.arn,
                )
            ):
                declared.refers_to.append(other)
                return Code(other.variable)
        return value

    def _partner(self, type: ResourceType, value: str) -> object:
        """Return a constant for what another account manages, or the value itself."""
        snapshot = self._snapshot
        arn = _ARN.fullmatch(value)
        if type is types.COLLABORATION and snapshot.creator != snapshot.account:
            return self._constant(value, "collaboration", snapshot.creator)
        if arn is None or arn[3] == snapshot.account:
            return value
        path, name = ["", *str(arn[4]).split("/")][-2:]
        kind = next((one.key for one in LISTINGS if one.path == path), type.key)
        if checks.IDENTIFIER.fullmatch(name):
            name = name.split("-")[0]  # the whole ID is in the value
        return self._constant(value, f"partner_{'_'.join(words_of(name))}_{kind}", arn[3])

    def _role(self, value: str) -> object:
        name = snake_case("_".join(words_of(name_in(value))))
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
        words = [word.lower() for word in words_of(found.label)]
        for word in reversed(_KINDS[found.type]):
            if words[-1:] == [word.lower()]:
                words.pop()
        kind, name = "_".join(_KINDS[found.type]).lower(), "_".join(words)
        longest = _LONGEST_LINE - len(f"_{kind} = {found.type.construct}.from_existing(")
        if not name:
            return self._new_name(kind)
        name = name[:longest].rstrip("_")
        return self._new_name(f"{kind}_{name}" if name[0].isdigit() else f"{name}_{kind}")

    def _new_name(self, name: str) -> str:
        number = 1
        new = re.sub(r"\W", "_", name, flags=re.ASCII)
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
        words = re.sub(r"\W", "", self._app.stack, flags=re.ASCII)
        name = f"{words[:_LONGEST_CLASS]}Stack"
        parts = [self._header()]
        imports = []
        if self._app.files:
            imports.append("from pathlib import Path\n\n")
        imports.append(_import_line("aws_cdk", self._uses))
        if self._app.classes:
            imports.append(_import_line("cdk_cleanrooms", self._app.classes))
        imports.append("from constructs import Construct\n")
        parts.append("".join(imports))
        if self._constants:
            parts.append(self._constants_block())
        statements = "\n".join(body)
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
            f"The collaboration {snapshot.name}, as constructs that adopt it.",
            "",
            *wrap(
                f"`cdk-cleanrooms export` {version('cdk-cleanrooms')} wrote this for account"
                f" {snapshot.account} in Region {snapshot.region}. The identifiers in it hold only"
                " there. A construct keeps its resource as long as its ID stays the same.",
                _WIDTH,
            ),
            "",
        ]
        if self._excluded:
            nouns = (f"{type.noun}s" for type in PRINT_ORDER if type in self._excluded)
            text += [*wrap(f"Left out with --exclude: {', '.join(nouns)}.", _WIDTH), ""]
        if self._app.gaps:
            text += ["Not in this app:", ""]
            for gap in self._app.gaps:
                text += wrap(gap, _WIDTH, initial_indent="- ", subsequent_indent="  ")
            text.append("")
        text += [
            "To adopt the resources, and then compare the code with them:",
            "",
            "    cdk-cleanrooms adopt --dry-run",
            "    cdk-cleanrooms adopt --deploy",
            "    cdk diff",
        ]
        return '"""' + "\n".join(map(_in_docstring, text)) + '\n"""\n'


def _as_literals(type: ResourceType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments without variables, so that they hold in a comment too."""
    return {
        name: value for name, value in values.items() if (type.construct, name) not in ORDER_ONLY
    }


def _import_line(module: str, names: Iterable[str]) -> str:
    ordered = sorted(names)
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= _WIDTH + 1:
        return line
    block = "".join(f"    {name},\n" for name in ordered)
    return f"from {module} import (\n{block})\n"


def _assignment(name: str, value: str) -> str:
    line, inner = f"{name} = {expression(value)}\n", f"    {expression(value)}\n"
    # Parentheses have a use only if the value fits on a line of its own.
    is_split = len(line) > _WIDTH + 1 >= len(inner)
    return f"{name} = (\n{inner})\n" if is_split else line


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH - 10)


def _in_docstring(text: str) -> str:
    """Return text on one line that cannot end or escape a docstring."""
    return visible(text).replace("\\", "\\\\").replace('"', "'")
