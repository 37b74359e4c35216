"""A pytest plugin with fixtures that deploy stacks to a local cloud.

pytest loads this module in every project in whose environment it is installed. So it imports only
pytest and the standard library, and the rest when a test needs it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdk_cleanrooms.local_cloud import LocalAccount, LocalCloudServer

_MARKER = "cleanrooms_cloud"
_MARKED = f"""\
{_MARKER}(*, allow_unsupported=[], region="us-east-1", accounts=[]): settings of the fixture \
{_MARKER}. allow_unsupported names API operations and resource types that the local cloud lacks \
and that do not fail the test; accounts are those of {_MARKER} and of its other_account()."""
_LIMITS = (
    "cdk-cleanrooms local cloud: follows the documentation of AWS, but was not compared with it; "
    "no query or job runs on data; IAM evaluates only the roles of services, at deployment"
)
# Nothing listens here.
_NOWHERE = "http://127.0.0.1:1"
_NOBODY = "000000000000"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    parser.getgroup("cdk-cleanrooms").addoption(
        "--cleanrooms-cloud-url",
        metavar="URL",
        help="use the running local cloud that `cdk-cleanrooms local serve` started",
    )
    parser.addini("cleanrooms_cloud_url", "the same as --cleanrooms-cloud-url", default="")
    parser.addini(
        "cleanrooms_cloud_guard",
        "let no client in the process of the tests reach AWS, nor use real credentials",
        type="bool",
        default=False,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Guard clients that a conftest.py creates when it is imported."""
    _guard(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and guard the process if nothing else has."""
    config.addinivalue_line("markers", _MARKED)
    _guard(config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say with -v what passes in the local cloud and can fail in AWS."""
    return [_LIMITS] if config.get_verbosity() > 0 else []


@pytest.fixture(scope="session")
def cleanrooms_cloud_server(request: pytest.FixtureRequest) -> Iterator[LocalCloudServer]:
    """The server of the local cloud, which all tests of this process share.

    It has `url`, `requests()` and `stop()`.
    """
    from cdk_cleanrooms.local_cloud import LocalCloudServer

    config = request.config
    url = config.getoption("cleanrooms_cloud_url") or config.getini("cleanrooms_cloud_url")
    with LocalCloudServer(url or None) as server:
        yield server


@pytest.fixture
def cleanrooms_cloud(
    request: pytest.FixtureRequest, cleanrooms_cloud_server: LocalCloudServer
) -> Iterator[LocalAccount]:
    """An empty account in the local cloud for one test, the same in each run."""
    yield from _account(request, cleanrooms_cloud_server)


@pytest.fixture(scope="module")
def cleanrooms_cloud_shared(
    request: pytest.FixtureRequest, cleanrooms_cloud_server: LocalCloudServer
) -> Iterator[LocalAccount]:
    """An account in the local cloud that all tests of a module share."""
    yield from _account(request, cleanrooms_cloud_server)


@pytest.fixture
def cleanrooms_cloud_environ(
    cleanrooms_cloud: LocalAccount, monkeypatch: pytest.MonkeyPatch
) -> LocalAccount:
    """The account of `cleanrooms_cloud`, which clients in this process use without arguments."""
    for name in os.environ.keys() - cleanrooms_cloud.environment.keys():
        monkeypatch.delenv(name)
    for name, value in cleanrooms_cloud.settings.items():
        monkeypatch.setenv(name, value)
    if "boto3" in sys.modules:
        # The session of earlier calls has read its settings already.
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    return cleanrooms_cloud


def _account(request: pytest.FixtureRequest, server: LocalCloudServer) -> Iterator[LocalAccount]:
    from cdk_cleanrooms.local_cloud import LeasedAccount

    settings = _settings(request.node)
    allowed = settings.pop("allow_unsupported")
    for name in sorted(allowed):
        # An operation that is so new that it has no name here is reported with its path.
        if " " not in name:
            try:
                server.supports(name)
            except ValueError as error:
                raise pytest.UsageError(
                    f"allow_unsupported in the marker {_MARKER}: {error}"
                ) from None
    with LeasedAccount(server, seed=request.node.nodeid, **settings) as account:
        yield account
        asked = account.unsupported()
    refused = sorted({*asked} - allowed)
    if refused:
        pytest.fail(
            f"The local cloud does not support {', '.join(refused)}. If this does not matter here, "
            f"mark the test with @pytest.mark.{_MARKER}(allow_unsupported={refused}).",
            pytrace=False,
        )


def _settings(node: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"allow_unsupported": set(), "region": None, "accounts": None}
    for marker in node.iter_markers(_MARKER):
        unknown = sorted(marker.kwargs.keys() - found.keys())
        if marker.args or unknown:
            what = f"not {', '.join(unknown)}" if unknown else "by their names"
            raise pytest.UsageError(
                f"The marker {_MARKER} takes {', '.join(sorted(found))}, {what}."
            )
        names = marker.kwargs.get("allow_unsupported", ())
        found["allow_unsupported"] |= {names} if isinstance(names, str) else {*names}
        for name in ("region", "accounts"):
            # The marker of the test comes before those of its class and its module.
            found[name] = found[name] or marker.kwargs.get(name)
    if isinstance(found["accounts"], str):
        found["accounts"] = [found["accounts"]]
    return {name: value for name, value in found.items() if value is not None}


def _guard(config: pytest.Config) -> None:
    if not config.getini("cleanrooms_cloud_guard") or config.stash.get(_GUARDED, False):
        return
    config.stash[_GUARDED] = True
    from cdk_cleanrooms.local_cloud.environment import REGION, settings, without_aws

    before = dict(os.environ)

    def restore() -> None:
        os.environ.clear()
        os.environ.update(before)

    config.add_cleanup(restore)
    guarded = without_aws() | settings(_NOWHERE, _NOBODY, REGION, os.devnull)
    os.environ.clear()
    os.environ.update(guarded)


_GUARDED = pytest.StashKey[bool]()
