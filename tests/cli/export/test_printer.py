"""Tests of the code that is printed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from cdk_cleanrooms._cli.export import printer
from cdk_cleanrooms._cli.export.printer import App, print_app, stack_name
from cdk_cleanrooms._cli.export.references import PRINT_ORDER
from cdk_cleanrooms._cli.export.snapshot import Found, LeftOut
from cdk_cleanrooms._cli.python_code import construct_id
from cdk_cleanrooms._core import types
from cdk_cleanrooms._core.types import ResourceType
from tests.cli.export.snapshots import (
    COLLABORATION,
    MEMBERSHIP,
    PARTNER,
    association,
    collaboration,
    er_arn,
    id_mapping_workflow,
    id_namespace,
    membership,
    schema_mapping,
    snapshot,
    whole,
)


def variables(app: App) -> list[str]:
    return re.findall(r"^        (\w+) = ", app.text, re.MULTILINE)


def constants(app: App) -> dict[str, str]:
    return {
        str(node.targets[0].id): str(ast.literal_eval(node.value))  # type: ignore[attr-defined]
        for node in ast.parse(app.text).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


def test_references_are_variables() -> None:
    app = print_app(whole())
    assert variables(app) == [
        "match_collaboration",
        "match_membership",
        "customers_mapping",
        "customers_namespace",
    ]
    for use in (
        "collaboration=match_collaboration",
        "membership=match_membership",
        "schema_mapping=customers_mapping",
        "id_namespace=customers_namespace",
    ):
        assert use in app.text
    assert app.gaps == []


def test_nothing_is_assigned_that_is_not_used() -> None:
    app = print_app(snapshot(membership(), schema_mapping()))
    assert variables(app) == []
    assert "        SchemaMapping(\n" in app.text


def test_a_value_that_only_equals_an_identifier_is_no_reference() -> None:
    same = collaboration(members={**collaboration().members, "description": MEMBERSHIP})
    text = print_app(snapshot(same, membership())).text
    assert f'description="{MEMBERSHIP}"' in text


def test_a_name_that_finds_one_resource_is_enough_to_adopt_it() -> None:
    twice = association(is_unique=False)
    once, other = print_app(whole()), print_app(snapshot(membership(), twice))
    assert "adopt=True" in once.text
    assert f'adopt="{twice.identifier}"' in other.text
    assert f'adopt="{MEMBERSHIP}"' in once.text


def test_every_construct_keeps_its_resource() -> None:
    app = print_app(whole())
    assert app.text.count("removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE") == 5
    assert app.text.count("adopt=") == 5


def test_roles_are_constants() -> None:
    app = print_app(snapshot(schema_mapping(), id_namespace()))
    assert constants(app) == {"CLEAN_ROOMS_DATA_ROLE": id_namespace().members["roleArn"]}
    assert "# These roles stay outside this app.\n" in app.text
    assert "role=CLEAN_ROOMS_DATA_ROLE" in app.text


def test_a_role_whose_name_begins_with_a_digit_is_a_constant_too() -> None:
    role = id_namespace().members["roleArn"].replace("CleanRoomsData", "2024")
    found = id_namespace(members={**id_namespace().members, "roleArn": role})
    assert constants(print_app(snapshot(schema_mapping(), found))) == {"_2024_ROLE": role}


def analysis_template(text: str) -> Found:
    members = {
        "format": "SQL",
        "membershipId": MEMBERSHIP,
        "name": "overlap",
        "source": {"text": text},
    }
    type_name = "AWS::CleanRooms::AnalysisTemplate"
    return replace(association("overlap"), type_name=type_name, members=members)


def configured_table(allowed_analyses: list[str]) -> Found:
    rule = {"v1": {"custom": {"allowedAnalyses": allowed_analyses}}}
    members = {
        "allowedColumns": ["id"],
        "analysisMethod": "DIRECT_QUERY",
        "analysisRules": [{"type": "CUSTOM", "policy": rule}],
        "arn": association().arn,
        "name": "orders",
        "tableReference": {"glue": {"databaseName": "crm", "tableName": "orders"}},
    }
    type_name = "AWS::CleanRooms::ConfiguredTable"
    return replace(association("orders"), type_name=type_name, members=members)


def formatted(app: App) -> str:
    """Return the code of an app as `ruff format` writes it."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "-"]
    return subprocess.run(
        command, input=app.text, capture_output=True, text=True, check=True
    ).stdout


