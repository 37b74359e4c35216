"""Tests of ARNs with the longest names in Entity Resolution and Glue, over 256 characters."""

from __future__ import annotations

import pytest

from cdk_cleanrooms._core import access, types
from cdk_cleanrooms._core.imports import arn_rule
from cdk_cleanrooms._core.validation import Rule
from cdk_cleanrooms.clean_rooms.id_mapping_table import _workflow_arn

ENTITY_RESOLUTION = "arn:aws:entityresolution:us-east-1:111122223333"
LONGEST = "n" * 255


@pytest.mark.parametrize(
    ("rule", "arn"),
    [
        (_workflow_arn, f"{ENTITY_RESOLUTION}:idmappingworkflow/{LONGEST}"),
        (arn_rule(types.ID_NAMESPACE), f"{ENTITY_RESOLUTION}:idnamespace/{LONGEST}"),
        (
            arn_rule(types.MATCHING_WORKFLOW),
            f"{ENTITY_RESOLUTION}:matchingworkflow/{LONGEST}",
        ),
        (
            access._table_arn,
            f"arn:aws:glue:us-east-1:111122223333:table/{LONGEST}/{LONGEST}",
        ),
    ],
)
def test_the_longest_name_is_accepted_in_an_arn_and_a_longer_one_refused(
    rule: Rule, arn: str
) -> None:
    assert [*rule("argument", arn)] == []
    assert len([*rule("argument", f"{arn}n")]) == 1
