"""The versions of the packages that a stored result depends on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.store.schema import JSON

_PACKAGES = ("redescribe", "numpy", "scipy", "numba", "scikit-learn", "joblib", "pyarrow")
_NETWORK_PACKAGES = ("torch", "transformers", "onnxruntime", "keras")


def versions(*, network: bool = False) -> dict[str, JSON]:
    """Return the versions of Python and of the packages; None where one is not installed.

    `network` adds those that run networks.

    >>> sorted(versions())[:2]
    ['joblib', 'numba']
    """
    found: dict[str, JSON] = {"python": platform.python_version()}
    for package in (*_PACKAGES, *(_NETWORK_PACKAGES if network else ())):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # run from a source tree
            found[package] = None
    return found
