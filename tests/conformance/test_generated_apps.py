"""Tests that apps with every resource, whose values are generated, are valid."""

from __future__ import annotations

from collections.abc import Callable
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
    AggregationAnalysisRule,
    AnalysisTemplate,
    AthenaTable,
    Collaboration,
    ConfiguredTable,
    CustomAnalysisRule,
    DifferentialPrivacyBudget,
    GlueTable,
    IdMappingTable,
    IdMappingWorkflow,
    IdNamespace,
    IdNamespaceAssociation,
    JobResults,
    ListAnalysisRule,
    MatchingWorkflow,
    MatchingWorkflowOutput,
    Member,
    Membership,
    PeriodBudget,
    PrivacyBudgetTemplate,
    PySparkSource,
    Results,
    SchemaInputAttribute,
    SchemaMapping,
    SnowflakeTable,
    SqlSource,
    TableInput,
)
from cdk_cleanrooms._core.types import RESOURCE_TYPES
from tests.conformance.examples import IS_RANDOM, number_of_apps
from tests.samples import ACCOUNT, REGION

PARTNER = "444455556666"
THEIR_MEMBERSHIP = (
    f"arn:aws:cleanrooms:{REGION}:{PARTNER}:membership/a1b2c3d4-5678-90ab-cdef-444444444444"
)
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


