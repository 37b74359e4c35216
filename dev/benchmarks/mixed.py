"""An app with resources of several types: `python -m dev.benchmarks.mixed 400 80`.

It synthesizes 400 resources, 80 of which adopt.
"""

from __future__ import annotations

import sys
from typing import Any

from aws_cdk import App, Environment, Stack

from cdk_cleanrooms import (
    AnalysisTemplate,
    ConfiguredTable,
    GlueTable,
    IdNamespace,
    IdNamespaceAssociation,
    SchemaInputAttribute,
    SchemaMapping,
    SqlSource,
    TableInput,
)

from .values import ACCOUNT, REGION, ROLE, new_id

_KINDS = 5


def declare(count: int, adopting: int) -> App:
    """Declare an app.

    Args:
        count: The number of resources, a multiple of 5.
        adopting: The number of resources that adopt, at most a fifth of them. They are of all
            types in turn, and most of them refer to another resource.
    """
    app = App()
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    table = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/customers"
    for group in range(count // _KINDS):
        adopts: list[dict[str, Any]] = [{} for _ in range(_KINDS)]
        if group < adopting:
            adopts[group % _KINDS] = {"adopt": True}
        membership = new_id()
        schema = SchemaMapping(
            stack,
            f"Schema{group}",
            name=f"customers-{group}",
            mapped_input_fields=[
                SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
                SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
            ],
            **adopts[0],
        )
        id_namespace = IdNamespace.source(
            stack,
            f"IdNamespace{group}",
            name=f"customers-{group}",
            inputs=[TableInput(table=table, schema_mapping=schema)],
            role=ROLE,
            **adopts[1],
        )
        IdNamespaceAssociation(
            stack,
            f"Association{group}",
            membership=membership,
            id_namespace=id_namespace,
            name="customers",
            **adopts[2],
        )
        ConfiguredTable(
            stack,
            f"Table{group}",
            name=f"customers_{group}",
            table=GlueTable(table=table),
            allowed_columns=["id", "email"],
            **adopts[3],
        )
        AnalysisTemplate(
            stack,
            f"Template{group}",
            membership=membership,
            name="overlap",
            source=SqlSource("SELECT 1"),
            **adopts[4],
        )
    return app


if __name__ == "__main__":
    declare(*map(int, sys.argv[1:])).synth()
