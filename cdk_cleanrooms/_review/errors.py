"""The errors of `cdk-cleanrooms review`."""

from __future__ import annotations

from pathlib import Path


class ReviewError(Exception):
    """The reason why there is no result, and what to do about it, on one line."""


def missing(path: Path) -> ReviewError:
    """Return the error for a file or folder that does not exist."""
    return ReviewError(
        f"{path} does not exist; synthesize the app with cdk synth, and give the folder of its"
        " output, such as cdk.out, or one template in JSON"
    )


def no_assembly(folder: Path) -> ReviewError:
    """Return the error for a folder without a cloud assembly."""
    return ReviewError(
        f"{folder} is no cloud assembly, because it has no manifest.json; give the output folder of"
        " cdk synth, such as cdk.out, or one template in JSON"
    )


def unreadable(path: Path, reason: object) -> ReviewError:
    """Return the error for a file that cannot be read."""
    return ReviewError(f"cannot read {path} ({' '.join(str(reason).split())})")


def not_json(path: Path, reason: object) -> ReviewError:
    """Return the error for a file that is not JSON."""
    return ReviewError(
        f"{path} is not valid JSON ({' '.join(str(reason).split())}); a template in YAML must be"
        " converted to JSON first"
    )


def no_template(path: Path, reason: str) -> ReviewError:
    """Return the error for a file that is JSON, but no CloudFormation template."""
    return ReviewError(f"{path} is no CloudFormation template: {reason}")


def no_manifest(path: Path, reason: str) -> ReviewError:
    """Return the error for a manifest that is JSON, but no manifest of a cloud assembly."""
    return ReviewError(f"{path} is no manifest of a cloud assembly: {reason}")


def not_accepted(path: Path, reason: str) -> ReviewError:
    """Return the error for a file of accepted changes that has another form."""
    return ReviewError(
        f"{path} is no list of accepted changes: {reason}; it must be a JSON list of objects with"
        " identity, property, old, new and reason, and optionally date"
    )


def cannot_write(path: Path, reason: object) -> ReviewError:
    """Return the error for an output file that cannot be written."""
    return ReviewError(f"cannot write {path} ({' '.join(str(reason).split())})")
