"""Count the requests of each case to the CDK's process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from aws_cdk import App, Environment, Stack

from .cases import CASES, Case
from .kernel import counted_requests
from .values import ACCOUNT, REGION

COUNT = 100
# As many show the same, because a cost that depends on their number is an error.
_TRIED = 20


def _levels(example: str) -> dict[str, Path]:
    return {
        "l1": Path(__file__).parent / example / "app.py",
        "l2": Path(__file__).parents[2] / "examples" / example / "app.py",
    }


ID_MAPPING = _levels("id_mapping")
"""The app of the example `id_mapping`: a version with L1s, and the example itself."""

OVERLAP = _levels("overlap")
"""The app of the example `overlap`: a version with L1s, and the example itself."""

L2S_OF_THE_CDK = OVERLAP | {"l2": OVERLAP["l1"].with_name("l2s_of_the_cdk.py")}
"""The version with L1s, and the same with the CDK's own L2s and a construct around each L1."""


class Cost(NamedTuple):
    """The requests of a case: the requests of each repetition, and those made once in a stack."""

    each: Counter[str]
    once: Counter[str]

    @property
    def average(self) -> float:
        """The average number of requests over 100 repetitions, including those made once."""
        return self.each.total() + self.once.total() / COUNT


def cost_of(case: Case) -> Cost:
    """Count the requests of a case that is done once and 20 times, each in a new stack."""
    # Some requests are made once in a process, for example to read a constant. Make them first.
    requests_of(case, 1)
    first, all_of_them = requests_of(case, 1), requests_of(case, _TRIED)
    each = Counter(
        {what: number // _TRIED for what, number in all_of_them.items() if number >= _TRIED}
    )
    once = all_of_them - Counter({what: _TRIED * number for what, number in each.items()})
    if once + each != first:
        raise RuntimeError(
            f"1 repetition needs {first}, but {_TRIED} need {all_of_them}: the cost of a repetition"
            " depends on their number"
        )
    return Cost(each, once)


def requests_of(case: Case, count: int) -> Counter[str]:
    """Count the requests of a case that is done `count` times in one stack."""
    with TemporaryDirectory() as outdir:
        environment = Environment(account=ACCOUNT, region=REGION)
        operations = case(Stack(App(outdir=outdir), "Stack", env=environment), count)
        next(operations)
        with counted_requests() as requests:
            for _ in operations:
                raise RuntimeError("a case must yield exactly once, after its preparation")
        return requests


def requests_of_app(app: Path, outdir: Path) -> Counter[str]:
    """Count the requests of a whole app that a separate process synthesizes into a folder."""
    process = subprocess.run(
        [sys.executable, "-m", f"{__package__}.kernel", app],
        check=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"CDK_OUTDIR": str(outdir), "CDK_VALIDATION": "false"},
        stdout=subprocess.PIPE,
    )
    return Counter(json.loads(process.stdout))


def row(name: str) -> str:
    """Return the cost of a case as a line of the table."""
    each, once = cost = cost_of(CASES[name])
    return f"| {name} | {each.total()} | {cost.average:.2f} | {_listed(each)} | {_listed(once)} |"


def table() -> Iterator[str]:
    """Yield the lines of a Markdown table of all cases."""
    yield "| | each | of 100, on average | each time | once in a stack |"
    yield "|---|--:|--:|---|---|"
    yield from map(row, CASES)


def table_of_id_mapping() -> Iterator[str]:
    """Yield the lines of a Markdown table of the requests of the app for ID mapping."""
    counts = {}
    for level, app in ID_MAPPING.items():
        with TemporaryDirectory() as outdir:
            counts[level] = requests_of_app(app, Path(outdir))
    yield "| ID mapping from scratch | L1s | this library |"
    yield "|---|--:|--:|"
    for what in sorted(counts["l1"] | counts["l2"]):
        yield f"| {what} | {counts['l1'][what]} | {counts['l2'][what]} |"
    yield f"| all | {counts['l1'].total()} | {counts['l2'].total()} |"


def _listed(requests: Counter[str]) -> str:
    return ", ".join(
        what if number == 1 else f"{number} {what}" for what, number in requests.items()
    )
