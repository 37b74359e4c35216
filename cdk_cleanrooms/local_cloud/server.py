"""The server process of the local cloud."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import tempfile
import threading
import uuid
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from .environment import ACCOUNT, REGION, is_on_loopback, without_aws
from .identifiers import ReproducibleIdentifiers


def serve(port: int = 0, *, stop_with_standard_input: bool = False) -> None:
    """Print the URL, and serve on loopback until a signal arrives.

    Args:
        port: The port. By default, a free one.
        stop_with_standard_input: Whether to stop when standard input is closed, too.
    """
    # Until hypercorn handles the signal, it would end this process without removing the folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # Amazon SNS, for example, would confirm the subscriptions of a stack to its real subscribers.
    sys.addaudithook(_refuse_other_machines)
    listener = socket.create_server(("127.0.0.1", port))
    address, port = listener.getsockname()
    with tempfile.TemporaryDirectory(prefix="local-cloud-") as folder:
        # ministack does not remove the code of a Lambda function, for example.
        tempfile.tempdir = folder
        # The home folder of the CDK CLI, which would not create it.
        Path(folder, "cdk").mkdir()
        # What an account starts, such as a Lambda function, must not find real credentials.
        for name in os.environ.keys() - without_aws().keys():
            del os.environ[name]
        os.environ.update(
            AUTH="false",
            GATEWAY_PORT=str(port),
            LOCALSTACK_PERSISTENCE="0",
            LOG_LEVEL="CRITICAL",
            MINISTACK_ACCOUNT_ID=ACCOUNT,
            MINISTACK_REGION=REGION,
            PERSIST_STATE="0",
            S3_PERSIST="0",
            SERVICES="",
            # ministack writes keys of services here, even if nobody uses these services.
            STATE_DIR=folder,
        )
        identifiers = ReproducibleIdentifiers()
        uuid.uuid4 = identifiers.uuid4
        # Not at the top, because ministack reads the environment when it is imported, and so that
        # all modules use these identifiers.
        from .application import Application
        from .ministack_adapter import UnknownMinistackError

        try:
            application = Application(folder, identifiers)
        except UnknownMinistackError as error:
            sys.exit(str(error))
        if stop_with_standard_input:
            threading.Thread(target=_stop_with_standard_input, daemon=True).start()
        gc.freeze()
        gc.enable()
        config = Config()
        config.bind = [f"fd://{listener.detach()}"]
        config.errorlog = None
        config.graceful_timeout = 1
        sys.stdout.write(f"http://{address}:{port}\n")
        sys.stdout.flush()
        asyncio.run(hypercorn_serve(application, config))  # type: ignore[arg-type]


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        # Other addresses are paths of local sockets.
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host and not is_on_loopback(host):
        raise PermissionError(f"The local cloud does not connect to another machine: {host}")


def _stop_with_standard_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
