"""Keywords that a function does not have, reported with the closest argument that it has.

Python finds such a keyword before the function begins, so nothing else would be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import CO_VARKEYWORDS, isfunction, signature
from types import FunctionType
from typing import Any

from . import checks
from .validation import Problem, UnknownArgumentError, ValidationError, reported_next

_PACKAGE = __name__.split(".")[0]


def report_unknown_keywords(kind: type) -> None:
    """Let the functions of a class report unknown keywords together with all other problems.

    Args:
        kind: The class.
    """
    for each in kind.__mro__:
        if each.__module__.split(".")[0] != _PACKAGE:
            continue
        for name, value in [*vars(each).items()]:
            function = getattr(value, "__func__", value)
            if (name == "__init__" or not name.startswith("_")) and _has_fixed_keywords(function):
                reporting = _reporting(function)
                is_static = isinstance(value, staticmethod)
                setattr(each, name, staticmethod(reporting) if is_static else reporting)


def _has_fixed_keywords(function: object) -> bool:
    return (
        isfunction(function)
        and not hasattr(function, "__wrapped__")
        and not function.__code__.co_flags & CO_VARKEYWORDS
    )


def _reporting(function: FunctionType) -> Callable[..., Any]:
    code = function.__code__
    accepted = {*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]}

    @wraps(function)
    def reporting(*arguments: Any, **keywords: Any) -> Any:
        if keywords.keys() <= accepted:
            return function(*arguments, **keywords)
        return _refuse(function, arguments, keywords)

    return reporting


def _refuse(function: FunctionType, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """Raise an error for unknown keywords, and for what is wrong with the other arguments."""
    name = function.__qualname__.removesuffix(".__init__")
    parameters = signature(function).parameters
    given = {key: value for key, value in keywords.items() if key in parameters}
    free = [each for each in [*parameters][len(arguments) :] if each not in given]
    required = {each for each in free if parameters[each].default is parameters[each].empty}
    problems = []
    for key in [each for each in keywords if each not in parameters]:
        closest = checks.closest_to(key, free)
        if closest:
            advice = f"use {closest}"
            given[closest] = keywords[key]
            free.remove(closest)
        else:
            missing = [each for each in free if each in required] or free
            advice = f"{_use_one_of(missing)}leave it out"
        message = f"{name} has no such argument; {advice}"
        problems.append(Problem(key, keywords[key], message, "UnknownArgument"))
    nothing = dict.fromkeys(required & {*free})
    try:
        with reported_next(problems):
            function(*arguments, **given, **nothing)
    except ValidationError:
        raise
    except Exception as error:
        # An argument that is missing can cause anything.
        raise UnknownArgumentError(name, problems) from error
    raise UnknownArgumentError(name, problems)


def _use_one_of(names: Sequence[str]) -> str:
    one_of = "one of " if len(names) > 1 else ""
    return f"use {one_of}{', '.join(names)}, or " if names else ""