def test_a_long_text_becomes_a_file_beside_the_app() -> None:
    text = "SELECT 1\nFROM orders\nWHERE x = 1"
    template = analysis_template(text)
    beside = print_app(snapshot(membership(), template), text_files=True)
    inside = print_app(snapshot(membership(), template))
    assert beside.files == {"overlap_template.sql": text}
    assert 'Path(__file__).with_name("overlap_template.sql")' in beside.text
    assert "from pathlib import Path\n" in beside.text
    assert inside.files == {}
    assert "SELECT 1\\nFROM orders" in inside.text


@pytest.mark.parametrize("name", ["x" * 27, "x" * 28, "x" * 100])
def test_the_name_of_a_file_is_formatted_however_long_it_is(name: str) -> None:
    template = replace(analysis_template("SELECT 1\n\nFROM orders"), label=name)
    app = print_app(snapshot(membership(), template), text_files=True)
    assert formatted(app) == app.text


def test_an_object_without_arguments_is_on_one_line() -> None:
    app = print_app(snapshot(configured_table([])))
    assert "analysis_rule=CustomAnalysisRule(),\n" in app.text
    assert formatted(app) == app.text


def test_a_text_that_looks_like_code_imports_nothing() -> None:
    members = {**collaboration().members, "description": "Like Fn.join and Duration.days"}
    app = print_app(snapshot(collaboration(members=members)))
    assert "from aws_cdk import App, Environment, RemovalPolicy, Stack\n" in app.text


def test_what_a_partner_manages_is_a_constant_with_its_owner() -> None:
    partners = er_arn("idnamespace/subscribers", PARTNER)
    workflow = id_mapping_workflow(id_namespace().arn, partners)
    app = print_app(snapshot(schema_mapping(), id_namespace(), workflow))
    assert constants(app)["PARTNER_SUBSCRIBERS_ID_NAMESPACE"] == partners
    assert f"# Account {PARTNER} manages this.\n" in app.text
    assert "target=PARTNER_SUBSCRIBERS_ID_NAMESPACE" in app.text
    assert app.gaps == []


def test_the_collaboration_of_a_partner_is_a_constant() -> None:
    app = print_app(snapshot(membership(), creator=PARTNER))
    assert constants(app) == {"COLLABORATION": snapshot().collaboration}
    assert "collaboration=COLLABORATION" in app.text
    assert "Collaboration(" not in app.text


def test_what_another_stack_manages_is_imported_if_something_refers_to_it() -> None:
    other = id_namespace(stack="Resolution")
    used = print_app(snapshot(membership(), schema_mapping(), other, association()))
    unused = print_app(snapshot(membership(), schema_mapping(), other))
    assert "# The stack Resolution manages the ID namespace 'customers'.\n" in used.text
    assert "customers_namespace = IdNamespace.from_existing(" in used.text
    assert 'id_namespace_name="customers"' in used.text
    assert "from_existing" not in unused.text
    assert "IdNamespace" not in unused.text.split("class ")[0]
    assert "# The stack Resolution manages the ID namespace 'customers'.\n" in unused.text
    assert used.gaps == unused.gaps == []


def test_what_is_in_a_membership_is_imported_with_it() -> None:
    table = association(stack="Other")
    mapping = replace(
        association("table", "2"),
        type_name="AWS::CleanRooms::IdMappingTable",
        members={
            "inputReferenceConfig": {"inputReferenceArn": er_arn("idmappingworkflow/map")},
            "inputReferenceProperties": {
                "idMappingTableInputSource": [
                    {"idNamespaceAssociationId": table.identifier, "type": "SOURCE"},
                    {"idNamespaceAssociationId": MEMBERSHIP, "type": "TARGET"},
                ]
            },
            "membershipId": MEMBERSHIP,
            "name": "table",
        },
    )
    text = print_app(snapshot(membership(), table, mapping)).text
    assert "membership=match_membership,\n            id_namespace_association_identifier=" in text
    assert "source=customers_association" in text
    assert "target=" not in text


def test_what_the_stack_itself_manages_is_printed_like_what_nobody_manages() -> None:
    name = stack_name(whole())
    managed = whole(resources=tuple(replace(one, stack=name) for one in whole().resources))
    assert print_app(managed).text == print_app(whole()).text


def test_what_could_not_be_read_is_a_comment_and_a_gap() -> None:
    unreadable = id_namespace(problem="access denied; check your permissions", members={})
    app = print_app(snapshot(membership(), schema_mapping(), unreadable, association()))
    assert "# The ID namespace 'customers' (customers) could not be read" in app.text
    assert f'id_namespace="{id_namespace().arn}"' in app.text
    assert "# id_namespace is a literal, because the ID namespace is not declared here.\n" in (
        app.text
    )
    assert any("access denied" in gap for gap in app.gaps)
    assert "access denied" in ast.get_docstring(ast.parse(app.text), clean=False).replace("\n", " ")  # type: ignore[union-attr]


