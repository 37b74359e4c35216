"""Tests of `cdk-cleanrooms discover`, with a service that answers according to botocore's model."""

from __future__ import annotations

import json
import os
import re
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from textwrap import indent
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from botocore.session import get_session
from botocore.validate import ParamValidator

from cdk_cleanrooms._cli import command
from tests.samples import (
    ASSOCIATION_ID,
    COLLABORATION_ID,
    ID_NAMESPACE_ARN,
    MEMBERSHIP_ARN,
    MEMBERSHIP_ID,
)

MODEL = get_session().get_service_model("cleanrooms")
HOSTILE_NAMES = [
    "顧客",
    "客户",
    "Ünïcödé",
    "a/b",
    "a b",
    'say "hi"',
    "it's",
    'it\'s "both"',
    '"it\'s" more',
    "back\\slash",
    "tab\there",
    "\x7f\x9b31m",
    "\u202etxt.exe",
    "zero\u200bwidth",
    "line\u2028separator",
    "e\u0301 combined",
    "Default",
    "Resource",
    "1st",
    "{braces} %s {0} $",
    "customers",
    "Customers",
    "customers 2",
    "customers association",
    "association",
    "-",
    "\ufdfa" * 100,
]


class Service:
    """A fake of the part of Clean Rooms that the command uses. It records requests."""

    def __init__(self) -> None:
        self.associations: list[dict[str, Any]] = []
        self.tags: dict[str, dict[str, str]] = {}
        self.refusal: tuple[int, str, str] | None = None
        self.requests: list[str] = []
        self.credentials: list[str] = []
        self.endpoint = ""

    def has(
        self, *names: str, tags: dict[str, str] | None = None, **members: object
    ) -> list[dict[str, Any]]:
        """Add associations with these names, and return how the service describes them."""
        added = []
        for name in names:
            identifier = f"{ASSOCIATION_ID[:-4]}{len(self.associations):04x}"
            arn = f"{MEMBERSHIP_ARN}/idnamespaceassociation/{identifier}"
            added.append(
                {
                    "id": identifier,
                    "arn": arn,
                    "membershipId": MEMBERSHIP_ID,
                    "membershipArn": MEMBERSHIP_ARN,
                    "collaborationId": COLLABORATION_ID,
                    "collaborationArn": f"arn:aws:cleanrooms:::collaboration/{COLLABORATION_ID}",
                    "createTime": 1_700_000_000,
                    "updateTime": 1_700_000_000,
                    "name": name,
                    "inputReferenceConfig": {
                        "inputReferenceArn": ID_NAMESPACE_ARN,
                        "manageResourcePolicies": True,
                    },
                    "inputReferenceProperties": {
                        "idNamespaceType": "SOURCE",
                        "idMappingWorkflowsSupported": [],
                    },
                    **members,
                }
            )
            self.associations.append(added[-1])
            self.tags[arn] = tags or {}
        return added

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[str, dict[str, Any]]:
        """Return the operation of a request, and its output."""
        if path.startswith("/tags/"):
            return "ListTagsForResource", {"tags": self.tags[path.removeprefix("/tags/")]}
        _, _, membership, _, *identifier = path.split("/")
        assert membership == MEMBERSHIP_ID
        if identifier:
            [found] = [one for one in self.associations if [one["id"]] == identifier]
            return "GetIdNamespaceAssociation", {"idNamespaceAssociation": found}
        start = int(query.get("nextToken", ["0"])[0])
        summaries = [
            {key: value for key, value in one.items() if key != "idMappingConfig"}
            | {"inputReferenceProperties": {"idNamespaceType": "SOURCE"}}
            for one in self.associations[start : start + 2]
        ]
        page: dict[str, Any] = {"idNamespaceAssociationSummaries": summaries}
        if start + 2 < len(self.associations):
            page["nextToken"] = str(start + 2)
        return "ListIdNamespaceAssociations", page


class Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        credential = self.headers["Authorization"].partition("Credential=")[2].split("/")
        self.service.credentials.append(f"{credential[0]} in {credential[2]}")
        if self.service.refusal:
            status, code, message = self.service.refusal
            self.send_response(status)
            self.send_header("x-amzn-errortype", code)
            body = {"message": message}
        else:
            url = urlsplit(self.path)
            operation, body = self.service.answer(unquote(url.path), parse_qs(url.query))
            model = MODEL.operation_model(operation)
            report = ParamValidator().validate(body, model.output_shape)
            assert not report.has_errors(), report.generate_report()
            self.service.requests.append(operation)
            self.send_response(model.http["responseCode"])
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


