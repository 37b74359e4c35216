"""The errors of the local cloud."""

from __future__ import annotations

from typing import Any


class DeploymentFailed(Exception):  # noqa: N818, because it names an outcome, as CloudFormation does
    """CloudFormation did not deploy or destroy a stack.

    Args:
        stack: The name of the stack.
        status: The status of the stack, or an empty text if there is none yet.
        resource: The path of the construct that failed first, or its logical ID if it has no path.
        reason: Why it failed.
        events: The events of the failed operation, oldest first, as CloudFormation describes them.
    """

    def __init__(
        self,
        stack: str,
        status: str,
        resource: str,
        reason: str,
        events: list[dict[str, Any]],
    ) -> None:
        self.stack = stack
        self.status = status
        self.resource = resource
        self.reason = reason
        self.events = events
        lines = [f"{stack} {status}".rstrip() + f": {resource}: {reason}"]
        lines += [
            f"  {event['LogicalResourceId']} {event['ResourceStatus']}"
            + (f": {told}" if (told := event.get("ResourceStatusReason")) else "")
            for event in events
        ]
        super().__init__("\n".join(lines))


class UnsupportedByLocalCloud(Exception):  # noqa: N818, because it is also the code of the API's error
    """The local cloud does not support what was asked for, although AWS does."""


def without_the_extra(error: ModuleNotFoundError) -> str:
    """Return the message for a module that is missing."""
    return (
        f"{error}. Install what the local cloud needs: "
        "python -m pip install 'cdk-cleanrooms[local]'"
    )
