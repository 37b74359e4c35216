"""Tests that the code that `discover` prints is adopted without a change.

The resources are made by the handlers of the local cloud, with each optional property set or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from cdk_cleanrooms._cli import command
from cdk_cleanrooms._cli.listing import LISTINGS
from cdk_cleanrooms._core.types import BY_NAME, ID_MAPPING_TABLE, MEMBERSHIP, ResourceType
from cdk_cleanrooms.local_cloud.clean_rooms import CleanRooms
from cdk_cleanrooms.local_cloud.entity_resolution import EntityResolution
from cdk_cleanrooms.local_cloud.handlers import HandlerError, resource_types
from cdk_cleanrooms.local_cloud.resource_schema import InvalidPropertiesError
from cdk_cleanrooms.local_cloud.service import Caller
from tests.cli.conftest import Adopt
from tests.cli.fake_aws import FakeAws
from tests.cli.test_discover import paste
from tests.resources.samples import SAMPLES, Sample
from tests.samples import ACCOUNT, REGION, ROLE_ARN

CALLER = Caller(ACCOUNT, REGION)
PARTNER = Caller("444455556666", REGION)
DECLARABLE = [one for one in SAMPLES if BY_NAME[one.l1.CFN_RESOURCE_TYPE_NAME] in LISTINGS]


def resource_type_of(sample: Sample) -> ResourceType:
    return BY_NAME[sample.l1.CFN_RESOURCE_TYPE_NAME]


def literal(node: Any) -> Any:
    """Replace references to roles that the template creates."""
    if isinstance(node, dict):
        if len(node) == 1 and next(iter(node)).startswith("Fn::"):
            return ROLE_ARN
        return {key: literal(item) for key, item in node.items()}
    return [*map(literal, node)] if isinstance(node, list) else node


def variants(sample: Sample) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield properties of a resource: the least, all, and each optional one alone or left out."""
    full = {**sample.full, "tags": {"Team": "Data"}}
    least, everything = (properties_of(sample, arguments) for arguments in ({}, full))
    yield "the least", least
    yield "everything", everything
    for name in everything.keys() - least.keys():
        yield f"with {name}", {**least, name: everything[name]}
        yield f"without {name}", {key: everything[key] for key in everything if key != name}


def properties_of(sample: Sample, arguments: Any) -> dict[str, Any]:
    """Return the properties in the template of a resource with these arguments."""
    stack = Stack(App(), "Stack", env=Environment(account=ACCOUNT, region=REGION))
    sample.declare(stack, **arguments)
    resources = Template.from_stack(stack).find_resources(sample.l1.CFN_RESOURCE_TYPE_NAME)
    [resource] = resources.values()
    found: dict[str, Any] = literal(resource["Properties"])
    return found


def make(aws: FakeAws, sample: Sample) -> list[str]:
    """Make each variant of a resource, and return what was made."""
    resource_type = resource_type_of(sample)
    made = []
    for number, (name, properties) in enumerate(variants(sample)):
        service = CleanRooms() if resource_type.service == "cleanrooms" else EntityResolution()
        [handlers] = [one for one in resource_types(service) if one.name == resource_type.name]
        if resource_type.name_property:
            properties = {**properties, resource_type.name_property: f"variant{number}"}
        if resource_type is MEMBERSHIP:
            properties = {**properties, "CollaborationIdentifier": invited_by_partner(service)}
        if resource_type is ID_MAPPING_TABLE:
            associate_namespaces(service, properties["MembershipIdentifier"])
        try:
            physical_id, _ = handlers.create(CALLER, "Resource", properties)
        except (HandlerError, InvalidPropertiesError):
            continue  # the service does not accept this combination
        keep(aws, resource_type, service, physical_id, handlers.read(CALLER, physical_id))
        made.append(name)
    return made


