"""Where the 12.8 million weights of EvolvedAttention are, and how they are read, without torch.

They come with axelrod 4.14: from the installed library, or from the file that ``EVOCOOP_ATTENTION_WEIGHTS`` names,
which may be the library's wheel as it is downloaded.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.strategies.torch_file import read_tensors

Floats = NDArray[np.float32]

VARIABLE = "EVOCOOP_ATTENTION_WEIGHTS"
MEMORY: Final = 200
LAYERS: Final = 24
WIDTH: Final = 256
HEADS: Final = 8
INNER: Final = 512
TOKENS: Final = 6

LAYER = (
    ("attention.self.query", WIDTH, WIDTH), ("attention.self.key", WIDTH, WIDTH),
    ("attention.self.value", WIDTH, WIDTH), ("attention.output.dense", WIDTH, WIDTH),
    ("attention.output.LayerNorm", WIDTH, 0),
    ("intermediate.dense", INNER, WIDTH), ("output.dense", WIDTH, INNER), ("output.LayerNorm", WIDTH, 0),
)  # fmt: skip
"""Parts of a layer: name, numbers out, numbers in (0: one weight for each number)."""


def weights_file() -> tuple[Path, str] | None:
    """Return where the weights are: a file, and its name in there when that is a wheel; None when there are none."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named), "axelrod/data/model_attention.pth" if named.endswith(".whl") else ""
    spec = find_spec("axelrod")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "data" / "model_attention.pth"
    return (file, "") if file.is_file() else None


def weights() -> Floats:
    """Return all weights in one row, in the order in which they are used; matrices with a row for each number in.

    Raises:
        InputError: when they are not there, or the file does not hold them.
    """
    place = weights_file()
    if place is None:
        raise InputError(
            "EvolvedAttention needs its weights, which come with axelrod 4.14: install that, or let "
            f"{VARIABLE} name that library's wheel or the file model_attention.pth in it"
        )
    return _weights(*place)


@cache
def _weights(path: Path, inside: str) -> Floats:
    tensors = read_tensors(path, inside)
    heads = ["embeddings.game_state_embeddings", "embeddings.position_embeddings"]
    shapes = [(TOKENS, WIDTH), (MEMORY + 1, WIDTH)]
    parts = [("embeddings.LayerNorm", WIDTH, 0)]
    parts += [(f"encoder.layer.{k}.{name}", out, width) for k in range(LAYERS) for name, out, width in LAYER]
    parts += [("pooler.dense", WIDTH, WIDTH), ("action", 1, WIDTH)]
    found = [_part(tensors, f"{name}.weight", shape) for name, shape in zip(heads, shapes, strict=True)]
    for name, out, width in parts:
        found.append(_part(tensors, f"{name}.weight", (out, width) if width else (out,)).T)
        found.append(_part(tensors, f"{name}.bias", (out,)))
    return np.concatenate([block.ravel() for block in found])


def _part(tensors: dict[str, Floats], name: str, shape: tuple[int, ...]) -> Floats:
    if name not in tensors or tensors[name].shape != shape:
        raise InputError(f"the file of EvolvedAttention's weights has no {name} of shape {shape}")
    return tensors[name]
