"""Find the arguments of a printed app that have their default value in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..arguments import Call
from .printer import App, Path
from .references import REFERENCES, arguments_of
from .synthesizer import Signatures, Synthesized, Synthesizer

# No construct has a default that could equal these.
_NEVER_A_DEFAULT = frozenset(
    {
        "allow_use_as_dimension_column",
        "allowed_analysis_providers",
        "analysis_rule",
        "catalog_name",
        "column_comparison_columns",
        "data_encryption_metadata",
        "description",
        "differential_privacy_column",
        "inputs",
        "job_results",
        "lifetime",
        "literal_comparison_columns",
        "machine_learning",
        "match_key",
        "output_bucket",
        "output_prefix",
        "parameters",
        "per_period",
        "prefix",
        "provider",
        "results",
        "role",
        "rule_conditions",
        "rules",
        "tags",
        "virtual_environment",
    }
)

Print: TypeAlias = Callable[[Mapping[str, frozenset[Path]]], App]
"""A function that prints the app without some arguments of each construct."""


def omissible(
    print_app: Print,
    synthesizer: Synthesizer,
    whole: Synthesized,
    candidates: Mapping[str, frozenset[Path]],
) -> Mapping[str, frozenset[Path]]:
    """Return the arguments without which the app has the same template.

    Whether a value is the default can depend on other constructs, so it is tried: first without
    all candidates of a construct, and then without each half of those that made a difference. All
    constructs are tried at the same time.

    Args:
        print_app: A function that prints the app.
        synthesizer: The process that synthesizes it.
        whole: The synthesis with all arguments.
        candidates: The arguments to try, by the construct's ID.

    Returns:
        The arguments, by the construct's ID.
    """
    accepted: dict[str, frozenset[Path]] = {id: frozenset() for id in candidates}
    groups = {id: [sorted(paths)] for id, paths in candidates.items() if paths}
    app, result = None, Synthesized()
    while groups:
        tried = {id: waiting.pop() for id, waiting in groups.items()}
        app = print_app(_with(accepted, tried))
        result = synthesizer.synthesize(app, otherwise=print_app(accepted))
        for id, paths in tried.items():
            is_same = id not in result.replaced and result.resource(id) == whole.resource(id)
            if is_same and not result.error:
                accepted[id] |= {*paths}
            elif len(paths) > 1:
                middle = len(paths) // 2
                groups[id] += [paths[:middle], paths[middle:]]
        groups = {id: waiting for id, waiting in groups.items() if waiting}
    while True:
        last, app = app, print_app(accepted)
        if result.replaced or last is None or last.text != app.text:
            result = synthesizer.synthesize(app)
        # What is the default in one construct can depend on what is omitted in another one.
        differing = {
            id
            for id, paths in accepted.items()
            if paths and (result.error or result.resource(id) != whole.resource(id))
        }
        if not differing:
            break
        accepted |= {id: frozenset() for id in differing}
    return accepted


def _with(
    accepted: Mapping[str, frozenset[Path]], tried: Mapping[str, Iterable[Path]]
) -> Mapping[str, frozenset[Path]]:
    return {id: paths | {*tried.get(id, ())} for id, paths in accepted.items()}


def candidates_of(app: App, optional: Signatures) -> Mapping[str, frozenset[Path]]:
    """Return the optional arguments of each construct.

    Args:
        app: The app.
        optional: The optional arguments of each class, with their defaults.
    """
    return {
        id: frozenset(_optional(found.type.construct, arguments_of(found), optional, ()))
        for id, found in app.constructs.items()
    }


def _optional(
    owner: str, arguments: Mapping[str, Any], optional: Signatures, path: Path
) -> Iterator[Path]:
    for name, value in arguments.items():
        here = (*path, name)
        is_own = name in _NEVER_A_DEFAULT or (owner, name) in REFERENCES
        if name == "collaboration_rule" and not value:
            is_own = True  # the construct can warn that it has no rule, if nobody says so
        can_be_left_out = value is not None and name in optional[owner] and not is_own
        # If the default is no literal, the construct finds it.
        if can_be_left_out and optional[owner][name] in (None, value):
            yield here
        for number, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, Call):
                inner = (*here, str(number)) if isinstance(value, list) else here
                yield from _optional(item.name, item, optional, inner)
