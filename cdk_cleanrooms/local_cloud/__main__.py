"""The process of the server: `python -m cdk_cleanrooms.local_cloud`."""

from __future__ import annotations

import sys

from .errors import without_the_extra

if __name__ == "__main__":
    try:
        from .server import serve

        # It ends when its standard input is closed, so it never outlives what started it.
        serve(stop_with_standard_input=True)
    except ModuleNotFoundError as error:
        sys.exit(without_the_extra(error))