def declare_queries(app: App, data: DataObject) -> None:
    """Declare a collaboration with queries and jobs, which one of two members runs."""
    values = _Values(data)
    any, some, booleans = values.any, values.some, st.booleans()
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    runs_jobs, we_run = any(booleans), any(booleans)
    runner = ["CAN_QUERY", *(["CAN_RUN_JOB"] if runs_jobs else [])]
    we_receive, they_receive = any(st.sampled_from([(True, True), (True, False), (False, True)]))
    ours = (runner if we_run else []) + (["CAN_RECEIVE_RESULTS"] if we_receive else [])
    theirs = ([] if we_run else runner) + (["CAN_RECEIVE_RESULTS"] if they_receive else [])
    us = Member(display_name="Us", abilities=ours)
    them = Member(account_id=PARTNER, display_name="Them", abilities=theirs)
    collaboration = Collaboration(
        stack,
        "Collaboration",
        name="overlap",
        description="Overlap",
        creator=us,
        members=[them],
        **some(query_log_enabled=booleans, **({"job_log_enabled": booleans} if runs_jobs else {})),
    )
    of_runner = {} if we_run else {"query_runner_membership": st.none() | st.just(THEIR_MEMBERSHIP)}
    keys = [None, Key(stack, "Key")]
    kinds: dict[str, Any] = {"results": Results}
    if runs_jobs:
        kinds["job_results"] = JobResults
    destinations = {
        name: st.builds(kind, bucket=st.just("results"), prefix=st.none() | prefixes, **of_runner)
        for name, kind in kinds.items()
    }
    # AWS has to know where the results of another member's query go.
    where = some if we_run else lambda **needed: {name: any(needed[name]) for name in needed}
    membership = Membership(
        stack,
        "Membership",
        collaboration=collaboration,
        **(where(**destinations) if we_receive else {}),
    )
    parameters = st.dictionaries(words, st.sampled_from(["DATE", "STRING"]), max_size=2)
    queried = any(parameters)
    used = "".join(f" AND :{name} = :{name}" for name in queried)
    templates = [
        AnalysisTemplate(
            stack,
            "Query",
            name="query",
            membership=membership,
            source=SqlSource(f"SELECT id FROM people WHERE TRUE{used}"),
            parameters=queried,
            **some(referenced_tables=st.just(["people"]), description=texts),
        )
    ]
    methods = ["DIRECT_QUERY"]
    if runs_jobs and we_receive and any(booleans):
        methods = any(st.sampled_from([["DIRECT_JOB"], ["DIRECT_QUERY", "DIRECT_JOB"]]))
        scripts: Any = Bucket(stack, "Scripts", versioned=True) if any(booleans) else "scripts"
        script = PySparkSource(
            bucket=scripts,
            entry_point="job.py",
            virtual_environment=any(st.none() | st.just("packages.tar.gz")),
            **some(**of_runner),
        )
        templates.append(
            AnalysisTemplate(stack, "Job", name="job", membership=membership, source=script)
        )
    differential = st.none() | st.just("id")
    custom = any(
        st.builds(
            CustomAnalysisRule,
            allowed_analyses=st.just(templates),
            disallowed_output_columns=st.sampled_from([[], ["phone"]]),
            differential_privacy_column=differential if methods == ["DIRECT_QUERY"] else st.none(),
        )
        | st.builds(
            CustomAnalysisRule,
            allowed_analyses=st.just(["ANY_QUERY"] if methods != ["DIRECT_JOB"] else ["ANY_JOB"]),
            allowed_analysis_providers=st.just([ACCOUNT if we_run else PARTNER]),
        )
    )
    lists = ListAnalysisRule(join_columns=["id"], list_columns=["phone", "email"])
    aggregation = AggregationAnalysisRule(
        aggregate_columns={"COUNT_DISTINCT": ["id"]},
        join_columns=any(st.sampled_from([(), ("email",)])),
        dimension_columns=any(st.sampled_from([(), ("phone",)])),
        scalar_functions=any(st.sampled_from([(), ("UPPER",)])),
        output_constraints={"id": any(st.integers(2, 100_000))},
    )
    rules = [custom, lists, aggregation] if methods == ["DIRECT_QUERY"] else [custom]
    rule = any(st.sampled_from(rules))
    key = any(st.sampled_from(keys))
    data_bucket: Any = Bucket(stack, "Data", encryption_key=key) if key else "people"
    name = data_bucket if isinstance(data_bucket, str) else data_bucket.bucket_name
    l1 = CfnTable(
        stack,
        "PeopleTable",
        catalog_id=ACCOUNT,
        database_name="crm",
        table_input={
            "name": "people",
            "storageDescriptor": {
                "columns": [{"name": each} for each in COLUMNS],
                "location": f"s3://{name}/people/",
            },
        },
    )
    people = ConfiguredTable(
        stack,
        "People",
        name="people",
        table=GlueTable(table=l1, **some(bucket=st.just(data_bucket), prefix=st.just("people"))),
        allowed_columns=COLUMNS,
        analysis_methods=methods,
        analysis_rule=rule,
    )
    associated = people.associate(
        "In",
        membership=membership,
        **some(
            member_memberships=st.just([THEIR_MEMBERSHIP]),
            **of_runner,
            result_receivers=st.just([us if we_receive else them]),
        ),
    )
    if any(booleans):
        period = PeriodBudget(any(st.integers(1, 1_000_000)), "WEEK", any(booleans))
        budget = AccessBudget(
            association=associated, per_period=period, **some(lifetime=st.integers(1, 1_000_000))
        )
        PrivacyBudgetTemplate(stack, "Budget", budget=budget)
    if isinstance(rule, CustomAnalysisRule) and rule.differential_privacy_column:
        private = st.builds(
            DifferentialPrivacyBudget,
            epsilon=st.integers(1, 20),
            users_noise_per_query=st.integers(10, 100),
            refresh_monthly=booleans,
        )
        PrivacyBudgetTemplate(stack, "Private", membership=membership, budget=any(private))


_few = settings(
    max_examples=number_of_apps(10),
    deadline=None,
    derandomize=not IS_RANDOM,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def synthesized(declaration: Callable[[App, DataObject], None], data: DataObject) -> Any:
    """Return the template of an app. The CDK's own validation fails if it finds a mistake."""
    app = App(context={"@aws-cdk/core:validateAgainstDefaultRules": True})
    declaration(app, data)
    (stack,) = app.synth().stacks
    return stack.template["Resources"]


@_few
@given(st.data())
def test_an_app_with_every_resource_is_accepted(data: DataObject) -> None:
    types = {each["Type"] for each in synthesized(declare, data).values()}
    assert {
        each.name for each in RESOURCE_TYPES if hasattr(cdk_cleanrooms, each.construct)
    } <= types


@_few
@given(st.data())
def test_an_app_with_any_queries_and_jobs_is_accepted(data: DataObject) -> None:
    assert synthesized(declare_queries, data)
