"""The one door to numba.

A *kernel* takes arrays and numbers and returns arrays: no checks, no strings, no Python objects. With
``EVOCOOP_PLAIN=1`` in the environment every kernel runs as plain Python, for debugging and honest coverage.

A loop that is compiled once can call kernels chosen at run time: :func:`address_of` compiles a function of one record
and returns its address, :func:`caller` calls the function whose address a record holds. Further memory hangs on a
record by address too, read and written with :func:`loader` and :func:`storer`.
"""

from __future__ import annotations

import ctypes
import os
import types
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

import numpy as np

PLAIN = os.environ.get("EVOCOOP_PLAIN", "") not in ("", "0")
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": False}
_WORDS: dict[str, Any] = {"u1": ctypes.c_uint8, "u4": ctypes.c_uint32, "i8": ctypes.c_int64, "f8": ctypes.c_double}

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile ``function`` in no-Python mode, without fast-math, cached on disk and free of the interpreter lock.

    >>> @kernel
    ... def double(x):
    ...     return 2 * x
    >>> double(21)
    42
    """
    return _compiled(function)


def lean_kernel(function: F) -> F:
    """Compile as :func:`kernel` does, but keep no count of references: for kernels that make no arrays themselves.

    Worth several times the speed where records of many arrays are passed from one small kernel to the next.

    >>> @lean_kernel
    ... def third(array):
    ...     return array[2]
    >>> third(np.array([5, 6, 7]))
    7
    """
    return _compiled(function, _nrt=False)


def inner_kernel(function: F) -> F:
    """Compile as :func:`kernel` does, and always into the kernels that call it: for small steps of innermost loops.

    >>> @inner_kernel
    ... def next_odd(number):
    ...     return number + 2
    >>> next_odd(3)
    5
    """
    return _compiled(function, forceinline=True)


def _compiled(function: F, **options: Any) -> F:
    if PLAIN:
        return function
    import numba

    compiled: Any = numba.njit(**_OPTIONS, **options)(function)
    compiled._cache = _disk_cache(function)
    return compiled  # type: ignore[no-any-return]


def _disk_cache(function: Any) -> Any:
    """Return a disk cache for one kernel; a kernel that stands in no file has none."""
    from numba.core.caching import NullCache

    try:
        return _cache_class()(function)
    except RuntimeError:
        return NullCache()


@cache
def _cache_class() -> Any:
    """Return numba's disk cache, made to notice changes in whatever else a kernel names, in any file."""
    from numba.core.caching import FunctionCache

    class DiskCache(FunctionCache):  # type: ignore[misc]
        def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
            named = sorted(set(_named(self._py_func, set())))
            return (*super()._index_key(sig, codegen), *named)

    return DiskCache


def _named(function: Any, seen: set[int]) -> Iterator[str]:
    """Yield a stamp of every kernel and constant named by a kernel's code, and by theirs in turn."""
    seen.add(id(function))
    known = function.__globals__ | {
        name: cell.cell_contents
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    }
    for name in (*function.__code__.co_names, *function.__code__.co_freevars):
        value = known.get(name)
        inner = getattr(value, "py_func", value)
        if isinstance(inner, types.FunctionType):
            if id(inner) not in seen:
                yield f"{inner.__module__}.{inner.__qualname__} {_stamp(inner.__code__.co_filename)}"
                yield from _named(inner, seen)
        elif isinstance(value, (int, float, str, tuple, np.generic)):
            yield f"{function.__module__}.{name} = {value!r}"


