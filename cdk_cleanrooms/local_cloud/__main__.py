"""The process of the server: `python -m cdk_cleanrooms.local_cloud`."""

from __future__ import annotations

from .server import serve

if __name__ == "__main__":
    # It ends when its standard input is closed, so it never outlives the process that started it.
    serve(stop_with_standard_input=True)
