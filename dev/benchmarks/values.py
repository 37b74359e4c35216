"""Values for the resources in the benchmarks."""

from itertools import count

ACCOUNT = "111122223333"
REGION = "us-east-1"
COLLABORATION = "a1b2c3d4-5678-90ab-cdef-111111111111"
ID_NAMESPACE = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/customers"
WORKFLOW = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idmappingworkflow/customers"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{COLLABORATION}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/IdMapping"
TAGS = {"Team": "DataScience", "Environment": "Production"}

_numbers = count()


def new_id() -> str:
    """Return a new ID, so that no two resources claim the same name or quota."""
    return f"a1b2c3d4-5678-90ab-cdef-{next(_numbers):012}"
