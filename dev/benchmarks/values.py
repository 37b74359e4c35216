"""What the associations that are counted and timed have in common."""

ACCOUNT = "111122223333"
REGION = "us-east-1"
MEMBERSHIP = "a1b2c3d4-5678-90ab-cdef-111111111111"
ID_NAMESPACE = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/customers"
TAGS = {"Team": "DataScience", "Environment": "Production"}
