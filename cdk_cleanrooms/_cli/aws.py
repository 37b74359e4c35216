"""Access to AWS through boto3. Every failure becomes one line that says what to do."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from copy import copy
from io import StringIO
from random import uniform
from threading import Lock
from typing import Any, NamedTuple

from .side_by_side import LIMIT, Once

_INSTALL = (
    "install the extra 'discover' of cdk-cleanrooms, for example with: pip install 'boto3>=1.35'"
)
_SIGN_IN = "sign in again (`aws sso login`, for example), or choose another profile with --profile"
_CONFIGURE = "check the AWS configuration: profile, Region, endpoint URL"
_TRY_AGAIN = "try again in a minute"
_CHECK_NETWORK = (
    "check the network (a proxy, or a page to sign in to) and the AWS configuration: endpoint URL"
)

# The botocore exceptions that mean that a session must be started or renewed. The lowest supported
# version of boto3 does not define the exceptions of `aws login`.
_SIGNED_OUT = (
    "LoginError",
    "NoAuthTokenError",
    "NoCredentialsError",
    "SSOError",
    "TokenRetrievalError",
)
# The codes with which AWS rejects credentials. Some services add `Exception` to them.
_REJECTED = {
    "AuthFailure",
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidGrant",
    "InvalidSecurity",
    "InvalidSignature",
    "InvalidToken",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "Unauthorized",
    "UnrecognizedClient",
}
_DENIED = {"AccessDenied", "Forbidden", "UnauthorizedOperation"}
_TOO_MANY = {
    "RequestLimitExceeded",
    "RequestThrottled",
    "Throttled",
    "Throttling",
    "TooManyRequests",
}
# A throttled request is sent again for about ten minutes, at most once in 20 seconds.
_ATTEMPTS, _LONGEST_DELAY = 40, 20


class CommandError(Exception):
    """The reason why there is no result, and what to do about it, on one line."""


class OutputError(Exception):
    """A result cannot be written to standard output."""


class NotFromAwsError(Exception):
    """An answer that AWS cannot have given."""


class Role(NamedTuple):
    """A role that can be assumed."""

    arn: str
    """Its ARN."""
    options: Mapping[str, Any]
    """Further arguments of AssumeRole."""


class Aws:
    """Clients for AWS services.

    Args:
        profile: The profile, or None for boto3's own choice.
        region: The Region, or None for boto3's own choice.

    Raises:
        CommandError: If boto3 is not installed, or there are no credentials.
    """

    def __init__(self, *, profile: str | None, region: str | None) -> None:
        try:
            import boto3
            from botocore.exceptions import BotoCoreError, NoCredentialsError
        except ImportError as error:
            raise CommandError(f"{error}; {_INSTALL}") from error
        try:
            self._session = boto3.Session(profile_name=profile, region_name=region)
        except BotoCoreError as error:
            raise CommandError(advised(error)) from error
        # Credentials come from programs, files and prompts, so providers can raise any exception.
        try:
            with _nothing_but_our_own_output():
                credentials = self._session.get_credentials()
                if credentials is None:
                    raise NoCredentialsError
                credentials.get_frozen_credentials()
        except Exception as error:
            raise CommandError(_cannot_sign_in(error)) from error
        self._profile = profile
        self._reset()

    def _reset(self) -> None:
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = Lock()
        self._identity = Once(self._caller)

    @property
    def region(self) -> str | None:
        """The Region, if one is configured."""
        region: str | None = self._session.region_name
        return region

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        return self._identity()

    def _caller(self) -> str:
        region = self.region or "us-east-1"
        account: str = self.ask("sts", "get_caller_identity", "Account", region=region)
        return account

    def partition(self, region: str) -> str:
        """Return the partition of a Region."""
        partition: str = self._session.get_partition_for_region(region)
        return partition

    def assuming(self, role: Role, region: str) -> Aws:
        """Return clients that use a role.

        Args:
            role: The role.
            region: The Region in which it is assumed.

        Raises:
            botocore.exceptions.ClientError: If AWS refuses.
            NotFromAwsError: If the answer has no credentials.
        """
        import boto3
        from botocore.credentials import RefreshableCredentials
        from botocore.session import Session

        # If it fails, there is another way, so few attempts are enough.
        sts = self._new_client("sts", region, retries={"total_max_attempts": 2})
        request = {"RoleArn": role.arn, "RoleSessionName": "cdk-cleanrooms", **role.options}

        def assume() -> dict[str, str]:
            given = _member(sts.assume_role(**request), "assume_role", "Credentials")
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }

        session = Session(profile=self._profile)
        # A deployment can take longer than the credentials are valid.
        session._credentials = RefreshableCredentials.create_from_metadata(
            assume(), refresh_using=assume, method="sts-assume-role"
        )
        assumed = copy(self)
        assumed._session = boto3.Session(botocore_session=session, region_name=region)
        assumed._reset()
        return assumed

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the client for a service.

        Args:
            service: The service, as boto3 names it.
            region: The Region, if it is not the configured one.

        Returns:
            The client.
        """
        key = (service, region)
        with self._lock:  # clients can be used in several threads, but not created
            if key not in self._clients:
                self._clients[key] = self._new_client(service, region)
            return self._clients[key]

    def _new_client(self, service: str, region: str | None, **settings: Any) -> Any:
        from botocore.config import Config

        config = Config(max_pool_connections=LIMIT, **settings)
        client = self._session.client(service, region_name=region, config=config)
        own = client.meta.service_model.service_id.hyphenize()
        if "total_max_attempts" not in (client.meta.config.retries or {}):
            client.meta.events.register_first(f"needs-retry.{own}", _delay)
        client.meta.events.register(f"before-parse.{own}", _refuse_what_is_not_from_aws)
        return client

    def ask(
        self,
        service: str,
        operation: str,
        member: str,
        *,
        region: str | None = None,
        **arguments: object,
    ) -> Any:
        """Send a request.

        Args:
            service: The service, as boto3 names it.
            operation: The operation, as boto3 names it.
            member: The member of the answer to return.
            region: The Region, if it is not the configured one.
            arguments: The arguments of the operation.

        Returns:
            This member of the answer.

        Raises:
            NotFromAwsError: If the answer does not have this member.
        """
        answer = getattr(self.client(service, region), operation)(**arguments)
        return _member(answer, operation, member)

    def pages(
        self,
        service: str,
        operation: str,
        items: str,
        *,
        region: str | None = None,
        **arguments: object,
    ) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages of a listing.

        Args:
            service: The service, as boto3 names it.
            operation: The operation, as boto3 names it.
            items: The member of a page that contains its items.
            region: The Region, if it is not the configured one.
            arguments: The arguments of the operation.

        Yields:
            Each item.
        """
        paginator = self.client(service, region).get_paginator(operation)
        for page in paginator.paginate(**arguments):
            yield from page.get(items, ())


def _member(answer: Mapping[str, Any], operation: str, name: str) -> Any:
    if name not in answer:
        raise NotFromAwsError(f"the answer to {operation} has no {name}")
    return answer[name]


def _delay(response: Any, attempts: int, **_: object) -> float | None:
    """Return after how many seconds a throttled request is sent again, or None."""
    if response is None or attempts >= _ATTEMPTS:
        return None
    http, answer = response
    code = str(answer.get("Error", {}).get("Code", "")).removesuffix("Exception")
    if code not in _TOO_MANY and http.status_code != 429:
        return None
    return float(min(_LONGEST_DELAY, 2 ** (attempts - 1))) * uniform(0.5, 1)


def _refuse_what_is_not_from_aws(
    operation_model: Any, response_dict: Mapping[str, Any], **_: object
) -> None:
    """Raise an error for a successful answer that is, for example, a web page."""
    body = response_dict["body"]
    if response_dict["status_code"] >= 300:
        return
    wrapper = operation_model.output_shape.serialization.get("resultWrapper")
    if wrapper and f"<{wrapper}".encode() in body:
        return
    try:
        answer = json.loads(body)
        shape = operation_model.output_shape
        known = {one.serialization.get("name", name) for name, one in shape.members.items()}
        # No member is required in some answers, but something else is no answer either.
        is_known = isinstance(answer, dict) and (not answer or known & {*answer})
        if is_known and {*shape.required_members} <= {*answer}:
            return
    except ValueError:
        pass
    text = body.decode("utf-8", "replace")
    what = f"is not from AWS: {text[:80]!r}" if text.strip() else "is empty"
    raise NotFromAwsError(f"the answer to {operation_model.name} {what}")


@contextmanager
def _nothing_but_our_own_output() -> Iterator[None]:
    """Hide the prompt for an MFA code, which cannot be answered without a terminal."""
    with warnings.catch_warnings(), redirect_stderr(StringIO()):
        yield


@contextmanager
def advice(*permissions: str, subject: str = "") -> Iterator[None]:
    """Convert the exceptions of a request to a `CommandError`.

    Args:
        permissions: The IAM actions that the requests need.
        subject: What to check first if AWS refuses for an unknown reason.

    Raises:
        CommandError: If AWS refuses, does not answer, or cannot be reached.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    # ValueError: a malformed endpoint
    except (BotoCoreError, ClientError, NotFromAwsError, ResponseParserError, ValueError) as error:
        raise CommandError(advised(error, permissions, subject)) from error


