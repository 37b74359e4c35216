"""Many associations from a CSV file, and tags for everything in a stage."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack, Stage, Tags
from constructs import Construct

from cdk_cleanrooms import IdNamespaceAssociation

FOLDER = Path(__file__).parent
ACCOUNTS = {"Beta": "444455556666", "Prod": "111122223333"}


class AssociationsStack(Stack):
    """One association for each row of a table."""

    def __init__(self, scope: Construct, id: str, *, table: Path, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        with table.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                IdNamespaceAssociation(
                    self,
                    # The ID has its own column: names can be changed in place, but another
                    # construct ID would mean another resource.
                    row["id"],
                    membership=row["membership"],
                    id_namespace=row["id_namespace"],
                    name=row["name"],
                    description=row["description"] or None,
                )


app = App()
for name, account in ACCOUNTS.items():
    stage = Stage(app, name, env=Environment(account=account, region="us-east-1"))
    AssociationsStack(stage, "Associations", table=FOLDER / f"{name.lower()}.csv")
    Tags.of(stage).add("Environment", name)
    Tags.of(stage).add("CostCenter", "identity")
app.synth()
