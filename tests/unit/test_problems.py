"""What an error is made of."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from cdk_cleanrooms import Problem, ValidationError


def test_a_problem_cannot_be_changed() -> None:
    problem = Problem("name", "", "has 0 characters")
    with pytest.raises(FrozenInstanceError):
        problem.message = "has none"  # type: ignore[misc]


def test_an_error_without_problems_counts_none() -> None:
    assert str(ValidationError("Stack", ())) == "Stack: 0 problems"
