"""Samples of every resource, for the tests that hold for all of them.

To have a resource tested by `tests/resources/test_every_resource.py`, add a module to this package
that has a `SAMPLE`. Nothing else is needed: the modules of this package are found by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from aws_cdk import CfnResource, RemovalPolicy, Stack
from constructs import Construct


def _another_name(number: int) -> dict[str, Any]:
    return {"name": f"customers{number}"}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the shared tests need to know about one resource."""

    construct: Any
    """The class, such as `IdMappingTable`."""
    l1: Any
    """The class of the CDK, such as `CfnIdMappingTable`."""
    grants: Any
    """The class of its grants, such as `IdMappingTableGrants`."""

    minimal: Mapping[str, Any]
    """The required arguments, as literals."""
    l1_minimal: Mapping[str, Any]
    """The arguments of an L1 that a careful person would write for the same resource."""
    full: Mapping[str, Any]
    """Literals for all other arguments but `tags`, `removal_policy` and `adopt`."""
    l1_full: Mapping[str, Any]
    """What the L1 has for them, besides `l1_minimal` and in place of parts of it."""
    constructs: Callable[[Stack], tuple[Mapping[str, Any], Mapping[str, Any]]]
    """A function that makes constructs for the arguments that can be constructs. It returns these
    arguments, and what an L1 has in their place."""
    another: Callable[[int], Mapping[str, Any]] = _another_name
    """A function that returns arguments which make it another resource for each number, such as
    one of another name."""
    found_by: str = "name"
    """The argument by which `adopt=True` finds the resource."""
    is_unique: bool = True
    """Whether AWS refuses two resources with the same minimal arguments."""
    is_referred_to_by_name: bool = False
    """Whether the CDK's reference to one has its name alone, from which the CDK makes the ARN."""
    removal_policy: RemovalPolicy | None = None
    """The removal policy by default; None if the resource is deleted."""
    removal_policy_if_found: RemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
    """The removal policy by default of one that `adopt=True` creates or takes over."""
    requests: int = 2
    """How many requests to the CDK's process it takes to create one."""

    identifier: str
    """The identifier of an existing one, such as the UUID that `adopt` accepts."""
    primary_identifier: Mapping[str, str]
    """Its primary identifier in CloudFormation, with the parts in order."""
    arn: str
    """The ARN of the existing one."""
    from_arn: str
    """The name of the method that imports it by its ARN."""
    existing: Mapping[str, Any]
    """The arguments of `from_existing` that import it."""
    lookup: Mapping[str, Any] | None = None
    """The arguments of `from_lookup` that import it, if there is such a method."""
    looked_up: Mapping[str, tuple[str, str | bool]]
    """For each attribute that only a look-up has: the property in CloudFormation, and a value."""

    attributes: Mapping[str, str]
    """The attributes of a created one that are attributes in CloudFormation, and their names
    there."""
    known: Mapping[str, str]
    """The attributes of an import that are no ARNs, and their values."""
    arns: Mapping[str, str]
    """The attributes of an import that are ARNs, and their values."""

    permissions: Mapping[str, Mapping[str, Sequence[str]]]
    """For each method of the grants: the attributes that are the resources of its statements, and
    the actions in them."""

    def __str__(self) -> str:
        return str(self.construct.__name__)

    def declare(self, scope: Construct, id: str = "Sample", **arguments: Any) -> Any:
        """Declare one with its minimal arguments, but for those given."""
        return self.construct(scope, id, **{**self.minimal, **arguments})

    def by_hand(self, scope: Construct, **properties: Any) -> CfnResource:
        """Declare the L1 for the minimal arguments, but for those given."""
        l1: CfnResource = self.l1(scope, "ByHand", **{**self.l1_minimal, **properties})
        if self.removal_policy is not None:
            l1.apply_removal_policy(self.removal_policy)
        return l1

    def import_existing(self, scope: Construct, id: str = "Existing") -> Any:
        """Import the existing one."""
        return self.construct.from_existing(scope, id, **self.existing)

    def import_by_arn(self, scope: Construct, arn: Any = None, id: str = "ByArn") -> Any:
        """Import the existing one by its ARN, or another one."""
        return getattr(self.construct, self.from_arn)(scope, id, self.arn if arn is None else arn)

    def look_up(self, scope: Construct, **arguments: Any) -> Any:
        """Look the existing one up."""
        assert self.lookup is not None
        return self.construct.from_lookup(scope, "LookedUp", **{**self.lookup, **arguments})


SAMPLES: list[Sample] = [
    import_module(f"{__name__}.{module.name}").SAMPLE for module in iter_modules(__path__)
]
