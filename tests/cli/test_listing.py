"""Compare what the command shows of each resource type with the models of AWS."""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.session import get_session

from cdk_cleanrooms._cli.listing import LISTINGS
from cdk_cleanrooms._core.types import ResourceType


@pytest.mark.parametrize("resource_type", [*LISTINGS], ids=lambda one: one.option)
def test_the_column_of_a_table_is_in_the_answer_of_the_service(resource_type: ResourceType) -> None:
    model = get_session().get_service_model(resource_type.service)
    [name] = [one for one in model.operation_names if xform_name(one) == resource_type.list]
    items = model.operation_model(name).output_shape.members[resource_type.list_items]
    _, path = LISTINGS[resource_type].column
    assert path.split(".")[0] in items.member.members
