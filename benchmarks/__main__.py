"""Print what the constructs cost: `python -m benchmarks`.

pyperf is the harness: it runs each app in processes of its own, measures the peak memory of whole
process trees too, and keeps every single value in its order, so that the L1 and the construct can
take turns and each be compared with the other's run beside it. (pytest-benchmark measures calls in
its own process, one benchmark after the other.)
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from platform import platform, python_version
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyperf  # type: ignore[import-untyped]

from .requests import table

LEVELS = ("l1", "l2")
COUNTS = (1, 100, 400)
RESULTS = Path(".cache/benchmarks")

_IMPORTS = {
    "l1": "import aws_cdk, aws_cdk.aws_cleanrooms",
    "l2": "import aws_cdk, aws_cdk.aws_cleanrooms, cdk_cleanrooms",
}
# A value a process, none of them to warm up: an app is run by a process of its own, too.
_ONCE = ("--processes=1", "--values=1", "--warmups=0", "--loops=1", "--quiet", "--copy-env")


class Measure(NamedTuple):
    """Something to measure of the L1 and of the construct in turn."""

    name: str
    program: tuple[str, ...]
    """What is run: Python's arguments for a program that takes pyperf's options."""
    arguments: Mapping[str, tuple[str, ...]]
    """What follows these options, for each of the two."""


def measures() -> Iterator[Measure]:
    """All that is measured."""
    yield _processes("import", {level: ("-c", code) for level, code in _IMPORTS.items()})
    apps = {
        count: {level: ("-m", "benchmarks.app", level, str(count)) for level in LEVELS}
        for count in COUNTS
    }
    for count in COUNTS:
        yield _processes(f"whole app with {count}", apps[count])
    for count in COUNTS:
        yield _phase(f"construct {count}", "construct", count)
    for count in COUNTS:
        yield _phase(f"synthesize {count}", "synthesize", count)
    for count in COUNTS:
        name = f"peak memory of Node.js with {count}"
        yield _processes(name, apps[count], "--track-memory")
    for count in COUNTS:
        name = f"peak memory of Python with {count}"
        yield _phase(name, "synthesize", count, "--track-memory")


def _processes(name: str, arguments: Mapping[str, tuple[str, ...]], *options: str) -> Measure:
    program = ("-m", "pyperf", "command", *options)
    commands = {level: ("--", sys.executable, *given) for level, given in arguments.items()}
    return Measure(name, program, commands)


def _phase(name: str, phase: str, count: int, *options: str) -> Measure:
    program = ("-m", "benchmarks.phase", f"--phase={phase}", f"--count={count}", *options)
    return Measure(name, program, {level: (f"--level={level}",) for level in LEVELS})


def measure(it: Measure, pairs: int) -> None:
    """Run both in turn, and add each value to the results of its level."""
    for pair in range(pairs + 1):
        for level in LEVELS:
            command = [sys.executable, *it.program, *_ONCE, f"--name={it.name}"]
            if pair:  # the first only fills the caches of files and of compiled modules
                command.append(f"--append={RESULTS / level}.json")
            with TemporaryDirectory() as outdir:
                subprocess.run(
                    [*command, *it.arguments[level]],
                    check=True,
                    env=os.environ | {"CDK_OUTDIR": outdir},
                    stdout=subprocess.DEVNULL,
                )


def report() -> Iterator[str]:
    """The lines of a Markdown table of the results."""
    suites = {level: pyperf.BenchmarkSuite.load(f"{RESULTS / level}.json") for level in LEVELS}
    yield "| | L1 | this construct | ratio | half of the ratios |"
    yield "|---|--:|--:|--:|--:|"
    for benchmark in suites["l1"]:
        name = benchmark.get_name()
        pair = {level: suites[level].get_benchmark(name) for level in LEVELS}
        values = {level: pair[level].get_values() for level in LEVELS}
        ratios = [l2 / l1 for l1, l2 in zip(values["l1"], values["l2"], strict=True)]
        medians = (pair[level].format_value(median(values[level])) for level in LEVELS)
        lower, _, upper = quantiles(ratios, n=4, method="inclusive")
        ratio = f"{median(ratios):.3f} | {lower:.3f} to {upper:.3f}"
        yield f"| {name} | {' | '.join(medians)} | {ratio} |"


def machine() -> str:
    """What the results were seen on."""
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True)
    packages = ("aws-cdk-lib", "constructs", "jsii", "pyperf")
    return ", ".join(
        [
            f"{os.cpu_count()} cores",
            platform(terse=True),
            f"Python {python_version()}",
            f"Node.js {node.stdout.strip().removeprefix('v')}",
            *(f"{package} {version(package)}" for package in packages),
        ]
    )


def main() -> None:
    """Count, measure and print."""
    parser = ArgumentParser("python -m benchmarks")
    parser.add_argument("--pairs", type=int, default=15, help="runs of each of the two, 0 to count")
    pairs = parser.parse_args().pairs
    _write(*table())
    if not pairs:
        return
    RESULTS.mkdir(parents=True, exist_ok=True)
    for level in LEVELS:
        Path(f"{RESULTS / level}.json").unlink(missing_ok=True)
    for it in measures():
        sys.stderr.write(f"{it.name} …\n")
        measure(it, pairs)
    _write("", *report(), "", machine())


def _write(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
