"""Access to AWS through boto3. Every failure becomes one line that says what to do."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from typing import Any

_INSTALL = (
    "install the extra 'discover' of cdk-cleanrooms, for example with: pip install 'boto3>=1.35'"
)
_SIGN_IN = "sign in again (`aws sso login`, for example), or choose another profile with --profile"
_CONFIGURE = "check the AWS configuration: profile, Region, endpoint URL"
_TRY_AGAIN = "try again in a minute"

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
_TOO_MANY = {"RequestLimitExceeded", "Throttling", "TooManyRequests"}


class CommandError(Exception):
    """The reason why there is no result, and what to do about it, on one line."""


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
        self._clients: dict[tuple[str, str | None], Any] = {}

    @property
    def region(self) -> str | None:
        """The Region, if one is configured."""
        region: str | None = self._session.region_name
        return region

    @property
    def account(self) -> str:
        """The account that the credentials belong to."""
        account: str = self.client("sts", self.region or "us-east-1").get_caller_identity()[
            "Account"
        ]
        return account

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the client for a service.

        Args:
            service: The service, as boto3 names it.
            region: The Region, if it is not the configured one.

        Returns:
            The client.
        """
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.client(service, region_name=region)
        return self._clients[key]

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

    try:
        yield
    except (BotoCoreError, ClientError, ValueError) as error:  # ValueError: a malformed endpoint
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
    if _is_signed_out(error):
        return _SIGN_IN
    if type(error).__name__ == "NoRegionError":
        return "use --region, or set AWS_REGION"
    code, status = code_of(error), _status_of(error)
    if code in _DENIED:
        actions = " and ".join(filter(None, [", ".join([*permissions][:-1]), *[*permissions][-1:]]))
        mine = f"that {subject} is this account's, and " if subject else ""
        return f"check {mine}that you may use {actions}" if actions else otherwise
    if code in _TOO_MANY or status == 429 or status >= 500:
        return _TRY_AGAIN
    return otherwise


def _is_signed_out(error: BaseException) -> bool:
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

    if _is_signed_out(error):
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
