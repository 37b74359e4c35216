"""A whole app: `python -m dev.benchmarks.app l1 400` synthesizes an app with 400 associations."""

from __future__ import annotations

import sys
from importlib import import_module

from aws_cdk import App, Stack


def declare(level: str, count: int) -> App:
    """Declare associations, as `l1` or as `l2`, in one stack of a new app."""
    associate = import_module(f"{__package__}.{level}").full
    app = App()
    stack = Stack(app, "Stack")
    for index in range(count):
        associate(stack, index)
    return app


if __name__ == "__main__":
    _, level, count = sys.argv
    declare(level, int(count)).synth()
