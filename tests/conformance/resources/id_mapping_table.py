"""An ID mapping table."""

from __future__ import annotations

from cdk_cleanrooms._core import types
from cdk_cleanrooms._core.access import key_arn
from cdk_cleanrooms.clean_rooms.id_mapping_table import _name, _workflow_arn
from tests.resources.samples.id_mapping_table import SAMPLE

from .. import strategies
from ..properties import (
    DESCRIPTION,
    OF_A_MEMBERSHIP,
    RESOURCE_POLICIES,
    TAGS,
    Property,
    Resource,
    arn_of,
    identifier_of,
)

RESOURCE = Resource(
    SAMPLE,
    Property("name", _name, strategies.table_names, "Name", kind="name of an ID mapping table"),
    DESCRIPTION,
    OF_A_MEMBERSHIP,
    Property(
        "id_mapping_workflow",
        _workflow_arn,
        strategies.id_mapping_workflow_arns,
        "InputReferenceConfig.InputReferenceArn",
    ),
    RESOURCE_POLICIES,
    Property("encryption_key", key_arn, strategies.key_arns, "KmsKeyArn"),
    *TAGS,
    identifier_of(types.ID_MAPPING_TABLE),
    arn_of(types.ID_MAPPING_TABLE, strategies.table_arns),
)
