"""What is wrong with the arguments of a construct, told in one error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from constructs import IConstruct


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one argument.

    Attributes:
        property: The argument's name.
        value: What was given: the argument, or the part of it that is wrong (a tag's key).
        message: What is wrong with it and what to write instead.
    """

    property: str
    value: object
    message: str

    def __str__(self) -> str:
        return f"{self.property}: {self.message}"


class ValidationError(ValueError):
    """The arguments of a construct that AWS would refuse, all of them in one error.

    Its text is the construct's path and every problem on a line of its own.

    Attributes:
        construct_path: The path of the construct in the construct tree.
        problems: One entry for each problem, in the order of the arguments.
    """

    def __init__(self, construct_path: str, problems: Iterable[Problem]) -> None:
        self.construct_path = construct_path
        self.problems = tuple(problems)
        super().__init__(construct_path, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{self.construct_path}: {count} problem{'' if count == 1 else 's'}"
        return "\n  ".join([heading, *map(str, self.problems)])


def refuse(scope: IConstruct, id: str | None, problems: Iterable[Problem]) -> None:
    """Raise the problems as one error, if there are any.

    Args:
        scope: The construct that the problems belong to, or the scope it would be created in.
        id: The ID that the construct would have in that scope; None where `scope` is meant itself.
        problems: What was found.

    Raises:
        ValidationError: If there is a problem.
    """
    found = tuple(problems)
    if found:
        # Asked only now: the path is a request to the CDK's process, which valid input saves.
        scope_path = getattr(getattr(scope, "node", None), "path", "")
        raise ValidationError("/".join(str(part) for part in (scope_path, id) if part), found)
