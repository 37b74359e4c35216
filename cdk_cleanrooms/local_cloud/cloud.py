"""The local cloud for use from Python."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self, overload

import boto3
from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session as BotocoreSession
from typing_extensions import override

from .._core.types import RESOURCE_TYPES
from .assembly import SynthesizedStack, synthesized
from .deployment import Deployment
from .environment import ACCOUNT, REGION, settings, without_aws
from .errors import DeploymentFailed
from .programs import output_of, running
from .server_process import LocalCloudServer

if TYPE_CHECKING:
    from aws_cdk import Stack, Stage

# The models of the services are read only once, however many accounts there are.
_LOADER = Loader()
# botocore's settings that are files.
_FILES = ("config_file", "credentials_file")
# The template of `cdk bootstrap` in the package of the CLI.
_BOOTSTRAP = Path("lib", "api", "bootstrap", "bootstrap-template.yaml")
_OWNED_BY_AWS = "AWS_MANAGED_KEY"
# Older CLIs ignore the endpoint and would deploy to AWS.
_OLDEST_CDK_CLI = (2, 177, 0)


class LocalAccount:
    """An account in a local cloud.

    Args:
        server: The server of the local cloud.
        account: The account, as twelve digits.
        region: The Region of its clients, and of stacks that do not name one.
    """

    def __init__(self, server: LocalCloudServer, account: str, region: str) -> None:
        self.server = server
        self.account = account
        self.region = region
        self._session: boto3.Session | None = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._is_bootstrapped = False
        self._others: dict[str, LocalAccount] = {}

    @property
    def url(self) -> str:
        """The URL of the local cloud, as for `AWS_ENDPOINT_URL`."""
        return self.server.url

    @property
    def environment(self) -> dict[str, str]:
        """The environment for subprocesses, whose CDK CLI and SDKs then use only this account."""
        return without_aws() | self.settings

    @property
    def settings(self) -> dict[str, str]:
        """The variables of `environment` that make programs use this account."""
        home = str(Path(self.server.folder, "cdk"))
        return settings(self.url, self.account, self.region, home)

    def session(self) -> boto3.Session:
        """Return a session of boto3 whose clients use only this account."""
        if self._session is None:
            self._session = _session(self.url, self.account, self.region)
        return self._session

    def client(self, service: str, *, account: str | None = None, region: str | None = None) -> Any:
        """Return a client of boto3 for this account.

        Args:
            service: The name of the service, as for `boto3.client`.
            account: Another account. By default, this one.
            region: Another Region. By default, that of this account.
        """
        one = self if account is None else self.other_account(account)
        key = (service, region or self.region)
        # A client can be shared, and takes longer to create than it takes to answer a request.
        if key not in one._clients:
            one._clients[key] = one.session().client(service, region_name=key[1])
        return one._clients[key]

    def other_account(self, account: str | None = None) -> LocalAccount:
        """Return another account in the same cloud and Region, such as a partner's.

        Args:
            account: The account, as twelve digits. By default, each call returns a new account.
        """
        if account is None:
            account = derived_account(f"{self.account}/{len(self._others)}")
        _refuse_wrong_account(account)
        if account == self.account:
            return self
        if account not in self._others:
            self._others[account] = LocalAccount(self.server, account, self.region)
        return self._others[account]

    @overload
    def deploy(
        self, target: Stack, *, parameters: Mapping[str, str] | None = None
    ) -> dict[str, str]: ...

    @overload
    def deploy(
        self, target: Stage, *, parameters: Mapping[str, str] | None = None
    ) -> dict[str, dict[str, str]]: ...

    def deploy(
        self, target: Stack | Stage, *, parameters: Mapping[str, str] | None = None
    ) -> dict[str, str] | dict[str, dict[str, str]]:
        """Synthesize and deploy in this process, without the CDK CLI; again, this is an update.

        Args:
            target: A stack, which is deployed after the stacks that it depends on, or an app or a
                stage, whose stacks are all deployed. A stack may leave out its account and Region.
            parameters: The values of CloudFormation parameters, by name.

        Returns:
            The outputs of the stack by their keys. For an app or a stage, these by the names of
            the stacks.

        Raises:
            DeploymentFailed: CloudFormation refuses a stack, or rolls it back.
            UnsupportedByLocalCloud: A stack has assets, or the app looks up values.
            TypeError: The target is something else.
            ValueError: A stack is for another account, two stacks have the same name, or no stack
                has a parameter.
        """
        stacks = synthesized(target)
        for stack in stacks:
            stack.refuse_what_only_the_cli_can_do()
            self._refuse_other_account(stack)
        _refuse_equal_names(stacks)
        values = parameters or {}
        unknown = sorted(values.keys() - {name for one in stacks for name in one.parameters})
        if unknown:
            raise ValueError(f"No stack has the parameters {unknown}; use names of a CfnParameter.")
        outputs = {stack.name: self._deployment(stack).deploy(stack, values) for stack in stacks}
        return outputs if _is_stage(target) else outputs[stacks[-1].name]

    def destroy(self, stack: Stack | str | None = None) -> None:
        """Delete a stack or all stacks of this account and Region, with what they contain.

        Args:
            stack: The stack, or its name. By default, all stacks, the newest first.

        Raises:
            DeploymentFailed: CloudFormation cannot delete a resource.
        """
        client = self.client("cloudformation")
        if stack is not None:
            self._named(stack).destroy()
            return
        pages = client.get_paginator("describe_stacks").paginate()
        stacks = [one for page in pages for one in page["Stacks"]]
        # A stack can import only from older ones. The sorting keeps the order of equal times.
        stacks.reverse()
        for one in sorted(stacks, key=lambda one: one["CreationTime"], reverse=True):
            Deployment(client, one["StackName"], {}).destroy()

    def events(self, stack: Stack | str) -> list[dict[str, Any]]:
        """Return the events of a stack, oldest first, as CloudFormation describes them.

        Args:
            stack: The stack, or its name.
        """
        return self._named(stack).events()

    def resources(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Return this account's resources of Clean Rooms and Entity Resolution.

        Args:
            kind: The last part of a resource type, such as `Membership`. By default, all.

        Returns:
            Each resource as the API describes it to this account, plus `kind`, `account`,
            `region` and `tags`. Collaborations include those of others in which this account is
            a member or is invited.

        Raises:
            ValueError: There is no such kind.
        """
        kinds = sorted(one.name.rpartition(":")[2] for one in RESOURCE_TYPES)
        if kind not in (None, *kinds):
            raise ValueError(f"There are no resources of the kind {kind!r}; use one of {kinds}.")
        found = self.server.resources(self.account)
        return [one for one in found if kind in (None, one["kind"])]

    def supports(self, name: str) -> bool:
        """Return whether the local cloud supports a resource type or an operation.

        Args:
            name: A resource type, such as `AWS::CleanRooms::Membership`, or an operation of Clean
                Rooms, Clean Rooms ML or Entity Resolution, such as `ListMembers`.

        Raises:
            ValueError: Neither a type nor an operation of these services has this name.
        """
        return self.server.supports(name)

    def cdk(
        self, *arguments: str, folder: Path | str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the CDK CLI from `PATH` in this account, which is bootstrapped before the first time.

        Args:
            arguments: The arguments of the CLI.
            folder: The folder of the app. By default, the current folder.

        Returns:
            The process, whose `stdout` contains all output. Its `returncode` is the CLI's status.

        Raises:
            FileNotFoundError: There is no CDK CLI on `PATH`.
            RuntimeError: The CLI is so old that it would use AWS, or the bootstrapping fails.
        """
        if not self._is_bootstrapped:
            self.bootstrap()
        return self._run_cdk(arguments, folder)

    def bootstrap(self) -> None:
        """Prepare this account for deployments with the CDK CLI."""
        program = shutil.which("cdk")
        if program is None:
            raise FileNotFoundError(
                "There is no CDK CLI on PATH. Install Node.js, and then: npm install -g aws-cdk"
            )
        package = _package_of(program)
        self._refuse_old_cli(package)
        stack = Deployment(self.client("cloudformation"), "CDKToolkit", {})
        template = package.folder / _BOOTSTRAP if package else None
        if template and template.is_file():
            # The CLI deploys the same with the same parameter, but takes seconds.
            try:
                stack.create(template.read_text("utf-8"), FileAssetsBucketKmsKeyId=_OWNED_BY_AWS)
            except DeploymentFailed as error:
                raise RuntimeError(f"The bootstrapping failed: {error}") from error
        else:
            self._bootstrap_with_cli()
            if not stack.status():
                raise RuntimeError("`cdk bootstrap` did not use the local cloud.")
        self._is_bootstrapped = True

    def _bootstrap_with_cli(self) -> None:
        # In an empty folder, because the CDK CLI would otherwise run the app.
        with tempfile.TemporaryDirectory(prefix="local-cloud-") as empty:
            result = self._run_cdk(["bootstrap", f"aws://{self.account}/{self.region}"], empty)
        if result.returncode:
            raise RuntimeError(f"`cdk bootstrap` failed:\n{result.stdout}")

    def _run_cdk(
        self, arguments: list[str] | tuple[str, ...], folder: Path | str | None
    ) -> subprocess.CompletedProcess[str]:
        command = ["cdk", *arguments]
        with running(
            command,
            own_group=True,
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            output = output_of(process)
        return subprocess.CompletedProcess(command, process.returncode, output)

    def _refuse_old_cli(self, package: _Package | None) -> None:
        told = package.version if package else self._run_cdk(["--version"], None).stdout
        version = re.search(r"^(\d+)\.(\d+)\.(\d+)", told, re.MULTILINE)
        if version is None or tuple(map(int, version.groups())) < _OLDEST_CDK_CLI:
            oldest = ".".join(map(str, _OLDEST_CDK_CLI))
            raise RuntimeError(
                f"The CDK CLI must be {oldest} or newer, because older ones ignore the endpoint of "
                f"the local cloud and use AWS. `cdk --version` says: {told.strip()}"
            )

    def _refuse_other_account(self, stack: SynthesizedStack) -> None:
        if stack.account not in (None, self.account, *self._others):
            raise ValueError(
                f"The stack {stack.name} is for account {stack.account}, but this is account "
                f"{self.account}. Leave out the account in its environment, or deploy it in its "
                f"account: `LocalCloud(account={stack.account!r})`, or with pytest "
                f"`@pytest.mark.cleanrooms_cloud(accounts=[{stack.account!r}])`."
            )

    def _deployment(self, stack: SynthesizedStack) -> Deployment:
        client = self.client("cloudformation", account=stack.account, region=stack.region)
        return Deployment(client, stack.name, stack.paths)

    def _named(self, stack: Stack | str) -> Deployment:
        if isinstance(stack, str):
            return Deployment(self.client("cloudformation"), stack, {})
        from aws_cdk import Token

        account, region = (
            None if Token.is_unresolved(one) else one for one in (stack.account, stack.region)
        )
        client = self.client("cloudformation", account=account, region=region)
        return Deployment(client, stack.stack_name, {})


class LocalCloud(LocalAccount):
    """A local cloud that runs during a `with` block, and its account.

    It also stops if this process ends in another way.

    Args:
        account: The account, as twelve digits.
        region: The Region of its clients, and of stacks that do not name one.
        url: The URL of a running local cloud to use instead, which then continues to run.

    Raises:
        ValueError: The account is not a text of twelve digits.

    Examples:
        >>> with LocalCloud() as cloud:
        ...     outputs = cloud.deploy(stack)
    """

    account = ACCOUNT
    region = REGION

    def __init__(
        self, *, account: str = ACCOUNT, region: str = REGION, url: str | None = None
    ) -> None:
        _refuse_wrong_account(account)
        self._url = url
        self.account = account
        self.region = region

    def __enter__(self) -> Self:
        """Start the server, and wait until it listens."""
        super().__init__(LocalCloudServer(self._url), self.account, self.region)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.stop()

    def stop(self) -> None:
        """Stop the server, and kill it if it does not stop."""
        self.server.stop()

    def requests(self) -> list[str]:
        """Return the service, method and path of each request to the local cloud."""
        return self.server.requests()


class LeasedAccount(LocalAccount):
    """An empty account that nobody else uses during a `with` block, and its partners.

    Args:
        server: The server of the local cloud.
        seed: A text from which the numbers of the accounts follow, if they are free.
        region: The Region of its clients, and of stacks that do not name one.
        accounts: The numbers of the accounts instead: its own, and those of its partners.
    """

    def __init__(
        self,
        server: LocalCloudServer,
        *,
        seed: str,
        region: str = REGION,
        accounts: Sequence[str] = (),
    ) -> None:
        for account in accounts:
            _refuse_wrong_account(account)
        self._wanted = [*dict.fromkeys(accounts)]
        self._seed = seed
        super().__init__(server, "", region)
        self._leased: list[str] = []

    def __enter__(self) -> Self:
        """Lease the account."""
        self.account = self._lease()
        return self

    def __exit__(self, *_: object) -> None:
        """Empty and return all accounts."""
        for account in self._leased:
            self.server.release(account)

    @override
    def other_account(self, account: str | None = None) -> LocalAccount:
        if account == self.account or account in self._others:
            return super().other_account(account)
        if account is not None:
            self._wanted = [account, *(one for one in self._wanted if one != account)]
        return super().other_account(self._lease())

    def unsupported(self) -> list[str]:
        """Return the unsupported operations and types that these accounts requested."""
        return [name for one in self._leased for name in self.server.unsupported(one)]

    def _lease(self) -> str:
        if self._wanted:
            account = self._wanted.pop(0)
            if not self.server.lease(account):
                raise RuntimeError(
                    f"Another test uses account {account} in the local cloud at {self.url} now."
                )
        else:
            text = f"{self._seed}/{len(self._leased)}"
            account = derived_account(text)
            while not self.server.lease(account):
                text += "/"
                account = derived_account(text)
        self._leased.append(account)
        return account


class _Session(boto3.Session):  # type: ignore[misc]  # boto3 has no types
    """A session whose clients use the local cloud, whatever the environment says."""

    def __init__(self, url: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._more = {"endpoint_url": url, "config": Config(proxies={})}

    def client(self, *arguments: Any, **more: Any) -> Any:
        return super().client(*arguments, **self._with_endpoint(more))

    def resource(self, *arguments: Any, **more: Any) -> Any:
        return super().resource(*arguments, **self._with_endpoint(more))

    def _with_endpoint(self, more: dict[str, Any]) -> dict[str, Any]:
        config = more.get("config")
        merged = config.merge(self._more["config"]) if config else self._more["config"]
        return {**more, **self._more, "config": merged}


def _session(url: str, account: str, region: str) -> boto3.Session:
    # The files and variables of a developer's machine must not change what a client does. They can
    # name a host that botocore tells of each request, or let it ask for the Region of the machine.
    variables = {
        name: (None, None, os.devnull if name in _FILES else default, converted)
        for name, (_, _, default, converted) in BotocoreSession.SESSION_VARIABLES.items()
    }
    core = BotocoreSession(session_vars=variables)
    session = _Session(
        url,
        botocore_session=core,
        region_name=region,
        # The access key is the account.
        aws_access_key_id=account,
        aws_secret_access_key="local",
    )
    # Not before, because each session of boto3 would add its own folder to the loader.
    core.register_component("data_loader", _LOADER)
    return session


class _Package(NamedTuple):
    """The npm package of the CDK CLI, whose files tell at once what the CLI takes seconds for."""

    folder: Path
    version: str


def _package_of(program: str) -> _Package | None:
    """Return the package of a program, or None if the program only starts the CDK CLI."""
    folder = Path(program).resolve().parent.parent
    try:
        match json.loads((folder / "package.json").read_text("utf-8")):
            case {"name": "aws-cdk", "version": str(version)}:
                return _Package(folder, version)
    except (OSError, ValueError):
        pass
    return None


def derived_account(text: str) -> str:
    """Return an account that follows from a text, and is as good as unique to it."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    # Without zeros at the beginning, which some tools drop.
    return str(10**11 + number % (9 * 10**11))


def _refuse_wrong_account(account: str) -> None:
    # ministack would use its own account for another access key.
    if not (isinstance(account, str) and re.fullmatch("[0-9]{12}", account)):
        raise ValueError(f"An account is a text of twelve digits, but not {account!r}.")


def _refuse_equal_names(stacks: Sequence[SynthesizedStack]) -> None:
    """Refuse stacks of which the second would be an update of the first."""
    numbers = Counter((one.name, one.account, one.region) for one in stacks)
    for (name, _, _), number in numbers.items():
        if number > 1:
            raise ValueError(
                f"The app has {number} stacks with the name {name} for the same account and "
                "Region, so each would replace the one before. Give them different names."
            )


def _is_stage(target: object) -> bool:
    from aws_cdk import Stage

    return isinstance(target, Stage)
