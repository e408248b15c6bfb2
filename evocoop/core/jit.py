"""The one door to numba.

A *kernel* takes arrays and numbers and returns arrays: no checks, no strings, no Python objects. With
``EVOCOOP_PLAIN=1`` in the environment every kernel runs as plain Python, for debugging and honest coverage.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

PLAIN = os.environ.get("EVOCOOP_PLAIN", "") not in ("", "0")

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile ``function`` in no-Python mode, without fast-math, cached on disk and free of the interpreter lock.

    >>> @kernel
    ... def double(x):
    ...     return 2 * x
    >>> double(21)
    42
    """
    if PLAIN:
        return function
    import numba

    compiled: F = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)(function)
    return compiled
