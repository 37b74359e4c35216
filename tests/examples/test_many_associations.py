"""Tests of the example `many_associations`."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from .conftest import Synthesize
from .running import ASSOCIATION, EXAMPLES, Assembly, resources_of


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


@pytest.mark.parametrize("new_id", ["RetailCustomers", "RetailCustomersAgain"])
def test_synthesis_fails_if_a_row_occurs_twice(new_id: str, tmp_path: Path) -> None:
    folder = tmp_path / "many_associations"
    shutil.copytree(EXAMPLES / "many_associations", folder)
    header, first, *_ = (folder / "prod.csv").read_text("utf-8").splitlines()
    again = ",".join([new_id, *first.split(",")[1:]])
    (folder / "prod.csv").write_text(f"{header}\n{first}\n{again}\n", encoding="utf-8")
    # The library refuses a name that occurs twice, and the CDK an ID that occurs twice.
    with pytest.raises(RuntimeError, match="RetailCustomers") as error:
        Assembly(tmp_path / "cdk.out").synthesize("many_associations", folder)
    assert re.search("is also the name of|already a Construct", str(error.value))
