"""Tests of text: enumerations, placeholders of look-ups, dynamic references, list tokens."""

from __future__ import annotations

import json
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Environment, Fn, SecretValue, Stack
from aws_cdk.aws_ssm import StringParameter

from cdk_cleanrooms import IdNamespaceAssociation, Member
from cdk_cleanrooms._core.validation import plain
from tests.helpers import Associate, problems_of, resource_of
from tests.samples import (
    ACCOUNT,
    ASSOCIATION_ARN,
    ASSOCIATION_ID,
    ID_NAMESPACE_ARN,
    MEMBERSHIP_ID,
    REGION,
)


class Mixed(str, Enum):  # noqa: UP042 - as opposed to StrEnum
    """A common kind of enumeration, for which `f"{member}"` is the name of the member."""

    MEMBERSHIP = MEMBERSHIP_ID
    ASSOCIATION = ASSOCIATION_ID
    ASSOCIATION_ARN = ASSOCIATION_ARN
    ID_NAMESPACE = ID_NAMESPACE_ARN
    CONSTRUCT = "Customers"
    NAME = "customers"


class Text(StrEnum):
    MEMBERSHIP = MEMBERSHIP_ID
    ASSOCIATION = ASSOCIATION_ID
    ASSOCIATION_ARN = ASSOCIATION_ARN
    ID_NAMESPACE = ID_NAMESPACE_ARN
    CONSTRUCT = "Customers"
    NAME = "customers"


constants = pytest.mark.parametrize("names", [Mixed, Text])


@constants
def test_a_member_of_an_enumeration_becomes_its_value_in_the_template(
    names: Any, associate: Associate
) -> None:
    association = associate(
        id=names.CONSTRUCT,
        membership=names.MEMBERSHIP,
        id_namespace=names.ID_NAMESPACE,
        name=names.NAME,
        description=names.NAME,
        tags={names.NAME: names.CONSTRUCT},
    )
    assert association.node.id == "Customers"
    assert resource_of(association)["Properties"] == {
        "MembershipIdentifier": MEMBERSHIP_ID,
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE_ARN,
            "ManageResourcePolicies": True,
        },
        "Name": "customers",
        "Description": "customers",
        "Tags": [{"Key": "customers", "Value": "Customers"}],
    }


@constants
def test_a_member_of_an_enumeration_becomes_its_value_in_an_import(
    names: Any, stack: Stack
) -> None:
    by_id = IdNamespaceAssociation.from_existing(
        stack,
        "ById",
        membership=names.MEMBERSHIP,
        id_namespace_association_identifier=names.ASSOCIATION,
    )
    by_arn = IdNamespaceAssociation.from_id_namespace_association_arn(
        stack, "ByArn", names.ASSOCIATION_ARN
    )
    arn = by_id.id_namespace_association_arn
    assert arn.endswith(f"membership/{MEMBERSHIP_ID}/idnamespaceassociation/{ASSOCIATION_ID}")
    assert type(by_id.id_namespace_association_identifier) is str
    assert f"{by_arn.id_namespace_association_arn}" == ASSOCIATION_ARN


@constants
def test_a_member_of_an_enumeration_becomes_its_value_in_a_look_up(
    names: Any, known_stack: Stack
) -> None:
    app = known_stack.node.root
    assert isinstance(app, App)
    IdNamespaceAssociation.from_lookup(
        known_stack,
        "Existing",
        membership_identifier=names.MEMBERSHIP,
        id_namespace_association_identifier=names.ASSOCIATION,
    )
    [missing] = json.loads(Path(app.synth().directory, "manifest.json").read_text())["missing"]
    assert missing["props"]["exactIdentifier"] == f"{ASSOCIATION_ID}|{MEMBERSHIP_ID}"


@constants
def test_an_adoption_by_an_enumeration_is_the_same_as_by_its_value(
    names: Any, app: App, associate: Associate
) -> None:
    associate(id="First", adopt=names.ASSOCIATION)
    associate(id="Second", name="other", adopt=ASSOCIATION_ID)
    with pytest.raises(RuntimeError, match="is already adopted by Stack/First"):
        app.synth()


@constants
def test_a_member_of_an_enumeration_can_be_the_key_of_a_tag(
    names: Any, associate: Associate
) -> None:
    association = associate(tags={"customers": "old"})
    association.add_tag(names.NAME, names.CONSTRUCT)
    assert resource_of(association)["Properties"]["Tags"] == [
        {"Key": "customers", "Value": "Customers"}
    ]


@constants
def test_a_tag_can_be_removed_by_a_member_of_an_enumeration(
    names: Any, associate: Associate
) -> None:
    association = associate(tags={"customers": "value"})
    association.remove_tag(names.NAME)
    assert "Tags" not in resource_of(association)["Properties"]


@pytest.fixture
def known_stack() -> Stack:
    """A stack whose account and Region are known."""
    app = App()
    return Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))


def looked_up(stack: Stack, name: str) -> str:
    return StringParameter.value_from_lookup(stack, f"/clean-rooms/{name}")


def test_a_placeholder_of_a_look_up_is_accepted_in_every_argument(known_stack: Stack) -> None:
    arguments: dict[str, Any] = {
        name: looked_up(known_stack, name)
        for name in ("membership", "id_namespace", "name", "description", "adopt")
    }
    association = IdNamespaceAssociation(
        known_stack, "Association", **arguments, tags={"Team": looked_up(known_stack, "team")}
    )
    assert resource_of(association)["Properties"]["MembershipIdentifier"].startswith("dummy-value")


