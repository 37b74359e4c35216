"""The app that the tests in the folder `tests` test."""

from __future__ import annotations

from aws_cdk import App, Environment

from customer_matching.stack import CustomerMatchingStack

app = App()
CustomerMatchingStack(
    app,
    "CustomerMatching",
    env=Environment(account="111122223333", region="us-east-1"),
    membership="a1b2c3d4-5678-90ab-cdef-111111111111",
    id_namespace="arn:aws:entityresolution:us-east-1:111122223333:idnamespace/customers",
)
app.synth()
