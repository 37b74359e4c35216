"""Samples of every resource, for the tests that run for all resources.

To test a resource with `tests/resources/test_every_resource.py`, add a module with a `SAMPLE` to
this package. The tests find the modules of this package automatically.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from aws_cdk import CfnResource, RemovalPolicy, Stack
from constructs import Construct


def _another_name(number: int) -> dict[str, Any]:
    return {"name": f"customers{number}"}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The facts about one resource for the shared tests."""

    construct: Any
    """The class, such as `IdMappingTable`."""
    l1: Any
    """The class of the L1, such as `CfnIdMappingTable`."""
    grants: Any
    """The class of its grants, such as `IdMappingTableGrants`."""

    minimal: Mapping[str, Any]
    """The required arguments, as literals."""
    l1_minimal: Mapping[str, Any]
    """The arguments of an L1 for the same resource, written by hand."""
    full: Mapping[str, Any]
    """Literals for all other arguments except `tags`, `removal_policy` and `adopt`."""
    l1_full: Mapping[str, Any]
    """The L1's arguments for them, in addition to `l1_minimal` or instead of parts of it."""
    constructs: Callable[[Stack], tuple[Mapping[str, Any], Mapping[str, Any]]]
    """A function that creates constructs for the arguments that accept constructs. It returns these
    arguments, and the corresponding arguments of the L1."""
    another: Callable[[int], Mapping[str, Any]] = _another_name
    """A function that returns arguments for another resource for each number, such as a resource
    with another name."""
    found_by: str = "name"
    """The argument by which `adopt=True` finds the resource."""
    is_unique: bool = True
    """Whether AWS refuses two resources with the same minimal arguments."""
    is_referred_to_by_name: bool = False
    """Whether the CDK's reference contains only the name, from which the CDK builds the ARN."""
    removal_policy: RemovalPolicy | None = None
    """The default removal policy; None if the resource is deleted."""
    removal_policy_if_found: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
    """The default removal policy with `adopt=True`."""
    requests: int = 2
    """The number of requests to the CDK's process to create one."""

    identifier: str
    """The identifier of an existing resource, such as the UUID that `adopt` accepts."""
    primary_identifier: Mapping[str, str]
    """The primary identifier in CloudFormation, with the parts in order."""
    arn: str
    """The ARN of the existing resource."""
    from_arn: str
    """The name of the method that imports it by its ARN."""
    existing: Mapping[str, Any]
    """The arguments of `from_existing`."""
    lookup: Mapping[str, Any] | None = None
    """The arguments of `from_lookup`, if this method exists."""
    looked_up: Mapping[str, tuple[str, str | bool]]
    """For each attribute that only a look-up has, the property in CloudFormation, and a value."""

    attributes: Mapping[str, str]
    """The attributes of a created resource that come from CloudFormation, and their names there."""
    known: Mapping[str, str]
    """The attributes of an import except ARNs, and their values."""
    arns: Mapping[str, str]
    """The attributes of an import that are ARNs, and their values."""

    permissions: Mapping[str, Mapping[str, Sequence[str]]]
    """For each method of the grants, the attributes with the resources of its statements, and the
    actions of the statements. `arn_in_policies` is the ARN of the service authorization reference,
    for a type whose own ARN can have another form."""

    other_grants: Collection[str] = ()
    """The methods of the grants that have arguments of their own, and separate tests."""
    in_the_collaboration: Mapping[str, str] = field(default_factory=dict)
    """For methods of the grants, an action that is also allowed if the collaboration is known."""

    def __str__(self) -> str:
        return str(self.construct.__name__)

    def declare(self, scope: Construct, id: str = "Sample", **arguments: Any) -> Any:
        """Declare the resource with minimal arguments, except for the given ones."""
        return self.construct(scope, id, **{**self.minimal, **arguments})

    def by_hand(self, scope: Construct, **properties: Any) -> CfnResource:
        """Declare the L1 with minimal arguments, except for the given ones."""
        l1: CfnResource = self.l1(scope, "ByHand", **{**self.l1_minimal, **properties})
        if self.removal_policy is not None:
            l1.apply_removal_policy(self.removal_policy)
        return l1

    def import_existing(self, scope: Construct, id: str = "Existing") -> Any:
        """Import the existing resource."""
        return self.construct.from_existing(scope, id, **self.existing)

    def import_by_arn(self, scope: Construct, arn: Any = None, id: str = "ByArn") -> Any:
        """Import the existing resource, or another one, by its ARN."""
        return getattr(self.construct, self.from_arn)(scope, id, self.arn if arn is None else arn)

    def look_up(self, scope: Construct, **arguments: Any) -> Any:
        """Look up the existing resource."""
        assert self.lookup is not None
        return self.construct.from_lookup(scope, "LookedUp", **{**self.lookup, **arguments})


SAMPLES: list[Sample] = [
    import_module(f"{__name__}.{module.name}").SAMPLE for module in iter_modules(__path__)
]
