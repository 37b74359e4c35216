"""Tests of the schemas that the local cloud ships."""

from __future__ import annotations

from cdk_cleanrooms.local_cloud.resource_schema import SCHEMAS, file_name
from dev.schemas import published


def test_the_shipped_schemas_are_those_of_cfn_lint() -> None:
    # `python -m dev.schemas` renews them.
    shipped = {file.name: file.read_text("utf-8") for file in SCHEMAS.glob("*")}
    assert shipped == {file_name(type_name): schema for type_name, schema in published()}