def test_a_placeholder_inside_other_text_is_accepted(known_stack: Stack) -> None:
    name = looked_up(known_stack, "name")
    arn = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/{name}"
    association = IdNamespaceAssociation(
        known_stack, "Association", membership=MEMBERSHIP_ID, id_namespace=arn, name=name
    )
    assert name in resource_of(association)["Properties"]["Name"]


def test_no_mapping_is_written_for_an_adoption_by_a_placeholder(known_stack: Stack) -> None:
    for number in (1, 2):  # both have the same name and the same identifier before the look-up
        IdNamespaceAssociation(
            known_stack,
            f"Association{number}",
            membership=looked_up(known_stack, "membership"),
            id_namespace=ID_NAMESPACE_ARN,
            name=looked_up(known_stack, "name"),
            adopt=looked_up(known_stack, "association"),
        )
    app = known_stack.node.root
    assert isinstance(app, App)
    assert [*Path(app.synth().directory).glob("*.import.json")] == []


def test_a_look_up_by_a_placeholder_waits_for_the_first_look_up(known_stack: Stack) -> None:
    association = IdNamespaceAssociation.from_lookup(
        known_stack,
        "Existing",
        membership_identifier=looked_up(known_stack, "membership"),
        id_namespace_association_identifier=ASSOCIATION_ID,
    )
    assert association.name == "dummy"
    app = known_stack.node.root
    assert isinstance(app, App)
    manifest = json.loads(Path(app.synth().directory, "manifest.json").read_text())
    assert [missing["provider"] for missing in manifest["missing"]] == ["ssm"]


def test_an_import_by_a_placeholder_has_well_formed_parts(known_stack: Stack) -> None:
    association = IdNamespaceAssociation.from_id_namespace_association_arn(
        known_stack, "Existing", looked_up(known_stack, "arn")
    )
    assert association.membership_identifier == "dummy-value-for-/clean-rooms/arn"


DYNAMIC_REFERENCES = [
    "{{resolve:ssm:/clean-rooms/value}}",
    "{{resolve:ssm:/clean-rooms/value:2}}",
    "{{resolve:ssm-secure:/clean-rooms/value}}",
    "{{resolve:secretsmanager:clean-rooms:SecretString:value}}",
]


@pytest.mark.parametrize("reference", DYNAMIC_REFERENCES)
@pytest.mark.parametrize("argument", ["membership", "id_namespace", "name", "description"])
def test_a_dynamic_reference_is_accepted(
    argument: str, reference: str, associate: Associate
) -> None:
    assert associate(**{argument: reference}).node.id == "Association"


def test_the_length_of_text_with_a_dynamic_reference_is_not_checked(
    associate: Associate,
) -> None:
    name = "customers " + DYNAMIC_REFERENCES[0] * 4
    assert associate(name=name, tags={name: "value"}).name == name


def test_a_secret_value_is_accepted(associate: Associate) -> None:
    secret = SecretValue.secrets_manager("clean-rooms").unsafe_unwrap()
    assert associate(description=secret).node.id == "Association"


@pytest.mark.parametrize("argument", ["membership", "adopt"])
def test_a_dynamic_reference_cannot_be_adopted(argument: str, associate: Associate) -> None:
    arguments = {"adopt": ASSOCIATION_ID, argument: DYNAMIC_REFERENCES[0]}
    [problem] = problems_of(lambda: associate(**arguments))
    assert problem.property == argument
    assert "is only known at deployment" in problem.message


def test_an_arn_that_is_a_dynamic_reference_cannot_be_split(stack: Stack) -> None:
    [problem] = problems_of(
        lambda: IdNamespaceAssociation.from_id_namespace_association_arn(
            stack, "Existing", DYNAMIC_REFERENCES[0]
        )
    )
    assert "cannot be split into the parts of an ARN" in problem.message


def test_an_arn_with_dynamic_references_inside_can_be_split(stack: Stack) -> None:
    association = IdNamespaceAssociation.from_id_namespace_association_arn(
        stack,
        "Existing",
        f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{DYNAMIC_REFERENCES[0]}"
        f"/idnamespaceassociation/{ASSOCIATION_ID}",
    )
    assert association.membership_identifier == DYNAMIC_REFERENCES[0]
    assert association.id_namespace_association_identifier == ASSOCIATION_ID


@pytest.mark.parametrize("argument", ["membership", "id_namespace", "name", "description"])
def test_the_message_explains_an_item_of_a_list_token(
    argument: str, stack: Stack, associate: Associate
) -> None:
    parameter = CfnParameter(stack, "Parameter", type="CommaDelimitedList")
    [problem] = problems_of(lambda: associate(**{argument: parameter.value_as_list[0]}))
    assert "is an item taken out of a list token" in problem.message
    assert "Fn.select(0, the_list)" in problem.message
    assert associate(**{argument: Fn.select(0, parameter.value_as_list)})


@pytest.mark.parametrize("library", ["a_library", "numpy"])
def test_the_message_names_the_library_of_a_foreign_boolean(
    library: str, associate: Associate
) -> None:
    other = type("bool", (), {"__module__": library, "__repr__": lambda _: "True_"})()
    [problem] = problems_of(lambda: associate(manage_resource_policies=other))
    assert problem.message == f"True_ is of type {library}.bool; use True or False, without quotes"


def test_text_in_every_kind_of_value_becomes_plain_text() -> None:
    member = Member(display_name=Mixed.NAME)
    found = plain({Mixed.NAME: [(Mixed.NAME,), member]})
    assert repr(found) == repr({"customers": [("customers",), Member(display_name="customers")]})
    assert plain(Member) is Member