def advised(error: Exception, permissions: Iterable[str] = (), subject: str = "") -> str:
    """Return the message of an exception, and what to do about it.

    Args:
        error: The exception.
        permissions: The IAM actions that the request needed.
        subject: What to check first if the reason is unknown.

    Returns:
        One line of text.
    """
    return f"{_text(error)}; {_advice(error, permissions, subject)}"


def _advice(error: Exception, permissions: Iterable[str], subject: str) -> str:
    check = f"check {subject}, and the AWS" if subject else "check the AWS"
    otherwise = _CONFIGURE.replace("check the AWS", check)
    if is_signed_out(error):
        return _SIGN_IN
    if type(error).__name__ == "NoRegionError":
        return "use --region, or set AWS_REGION"
    if type(error).__name__ in ("NotFromAwsError", "ResponseParserError"):
        return _CHECK_NETWORK
    code, status = code_of(error), _status_of(error)
    if is_denied(error):
        actions = " and ".join(filter(None, [", ".join([*permissions][:-1]), *[*permissions][-1:]]))
        mine = f"that {subject} is this account's, and " if subject else ""
        return f"check {mine}that you may use {actions}" if actions else otherwise
    if code in _TOO_MANY or status == 429 or status >= 500:
        return _TRY_AGAIN
    return otherwise


