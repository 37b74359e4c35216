"""`python -m cdk_cleanrooms.local_cloud serve`, `… deploy` and `… shell`."""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    """Run the command of the command line."""
    parser = argparse.ArgumentParser(prog="local_cloud", description="A local copy of AWS.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve_parser = commands.add_parser("serve", help="serve on loopback until a signal arrives")
    serve_parser.add_argument("--port", type=int, default=0, help="a free port by default")
    serve_parser.add_argument("--stop-with-standard-input", action="store_true")
    commands.add_parser(
        "deploy", help="deploy the CDK app in this folder, with the arguments of `cdk deploy`"
    )
    commands.add_parser(
        "shell", help="open a shell, or run the given command, with a local cloud instead of AWS"
    )
    arguments, others = parser.parse_known_args()
    if arguments.command == "serve":
        if others:
            parser.error(f"unknown arguments: {' '.join(others)}")
        from .server import serve

        serve(arguments.port, stop_with_standard_input=arguments.stop_with_standard_input)
        return 0
    try:
        if arguments.command == "shell":
            from .shell import shell

            return shell(others)
        from .deploy import deploy

        return deploy(others)
    except (OSError, RuntimeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
