"""The names that code blocks on the pages can use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnWaitConditionHandle, Environment, Stack

from cdk_cleanrooms import IdNamespaceAssociation


@pytest.fixture
def namespace(tmp_path: Path) -> dict[str, Any]:
    """The names that a Python block can use without creating them."""
    app = App(
        outdir=str(tmp_path / "cdk.out"),
        context={"@aws-cdk/core:validateAgainstDefaultRules": True},
    )
    environment = Environment(account="111122223333", region="us-east-1")
    stack = Stack(app, "MyStack", env=environment)
    # A block may create only imports, but a template needs at least one resource.
    CfnWaitConditionHandle(stack, "Nothing")
    return {
        "__name__": "__page__",
        "IdNamespaceAssociation": IdNamespaceAssociation,
        "app": app,
        "stack": stack,
    }
