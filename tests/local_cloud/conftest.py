"""Fixtures for the tests of the local cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.environment import ACCOUNT, REGION
from cdk_cleanrooms.local_cloud.service import Caller


@pytest.fixture(scope="session", autouse=True)
def state_of_ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder for what ministack writes when this process imports it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATE_DIR", str(tmp_path_factory.mktemp("ministack")))
        yield


@pytest.fixture
def caller() -> Caller:
    return Caller(ACCOUNT, REGION)


@pytest.fixture
def service() -> CleanRooms:
    return CleanRooms()


@pytest.fixture
def membership() -> str:
    return str(uuid4())


@pytest.fixture
def request_to_create(membership: str) -> dict[str, Any]:
    """The smallest request to create an association."""
    return {
        "membershipIdentifier": membership,
        "name": "customers",
        "inputReferenceConfig": {
            "inputReferenceArn": f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/people",
            "manageResourcePolicies": True,
        },
    }


@pytest.fixture
def properties(membership: str) -> dict[str, Any]:
    """The smallest set of properties for an association."""
    return {
        "MembershipIdentifier": membership,
        "Name": "customers",
        "InputReferenceConfig": {
            "InputReferenceArn": f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/people",
            "ManageResourcePolicies": True,
        },
    }
