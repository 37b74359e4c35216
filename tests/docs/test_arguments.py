"""Tests that the page of each resource has all arguments of its construct."""

from __future__ import annotations

import inspect
import re

import pytest

import cdk_cleanrooms
from cdk_cleanrooms._core.resource import Resource

from .pages import ROOT

RESOURCES = [
    each
    for each in (getattr(cdk_cleanrooms, name) for name in dir(cdk_cleanrooms))
    if isinstance(each, type) and issubclass(each, Resource)
]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.__name__)
def test_the_page_of_a_resource_has_every_argument(resource: type[Resource]) -> None:
    name = re.sub("(?<!^)(?=[A-Z])", "-", resource.__name__).lower()
    page = (ROOT / "docs" / "resources" / f"{name}.md").read_text("utf-8")
    _, _, *arguments = inspect.signature(resource).parameters
    assert [each for each in arguments if not re.search(rf"`{each}\b|\b{each}=", page)] == []
