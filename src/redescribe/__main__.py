"""`python -m redescribe` and the `redescribe` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from redescribe.cli.main import run  # noqa: PLC0415 - typer is not needed by the library

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