def _stamp(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


_callable: dict[int, Any] = {}


def address_of(function: Callable[[Any], int], record: np.dtype[Any]) -> int:
    """Compile ``function(record) -> int`` for calls through its address, cached on disk, and return the address.

    The address is that of the compiled function itself, which :func:`caller` calls as numba's own code does; the
    wrapper for callers in C, which costs as much as a small function, is not used.
    """
    if PLAIN:
        _callable[id(function)] = function
        return id(function)
    return _address(_callback(function, record))


def stored_address_of(function: Callable[[Any], int], record: np.dtype[Any]) -> int | None:
    """Return the address as :func:`address_of` does if the disk cache holds the function, and None otherwise."""
    if PLAIN:
        return address_of(function, record)
    compiled = _callback(function, record)
    stored = getattr(compiled._cache, "_cache_file", None)
    if stored is not None:
        key = compiled._cache._index_key(compiled._sig, compiled._targetdescr.target_context.codegen())
        if key not in stored._load_index():
            return None
    return _address(compiled)


def _address(compiled: Any) -> int:
    """Compile, or load from the disk cache, and return where the function itself is in memory."""
    compiled.compile()
    address = int(compiled._library.get_pointer_to_function(compiled._wrapper_name.removeprefix("cfunc.")))
    _callable[address] = compiled
    return address


def _callback(function: Callable[[Any], int], record: np.dtype[Any]) -> Any:
    import numba
    from numba.core.ccallback import CFunc

    compiled: Any = CFunc(function, ((numba.from_dtype(record),), numba.int64), {}, {**_OPTIONS, "nopython": True})
    compiled._cache = _disk_cache(function)
    return compiled


def caller(record: np.dtype[Any], field: str) -> Any:
    """Return a kernel ``call(me) -> int`` that calls the function whose address stands in ``me``'s ``field``.

    A function that raises returns -1.
    """
    if PLAIN:
        return lambda me: int(_callable[int(me[field])](me))
    import numba
    from llvmlite import ir  # type: ignore[import-untyped]
    from numba.core.cgutils import alloca_once
    from numba.extending import intrinsic

    offset = record.fields[field][1]  # type: ignore[index]
    word = ir.IntType(64)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        base = builder.bitcast(args[0], ir.IntType(8).as_pointer())
        slot = builder.bitcast(builder.gep(base, [word(offset)]), word.as_pointer())
        result, failure = alloca_once(builder, word), alloca_once(builder, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.IntType(32), [result.type, failure.type, args[0].type]).as_pointer()
        status = builder.call(builder.inttoptr(builder.load(slot), kind), [result, failure, args[0]])
        done = builder.icmp_signed("==", status, ir.Constant(ir.IntType(32), 0))
        return builder.select(done, builder.load(result), ir.Constant(word, -1))

    @intrinsic  # type: ignore[untyped-decorator]
    def call(typing_context: Any, me: Any) -> Any:
        return numba.int64(me), generate

    return call


def record_at(record: np.dtype[Any]) -> Any:
    """Return a kernel ``at(address) -> record`` for records of the given dtype."""
    if PLAIN:
        memory: Any = ctypes.c_char * record.itemsize
        return lambda address: np.ndarray(1, record, memory.from_address(int(address)))[0]
    import numba
    from numba.extending import intrinsic

    kind = numba.from_dtype(record)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(kind))

    @intrinsic  # type: ignore[untyped-decorator]
    def at(typing_context: Any, address: Any) -> Any:
        return kind(numba.int64), generate

    return at


def array_at(code: str) -> Any:
    """Return a kernel ``at(address, length)`` that gives an array of so many ``"f4"`` or ``"f8"`` in memory."""
    dtype = np.dtype(code)
    if PLAIN:
        word: Any = {"f4": ctypes.c_float, "f8": ctypes.c_double}[code]
        return lambda address, length: np.ctypeslib.as_array((word * int(length)).from_address(int(address)))
    import numba
    from numba.extending import intrinsic

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(numba.types.voidptr))

    @intrinsic  # type: ignore[untyped-decorator]
    def pointer(typing_context: Any, address: Any) -> Any:
        return numba.types.voidptr(numba.int64), generate

    @numba.njit(**_OPTIONS)  # type: ignore[untyped-decorator]
    def at(address: int, length: int) -> Any:
        return numba.carray(pointer(address), length, dtype)

    return at


def loader(code: str) -> Any:
    """Return a kernel ``load(address, index)`` that reads one ``"u1"``, ``"u4"``, ``"i8"`` or ``"f8"`` from memory.

    Integers come as 64-bit signed ones, whatever their width in memory.
    """
    word = _WORDS[code]
    if PLAIN:
        return lambda address, index: word.from_address(int(address) + int(index) * ctypes.sizeof(word)).value
    import numba
    from numba.extending import intrinsic

    result = numba.float64 if code == "f8" else numba.int64

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = builder.load(_slot(builder, code, args[0], args[1]))
        return (
            value
            if value.type == context.get_value_type(result)
            else builder.zext(value, context.get_value_type(result))
        )

    @intrinsic  # type: ignore[untyped-decorator]
    def load(typing_context: Any, address: Any, index: Any) -> Any:
        return result(numba.int64, numba.int64), generate

    return load


def storer(code: str) -> Any:
    """Return a kernel ``store(address, index, value)`` that writes one word of the given width to memory."""
    word = _WORDS[code]
    if PLAIN:

        def plain_store(address: Any, index: Any, value: Any) -> None:
            kind = float if code == "f8" else int
            word.from_address(int(address) + int(index) * ctypes.sizeof(word)).value = kind(value)

        return plain_store
    import numba
    from numba.extending import intrinsic

    given = numba.float64 if code == "f8" else numba.int64

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        slot = _slot(builder, code, args[0], args[1])
        value, width = args[2], slot.type.pointee
        builder.store(value if value.type == width else builder.trunc(value, width), slot)
        return context.get_dummy_value()

    @intrinsic  # type: ignore[untyped-decorator]
    def store(typing_context: Any, address: Any, index: Any, value: Any) -> Any:
        return numba.void(numba.int64, numba.int64, given), generate

    return store


def _slot(builder: Any, code: str, address: Any, index: Any) -> Any:
    from llvmlite import ir

    width = ir.DoubleType() if code == "f8" else ir.IntType(8 * int(code[1]))
    return builder.gep(builder.inttoptr(address, width.as_pointer()), [index])
