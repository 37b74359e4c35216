"""The example `many_associations`."""

from __future__ import annotations

import csv

import pytest

from .conftest import Synthesize
from .running import ASSOCIATION, EXAMPLES, resources_of


@pytest.mark.parametrize("stage", ["Beta", "Prod"])
def test_each_row_is_an_association_with_the_tags_of_its_stage(
    stage: str, synthesize: Synthesize
) -> None:
    table = EXAMPLES / "many_associations" / f"{stage.lower()}.csv"
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    template = synthesize("many_associations").templates[f"{stage}-Associations"]
    found = {
        logical_id[:-8]: resource["Properties"]
        for logical_id, resource in resources_of(template, ASSOCIATION).items()
    }
    assert found == {
        row["id"]: {
            "MembershipIdentifier": row["membership"],
            "InputReferenceConfig": {
                "InputReferenceArn": row["id_namespace"],
                "ManageResourcePolicies": True,
            },
            "Name": row["name"],
            **({"Description": row["description"]} if row["description"] else {}),
            "Tags": [
                {"Key": "CostCenter", "Value": "identity"},
                {"Key": "Environment", "Value": stage},
            ],
        }
        for row in rows
    }
