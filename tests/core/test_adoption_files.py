"""Tests of the files that synthesis writes and `cdk-cleanrooms adopt` reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_cleanrooms._core.adoption_files import Adoption, UnknownVersionError, read, write

TYPE = "AWS::CleanRooms::Membership"
IDENTIFIER = {"MembershipIdentifier": "a1b2c3d4-5678-90ab-cdef-111111111111"}
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Second": {"Type": TYPE, "Metadata": {"aws:cdk:path": "Stack/Second/Resource"}},
        "First": {"Type": TYPE},
    }
}
SECOND = Adoption("Second", "Stack/Second", TYPE, IDENTIFIER)
FIRST = Adoption("First", "First", TYPE, None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a template."""
    return tmp_path / "Stack.template.json"


def has(file: Path, kind: str, content: object) -> None:
    (file.parent / f"Stack.{kind}.json").write_text(json.dumps(content))


def test_what_was_written_is_read_in_the_order_of_the_template(file: Path) -> None:
    assert write(file, [FIRST, SECOND]) == {
        file.parent / "Stack.adopt.json",
        file.parent / "Stack.import.json",
    }
    assert read(file, TEMPLATE) == [SECOND, FIRST]


def test_the_parts_of_an_identifier_keep_the_order_of_cloudformation(file: Path) -> None:
    type_name = "AWS::CleanRooms::PrivacyBudgetTemplate"
    parts = {"PrivacyBudgetTemplateIdentifier": "1", "MembershipIdentifier": "2"}
    write(file, [Adoption("Budget", "Stack/Budget", type_name, parts)])
    (found,) = read(file, {"Resources": {"Budget": {"Type": type_name}}})
    assert [*(found.identifier or {}).values()] == ["1", "2"]


def test_no_file_is_written_if_nothing_is_adopted(file: Path) -> None:
    assert write(file, []) == set()
    assert read(file, TEMPLATE) == []


def test_an_adoption_that_is_no_longer_in_the_template_is_ignored(file: Path) -> None:
    write(file, [FIRST, SECOND])
    assert read(file, {"Resources": {"First": {"Type": TYPE}}}) == [FIRST]


def test_the_form_before_there_was_a_version_is_understood(file: Path) -> None:
    entry = {"ConstructPath": "Stack/Second", "ResourceType": TYPE}
    has(file, "adopt", {"Second": {**entry, "ResourceIdentifier": IDENTIFIER}})
    assert read(file, TEMPLATE) == [SECOND]


def test_a_resource_mapping_alone_is_understood(file: Path) -> None:
    has(file, "import", {"Second": IDENTIFIER, "First": IDENTIFIER, "Gone": IDENTIFIER})
    assert read(file, TEMPLATE) == [SECOND, FIRST._replace(identifier=IDENTIFIER)]


@pytest.mark.parametrize(
    ("kind", "content", "written"),
    [
        ("adopt", {"Version": 2, "Adoptions": {}}, "with version 2"),
        ("adopt", {"Version": "1.0"}, "with version 1.0"),
        ("adopt", {"Version": 1}, "with version 1"),
        ("adopt", {"First": {"Path": "Stack/First"}}, "in a form"),
        ("adopt", {"First": "Stack/First"}, "in a form"),
        ("adopt", [], "in a form"),
        ("import", [], "in a form"),
    ],
)
def test_an_unknown_version_or_form_is_refused_with_what_to_do(
    file: Path, kind: str, content: object, written: str
) -> None:
    has(file, kind, content)
    with pytest.raises(UnknownVersionError) as refusal:
        read(file, TEMPLATE)
    assert str(refusal.value) == (
        f"{file.parent}/Stack.{kind}.json was written {written} that this version of cdk-cleanrooms"
        " does not understand; install the version of cdk-cleanrooms that the app uses, and"
        " synthesize the app again"
    )
