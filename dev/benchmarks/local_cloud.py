"""Measure the local cloud: `python -m dev.benchmarks.local_cloud`, which takes some minutes.

The tests that it runs are those of another project, in a folder of their own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from xml.etree import ElementTree

from packaging.requirements import Requirement

from cdk_cleanrooms.local_cloud import LocalCloud

TESTS = 50
_RUNS = 5
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:randomly")

_STACK = """\
from aws_cdk import App, Stack
from aws_cdk.aws_entityresolution import CfnIdNamespace
from cdk_cleanrooms import Collaboration, IdNamespaceAssociation, Member, Membership


def declare():
    stack = Stack(App(), "Twelve")
    creator = Member(display_name="We", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
    collaboration = Collaboration(stack, "C", name="c", description="Ours", creator=creator)
    us = Membership(stack, "M", collaboration=collaboration)
    for number in range(5):
        name = f"namespace-{number}"
        made = CfnIdNamespace(stack, name, id_namespace_name=name, type="TARGET")
        IdNamespaceAssociation(
            stack, f"A{number}", membership=us, id_namespace=made.attr_id_namespace_arn, name=name
        )
    return stack
"""

_APP = "from stack import declare\n\ndeclare().node.root.synth()\n"

_TESTS = """\
import pytest
from aws_cdk.assertions import Template
from stack import declare


@pytest.mark.parametrize("number", range({number}))
def test_deployed(number, cleanrooms_cloud):
    stack = declare()
    cleanrooms_cloud.deploy(stack)
    assert len(cleanrooms_cloud.resources()) == 12
    cleanrooms_cloud.destroy(stack)
    assert cleanrooms_cloud.resources("IdNamespace") == []


@pytest.mark.parametrize("number", range({number}))
def test_declared(number):
    Template.from_stack(declare()).resource_count_is("AWS::CleanRooms::Membership", 1)
"""


def _pytest(folder: Path, *arguments: str) -> tuple[float, list[float]]:
    """Return the elapsed time of a run of pytest, and the time of each test in it."""
    start = perf_counter()
    subprocess.run(
        [*_PYTEST, "--junitxml=times.xml", *arguments],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    elapsed = perf_counter() - start
    cases = ElementTree.parse(folder / "times.xml").iter("testcase")
    return elapsed, [float(case.attrib["time"]) for case in cases]


def _cli(folder: Path) -> float:
    """Return the time to deploy and destroy the stack with the CDK CLI, after bootstrapping."""
    with LocalCloud() as cloud:
        cloud.bootstrap()
        start = perf_counter()
        for command in (["deploy", "--require-approval", "never"], ["destroy", "--force"]):
            result = cloud.cdk(*command, folder=folder)
            if result.returncode:
                raise RuntimeError(result.stdout)
        return perf_counter() - start


def _of_plugin() -> tuple[float, set[str]]:
    """Return the milliseconds that the plugin takes to import, and what else is then loaded."""
    program = (
        "import sys, pytest; from time import perf_counter; before = {*sys.modules};"
        "start = perf_counter(); import cdk_cleanrooms_pytest;"
        "print(1000 * (perf_counter() - start), *({*sys.modules} - before))"
    )
    runs = [
        subprocess.check_output([sys.executable, "-c", program], text=True).split()
        for _ in range(1 + _RUNS)
    ][1:]
    return median(float(run[0]) for run in runs), {name for run in runs for name in run[1:]}


def _needed(name: str, extra: str = "") -> set[str]:
    """Return the names of a distribution and of all that it needs."""
    found: set[str] = set()

    def add(name: str, extras: set[str]) -> None:
        normal = re.sub(r"[-_.]+", "-", name).lower()
        if normal in found and not extras:
            return
        found.add(normal)
        for line in distribution(name).requires or ():
            one = Requirement(line)
            environments = [{"extra": it} for it in extras or {""}]
            if one.marker is None or any(map(one.marker.evaluate, environments)):
                add(one.name, one.extras)

    add(name, {extra} if extra else set())
    return found


def _size(of: Distribution) -> int:
    """Return the size of the unpacked files of a distribution, without compiled modules."""
    files = [Path(str(file.locate())) for file in of.files or () if file.suffix != ".pyc"]
    return sum(file.stat().st_size for file in files if file.is_file())


def size_of_extra() -> dict[str, int]:
    """Return the sizes of what the extra installs beyond the CDK, this library and boto3."""
    more = _needed("cdk-cleanrooms", "local") - _needed("cdk-cleanrooms") - _needed("boto3")
    sizes = {name: _size(distribution(name)) for name in sorted(more)}
    own = Path(__file__).parents[2]
    parts = [*own.glob("cdk_cleanrooms/local_cloud/**/*"), own / "cdk_cleanrooms_pytest.py"]
    sizes["local_cloud"] = sum(
        part.stat().st_size for part in parts if part.is_file() and part.suffix != ".pyc"
    )
    return sizes


def main() -> None:
    """Measure, and print the results."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "stack.py").write_text(_STACK, "utf-8")
        (folder / "app.py").write_text(_APP, "utf-8")
        (folder / "cdk.json").write_text(f'{{"app": "{sys.executable} app.py"}}', "utf-8")
        (folder / "test_stack.py").write_text(_TESTS.format(number=TESTS), "utf-8")
        _, times = _pytest(folder, "-k", "deployed", "-n", "0")
        cli = _cli(folder)
        one = median(times[1:])
        _write(f"one test after the first: {one:.2f} s, with the CLI {cli:.1f} s, {one / cli:.3f}")
        pairs = [
            [_pytest(folder, "-n", "2", "-k", kind)[0] for kind in ("declared", "deployed")]
            for _ in range(_RUNS)
        ]
        ratio = median(deployed / declared for declared, deployed in pairs)
        _write(
            f"{TESTS} tests with two workers: {median(one for one, _ in pairs):.1f} s without and "
            f"{median(one for _, one in pairs):.1f} s with deployment, {ratio:.2f}"
        )
    milliseconds, loaded = _of_plugin()
    _write(f"import of the plugin: {milliseconds:.2f} ms, loads {', '.join(sorted(loaded))}")
    sizes = size_of_extra()
    _write(f"the extra: {sum(sizes.values()) / 2**20:.1f} MiB")
    _write(*(f"  {name}: {size / 2**20:.2f} MiB" for name, size in sizes.items()))


def _write(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}{os.linesep}" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
