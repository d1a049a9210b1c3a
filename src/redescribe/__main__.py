"""`python -m redescribe` and the `redescribe` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from redescribe.cli.main import (  # noqa: PLC0415 - typer is not needed by the library
        INTERRUPTED,
        run,
    )

    status = run(sys.argv[1:])
    if status == INTERRUPTED:
        # Threads may still be inside kernels: Python would end them, and abort, on its way
        # out. What is finished has been written whole.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    main()