def associate_namespaces(service: Any, membership: str) -> None:
    """Associate the two ID namespaces that an ID mapping table needs."""
    for name in ("source", "target"):
        arn = f"arn:aws:entityresolution:{REGION}:{ACCOUNT}:idnamespace/{name}"
        request = {
            "membershipIdentifier": membership,
            "name": name,
            "inputReferenceConfig": {"inputReferenceArn": arn, "manageResourcePolicies": True},
        }
        service.call("CreateIdNamespaceAssociation", CALLER, request)


def invited_by_partner(service: Any) -> str:
    """Create a collaboration whose creator lets the account query and pay, and return its ID."""
    request = {
        "name": "audience-overlap",
        "description": "Which customers we share",
        "creatorDisplayName": "Advertiser",
        "creatorMemberAbilities": [],
        "members": [
            {
                "accountId": ACCOUNT,
                "displayName": "Publisher",
                "memberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
            }
        ],
        "queryLogStatus": "ENABLED",
        "jobLogStatus": "ENABLED",
        "isMetricsEnabled": True,
    }
    answer = service.call("CreateCollaboration", PARTNER, request)
    return str(answer["collaboration"]["id"])


def keep(
    aws: FakeAws, resource_type: ResourceType, service: Any, physical_id: str, live: Any
) -> None:
    """Make AWS answer with a resource."""
    identifier, _, membership = physical_id.partition("|")
    request = {resource_type.identifier_parameter: identifier}
    if membership:
        request["membershipIdentifier"] = membership
    listing = operation(resource_type.list)
    getting = operation(resource_type.get)
    within = {"membershipIdentifier": membership} if membership else {}
    fixed = {} if membership else dict(resource_type.list_arguments)
    summaries = service.call(listing, CALLER, {**within, **fixed})[resource_type.list_items]
    aws.listed.setdefault(listing, []).extend(summaries)
    aws.described[getting, identifier] = service.call(getting, CALLER, request)
    aws.live[resource_type.name, physical_id] = live
    arn = live[resource_type.arn_property]
    aws.tags[arn] = service.call("ListTagsForResource", CALLER, {"resourceArn": arn})["tags"]
    if resource_type.analysis_rules:
        getting_rule = f"{getting}AnalysisRule"
        details = resource_type.details(aws.described[getting, identifier])
        for kind in details.get("analysisRuleTypes", ()):
            aws.described[getting_rule, identifier] = service.call(
                getting_rule, CALLER, {**request, "analysisRuleType": kind}
            )
    for name, (further, items) in resource_type.further_details.items():
        answer = service.call(operation(further), CALLER, request)
        aws.members[identifier] = {items: answer[items]}
        assert name == "members"


def operation(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


@pytest.mark.parametrize("sample", DECLARABLE, ids=str)
def test_what_discover_prints_is_adopted_without_a_change(
    sample: Sample,
    aws: FakeAws,
    adopt: Adopt,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    resource_type = resource_type_of(sample)
    made = make(aws, sample)
    assert {"the least", "everything"} <= {*made}
    membership = []
    if resource_type.is_in_membership:
        membership = ["--membership", sample.primary_identifier["MembershipIdentifier"]]
    options = ["--resource-type", resource_type.option, "--format", "python", *membership]
    capfd.readouterr()
    assert command.main(["discover", *options]) == 0
    code = capfd.readouterr().out

    app = App(outdir=str(tmp_path / "assembly"))
    paste(code, app)
    with suppress(RuntimeError):  # several constructs with one name, or in one collaboration
        app.synth(skip_validation=True)
    status, output, error = adopt("--dry-run", "--app", str(tmp_path / "assembly"))

    assert status == 0, error
    assert [line for line in output.splitlines() if "(" in line] == []
    printed = len(json.loads((tmp_path / "assembly/Pasted.adopt.json").read_text())["Adoptions"])
    assert printed + code.count("and then adopt the resource.") == len(made)
    assert len(output.splitlines()) == printed