def is_denied(error: BaseException) -> bool:
    """Return whether AWS refuses a request because a permission is missing."""
    return code_of(error) in _DENIED


def is_signed_out(error: BaseException) -> bool:
    """Return whether a session must be started or renewed."""
    from botocore import exceptions

    kinds = tuple(getattr(exceptions, name) for name in _SIGNED_OUT if hasattr(exceptions, name))
    return isinstance(error, kinds) or code_of(error) in _REJECTED or _status_of(error) == 401


def code_of(error: BaseException) -> str:
    """Return the error code in AWS's answer, without the suffix that only some services add.

    Args:
        error: The exception.

    Returns:
        The code, or an empty string if AWS did not answer.
    """
    response = getattr(error, "response", None) or {}
    code = str(response.get("Error", {}).get("Code", ""))
    return code.removesuffix("Exception")


def _status_of(error: BaseException) -> int:
    response = getattr(error, "response", None) or {}
    status: int = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status


def _cannot_sign_in(error: Exception) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    if is_signed_out(error):
        return f"{_text(error)}; {_SIGN_IN}"
    if isinstance(error, EOFError):
        return (
            "the profile needs an MFA code, and there is no terminal in which to enter it; run this"
            " in a terminal, or use a profile that does not need one"
        )
    is_its_own = isinstance(error, (BotoCoreError, ClientError))
    # The message of any other exception can be incomplete: for example, only the name of a missing
    # key.
    said = _text(error) if is_its_own else f"{type(error).__name__}: {_text(error)}"
    return (
        f"cannot get credentials: {said}; check the profile in the AWS configuration, or choose"
        " another one with --profile"
    )


def _text(error: Exception) -> str:
    return visible(" ".join(str(error).split())).rstrip(".")


def visible(text: str) -> str:
    """Escape characters that would break the line or be invisible in it."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
