"""Export a collaboration: read it, print it as an app, and check the app."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from ..._core.types import ResourceType
from ..aws import Aws, CommandError, advice
from ..listing import BY_OPTION
from .comparison import Difference, differences
from .defaults import candidates_of, omissible
from .printer import App, print_app
from .reader import Reader
from .snapshot import Snapshot
from .synthesizer import CannotSynthesizeError, Synthesized, Synthesizer

_BOTO3 = "boto3>=1.35,<2"
_CDK_JSON = '{\n  "app": "python3 app.py"\n}\n'


def export(options: Namespace, write: Callable[[str], None], say: Callable[[str], None]) -> bool:
    """Export a collaboration.

    Args:
        options: The options of the command.
        write: A function that writes to standard output.
        say: A function that writes a line to standard error.

    Returns:
        Whether the app declares everything. If it does not, what is missing has been said.

    Raises:
        CommandError: If nothing was printed.
    """
    folder = None if options.output is None else Path(options.output)
    if folder is not None:
        _refuse_used(folder)
    excluded = [BY_OPTION[name] for name in options.exclude]
    if options.save_plan is not None:
        _refuse_other_file(Path(options.save_plan))
    snapshot = _snapshot(options, excluded)
    if options.save_plan is not None:
        _save(Path(options.save_plan), snapshot.to_json())
    for note in snapshot.notes:
        say(note)

    app = _checked(
        snapshot, partial(print_app, snapshot, excluded=excluded, text_files=folder is not None)
    )
    if folder is None:
        write(app.text)
    else:
        for name, content in {**app.files, **_other_files(), "app.py": app.text}.items():
            _save(folder / name, content)
    for gap in app.gaps:
        say(gap)
    return not app.gaps


def _snapshot(options: Namespace, excluded: Iterable[ResourceType]) -> Snapshot:
    if options.plan is not None:
        return Snapshot.from_json(_text_of(Path(options.plan)), options.plan)
    # The AWS CLI and the CDK read this variable, but boto3 does not.
    region = options.region or os.environ.get("AWS_REGION") or None
    aws = Aws(profile=options.profile, region=region)
    if aws.region is None:
        raise CommandError("the Region is not known; use --region, or set AWS_REGION")
    with advice():  # for what no request expects, such as a network that fails
        return Reader(aws, aws.region, excluded).read(
            collaboration=options.collaboration, membership=options.membership
        )


def _checked(snapshot: Snapshot, print_it: Callable[..., App]) -> App:
    """Return the app without arguments that have their default, compared with what was read."""
    app = print_it()
    if not app.constructs:
        return app
    refused: dict[str, str] = {}
    print_it = partial(print_it, refused=refused)
    try:
        with Synthesizer() as synthesizer:
            while True:
                whole = synthesizer.synthesize(app)
                if whole.construct and whole.construct in app.constructs:
                    refused[whole.construct] = f"The construct does not accept it: {_reason(whole)}"
                elif whole.error:
                    return print_it(gaps=[f"the app cannot be synthesized: {_reason(whole)}"])
                else:
                    types = {found.type_name for found in app.constructs.values()}
                    properties = synthesizer.properties(sorted(types))
                    found = [*differences(snapshot, app, whole, properties)]
                    changes = _changes(found)
                    if not changes:
                        break
                    refused |= changes
                app = print_it()
            optional = synthesizer.optional_arguments(sorted(app.classes))
            omitted = omissible(
                lambda omitted: print_it(omitted=omitted),
                synthesizer,
                whole,
                candidates_of(app, optional),
            )
            gaps = [f"{one.what}: {one.text}" for one in found]
            return print_it(omitted=omitted, gaps=gaps)
    except CannotSynthesizeError as error:
        return print_it(gaps=[f"the app was not compared with what was read: {error}"])


def _changes(differences: Iterable[Difference]) -> dict[str, str]:
    """Return how a deployment would change the resource of each construct that would do so."""
    texts: dict[str, list[str]] = {}
    for one in differences:
        if one.is_changed:
            texts.setdefault(one.construct, []).append(one.text)
    return {
        id: f"A deployment would change the resource: {'; '.join(changed)}"
        for id, changed in texts.items()
    }


def _reason(result: Synthesized) -> str:
    return re.sub(r"\s*\n\s*", "; ", str(result.error).strip())


def _refuse_used(folder: Path) -> None:
    try:
        is_used = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise CommandError(f"cannot read {folder}: {error}") from error
    if is_used:
        raise CommandError(
            f"{folder} has files in it, and this command changes none; use --output with a new"
            " folder"
        )


def _refuse_other_file(file: Path) -> None:
    """Refuse to overwrite a file, unless it is an earlier plan."""
    text = _text_of(file) if file.is_file() else ""
    if text:
        try:
            Snapshot.from_json(text, str(file))
        except CommandError as error:
            raise CommandError(
                f"{file} exists and would be overwritten; use --save-plan with a new file"
            ) from error


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read {file}: {error}") from error


def _save(file: Path, content: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Python and JSON read the escapes of what UTF-8 cannot encode.
        file.write_text(content, "utf-8", "backslashreplace", "\n")
    except OSError as error:
        raise CommandError(f"cannot write {file}: {error}") from error


def _other_files() -> Mapping[str, str]:
    from importlib.metadata import version

    # `cdk-cleanrooms adopt` needs boto3, and the constructs do not.
    requirements = f"cdk-cleanrooms=={version('cdk-cleanrooms')}\n{_BOTO3}\n"
    return {"cdk.json": _CDK_JSON, "requirements.txt": requirements}
