"""Runs cfn-lint with rules that are loaded once: this takes longer than to check most templates."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


def findings(template: dict[str, Any], **configuration: Any) -> list[str]:
    """Return the rule and the message of each finding in a template."""
    # The import takes a second, and not every process of a test run checks templates.
    from cfnlint.config import ConfigMixIn
    from cfnlint.decode.decode import decode_str
    from cfnlint.runner import run_template_by_data

    decoded, errors = decode_str(json.dumps(template))
    assert not errors
    found = run_template_by_data(decoded, ConfigMixIn(**configuration), _rules())
    return [f"{finding.rule.id} {finding.message}" for finding in found]


@cache
def _rules() -> Any:
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    return Runner(ConfigMixIn()).rules
