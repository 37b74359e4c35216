"""Print the cost of the constructs: `python -m dev.benchmarks`.

The measurements use pyperf. It runs each app in a new process, and also measures the peak memory of
whole process trees. It keeps all values in order, so that the L1 and the construct can run
alternately, and each run can be compared with the one next to it. (pytest-benchmark measures calls
in its own process, one benchmark after the other.)
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version, system
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyperf  # type: ignore[import-untyped]

from .requests import ID_MAPPING, L2S_OF_THE_CDK, OVERLAP, table, table_of_id_mapping

LEVELS = ("l1", "l2")
COUNTS = (1, 100, 400)
RESULTS = Path(".cache/benchmarks")

_IMPORTS = {
    "l1": "import aws_cdk, aws_cdk.aws_cleanrooms",
    "l2": "import aws_cdk, aws_cdk.aws_cleanrooms, cdk_cleanrooms",
}
# One value for each process, without a warm-up, because a real app also runs in a new process.
_ONCE = ("--processes=1", "--values=1", "--warmups=0", "--loops=1", "--quiet", "--copy-env")

_PEAK = "command_max_rss"


class Measure(NamedTuple):
    """A measurement of the L1 and of the construct."""

    name: str
    program: tuple[str, ...]
    """The program to run, as arguments for Python. It accepts pyperf's options."""
    arguments: Mapping[str, tuple[str, ...]]
    """The arguments after these options, for the L1 and for the construct."""


def measures() -> Iterator[Measure]:
    """Yield all measurements."""
    yield _processes("import", {level: ("-c", code) for level, code in _IMPORTS.items()})
    for count in COUNTS:
        apps = {level: ("-m", "dev.benchmarks.app", level, str(count)) for level in LEVELS}
        yield _processes(f"whole app with {count}", apps)
    apps_of_examples = {
        "ID mapping": ID_MAPPING,
        "the overlap of IDs": OVERLAP,
        "the overlap of IDs, with the CDK's own L2s": L2S_OF_THE_CDK,
    }
    for name, levels in apps_of_examples.items():
        yield _processes(
            f"whole app for {name}", {level: [str(app)] for level, app in levels.items()}
        )
    for phase in ("construct", "synthesize"):
        for count in COUNTS:
            yield _phase(f"{phase} {count}", phase, count)
    for count in COUNTS:
        yield _phase(
            f"peak memory of Python, whole app with {count}", "synthesize", count, "--track-memory"
        )


def _processes(name: str, arguments: Mapping[str, Sequence[str]]) -> Measure:
    commands = {level: ("--", sys.executable, *given) for level, given in arguments.items()}
    return Measure(name, ("-m", "pyperf", "command"), commands)


def _phase(name: str, phase: str, count: int, *options: str) -> Measure:
    program = ("-m", "dev.benchmarks.phase", f"--phase={phase}", f"--count={count}", *options)
    return Measure(name, program, {level: (f"--level={level}",) for level in LEVELS})


def measure(it: Measure, pairs: int) -> None:
    """Run the L1 and the construct alternately, and add each value to the results of its level."""
    for pair in range(pairs + 1):
        for level in LEVELS:
            command = [sys.executable, *it.program, *_ONCE, f"--name={it.name}"]
            if pair:  # the first run only fills the caches of files and of compiled modules
                command.append(f"--append={RESULTS / level}.json")
            with TemporaryDirectory() as outdir:
                subprocess.run(
                    [*command, *it.arguments[level]],
                    check=True,
                    env=os.environ | {"CDK_OUTDIR": outdir},
                    stdout=subprocess.DEVNULL,
                )


def report() -> Iterator[str]:
    """Yield the lines of a Markdown table of the results."""
    suites = {level: pyperf.BenchmarkSuite.load(f"{RESULTS / level}.json") for level in LEVELS}
    yield "| | L1 | this construct | ratio | half of the ratios |"
    yield "|---|--:|--:|--:|--:|"
    memory = []
    for name in suites["l1"].get_benchmark_names():
        l1, l2 = (suites[level].get_benchmark(name) for level in LEVELS)
        yield _compared(name, l1.get_values(), l2.get_values(), form=l1.format_value)
        if name.startswith("whole app"):
            # The CDK's process is the largest process of an app.
            peaks = ([run.get_metadata()[_PEAK] for run in it.get_runs()] for it in (l1, l2))
            memory.append(_compared(f"peak memory of Node.js, {name}", *peaks, form=_mebibytes))
    yield from memory


def _compared(
    name: str, l1: Sequence[float], l2: Sequence[float], *, form: Callable[[float], str]
) -> str:
    ratios = [ours / theirs for theirs, ours in zip(l1, l2, strict=True)]
    lower, _, upper = quantiles(ratios, n=4, method="inclusive")
    return (
        f"| {name} | {form(median(l1))} | {form(median(l2))} | {median(ratios):.3f} |"
        f" {lower:.3f} to {upper:.3f} |"
    )


def _mebibytes(size: float) -> str:
    return f"{size / 2**20:.0f} MiB"


def setting() -> str:
    """Describe the machine and the versions of the measurement."""
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True)
    packages = ("aws-cdk-lib", "constructs", "jsii", "pyperf")
    return ", ".join(
        [
            f"{os.cpu_count()} cores",
            f"{system()} {machine()}",
            f"Python {python_version()}",
            f"Node.js {node.stdout.strip().removeprefix('v')}",
            *(f"{package} {version(package)}" for package in packages),
        ]
    )


def main() -> None:
    """Count the requests, measure time and memory, and print the results."""
    parser = ArgumentParser("python -m dev.benchmarks")
    parser.add_argument(
        "--pairs", type=int, default=15, help="pairs of runs; 0 only counts requests"
    )
    parser.add_argument("--only", default="", help="measure only cases with this text in the name")
    options = parser.parse_args()
    pairs = options.pairs
    _write(*table(), "", *table_of_id_mapping())
    if not pairs:
        return
    RESULTS.mkdir(parents=True, exist_ok=True)
    for level in LEVELS:
        Path(f"{RESULTS / level}.json").unlink(missing_ok=True)
    for it in measures():
        if options.only not in it.name:
            continue
        sys.stderr.write(f"{it.name} …\n")
        measure(it, pairs)
    _write("", *report(), "", setting())


def _write(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
