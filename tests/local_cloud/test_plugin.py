"""Tests of the pytest plugin: another project's tests run in an empty folder, in processes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdk_cleanrooms.local_cloud import LocalCloud, LocalCloudServer
from cdk_cleanrooms.local_cloud.environment import ACCOUNT
from tests.shared import made_once

_SECONDS = 900
# What a developer's ordinary machine has. Every one of these could lead to AWS.
DEVELOPER = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ENDPOINT_URL_CLEANROOMS": "http://203.0.113.1",
    "AWS_ENDPOINT_URL_STS": "http://203.0.113.1",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://203.0.113.1",
    "HTTP_PROXY": "http://203.0.113.1:3128",
    "https_proxy": "http://203.0.113.1:3128",
}
CONFIG = """\
[default]
region = eu-central-1
endpoint_url = http://203.0.113.1
use_fips_endpoint = true
[profile production]
region = eu-central-1
"""


def run(folder: Path, *arguments: str, **more: str) -> str:
    """Run pytest in a folder, with arguments and more variables of the environment."""
    process = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        # The CDK's validation takes seconds in each new process, and other tests include it.
        env={**os.environ, "CDK_VALIDATION": "false", **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return process.stdout


@pytest.fixture(scope="module")
def server() -> Iterator[LocalCloudServer]:
    with LocalCloudServer() as running:
        yield running


def outcomes(output: str, module: str) -> dict[str, str]:
    """Return the outcomes of the tests by their names; an error comes before a success."""
    found = re.findall(rf"^(PASSED|FAILED|ERROR) {module}\.py::(\S+)", output, re.MULTILINE)
    assert found, output
    return {name: outcome for outcome, name in sorted(found, reverse=True)}


TWO_COMPANIES = """\
import boto3
import pytest
from aws_cdk import App, CfnOutput, Stack
from cdk_cleanrooms import Collaboration, Member, Membership