class Outcome(NamedTuple):
    status: object
    output: str
    error: str


Discover = Callable[..., Outcome]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()
    handler = type("HandlerOfOneService", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        service.endpoint = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", service.endpoint)
        yield service
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def aws_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in os.environ:
        if variable.startswith("AWS_"):
            monkeypatch.delenv(variable)
    for variable, value in {
        "AWS_ACCESS_KEY_ID": "KEYOFENVIRONMENT",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "NO_PROXY": "127.0.0.1",
        "COLUMNS": "80",
    }.items():
        monkeypatch.setenv(variable, value)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Discover:
    def run(*arguments: str) -> Outcome:
        status: object
        try:
            status = command.main(arguments)
        except SystemExit as left:
            status = left.code
        return Outcome(status, *capsys.readouterr())

    return run


@pytest.fixture
def discover(run: Discover) -> Discover:
    return lambda *arguments: run("discover", "--membership", MEMBERSHIP_ID, *arguments)


def paste(code: str, app: App, **more: object) -> Stack:
    """Return a stack with code pasted into its constructor, which can use some more names."""
    source = f"""\
class Pasted(Stack):
    def __init__(self):
        super().__init__(app, "Pasted")
{indent(code, " " * 8)}
"""
    names: dict[str, Any] = {"Stack": Stack, "app": app, **more}
    exec(source, names)
    stack: Stack = names["Pasted"]()
    return stack


def properties_by_identifier(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the properties of each adopted resource, by the ID of its association."""
    resources = Template.from_stack(stack).to_json()["Resources"]
    outdir = Path(stack.node.root.outdir)  # type: ignore[attr-defined]
    mapping = json.loads((outdir / "Pasted.import.json").read_text())
    assert mapping.keys() == resources.keys()
    return {
        identifier["IdNamespaceAssociationIdentifier"]: resources[logical_id]["Properties"]
        for logical_id, identifier in mapping.items()
    }


def refuse_after_the_first_answer(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every request after the listing."""
    answer = service.answer

    def refuse_after_this(path: str, query: dict[str, list[str]]) -> tuple[str, dict[str, Any]]:
        service.refusal = (403, "AccessDeniedException", "Not you")
        return answer(path, query)

    monkeypatch.setattr(service, "answer", refuse_after_this)


# Formats


def test_a_table_is_the_default_format(service: Service, discover: Discover) -> None:
    [short] = service.has("b")
    [long] = service.has("customers of ours", tags={"aws:cloudformation:stack-name": "Ours"})

    assert discover() == (
        0,
        f"ID                                    NAME               ID NAMESPACE"
        f"{' ' * (len(ID_NAMESPACE_ARN) - 12)}  MADE BY STACK\n"
        f"{short['id']}  b                  {ID_NAMESPACE_ARN}  -\n"
        f"{long['id']}  customers of ours  {ID_NAMESPACE_ARN}  Ours\n",
        "",
    )


def test_a_table_is_aligned_with_wide_and_zero_width_characters(
    service: Service, discover: Discover
) -> None:
    service.has("日本語", "e\u0301e\u0301")

    _, combined, wide = discover("--format", "table").output.splitlines()

    assert f"  e\u0301e\u0301      {ID_NAMESPACE_ARN}" in combined
    assert f"  日本語  {ID_NAMESPACE_ARN}" in wide


@pytest.mark.unmeasured
def test_hostile_names_neither_break_a_table_nor_hide_in_it(
    service: Service, discover: Discover
) -> None:
    service.has(*HOSTILE_NAMES)

    lines = discover("--format", "table").output.splitlines()

    assert len(lines) == 1 + len(HOSTILE_NAMES)
    assert all(line.isprintable() and line.rstrip() == line for line in lines)
    assert any(r"  \u202etxt.exe  " in line for line in lines)
    assert any(r"  \x7f\x9b31m  " in line for line in lines)
    assert any(r"  tab\there  " in line for line in lines)


def test_json_contains_all_arguments(service: Service, discover: Discover) -> None:
    full, least = service.has("a") + service.has("b")
    full |= {"description": "Two\nlines", "idMappingConfig": {"allowUseAsDimensionColumn": False}}
    full["inputReferenceConfig"] = full["inputReferenceConfig"] | {"manageResourcePolicies": False}
    service.tags[full["arn"]] = {
        "Team": "DataScience",
        "Empty": "",
        "aws:cloudformation:stack-name": "Ours",
    }

    status, output, error = discover("--format", "json")

    assert (status, error) == (0, "")
    assert json.loads(output) == [
        {
            "id_namespace_association_identifier": full["id"],
            "id_namespace_association_arn": full["arn"],
            "membership": MEMBERSHIP_ID,
            "id_namespace": ID_NAMESPACE_ARN,
            "name": "a",
            "description": "Two\nlines",
            "manage_resource_policies": False,
            "allow_use_as_dimension_column": False,
            "tags": {"Empty": "", "Team": "DataScience"},
            "adopt": full["id"],
            "made_by_stack": "Ours",
        },
        {
            "id_namespace_association_identifier": least["id"],
            "id_namespace_association_arn": least["arn"],
            "membership": MEMBERSHIP_ID,
            "id_namespace": ID_NAMESPACE_ARN,
            "name": "b",
            "description": None,
            "manage_resource_policies": True,
            "allow_use_as_dimension_column": None,
            "tags": {},
            "adopt": least["id"],
            "made_by_stack": None,
        },
    ]


def test_python_code_omits_default_values(service: Service, discover: Discover) -> None:
    tags = {"Team": "DataScience", "Empty": "", "AWS:own": "x"}
    full, least = service.has("our customers", tags=tags) + service.has("others")
    full |= {"description": "Ours", "idMappingConfig": {"allowUseAsDimensionColumn": True}}
    full["inputReferenceConfig"] = full["inputReferenceConfig"] | {"manageResourcePolicies": False}

    assert discover("--format", "python") == (
        0,
        f'''\
from aws_cdk import RemovalPolicy
from cdk_cleanrooms import IdNamespaceAssociation

IdNamespaceAssociation(
    self,
    "OthersAssociation",
    membership="{MEMBERSHIP_ID}",
    id_namespace="{ID_NAMESPACE_ARN}",
    name="others",
    adopt="{least["id"]}",
    removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
)

# The tag "Empty" is left out: CloudFormation does not accept an empty value. A deployment removes \
the tag, unless you give it another value first and run this command again.
IdNamespaceAssociation(
    self,
    "OurCustomersAssociation",
    membership="{MEMBERSHIP_ID}",
    id_namespace="{ID_NAMESPACE_ARN}",
    name="our customers",
    description="Ours",
    manage_resource_policies=False,
    allow_use_as_dimension_column=True,
    tags={{
        "Team": "DataScience",
    }},
    adopt="{full["id"]}",
    removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
)
''',
        "",
    )


def test_python_code_synthesizes_to_the_existing_resource(
    service: Service, discover: Discover, app: App
) -> None:
    full, least = service.has("our customers", tags={"Team": "R&D", "aws:x": "y"}) + service.has(
        "b"
    )
    full |= {"description": "Two\nlines", "idMappingConfig": {"allowUseAsDimensionColumn": True}}

    stack = paste(discover("--format", "python").output, app)

    common = {
        "MembershipIdentifier": MEMBERSHIP_ID,
        "InputReferenceConfig": {
            "InputReferenceArn": ID_NAMESPACE_ARN,
            "ManageResourcePolicies": True,
        },
    }
    assert properties_by_identifier(stack) == {
        full["id"]: common
        | {
            "Name": "our customers",
            "Description": "Two\nlines",
            "IdMappingConfig": {"AllowUseAsDimensionColumn": True},
            "Tags": [{"Key": "Team", "Value": "R&D"}],
        },
        least["id"]: common | {"Name": "b"},
    }


@pytest.mark.unmeasured
def test_python_code_synthesizes_with_any_names_and_texts(
    service: Service, discover: Discover, app: App
) -> None:
    texts = [*HOSTILE_NAMES[:-1], "\r\n", "\U0001f600"]
    [tagged] = service.has("tagged", tags={text: text for text in texts})
    for name in HOSTILE_NAMES:
        service.has(name, description=name + "\r\n")

    stack = paste(discover("--format", "python").output, app)

    synthesized = properties_by_identifier(stack)
    tags = synthesized.pop(tagged["id"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {text: text for text in texts}
    assert {one["Name"]: one["Description"] for one in synthesized.values()} == {
        name: name + "\r\n" for name in HOSTILE_NAMES
    }


def test_python_code_is_formatted_and_hides_nothing(service: Service, discover: Discover) -> None:
    for name in HOSTILE_NAMES:
        service.has(name, description=name * 3, tags={name[:99]: name, "k" * 99: "v" * 99})

    code = discover("--format", "python").output

    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "--diff"]
    formatted = subprocess.run([*ruff, "-"], input=code.encode(), capture_output=True, check=False)
    assert (formatted.returncode, formatted.stdout) == (0, b"")
    assert all(line.isprintable() for line in code.split("\n"))


def test_construct_ids_come_from_names_and_are_unique(service: Service, discover: Discover) -> None:
    names = ["our customers", "our-customers", "顧客", "客户", "Café", "my association", "Default"]
    names += ["IN_CAPITALS"]
    service.has(*names)

    code = discover("--format", "python").output

    assert sorted(re.findall(r'self,\n    "(.*)",', code)) == [
        "Association",
        "Association2",
        "CafeAssociation",
        "DefaultAssociation",
        "InCapitalsAssociation",
        "MyAssociation",
        "OurCustomersAssociation",
        "OurCustomersAssociation2",
    ]


def test_the_format_id_prints_only_identifiers(service: Service, discover: Discover) -> None:
    b, a = service.has("b", "a")

    assert discover("--format", "id") == (0, f"{a['id']}\n{b['id']}\n", "")


def test_listing_identifiers_needs_only_the_permission_to_list(
    service: Service, discover: Discover
) -> None:
    service.has("a", "b")

    discover("--format", "id")

    assert service.requests == ["ListIdNamespaceAssociations"]


def test_a_table_works_without_the_permission_to_read_tags(
    service: Service, discover: Discover, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.has("a", "b")
    refuse_after_the_first_answer(service, monkeypatch)

    status, output, error = discover()

    assert (status, error) == (0, "")
    assert [line.split()[-1] for line in output.splitlines()[1:]] == ["?", "?"]


def test_characters_that_the_output_cannot_encode_are_escaped(
    service: Service,
    discover: Discover,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    [association] = service.has("顧客")
    file = tmp_path / "output"
    with file.open("w", encoding="ascii") as output, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", output)
        assert discover("--format", "python").status == 0

    code = file.read_text(encoding="ascii")

    assert r'name="\u9867\u5ba2"' in code
    assert properties_by_identifier(paste(code, app))[association["id"]]["Name"] == "顧客"


@pytest.mark.parametrize(
    "text",
    [
        "${Token[TOKEN.1]}",
        "a ${Token[AWS.Region.4]} and ${!literal} ${both}",
        "#{Token[TOKEN.2]}",
        "{{resolve",
        "dummy-value-for-x",
    ],
)
@pytest.mark.unmeasured
def test_text_that_looks_like_a_token_is_declared_unchanged(
    text: str, service: Service, discover: Discover, app: App
) -> None:
    [association] = service.has(text, description=text, tags={text: text})

    code = discover("--format", "python").output

    properties = properties_by_identifier(paste(code, app))[association["id"]]
    [tag] = properties["Tags"]
    for declared in (properties["Name"], properties["Description"], tag["Key"], tag["Value"]):
        assert substituted(declared) == text


def substituted(value: str | dict[str, Any]) -> str:
    """Return a property after CloudFormation has resolved its functions."""
    if isinstance(value, str):
        assert "{Token[" not in value
        return value
    substitution = value["Fn::Sub"]
    text, variables = substitution if isinstance(substitution, list) else (substitution, {})
    for name, replacement in variables.items():
        text = text.replace(f"${{{name}}}", replacement)
    assert isinstance(text, str)
    return text.replace("${!", "${")


def test_a_comment_names_what_no_template_can_declare(
    service: Service, discover: Discover, app: App
) -> None:
    secret = "{{resolve:secretsmanager:db}}"
    [optional] = service.has("a", description=secret, tags={"Secret": secret, "Team": "Data"})
    service.has(secret)

    code = discover("--format", "python").output

    properties = properties_by_identifier(paste(code, app))
    assert properties.keys() == {optional["id"]}
    assert "Description" not in properties[optional["id"]]
    assert properties[optional["id"]]["Tags"] == [{"Key": "Team", "Value": "Data"}]
    assert f'# CloudFormation would resolve the dynamic reference in description="{secret}"' in code
    assert f'# CloudFormation would resolve the dynamic reference in name="{secret}"' in code
    assert '# The tag "Secret" is left out: CloudFormation would resolve' in code
    assert "# Change that first, and then adopt the resource.\n# IdNamespaceAssociation(" in code


def test_python_code_can_be_indented(service: Service, discover: Discover) -> None:
    service.has("a")

    code = discover("--format", "python").output
    indented = discover("--format", "python", "--indent", "8").output

    assert indented == indent(code, " " * 8)


# Search


@pytest.mark.parametrize("format", ["table", "json", "python", "id"])
@pytest.mark.unmeasured
def test_all_pages_are_read(format: str, service: Service, discover: Discover) -> None:
    names = ["a", "b", "c", "d", "e"]
    service.has(*names)

    status, output, _ = discover("--format", format)

    assert status == 0
    assert all(association["id"] in output for association in service.associations)
    assert service.requests.count("ListIdNamespaceAssociations") == 3


def test_a_name_selects_one_on_any_page(service: Service, discover: Discover) -> None:
    *_, wanted = service.has("a", "b", "c", "customers2", "customers")

    assert discover("--name", "customers", "--format", "id") == (0, f"{wanted['id']}\n", "")


def test_an_unknown_name_is_reported_with_the_existing_names(
    service: Service, discover: Discover
) -> None:
    service.has("b\t", "a")

    assert discover("--name", "c") == (
        3,
        "",
        f"cdk-cleanrooms discover: error: membership {MEMBERSHIP_ID} has no ID namespace"
        " association named 'c'; the existing names are 'a', 'b\\t'\n",
    )


def test_an_ambiguous_name_is_reported_with_both_ids(service: Service, discover: Discover) -> None:
    first, second, _ = service.has("a", "a", "b")

    assert discover("--name", "a", "--format", "id") == (
        1,
        "",
        f"cdk-cleanrooms discover: error: membership {MEMBERSHIP_ID} has 2 ID namespace"
        f" associations named 'a'; choose one by its ID: {first['id']} or {second['id']}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ""),
        (("--name", "a"), ""),
        (("--format", "python"), ""),
        (("--format", "id"), ""),
        (("--format", "json"), "[]\n"),
    ],
)
def test_finding_nothing_has_its_own_exit_status(
    arguments: tuple[str, ...], expected: str, service: Service, discover: Discover
) -> None:
    status, output, error = discover(*arguments)

    assert (status, output) == (3, expected)
    assert f"membership {MEMBERSHIP_ID} has no ID namespace association" in error
    assert error.endswith(
        "; check the membership, and the AWS configuration: profile, Region, endpoint URL\n"
    )
    assert service.requests == ["ListIdNamespaceAssociations"]


# AWS configuration


def test_profile_and_region_can_be_chosen(
    service: Service,
    discover: Discover,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    service.has("a")
    (tmp_path / "config").write_text(
        "[profile work]\nregion = eu-west-1\naws_access_key_id = KEYOFPROFILE\n"
        "aws_secret_access_key = secret\n"
    )

    discover("--format", "id")
    discover("--format", "id", "--region", "eu-west-2")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    discover("--format", "id")
    discover("--format", "id", "--region", "eu-west-2")
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    discover("--format", "id", "--profile", "work")
    monkeypatch.setenv("AWS_REGION", "")
    discover("--format", "id", "--profile", "work", "--region", "eu-west-2")

    assert service.credentials == [
        "KEYOFENVIRONMENT in us-east-1",
        "KEYOFENVIRONMENT in eu-west-2",
        "KEYOFENVIRONMENT in eu-west-3",
        "KEYOFENVIRONMENT in eu-west-2",
        "KEYOFPROFILE in eu-west-1",
        "KEYOFPROFILE in eu-west-2",
    ]


def test_the_endpoint_can_come_from_a_profile(
    service: Service, discover: Discover, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    [association] = service.has("a")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_PROFILE", "local")
    (tmp_path / "config").write_text(f"[profile local]\nendpoint_url = {service.endpoint}\n")

    assert discover("--format", "id").output == f"{association['id']}\n"


# Failures


@pytest.mark.parametrize(
    ("variables", "arguments", "message"),
    [
        (
            {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
            (),
            "Unable to locate credentials; sign in again (`aws sso login`, for example), or choose"
            " another profile with --profile",
        ),
        (
            {"AWS_DEFAULT_REGION": None},
            (),
            "You must specify a region; use --region, or set AWS_REGION",
        ),
        ({}, ("--region", "no region"), "Provided region_name 'no region' doesn't match"),
        ({}, ("--profile", "nobody"), "The config profile (nobody) could not be found; check"),
        ({"AWS_ENDPOINT_URL": "nonsense"}, (), "Invalid endpoint: nonsense; check"),
    ],
)
def test_a_wrong_configuration_is_reported_on_one_line(
    variables: dict[str, str | None],
    arguments: tuple[str, ...],
    message: str,
    service: Service,
    discover: Discover,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.has("a")
    for variable, value in variables.items():
        if value is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, value)

    status, output, error = discover(*arguments)

    assert (status, output) == (1, "")
    assert error.startswith(f"cdk-cleanrooms discover: error: {message}")
    assert error.count("\n") == 1
    assert service.requests == []


def test_an_unreachable_endpoint_is_reported_on_one_line(
    discover: Discover, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

        status, output, error = discover()

    assert (status, output) == (1, "")
    assert f'Could not connect to the endpoint URL: "{endpoint}/memberships/' in error
    assert error.endswith("profile, Region, endpoint URL\n")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("refusal", "message"),
    [
        (
            (403, "AccessDeniedException", "You are\nnot authorized."),
            "(AccessDeniedException) when calling the ListIdNamespaceAssociations operation: You"
            " are not authorized; check that the membership is this account's, and that you may"
            " use cleanrooms:ListIdNamespaceAssociations, cleanrooms:GetIdNamespaceAssociation and"
            " cleanrooms:ListTagsForResource\n",
        ),
        ((403, "ExpiredTokenException", "It has expired."), "It has expired; sign in again ("),
        ((403, "UnrecognizedClientException", "No such key."), "No such key; sign in again ("),
        ((404, "ResourceNotFoundException", "No\x1b[31m one."), "No\\x1b[31m one; check the m"),
        ((429, "ThrottlingException", "Slow down"), "Slow down; try again in a minute"),
        ((500, "InternalServerException", "Oops"), "Oops; try again in a minute"),
        ((418, "NeverHeardOfException", "Teapot"), "Teapot; check the membership, and"),
    ],
)
def test_a_refusal_is_reported_on_one_line_with_advice(
    refusal: tuple[int, str, str], message: str, service: Service, discover: Discover
) -> None:
    service.refusal = refusal

    status, output, error = discover("--format", "json")

    assert (status, output) == (1, "")
    assert error.startswith("cdk-cleanrooms discover: error: An error occurred (")
    assert message in error
    assert error.count("\n") == 1


def test_refused_details_leave_no_partial_result(
    service: Service, discover: Discover, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.has("a")
    refuse_after_the_first_answer(service, monkeypatch)

    status, output, error = discover("--format", "python")

    assert (status, output) == (1, "")
    assert "ListTagsForResource operation: Not you" in error


@pytest.mark.parametrize("package", ["boto3", "botocore.exceptions"])
def test_without_boto3_the_command_says_what_to_install(
    package: str, discover: Discover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    status, output, error = discover()

    assert (status, output) == (1, "")
    assert error.startswith(f"cdk-cleanrooms discover: error: import of {package} halted; ")
    assert error.endswith(
        "; install the extra 'discover' of cdk-cleanrooms, for example with: pip install"
        " 'boto3>=1.35'\n"
    )


def test_boto3_is_imported_only_when_it_is_needed() -> None:
    script = "import sys, cdk_cleanrooms._cli.command; sys.exit('boto3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_command_does_not_start_node(service: Service) -> None:
    service.has("a")
    script = f"""\
import sys
from cdk_cleanrooms._cli.command import main

status = main(["discover", "--membership", {MEMBERSHIP_ID!r}, "--format", "python"])
loaded = {{"aws_cdk", "constructs", "jsii"}} & sys.modules.keys()
sys.exit(f"status {{status}}, loaded {{loaded}}" if status or loaded else 0)
"""

    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert (process.returncode, process.stderr) == (0, "")


def test_the_version_is_that_of_the_package(run: Discover) -> None:
    assert run("--version") == (0, f"cdk-cleanrooms {version('cdk-cleanrooms')}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "cdk-cleanrooms: error: the following arguments are required: COMMAND"),
        (
            ("discover", "--resource-type", "all", "--name", "customers"),
            "--name is only for one type of resources",
        ),
        (("discover", "--membership", MEMBERSHIP_ID, "--format", "yaml"), "invalid choice: 'yaml'"),
        (("discover", "--member", MEMBERSHIP_ID), "unrecognized arguments: --member"),
        (
            ("discover", "--resource-type", "id-mapping-table"),
            "arguments are required: --membership",
        ),
        (
            ("discover", "--resource-type", "membership", "--membership", MEMBERSHIP_ID),
            "--membership is only for resources that belong to a membership",
        ),
        (
            ("discover", "--invitations", "--membership", MEMBERSHIP_ID),
            "--membership is only for resources",
        ),
        (("discover", "--membership", MEMBERSHIP_ID, "extra"), "unrecognized arguments: extra"),
        (
            ("discover", "--membership", MEMBERSHIP_ARN),
            f"error: argument --membership: '{MEMBERSHIP_ARN}' is an ARN and not the"
            f" ID of a membership; use '{MEMBERSHIP_ID}'",
        ),
        (
            ("discover", "--membership", MEMBERSHIP_ID.upper()),
            f"has uppercase letters; use '{MEMBERSHIP_ID}'",
        ),
        (("discover", "--membership", "%s"), "'%s' is not the ID of a membership"),
    ],
)
def test_wrong_usage_has_its_own_exit_status(
    arguments: tuple[str, ...], message: str, run: Discover, service: Service
) -> None:
    status, output, error = run(*arguments)

    assert (status, output) == (2, "")
    assert message in error
    assert service.credentials == []


def test_the_help_lists_the_keys_of_json(service: Service, run: Discover) -> None:
    service.has("a")
    status, output, error = run("discover", "--help")
    [association] = json.loads(
        run("discover", "--membership", MEMBERSHIP_ID, "--format", "json").output
    )

    assert (status, error) == (0, "")
    assert all(re.search(rf"\b{key}\b", output) for key in association)


def test_a_closed_pipe_is_not_reported(
    service: Service, discover: Discover, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.has("a")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as output, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", output)

        outcome = discover()

    assert (outcome.status, outcome.error) == (1, "")


def test_an_interruption_is_silent(
    discover: Discover, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "discover", interrupted)
    file = tmp_path / "error"
    with file.open("w") as error, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", error)

        outcome = discover()
        error.write("What the CDK's process has to say")

    assert (outcome.status, outcome.output, file.read_text()) == (130, "", "")


def test_the_package_runs_as_a_module(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    [association] = service.has("a")
    arguments = ["discover", "--membership", MEMBERSHIP_ID, "--format", "id"]
    monkeypatch.setattr(sys, "argv", ["cdk-cleanrooms", *arguments])

    with pytest.raises(SystemExit) as left:
        runpy.run_module("cdk_cleanrooms", run_name="__main__")

    assert left.value.code == 0
    assert capsys.readouterr().out == f"{association['id']}\n"


def test_a_separate_process_writes_only_the_result(service: Service) -> None:
    [association] = service.has("a")

    command_line = [sys.executable, "-m", "cdk_cleanrooms", "discover", "--format", "id"]
    process = subprocess.run(
        [*command_line, "--membership", MEMBERSHIP_ID], capture_output=True, text=True, check=False
    )

    assert (process.returncode, process.stdout) == (0, f"{association['id']}\n")
