"""Measure the time of one phase of an app: `python -m dev.benchmarks.phase --phase=construct …`.

The other options are those of pyperf, which calls this module.
"""

from __future__ import annotations

from argparse import Namespace
from importlib import import_module
from time import perf_counter

import pyperf  # type: ignore[import-untyped]
from aws_cdk import App, Stack

from .app import declare


def construct(loops: int, level: str, count: int) -> float:
    """Return the time to declare associations in an existing stack."""
    associate = import_module(f"{__package__}.{level}").full
    elapsed = 0.0
    for _ in range(loops):
        stack = Stack(App(), "Stack")
        start = perf_counter()
        for index in range(count):
            associate(stack, index)
        elapsed += perf_counter() - start
    return elapsed


def synthesize(loops: int, level: str, count: int) -> float:
    """Return the time to synthesize an app that declares associations."""
    elapsed = 0.0
    for _ in range(loops):
        app = declare(level, count)
        start = perf_counter()
        app.synth()
        elapsed += perf_counter() - start
    return elapsed


_PHASES = {"construct": construct, "synthesize": synthesize}


def _hand_on(command: list[str], options: Namespace) -> None:
    command += [f"--phase={options.phase}", f"--level={options.level}", f"--count={options.count}"]
    command.append(f"--name={options.name}")


if __name__ == "__main__":
    runner = pyperf.Runner(program_args=("-m", "dev.benchmarks.phase"), add_cmdline_args=_hand_on)
    runner.argparser.add_argument("--phase", choices=_PHASES, required=True)
    runner.argparser.add_argument("--level", choices=("l1", "l2"), required=True)
    runner.argparser.add_argument("--count", type=int, required=True)
    runner.argparser.add_argument("--name", required=True)
    options = runner.parse_args()
    runner.bench_time_func(options.name, _PHASES[options.phase], options.level, options.count)
