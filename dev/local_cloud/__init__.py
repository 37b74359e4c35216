"""A CloudFormation and a Clean Rooms service on this machine, for tests and for trying things out.

It is the local AWS of the package `ministack`, extended by the resource type
`AWS::CleanRooms::IdNamespaceAssociation` and by the part of the Clean Rooms API behind it.
Nothing here is part of the library that users install.
"""

from dev.local_cloud.local_cloud import LocalCloud

__all__ = ["LocalCloud"]
