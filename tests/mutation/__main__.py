"""Change the core of the resources in one place at a time, and check that a test fails each time.

`make mutate` runs this. Cosmic Ray makes the changes in copies of the code. For a change that no
test finds, either write a test, or explain it in `survivors.md`. Otherwise `make mutate` fails.
With `ARGS="unique.py checks.py"`, only these modules are changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

from .relevant import CODE, COVERAGE, ORIGINAL, TESTS, save_index

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_CACHE = _ROOT / ".cache" / "mutation"
_CONFIGURATION = _HERE.relative_to(_ROOT) / "cosmic-ray.toml"
_SESSION = "session.sqlite"
_BY_TEST = (f"--numprocesses={os.cpu_count()}", "--cov", "--cov-context=test", "--cov-fail-under=0")

# The module, the original code, and the changed code.
Mutant: TypeAlias = tuple[str, str, str]


def main(modules: list[str]) -> int:
    """Return 0 if the survivors are exactly those in `survivors.md`, and otherwise 1.

    Args:
        modules: The modules to change, such as `checks.py`. All modules if the list is empty.
    """
    mutants = _Mutants(modules)
    with ThreadPoolExecutor() as threads:
        survivors = set(chain.from_iterable(threads.map(mutants.survivors, mutants.copies)))
    explained = {mutant for mutant in _explained() if not modules or mutant[0] in modules}
    sys.stdout.write(f"{mutants.count} changes, of which the tests missed {len(survivors)}\n")
    _report("Missed by the tests, and not explained in survivors.md", survivors - explained)
    _report("Explained in survivors.md, but found by a test or not made", explained - survivors)
    return int(survivors != explained)


class _Mutants:
    """The changes, distributed over copies of the project that are tested in parallel."""

    def __init__(self, modules: list[str]) -> None:
        shutil.rmtree(_CACHE, ignore_errors=True)
        first, *others = self.copies = [_CACHE / str(n) for n in range(os.cpu_count() or 1)]
        first.mkdir(parents=True)
        for folder in ("cdk_cleanrooms", "dev", "docs", "examples", "tests"):
            shutil.copytree(_ROOT / folder, first / folder)
        shutil.copy(_ROOT / "pyproject.toml", first)
        shutil.copytree(first / CODE, first / ORIGINAL / CODE)
        _run(first, "cosmic-ray", "init", _CONFIGURATION, _SESSION)
        _run(first, "cr-filter-operators", _SESSION, _CONFIGURATION)
        _run(first, "pytest", *_BY_TEST, *TESTS, environment={"COVERAGE_FILE": COVERAGE})
        shutil.rmtree(first / CODE / "__pycache__")
        save_index(first)
        with use_db(str(first / _SESSION), WorkDB.Mode.open) as session:
            pending = {
                item.job_id: item.mutations[0].module_path.name
                for item in session.pending_work_items
            }
        chosen = sorted(id for id, module in pending.items() if not modules or module in modules)
        self.count = len(chosen)
        for copy in others:
            shutil.copytree(first, copy)
        for index, copy in enumerate(self.copies):
            with use_db(str(copy / _SESSION), WorkDB.Mode.open) as session:
                session.set_multiple_results(
                    {*pending} - {*chosen[index :: len(self.copies)]},
                    WorkResult(worker_outcome=WorkerOutcome.SKIPPED),
                )

    @staticmethod
    def survivors(copy: Path) -> list[Mutant]:
        """Test a copy's share of the changes, and return those that no test has found."""
        environment = {
            # Other processes also use the changed package, whatever their working folder is.
            "PYTHONPATH": str(copy),
            # Otherwise, Python could use this compiled code for the next change, if both files have
            # the same time and size.
            "PYTHONDONTWRITEBYTECODE": "1",
            # The CDK's validation takes seconds in each process.
            "CDK_VALIDATION": "false",
        }
        _run(copy, "cosmic-ray", "exec", _CONFIGURATION, _SESSION, environment=environment)
        with use_db(str(copy / _SESSION), WorkDB.Mode.open) as session:
            return [
                _mutant(item, result)
                for item, result in session.completed_work_items
                if result.worker_outcome != WorkerOutcome.SKIPPED
                and result.test_outcome not in (TestOutcome.KILLED, TestOutcome.INCOMPETENT)
            ]


def _run(
    copy: Path, *command: str | Path, environment: Mapping[str, str] = MappingProxyType({})
) -> None:
    subprocess.run(command, cwd=copy, env={**os.environ, **environment}, check=True)


def _mutant(item: WorkItem, result: WorkResult) -> Mutant:
    lines = (result.diff or "").splitlines()[3:]
    old, new = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)).strip()
        for sign in "-+"
    )
    return item.mutations[0].module_path.name, old, new


def _explained() -> Iterator[Mutant]:
    for line in (_HERE / "survivors.md").read_text("utf-8").splitlines():
        # The cells: module, code, changed code, explanation.
        match [cell.strip(" `").replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)]:
            case [_, module, old, new, _, _] if module.endswith(".py"):
                yield module, old, new


def _report(what: str, mutants: set[Mutant]) -> None:
    if mutants:
        rows = (" | ".join(f"`{cell}`" for cell in mutant) for mutant in sorted(mutants))
        sys.stdout.write("\n".join([f"{what}:", *rows, ""]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
