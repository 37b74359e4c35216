"""An ID namespace association."""

from __future__ import annotations

from cdk_cleanrooms._core import checks, types
from cdk_cleanrooms.clean_rooms.id_namespace_association import _id_namespace_arn
from tests.resources.samples.id_namespace_association import SAMPLE

from .. import strategies
from ..properties import (
    DESCRIPTION,
    NAME,
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
    NAME,
    DESCRIPTION,
    OF_A_MEMBERSHIP,
    Property(
        "id_namespace",
        _id_namespace_arn,
        strategies.id_namespace_arns,
        "InputReferenceConfig.InputReferenceArn",
    ),
    RESOURCE_POLICIES,
    Property(
        "allow_use_as_dimension_column",
        checks.boolean,
        strategies.booleans,
        "IdMappingConfig.AllowUseAsDimensionColumn",
    ),
    *TAGS,
    identifier_of(types.ID_NAMESPACE_ASSOCIATION),
    arn_of(types.ID_NAMESPACE_ASSOCIATION, strategies.association_arns),
)
