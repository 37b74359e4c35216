"""Tests that accepted arguments can be deployed and become the declared resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack

from cdk_cleanrooms import IdNamespaceAssociation
from cdk_cleanrooms.local_cloud import LocalAccount

from .examples import Tally, batches
from .strategies import good_constructs

_IN_A_STACK = 50
_EXAMPLES_FOR_EACH_DEPLOYED = 100
_QUOTA_OF_A_MEMBERSHIP = 10

_DEFAULTS: dict[str, object] = {
    "description": None,
    "manage_resource_policies": True,
    "allow_use_as_dimension_column": None,
    "tags": {},
}
_NOT_IN_THE_SERVICE = ("removal_policy", "adopt")


def live(cloud: LocalAccount) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the existing resources as arguments, by membership and name."""
    return {
        (found["membershipId"], found["name"]): {
            "membership": found["membershipId"],
            "name": found["name"],
            "description": found.get("description"),
            "id_namespace": found["inputReferenceConfig"]["inputReferenceArn"],
            "manage_resource_policies": found["inputReferenceConfig"]["manageResourcePolicies"],
            "allow_use_as_dimension_column": found.get("idMappingConfig", {}).get(
                "allowUseAsDimensionColumn"
            ),
            "tags": {
                key: value for key, value in found["tags"].items() if not key.startswith("aws:")
            },
        }
        for found in cloud.resources("IdNamespaceAssociation")
    }


def possible_together(constructs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out arguments that are valid alone, but conflict with earlier ones."""
    names: dict[str, set[str]] = defaultdict(set)
    adopted = set()
    for construct in constructs:
        membership, adopt = construct["membership"], construct.get("adopt")
        taken = names[membership]
        is_adopted = adopt and (membership, adopt) in adopted
        if construct["name"] in taken or len(taken) == _QUOTA_OF_A_MEMBERSHIP or is_adopted:
            continue
        taken.add(construct["name"])
        adopted.add((membership, adopt))
        yield construct


def test_accepted_arguments_can_be_deployed_and_become_the_declared_resource(
    tmp_path: Path, tally: Tally, cleanrooms_cloud: LocalAccount
) -> None:
    account, region = cleanrooms_cloud.account, cleanrooms_cloud.region
    for number, batch in enumerate(
        batches(
            good_constructs(account, region),
            in_a_test_run=_IN_A_STACK,
            size=_IN_A_STACK,
            share=_EXAMPLES_FOR_EACH_DEPLOYED,
        )
    ):
        declared = [*possible_together(batch)]
        stack = Stack(
            App(outdir=str(tmp_path / str(number))),
            "Stack",
            env=Environment(account=account, region=region),
        )
        for index, arguments in enumerate(declared):
            # Nothing exists that could be adopted, so all are created.
            created = {name: value for name, value in arguments.items() if name != "adopt"}
            IdNamespaceAssociation(stack, f"Association{index}", **created)

        cleanrooms_cloud.deploy(stack)
        deployed = live(cleanrooms_cloud)
        cleanrooms_cloud.destroy(stack)

        assert deployed == {
            (arguments["membership"], arguments["name"]): _DEFAULTS
            | {name: value for name, value in arguments.items() if name not in _NOT_IN_THE_SERVICE}
            for arguments in declared
        }
        tally["whole constructs"]["deployed"] += len(declared)
