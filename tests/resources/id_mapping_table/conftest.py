"""A fixture that declares a table."""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from aws_cdk import Stack

from cdk_cleanrooms import IdMappingTable
from tests.resources.samples.id_mapping_table import SAMPLE


class MapIds(Protocol):
    """Declares a table with valid arguments, except for the given ones."""

    def __call__(self, **arguments: object) -> IdMappingTable: ...


@pytest.fixture
def map_ids(stack: Stack) -> MapIds:
    def declare(**arguments: Any) -> IdMappingTable:
        table: IdMappingTable = SAMPLE.declare(**{"scope": stack, "id": "Table", **arguments})
        return table

    return declare
