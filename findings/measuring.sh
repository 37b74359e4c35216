#!/bin/sh
# Three guesses about what measures and slows tests that are wrong. Seen with pytest 9.2.0,
# pytest-cov 7.1.0, pytest-xdist 3.8.0, coverage 7.17.3, slipcover 1.1.0 and Hypothesis 6.170.15 on
# Python 3.11 on 2026-11-30.
#
# 1. Guess: a test with the marker `no_cover` of pytest-cov runs as fast as without `--cov`.
#    Seen: so it does in one process. In a process of pytest-xdist its lines are not counted either,
#    but they are traced: the process has a second measurement, which the marker does not stop.
# 2. Guess: `slipcover --branch` measures the branches of all modules below `--source`, also of tests
#    that pytest runs.
#    Seen: with this pytest it warns, and finds no branch in the tests, which pytest rewrites.
# 3. Guess: the plugin that Hypothesis installs imports Hypothesis only if a test uses it.
#    Seen: it does so at the end of every run, also of a project that has never heard of it.
#
# Output:
#     one process: the marked test is not traced, the other is traced; 1 line missed
#     pytest-xdist: the marked test is traced, the other is traced; 1 line missed
#     slipcover: 2 branches of the product, 0 branches of the tests
#     Hypothesis: not imported by the test, imported at the end
#
# The script exits with another status than 0 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset PYTEST_ADDOPTS
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pytest==9.2.0 pytest-cov==7.1.0 pytest-xdist==3.8.0 \
  coverage==7.17.3 slipcover==1.1.0 hypothesis==6.170.15
mkdir "$folder/project"
cd "$folder/project"
cat > product.py <<'PYTHON'
def sign(number):
    if number < 0:
        return -1
    return 1
PYTHON
cat > test_product.py <<'PYTHON'
import sys

import pytest
from product import sign


def note():
    with open("seen.txt", "a") as file:
        print("is traced" if sys.gettrace() else "is not traced", file=file)
    with open("hypothesis.txt", "w") as file:
        print("imported" if "hypothesis" in sys.modules else "not imported", file=file)


@pytest.mark.no_cover
def test_marked():
    note()
    assert sign(-1) == -1


def test_other():
    note()
    if sign(1) != 1:
        pytest.fail("one is positive")
PYTHON
cat > conftest.py <<'PYTHON'
import sys


def pytest_unconfigure():
    with open("hypothesis.txt", "a") as file:
        print("imported" if "hypothesis" in sys.modules else "not imported", file=file)
PYTHON
cat > "$folder/see.py" <<'PYTHON'
import json
import subprocess
import sys
from pathlib import Path


def run(*arguments):
    Path("seen.txt").unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", *arguments], check=True, capture_output=True)


QUIET = ("-p", "no:cacheprovider", "-p", "no:slipcover")
for name, more in {"one process": [], "pytest-xdist": ["-n", "1"]}.items():
    run("pytest", *QUIET, *more, "--cov=product", "--cov-branch", "--cov-report=json")
    marked, other = Path("seen.txt").read_text().splitlines()
    missed = json.loads(Path("coverage.json").read_text())["totals"]["missing_lines"]
    print(f"{name}: the marked test {marked}, the other {other}; {missed} line missed")
command = ["slipcover", "--branch", "--source", ".", "--json", "--out", "slipcover.json"]
run(*command, "-m", "pytest", "-p", "no:cacheprovider")
files = json.loads(Path("slipcover.json").read_text())["files"]
product, tests = (
    len(files[name]["executed_branches"]) + len(files[name]["missing_branches"])
    for name in ("product.py", "test_product.py")
)
print(f"slipcover: {product} branches of the product, {tests} branches of the tests")
run("pytest", *QUIET)
at_test, at_end = Path("hypothesis.txt").read_text().splitlines()
print(f"Hypothesis: {at_test} by the test, {at_end} at the end")
PYTHON
"$folder/venv/bin/python" "$folder/see.py" > "$folder/output" 2> "$folder/errors" || {
  cat "$folder/errors"
  exit 1
}
cat "$folder/output"
diff - "$folder/output" <<'EXPECTED'
one process: the marked test is not traced, the other is traced; 1 line missed
pytest-xdist: the marked test is traced, the other is traced; 1 line missed
slipcover: 2 branches of the product, 0 branches of the tests
Hypothesis: not imported by the test, imported at the end
EXPECTED
