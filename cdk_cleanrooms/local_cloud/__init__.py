"""A local CloudFormation, Clean Rooms and Entity Resolution, for tests and trials.

It extends the local AWS of the package `ministack` with these two services and their resource
types. The constructs need nothing of it.

**Supported.** All `AWS::CleanRooms::*` types, and the `AWS::EntityResolution::*` types
`IdNamespace`, `IdMappingWorkflow`, `MatchingWorkflow`, `SchemaMapping` and `PolicyStatement`.
CloudFormation creates, changes, replaces, imports, tags and deletes them, and Cloud Control reads
them. The APIs support the operations that create, get, list, update, delete and tag these
resources, including analysis rules. They also support `ListMembers`, `PopulateIdMappingTable`
(which only returns a job ID), and the operations on policy statements. Requests and answers follow
botocore's models, and properties follow cfn-lint's schemas.

**Accounts.** An access key of twelve digits is the account, so several accounts can use one local
cloud, like companies that work together.

**Refusals.** Requests are refused if the AWS documentation says so, as far as it concerns these
resources: see the classes in `clean_rooms` and `entity_resolution`. Refusals that only follow from
the documentation are switched off by `CLEANROOMS_CLOUD_INFERRED_RULES=off`.

**Resources elsewhere.** A template may refer to resources that its author has in AWS. So a
membership, a collaboration, a configured table, an ID namespace, a workflow or a schema mapping
that was not created here is assumed to exist elsewhere. Requests can refer to it, and nothing about
it is checked. Resources that were created here are checked strictly. An identifier that was
generated here is invalid after its resource has been deleted. A role of the caller's own account
must exist here.

**Not supported.** Queries, jobs, matching and mapping do not run. Of IAM, only the roles that the
services assume are evaluated, at the end of a deployment: see `evaluation` and `permissions`.
There are no change requests of collaborations, no other members' views of a collaboration's
resources, and no Clean Rooms ML.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cloud import LeasedAccount, LocalAccount, LocalCloud
    from .errors import DeploymentFailed, UnsupportedByLocalCloud
    from .server_process import LocalCloudServer

# The process of the server needs none of them, so that it starts sooner.
_MODULES = {
    "DeploymentFailed": "errors",
    "LeasedAccount": "cloud",
    "LocalAccount": "cloud",
    "LocalCloud": "cloud",
    "LocalCloudServer": "server_process",
    "UnsupportedByLocalCloud": "errors",
}
__all__ = [
    "DeploymentFailed",
    "LeasedAccount",
    "LocalAccount",
    "LocalCloud",
    "LocalCloudServer",
    "UnsupportedByLocalCloud",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(f".{_MODULES[name]}", __name__)
    except ModuleNotFoundError as error:
        from .errors import without_the_extra

        raise ModuleNotFoundError(without_the_extra(error)) from error
    return getattr(module, name)