class Creators(Stack):
    def __init__(self, partner):
        super().__init__(App(), "Creators")
        creator = Member(display_name="We", abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
        they = Member(display_name="They", account_id=partner)
        collaboration = Collaboration(
            self, "C", name="overlap", description="Ours", creator=creator, members=[they]
        )
        CfnOutput(self, "Id", value=collaboration.collaboration_identifier)


def seen(cloud):
    return [one["memberStatus"] for one in cloud.resources("Collaboration")]


@pytest.mark.parametrize("number", range(4))
def test_two_companies(cleanrooms_cloud, number, request):
    partner = cleanrooms_cloud.other_account()
    outputs = cleanrooms_cloud.deploy(Creators(partner.account))
    theirs = Stack(App(), "Theirs")
    Membership(theirs, "M", collaboration=outputs["Id"])
    assert (seen(cleanrooms_cloud), seen(partner)) == (["INVITED"], ["INVITED"])
    partner.deploy(theirs)
    assert seen(partner) == ["ACTIVE"]
    [membership] = partner.resources("Membership")
    with open("identifiers", "a") as file:
        print(request.node.name, outputs["Id"], membership["arn"], file=file)
    partner.destroy()


def test_a_module_shares_an_account(cleanrooms_cloud_shared, cleanrooms_cloud):
    assert cleanrooms_cloud_shared.account != cleanrooms_cloud.account


@pytest.mark.cleanrooms_cloud(region="eu-west-1", accounts=["111122223333", "444455556666"])
def test_settings(cleanrooms_cloud):
    assert (cleanrooms_cloud.account, cleanrooms_cloud.region) == ("111122223333", "eu-west-1")
    assert cleanrooms_cloud.other_account().account == "444455556666"
"""


@pytest.mark.parametrize(
    ("arguments", "more", "on_one_server"),
    [
        (
            [
                *["-p", "cdk_cleanrooms_pytest", "-p", "pytest_socket"],
                *["--disable-socket", "--allow-hosts=127.0.0.1"],
            ],
            {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            True,
        ),
        (["--strict-markers", "-n", "2", "-p", "cdk_cleanrooms_pytest"], {}, True),
        (["-n", "2"], {}, False),
    ],
    ids=["no-autoload-and-socket", "xdist", "xdist-with-a-server-for-each-worker"],
)
def test_it_works_with_other_plugins_and_gives_the_same_identifiers_in_each_run(
    tmp_path: Path,
    server: LocalCloudServer,
    arguments: list[str],
    more: dict[str, str],
    on_one_server: bool,
) -> None:
    before = len(server.requests())
    (tmp_path / "test_theirs.py").write_text(TWO_COMPANIES, "utf-8")
    where = [f"--cleanrooms-cloud-url={server.url}"] if on_one_server else []
    output = run(tmp_path, *arguments, *where, **more)
    assert {*outcomes(output, "test_theirs").values()} == {"PASSED"}, output
    assert len(outcomes(output, "test_theirs")) == 6
    assert (len(server.requests()) > before) == on_one_server
    identifiers = (tmp_path / "identifiers").read_text("utf-8").splitlines()
    assert len({*identifiers}) == len(identifiers) == 4
    # The accounts follow from the names of the tests, and the identifiers from the accounts.
    assert sorted(identifiers)[0] == (
        "test_two_companies[0] b02ebd5e-df22-4a9f-a415-52cfd174c187 "
        "arn:aws:cleanrooms:us-east-1:455606012404:membership/a1d0b613-b04e-469b-ae7a-98e8c5b1c135"
    )


UNSUPPORTED = """\
import boto3
import pytest
from aws_cdk import App, CfnResource, Stack
from botocore.exceptions import ClientError

MEMBERSHIP = "11111111-1111-4111-8111-111111111111"


def ask(cloud):
    try:
        cloud.client("cleanrooms").list_protected_queries(membershipIdentifier=MEMBERSHIP)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "UnsupportedByLocalCloud"
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert error.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_an_error_that_is_swallowed(cleanrooms_cloud):
    ask(cleanrooms_cloud)


def test_an_error_of_a_partner(cleanrooms_cloud):
    ask(cleanrooms_cloud.other_account())


@pytest.mark.cleanrooms_cloud(allow_unsupported=["ListProtectedQueries"])
class TestMarked:
    def test_allowed(self, cleanrooms_cloud):
        ask(cleanrooms_cloud)

    @pytest.mark.cleanrooms_cloud(allow_unsupported=["AWS::CleanRoomsML::TrainingDataset"])
    def test_allowed_type(self, cleanrooms_cloud):
        ask(cleanrooms_cloud)
        stack = Stack(App(), "S")
        CfnResource(stack, "R", type="AWS::CleanRoomsML::TrainingDataset")
        with pytest.raises(ClientError, match="does not support AWS::CleanRoomsML::Training"):
            cleanrooms_cloud.deploy(stack)

    def test_another_operation(self, cleanrooms_cloud_environ):
        with pytest.raises(ClientError):
            boto3.client("cleanroomsml").list_training_datasets()


def test_what_is_supported(cleanrooms_cloud):
    assert cleanrooms_cloud.supports("AWS::CleanRooms::Membership")
    assert cleanrooms_cloud.supports("ListMembers")
    assert not cleanrooms_cloud.supports("ListProtectedQueries")
    assert not cleanrooms_cloud.supports("AWS::CleanRoomsML::TrainingDataset")
    assert cleanrooms_cloud.supports("AWS::S3::Bucket")
    for name in ("ListNothing", "List Members", "AWS::CleanRooms::Members", ""):
        with pytest.raises(ValueError, match=f"is named {name!r}"):
            cleanrooms_cloud.supports(name)


@pytest.mark.cleanrooms_cloud(allow_unsupported="ListProtectedQueries")
def test_one_name_without_a_list(cleanrooms_cloud):
    ask(cleanrooms_cloud)


@pytest.mark.cleanrooms_cloud(allow_unsupported=["ListProtectedQuerys"])
def test_a_misspelt_operation(cleanrooms_cloud):
    pass


@pytest.mark.cleanrooms_cloud(allow_unsupported=["AWS::CleanRoomsML::TrainingDatasets"])
def test_a_misspelt_type(cleanrooms_cloud):
    pass


@pytest.mark.cleanrooms_cloud(accounts="111122223333")
def test_one_account_without_a_list(cleanrooms_cloud):
    assert cleanrooms_cloud.account == "111122223333"


@pytest.mark.cleanrooms_cloud(accounts=["111122223333", "111122223333"])
def test_an_account_that_is_named_twice(cleanrooms_cloud):
    assert cleanrooms_cloud.other_account().account != "111122223333"


@pytest.mark.cleanrooms_cloud(accounts=["1111-2222-3333"])
def test_an_account_that_is_none(cleanrooms_cloud):
    pass


@pytest.mark.cleanrooms_cloud(regions="eu-west-1")
def test_a_marker_with_a_typing_error(cleanrooms_cloud):
    pass
"""


GUARDED = """\
import os
import subprocess
import sys

import boto3
import pytest
from botocore.exceptions import BotoCoreError

AT_IMPORT = boto3.client("cleanrooms")
CHILD = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"


def test_a_client_that_was_made_at_import_reaches_nothing():
    assert AT_IMPORT.meta.endpoint_url == "http://127.0.0.1:1"
    credentials = AT_IMPORT._request_signer._credentials
    assert (credentials.access_key, credentials.token) == ("000000000000", None)


def test_clients_without_arguments_use_the_account(cleanrooms_cloud_environ):
    cloud = cleanrooms_cloud_environ
    assert boto3.client("sts").get_caller_identity()["Account"] == cloud.account
    assert boto3.client("cleanrooms").list_memberships()["membershipSummaries"] == []
    assert boto3.client("cleanrooms").meta.endpoint_url == cloud.url
    with pytest.raises(BotoCoreError):
        boto3.Session(profile_name="production").client("sts")


def test_a_program_uses_the_account(cleanrooms_cloud):
    for cloud in (cleanrooms_cloud, cleanrooms_cloud.other_account()):
        command = [sys.executable, "-c", CHILD]
        told = subprocess.check_output(command, env=cloud.environment, text=True)
        assert told.strip() == cloud.account


def test_clients_of_the_account_ignore_the_environment(cleanrooms_cloud, monkeypatch):
    for name, value in %(developer)r.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", %(config)r)
    for made in (cleanrooms_cloud, cleanrooms_cloud.session()):
        client = made.client("cleanrooms")
        assert client.meta.endpoint_url == cleanrooms_cloud.url
        assert client.list_memberships()["membershipSummaries"] == []
    resource = cleanrooms_cloud.session().resource("s3")
    assert [*resource.buckets.all()] == []


def test_the_environment_comes_back(pytestconfig):
    assert "AWS_PROFILE" not in os.environ
"""


@pytest.fixture(scope="module")
def on_a_developers_machine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The output of one run of both modules, in a folder whose name must not matter."""
    folder = made_once(tmp_path_factory, "their own Prüfungen", run_on_a_developers_machine)
    return (folder / "output").read_text("utf-8")


def run_on_a_developers_machine(folder: Path) -> None:
    config = folder / "config"
    config.write_text(CONFIG, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\ncleanrooms_cloud_guard = true\n", "utf-8")
    (folder / "test_unsupported.py").write_text(UNSUPPORTED, "utf-8")
    guarded = GUARDED % {"developer": DEVELOPER, "config": str(config)}
    (folder / "test_guarded.py").write_text(guarded, "utf-8")
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(config)}
    output = run(folder, "-p", "no:randomly", "-vv", **DEVELOPER, **files)
    (folder / "output").write_text(output, "utf-8")


def test_what_is_not_supported_fails_the_test_even_if_the_code_swallows_the_error(
    on_a_developers_machine: str,
) -> None:
    output = on_a_developers_machine
    assert outcomes(output, "test_unsupported") == {
        "test_an_error_that_is_swallowed": "ERROR",
        "test_an_error_of_a_partner": "ERROR",
        "TestMarked::test_allowed": "PASSED",
        "TestMarked::test_allowed_type": "PASSED",
        "TestMarked::test_another_operation": "ERROR",
        "test_what_is_supported": "PASSED",
        "test_one_name_without_a_list": "PASSED",
        "test_a_misspelt_operation": "ERROR",
        "test_a_misspelt_type": "ERROR",
        "test_one_account_without_a_list": "PASSED",
        "test_an_account_that_is_named_twice": "PASSED",
        "test_an_account_that_is_none": "ERROR",
        "test_a_marker_with_a_typing_error": "ERROR",
    }
    assert "allow_unsupported=['ListProtectedQueries']" in output
    assert "not regions" in output
    assert "is named 'ListProtectedQuerys'" in output
    assert "is named 'AWS::CleanRoomsML::TrainingDatasets'" in output
    assert "twelve digits, but not '1111-2222-3333'" in output
    assert "was not compared with it" in output


def test_nothing_leads_to_aws_on_a_developers_machine(on_a_developers_machine: str) -> None:
    found = outcomes(on_a_developers_machine, "test_guarded")
    assert {*found.values()} == {"PASSED"}, on_a_developers_machine
    assert len(found) == 5


@pytest.mark.parametrize(
    "url", ["https://cleanrooms.us-east-1.amazonaws.com", "http://203.0.113.1:80", "4566"]
)
def test_a_url_that_is_not_on_this_machine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with http://127"):
        LocalCloudServer(url)


def test_a_url_without_a_local_cloud_is_refused() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(RuntimeError, match="No local cloud answers"):
            LocalCloudServer(f"http://127.0.0.1:{nobody.getsockname()[1]}")


def test_a_running_cloud_continues_after_a_user_has_left(server: LocalCloudServer) -> None:
    with LocalCloud(url=server.url) as cloud:
        assert cloud.account == ACCOUNT
    assert cloud.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_the_plugin_loads_nothing_slow() -> None:
    program = (
        "import sys, pytest; before = {*sys.modules}; import cdk_cleanrooms_pytest;"
        "print(*({*sys.modules} - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()
    assert loaded == ["cdk_cleanrooms_pytest"]
