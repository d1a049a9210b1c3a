"""Network + inputs -> activations.

The package shares its name with the public function `redescribe.capture`: calling it is
calling the function, in whatever order they were imported.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _CallablePackage(ModuleType):
    def __call__(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on as is
        from redescribe.capture.capture import capture  # noqa: PLC0415 - at the call

        return capture(*args, **options)


sys.modules[__name__].__class__ = _CallablePackage
