"""Run the tests that execute a changed line: the test command of Cosmic Ray.

The tests that execute the least code run first, because they are the quickest and the most likely
to fail. A change to code that runs at import time, such as a constant, can affect every test.
"""

from __future__ import annotations

import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from coverage import CoverageData

ORIGINAL = Path("original")
"""The folder with the unchanged package."""
CODE = Path("cdk_cleanrooms/_core")
COVERAGE = ".coverage-by-test"
"""The lines that each test executes, as coverage.py records them."""
_INDEX = "tests-by-line.json"
TESTS = ("tests/core", "tests/resources")
"""The tests that must find every change."""
_OTHER_TESTS = (
    *TESTS[1:],
    "tests/cost",
    "tests/conformance/test_differences.py",
    *("-k", "not whole_templates"),
)

# A few tests find most changes, and importing only their files is faster than importing all files.
_MOST_SPECIFIC = 30
_OPTIONS = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")


class _Selection:
    """A pytest plugin that selects tests, and runs them in the given order."""

    def __init__(self, tests: list[str]) -> None:
        self._position = {test: index for index, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._position),
            key=lambda item: self._position[item.nodeid],
        )


def save_index(folder: Path) -> None:
    """Save which tests execute each line, from the coverage of all tests."""
    data = CoverageData(str(folder / COVERAGE))
    data.read()
    by_module = {
        path: {
            line: {context.rpartition("|")[0] for context in contexts} - {""}
            for line, contexts in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    size = Counter(
        test for lines in by_module.values() for tests in lines.values() for test in tests
    )
    order = sorted(size, key=lambda test: (size[test], test))
    position = {test: number for number, test in enumerate(order)}
    lines_of_core = {
        path: {line: sorted(position[test] for test in tests) for line, tests in lines.items()}
        for path, lines in by_module.items()
        if path.startswith(f"{CODE}/")
    }
    (folder / _INDEX).write_text(json.dumps([order, lines_of_core]), "utf-8")


def main() -> int:
    """Return the exit status of pytest."""
    tests = _tests_of(*_change())
    if tests is None:
        status = pytest.main([*_OPTIONS, TESTS[0]])
        return status or pytest.main([*_OPTIONS, *_OTHER_TESTS])
    status = _run(tests[:_MOST_SPECIFIC]) or _run(tests[_MOST_SPECIFIC:])
    # The coverage does not include the processes that some of these tests start.
    return status or pytest.main([*_OPTIONS, TESTS[0]])


def _run(tests: list[str]) -> int:
    if not tests:
        return 0
    files = sorted({test.partition("::")[0] for test in tests})
    status = pytest.main([*_OPTIONS, *files], plugins=[_Selection(tests)])
    # Cosmic Ray would count an empty selection as a test that failed.
    return 0 if status == pytest.ExitCode.NO_TESTS_COLLECTED else status


def _change() -> tuple[Path, list[str], int]:
    """Return the changed module, its original lines, and the number of the first changed line."""
    for path in CODE.glob("*.py"):
        original, changed = (
            (folder / path).read_text("utf-8").splitlines() for folder in (ORIGINAL, Path())
        )
        matcher = SequenceMatcher(None, original, changed, autojunk=False)
        for tag, start, *_ in matcher.get_opcodes():
            if tag != "equal":
                return path, original, start + 1
    raise SystemExit(0)  # the baseline, which Cosmic Ray runs before the changes


def _tests_of(path: Path, original: list[str], line: int) -> list[str] | None:
    """Return the tests that execute a line, or None if every test can depend on it."""
    function = max(_functions_around("\n".join(original), line), default=None)
    if original[line - 1] == "if TYPE_CHECKING:":
        return []
    if function is None:
        return None
    order, lines_of_core = json.loads(Path(_INDEX).read_text("utf-8"))
    by_line = lines_of_core[str(path)]
    # The coverage can contain only the first line of a statement.
    lines = map(str, range(line, function, -1))
    executed: list[int] = next((by_line[each] for each in lines if each in by_line), [])
    return [order[position] for position in executed] or None


def _functions_around(source: str, line: int) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        # A subclass is created when its module is imported, in whichever test that happens.
        if isinstance(node, ast.FunctionDef) and node.name != "__init_subclass__":
            last = node.end_lineno or node.lineno
            if node.body[0].lineno <= line <= last:
                yield node.lineno


if __name__ == "__main__":
    sys.exit(main())