def test_what_cannot_be_declared_is_commented_out_and_stays_literal_elsewhere() -> None:
    provider = {"providerProperties": {"providerServiceArn": "arn:provider"}}
    by_provider = id_namespace(
        members={**id_namespace().members, "idMappingWorkflowProperties": [provider]}
    )
    app = print_app(snapshot(membership(), schema_mapping(), by_provider, association()))
    assert "        # IdNamespace(\n" in app.text
    assert "customers_namespace" not in app.text
    assert f'id_namespace="{id_namespace().arn}"' in app.text
    assert len(app.gaps) == 2


def test_types_that_are_excluded_leave_no_gap() -> None:
    app = print_app(whole(), excluded=[types.ID_NAMESPACE])
    assert "IdNamespace(" not in app.text
    assert f'id_namespace="{id_namespace().arn}"' in app.text
    assert app.gaps == []


@pytest.mark.parametrize("type", PRINT_ORDER, ids=lambda type: type.option)
def test_each_type_can_be_excluded(type: ResourceType) -> None:
    app = print_app(whole(), excluded=[type])
    assert f" {type.construct}(" not in app.text
    assert app.gaps == []
    compile(app.text, "app.py", "exec")


def test_what_has_no_construct_is_listed_as_a_gap() -> None:
    left_out = LeftOut(noun="intermediate table", name="joined", identifier="1", reason="no L2")
    app = print_app(whole(left_out=(left_out,), unread=("the templates could not be read",)))
    assert app.gaps == [
        "the templates could not be read",
        "intermediate table 'joined' (1): no L2",
    ]
    assert "- the templates could not be read\n- intermediate table 'joined' (1): no L2\n" in (
        app.text
    )


@pytest.mark.parametrize(
    ("label", "variable"),
    [
        ("customers", "customers_namespace"),
        ("2024_customers", "namespace_2024_customers"),
        ("客户", "namespace"),
        ("class", "class_namespace"),
        ("a-b", "a_b_namespace"),
        ("Our Namespace", "our_namespace"),
        ("namespace", "namespace"),
        ("x" * 128, f"{'x' * 38}_namespace"),
    ],
)
def test_a_variable_is_named_after_its_resource(label: str, variable: str) -> None:
    found = replace(id_namespace(), label=label)
    app = print_app(snapshot(membership(), schema_mapping(), found, association()))
    assert variable in variables(app)
    compile(app.text, "app.py", "exec")


def test_the_id_of_a_construct_does_not_depend_on_what_else_has_its_name() -> None:
    kinds = {construct_id("same", printer._KINDS[type]) for type in PRINT_ORDER}
    assert len(kinds) == len(PRINT_ORDER)
    assert {"SameAssociation", "SameTableAssociation", "SameTable", "SameMappingTable"} <= kinds


def test_names_that_differ_only_in_case_or_punctuation_get_numbers() -> None:
    names = ("a-b", "ab", "A_B", "a b")
    found = [association(name, str(number)) for number, name in enumerate(names)]
    app = print_app(snapshot(membership(), *found))
    ids = re.findall(r'IdNamespaceAssociation\(\n +self,\n +"(\w+)"', app.text)
    assert len({id.lower() for id in ids}) == len(names)


def test_the_order_of_the_listing_makes_no_difference() -> None:
    resources = [*whole().resources, association("others", "2"), association("more", "3")]
    texts = {
        print_app(snapshot(*(resources[number:] + resources[:number]))).text
        for number in range(len(resources))
    }
    assert len(texts) == 1


def test_arguments_can_be_left_out() -> None:
    omitted = {
        "CustomersAssociation": frozenset({("manage_resource_policies",)}),
        "CustomersMapping": frozenset({("mapped_input_fields", "1", "match_key")}),
    }
    app = print_app(whole(), omitted=omitted)
    assert "manage_resource_policies" not in app.text
    assert "match_key" not in app.text


def test_collaborations_of_one_name_have_stacks_of_their_own() -> None:
    other = replace(whole(), collaboration="b" * 8 + whole().collaboration[8:])
    assert stack_name(whole()) == "Match-a1b2c3d4"
    assert stack_name(other) == "Match-bbbbbbbb"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("客户", "Collaboration"), ("2024 match", "Match"), ("a b", "AB"), ("x" * 200, "X" * 1)],
)
def test_a_stack_has_a_name_that_cloudformation_accepts(name: str, expected: str) -> None:
    found = stack_name(replace(whole(), name=name))
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", found)
    assert found.startswith(expected)


