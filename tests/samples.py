"""Valid values, for tests that need some value."""

ACCOUNT = "111122223333"
REGION = "us-east-1"

MEMBERSHIP_ID = "a1b2c3d4-5678-90ab-cdef-111111111111"
MEMBERSHIP_ARN = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:membership/{MEMBERSHIP_ID}"

ASSOCIATION_ID = "a1b2c3d4-5678-90ab-cdef-222222222222"
ASSOCIATION_ARN = f"{MEMBERSHIP_ARN}/idnamespaceassociation/{ASSOCIATION_ID}"

COLLABORATION_ID = "a1b2c3d4-5678-90ab-cdef-333333333333"

ID_NAMESPACE_ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/customers"
COLLABORATION_ARN = f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:collaboration/{COLLABORATION_ID}"

TABLE_ID = "a1b2c3d4-5678-90ab-cdef-555555555555"
TABLE_ARN = f"{MEMBERSHIP_ARN}/idmappingtable/{TABLE_ID}"

ID_MAPPING_WORKFLOW_ARN = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idmappingworkflow/customers"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/a1b2c3d4-5678-90ab-cdef-666666666666"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/IdMapping"

CONFIGURED_TABLE_ID = "a1b2c3d4-5678-90ab-cdef-777777777777"
CONFIGURED_TABLE_ARN = (
    f"arn:aws:cleanrooms:{REGION}:{ACCOUNT}:configuredtable/{CONFIGURED_TABLE_ID}"
)
TABLE_ASSOCIATION_ID = "a1b2c3d4-5678-90ab-cdef-888888888888"
TABLE_ASSOCIATION_ARN = f"{MEMBERSHIP_ARN}/configuredtableassociation/{TABLE_ASSOCIATION_ID}"
TEMPLATE_ID = "a1b2c3d4-5678-90ab-cdef-999999999999"
TEMPLATE_ARN = f"{MEMBERSHIP_ARN}/analysistemplate/{TEMPLATE_ID}"
BUDGET_ID = "a1b2c3d4-5678-90ab-cdef-aaaaaaaaaaaa"
BUDGET_ARN = f"{MEMBERSHIP_ARN}/privacybudgettemplate/{BUDGET_ID}"
GLUE_TABLE_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}:table/crm/orders"
