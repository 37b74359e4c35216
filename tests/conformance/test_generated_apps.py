"""Tests that apps with every resource, whose values are generated, are valid."""

from __future__ import annotations

from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk.aws_glue import CfnTable
from aws_cdk.aws_kms import Key
from aws_cdk.aws_s3 import Bucket
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.strategies import DataObject

import cdk_cleanrooms
from cdk_cleanrooms import (
    AccessBudget,
    AnalysisTemplate,
    AthenaTable,
    Collaboration,
    ConfiguredTable,
    CustomAnalysisRule,
    GlueTable,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespace,
    IdNamespaceAssociation,
    ListAnalysisRule,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    PeriodBudget,
    PrivacyBudgetTemplate,
    Results,
    SchemaInputAttribute,
    SchemaMapping,
    SnowflakeTable,
    SqlSource,
    TableInput,
)
from cdk_cleanrooms._core.types import RESOURCE_TYPES
from tests.samples import ACCOUNT, REGION

PARTNER = "444455556666"
COLUMNS = ["id", "email", "phone"]
ALPHABET = "abcdefghijklmnopqrstuvwxyz"

words = st.text(ALPHABET, min_size=3, max_size=20)
texts = st.text(st.characters(max_codepoint=0xD7FF, categories=["L", "N"]), min_size=1, max_size=40)
prefixes = st.lists(words, min_size=1, max_size=3).map("/".join)
tags = st.dictionaries(words, words, max_size=3)
glue_tables = words.map(f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/{{}}".format)
sources = st.one_of(
    st.builds(GlueTable, table=glue_tables, bucket=st.just("orders"), prefix=st.none() | prefixes),
    st.builds(
        AthenaTable,
        table=glue_tables,
        work_group=words,
        output_bucket=st.just("queries"),
        output_prefix=st.none() | prefixes,
        catalog_name=st.none() | words,
    ),
    st.builds(
        SnowflakeTable,
        secret=words.map(f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{{}}-Ab1Cd2".format),
        account_identifier=words,
        database=texts,
        schema=texts,
        table=texts,
        columns=st.fixed_dictionaries(dict.fromkeys(COLUMNS, words)),
    ),
)


class _Values:
    """Draws the values of one app."""

    def __init__(self, data: DataObject) -> None:
        self._data = data

    def any(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self._data.draw(strategy)

    def some(self, **strategies: st.SearchStrategy[Any]) -> dict[str, Any]:
        """Return some of the arguments that can be left out."""
        return {
            name: self.any(strategy)
            for name, strategy in strategies.items()
            if self.any(st.booleans())
        }

    def common(self, **strategies: st.SearchStrategy[Any]) -> dict[str, Any]:
        """Return some of the arguments that all resources have, and some others."""
        return self.some(tags=tags, **strategies)


def declare(app: App, data: DataObject) -> None:
    """Declare an app in which each resource refers to others."""
    values = _Values(data)
    any, common, booleans = values.any, values.common, st.booleans()
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    key = Key(stack, "Key") if any(booleans) else None
    bucket: Any = Bucket(stack, "Data", encryption_key=key) if any(booleans) else "crm-data"
    names = any(st.lists(words, min_size=8, max_size=8, unique=True))
    partner = Member(
        account_id=PARTNER,
        display_name="Partner",
        abilities=any(st.sampled_from([[], ["CAN_RECEIVE_RESULTS"]])),
    )
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name=names[0],
        description=any(texts),
        creator=Member(display_name="Us", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"]),
        members=any(st.sampled_from([[], [partner]])),
        **common(query_log_enabled=booleans),
    )
    us = Membership(
        stack,
        "Membership",
        collaboration=collaboration,
        **common(results=st.builds(Results, bucket=st.just("results"), prefix=prefixes)),
    )

    def table(name: str) -> TableInput:
        prefix = f"{name}/{any(prefixes)}"
        location = bucket if isinstance(bucket, str) else bucket.bucket_name
        l1 = CfnTable(
            stack,
            f"Table{name}",
            catalog_id=ACCOUNT,
            database_name="crm",
            table_input={
                "name": name,
                "storageDescriptor": {
                    "columns": [{"name": each} for each in COLUMNS],
                    "location": f"s3://{location}/{prefix}/",
                },
            },
        )
        schema = SchemaMapping(
            stack,
            f"Schema{name}",
            name=name,
            mapped_input_fields=[
                SchemaInputAttribute(field_name="id", type="UNIQUE_ID"),
                SchemaInputAttribute(field_name="email", type="EMAIL_ADDRESS", match_key="Email"),
            ],
            **common(description=texts),
        )
        where = values.some(bucket=st.just(bucket), prefix=st.just(prefix))
        return TableInput(table=l1, schema_mapping=schema, **where)

    matching = MatchingWorkflow(
        stack,
        "Matching",
        name=names[1],
        inputs=[table("subscribers")],
        output=MatchingWorkflowOutput(bucket="matched", **values.some(prefix=prefixes)),
        rules={"Email": ["Email"]},
        **common(incremental=booleans),
    )
    source = IdNamespace.source(
        stack, "Source", name=names[2], inputs=[table("customers")], **common(description=texts)
    )
    target = IdNamespace.target(
        stack, "Target", name=names[3], matching_workflow=matching, **common(description=texts)
    )
    sides = [
        IdNamespaceAssociation(
            stack,
            f"Association{index}",
            membership=us,
            id_namespace=namespace,
            name=names[4 + index],
            **common(description=texts, allow_use_as_dimension_column=booleans),
        )
        for index, namespace in enumerate((source, target))
    ]
    workflow = IdMappingWorkflow(
        stack, "Workflow", name=names[6], source=source, target=target, **common(description=texts)
    )
    IdMappingTable(
        stack,
        "MappingTable",
        membership=us,
        id_mapping_workflow=workflow,
        name=f"{names[7]}_ids",
        source=sides[0],
        target=sides[1],
        **common(description=texts),
    )
    template = AnalysisTemplate(
        stack,
        "Template",
        name=f"{names[7]}_query",
        membership=us,
        source=SqlSource(f"SELECT id FROM {names[7]}"),
        **common(description=texts),
    )
    rules: list[Any] = [CustomAnalysisRule(allowed_analyses=[template])]
    source_of_orders = any(sources)
    if isinstance(source_of_orders, GlueTable):
        rules.append(ListAnalysisRule(join_columns=["id"], list_columns=["phone"]))
    orders = ConfiguredTable(
        stack,
        "Orders",
        name=names[7],
        table=source_of_orders,
        allowed_columns=COLUMNS,
        analysis_rule=any(st.sampled_from(rules)),
        **common(description=texts),
    )
    associated = orders.associate("In", membership=us, **common(description=texts))
    PrivacyBudgetTemplate(
        stack,
        "Budget",
        budget=AccessBudget(
            association=associated,
            per_period=PeriodBudget(
                any(st.integers(1, 1_000_000)), any(st.sampled_from(["DAY", "WEEK", "MONTH"]))
            ),
            **values.some(lifetime=st.integers(1, 1_000_000)),
        ),
        **common(),
    )


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_an_app_with_every_resource_is_accepted(data: DataObject) -> None:
    # The synthesis fails if the CDK's own validation finds a mistake.
    app = App(context={"@aws-cdk/core:validateAgainstDefaultRules": True})
    declare(app, data)
    (template,) = [each.template for each in app.synth().stacks]
    types = {each["Type"] for each in template["Resources"].values()}
    assert {
        each.name for each in RESOURCE_TYPES if hasattr(cdk_cleanrooms, each.construct)
    } <= types
