"""Tests of what is derived from the sources of AWS and from the code of the local cloud."""

from __future__ import annotations

from cdk_cleanrooms.local_cloud.resource_schema import SCHEMAS, file_name
from dev.schemas import published
from dev.supported import PAGE, page


def test_the_shipped_schemas_are_those_of_cfn_lint() -> None:
    # `python -m dev.schemas` renews them.
    shipped = {file.name: file.read_text("utf-8") for file in SCHEMAS.glob("*")}
    assert shipped == {file_name(type_name): schema for type_name, schema in published()}


def test_the_page_of_what_is_supported_is_current() -> None:
    # `python -m dev.supported` writes it.
    assert PAGE.read_text("utf-8") == page()
