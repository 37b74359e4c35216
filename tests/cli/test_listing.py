"""Compare what the command shows of each resource type with the models of AWS."""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.session import get_session

from cdk_cleanrooms._cli.arguments import KNOWN_MEMBERS
from cdk_cleanrooms._cli.listing import LISTINGS
from cdk_cleanrooms._core.types import ResourceType
from dev.known_members import published


@pytest.mark.parametrize("resource_type", [*LISTINGS], ids=lambda one: one.option)
def test_the_column_of_a_table_is_in_the_answer_of_the_service(resource_type: ResourceType) -> None:
    model = get_session().get_service_model(resource_type.service)
    [name] = [one for one in model.operation_names if xform_name(one) == resource_type.list]
    items = model.operation_model(name).output_shape.members[resource_type.list_items]
    _, path = LISTINGS[resource_type].column
    assert path.split(".")[0] in items.member.members


def test_the_members_that_the_command_knows_are_those_of_the_model() -> None:
    # `python -m dev.known_members` renews them, after the new ones have been looked at.
    assert KNOWN_MEMBERS.read_text("utf-8") == published()