def test_text_of_a_name_cannot_end_the_docstring() -> None:
    app = print_app(replace(whole(), name='x"""\nimport os\n\\'))
    tree = ast.parse(app.text)
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))


def test_a_name_in_an_answer_cannot_become_code() -> None:
    settings = {"x=print(1), y": True}
    members = {**collaboration().members, "dataEncryptionMetadata": settings}
    app = print_app(snapshot(collaboration(members=members), membership()))
    assert "print(1)" not in ast.unparse(ast.parse(app.text).body[1:])  # type: ignore[arg-type]
    assert len(app.gaps) == 2


def test_a_stack_and_a_reason_cannot_end_their_comment() -> None:
    problem = 'no\nimport os\u2028"""\0'
    other = id_namespace(stack="a\nimport os", problem=None)
    app = print_app(snapshot(schema_mapping(problem=problem), other))
    imports = [node for node in ast.walk(ast.parse(app.text)) if isinstance(node, ast.Import)]
    assert imports == []


def test_what_only_a_comment_refers_to_is_not_assigned() -> None:
    provider = {"providerProperties": {"providerServiceArn": "arn:provider"}}
    by_provider = id_namespace(
        members={**id_namespace().members, "idMappingWorkflowProperties": [provider]}
    )
    app = print_app(snapshot(schema_mapping(), by_provider))
    assert variables(app) == []
    assert constants(app) == {}
    assert f'#     role="{id_namespace().members["roleArn"]}",\n' in app.text


def test_what_only_an_import_without_code_refers_to_is_not_assigned() -> None:
    app = print_app(snapshot(membership(), association(stack="Other")))
    assert variables(app) == []
    assert "from_existing" not in app.text


def test_a_partners_resource_in_a_membership_is_named_after_its_type() -> None:
    template = (
        f"arn:aws:cleanrooms:us-east-1:{PARTNER}:membership/{MEMBERSHIP}"
        "/analysistemplate/00000000-0000-4000-8000-000000000000"
    )
    app = print_app(snapshot(configured_table([template])))
    assert constants(app) == {"PARTNER_00000000_ANALYSIS_TEMPLATE": template}


@pytest.mark.parametrize(
    "text", ["a\r\nb\nc", "\ufeffa\nb\nc", "a\n${Token[TOKEN.1]}\nc", "\ud800\n\n"]
)
def test_a_text_that_a_file_would_change_stays_in_the_code(text: str) -> None:
    template = analysis_template(text)
    app = print_app(snapshot(membership(), template), text_files=True)
    assert app.files == {}
    ast.parse(app.text)


def test_a_long_text_that_cannot_be_declared_is_not_in_the_reason() -> None:
    text = "SELECT '{{resolve:ssm:/x}}'" + ", 1" * 1000
    [gap] = print_app(snapshot(membership(), analysis_template(text))).gaps
    assert "would resolve the dynamic reference in source={'text': \"SELECT" in gap
    assert "…, so no template can declare it" in gap
    assert len(gap) < 400


def test_a_collaboration_whose_description_cannot_be_declared_is_commented_out() -> None:
    members = {**collaboration().members, "description": "{{resolve:ssm:/x}}"}
    app = print_app(snapshot(collaboration(members=members), membership()))
    assert "        # Collaboration(\n" in app.text
    assert f'collaboration="{COLLABORATION}"' in app.text


def test_a_collaboration_in_which_nothing_can_be_declared_is_still_an_app() -> None:
    compile(print_app(snapshot()).text, "app.py", "exec")


def test_a_member_that_a_newer_model_has_is_a_gap_and_keeps_the_construct() -> None:
    place = {"s3": {"bucket": "results", "compression": {"type": "GZIP"}}}
    results = {"outputConfiguration": place, "roleArn": "arn:aws:iam::111122223333:role/results"}
    members = {**membership().members, "defaultResultConfiguration": results, "isPaused": True}
    app = print_app(snapshot(membership(members=members)))
    gap = "This version of cdk-cleanrooms does not know"
    assert [one.partition(gap)[2] for one in app.gaps] == [
        " defaultResultConfiguration.outputConfiguration.s3.compression, which is {'type': 'GZIP'}",
        " isPaused, which is True",
    ]
    assert len(app.constructs) == 1
    assert max(map(len, app.text.splitlines())) < 100


def test_a_member_of_an_item_that_a_newer_model_has_is_a_gap() -> None:
    [first, *others] = schema_mapping().members["mappedInputFields"]
    fields = [{**first, "isSecret": False}, *others]
    [gap] = print_app(snapshot(schema_mapping(members={"mappedInputFields": fields}))).gaps
    assert "does not know mappedInputFields.isSecret, which is False" in gap
