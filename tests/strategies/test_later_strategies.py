"""Strategies that axelrod 4.14 added: the plays of the library's own classes at the same seed, recorded from 4.14.0."""

import collections
import io
import json
import pickle
import sys
import zipfile
from types import ModuleType

import numpy as np
import pytest
from typer.testing import CliRunner

import evocoop
from evocoop.cli.app import app
from evocoop.core.errors import InputError
from evocoop.play import automaton_of, exact_match
from evocoop.strategies import attention_weights, resolve
from evocoop.strategies.attention_weights import HEADS, LAYERS, MEMORY, VARIABLE, WIDTH, weights_file
from evocoop.strategies.families.attention import output
from evocoop.strategies.torch_file import read_tensors

CYCLE = "Cycler('CCDCDDDC')"
PLAYS = {
    ("Momentum", "Random"): "CCCCCCCCCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
    ("Momentum(0.8, 0.6)", "Random"): "CCCCCCDCCDDDDDDDDDCDCCDDDDDDDDDDDDDCCCCCCDCCDCDDDDDDDDDDDDDDDDDDDDDDDD",
    ("Momentum(0.8, 0.6)", CYCLE): "CCCCCCDDDCCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCD",
    ("FrequencyAnalyzer", "Random"): "CCCDCDDCCDDDDDCDCCCDCCDDCDDCCDDDDDCDCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
    ("FrequencyAnalyzer", CYCLE): "CCCDCDDDCCCDCDDDCCCDCDDDCCCDCDDDDCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
    ("Momentum", "GTFT"): "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
    ("Momentum(0.95, 0.9)", "Random"): "CCCCCCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
    ("Momentum(0.95, 0.9)", "WorseAndWorse"): "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
    ("FrequencyAnalyzer", "GTFT"): "CCCDCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
    (
        "FrequencyAnalyzer",
        "Momentum(0.9, 0.5)",
    ): "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
    ("FrequencyAnalyzer", "WorseAndWorse"): "CCCDCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCDCDCDDCDDDDDDD",
}


@pytest.mark.parametrize(("strategy", "opponent"), PLAYS)
def test_plays_as_recorded(strategy, opponent):
    found = evocoop.match(strategy, opponent, turns=70, seed=3, noise=0.02)
    assert found.sequences[0] == PLAYS[strategy, opponent]


@pytest.mark.parametrize(
    ("strategy", "label"),
    [
        ("Momentum", "Momentum: 1.0, Alpha: 0.9914655399877477, Threshold: 0.9676595613724907"),
        ("Momentum(0.8, 0.6)", "Momentum: 1.0, Alpha: 0.8, Threshold: 0.6"),
        ("Momentum(threshold=1)", "Momentum: 1.0, Alpha: 0.9914655399877477, Threshold: 1"),
        ("FrequencyAnalyzer", "FrequencyAnalyzer"),
    ],
)
def test_labels_as_recorded(strategy, label):
    assert evocoop.match(strategy, "TitForTat", turns=1).labels[0] == label


@pytest.fixture(autouse=True)
def no_plan_is_known():
    resolve._native_entrant.cache_clear()
    yield
    resolve._native_entrant.cache_clear()


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(attention_weights, "find_spec", lambda name: None)
    monkeypatch.setattr("evocoop.strategies.axelrod_door.library", lambda: pytest.fail("imported the library"))


@pytest.mark.usefixtures("nothing_installed")
def test_what_is_not_installed_is_refused_by_name_without_the_library():
    for ask in (evocoop.match, exact_match):
        with pytest.raises(InputError, match=r"EvolvedAttention needs its weights, which come with axelrod 4\.14"):
            ask("EvolvedAttention", "TitForTat", turns=1)
    rows = json.loads(CliRunner().invoke(app, ["list", "strategies", "--format", "json"]).stdout)
    (found,) = (row for row in rows if row["name"] == "EvolvedAttention")
    assert found["runs"] == "not here: needs axelrod 4.14" and not found["native"] and "transformer" in found["summary"]


class Storage:
    """A block of numbers, which the index names."""

    def __init__(self, pid):
        self.pid = pid


class Tensor:
    """Pickles as a tensor does."""

    def __init__(self, rebuild, *arguments):
        self.called = rebuild, arguments

    def __reduce__(self):
        return self.called


class Index(pickle.Pickler):
    def persistent_id(self, thing):
        return thing.pid if isinstance(thing, Storage) else None


def saved(path, tensors, monkeypatch, name="_rebuild_tensor_v2", cut=0):
    """Save arrays as torch does: a zip archive of raw blocks and a pickled index that names them."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    exec(f"def {name}(*arguments): pass", vars(utils))
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    table = collections.OrderedDict()
    for key, (label, array) in enumerate(tensors.items()):
        block = Storage(("storage", torch.FloatStorage, str(key), "cpu", array.size))
        steps = tuple(step // array.itemsize for step in array.strides)
        table[label] = Tensor(getattr(utils, name), block, 0, array.shape, steps, False, collections.OrderedDict())
    index = io.BytesIO()
    Index(index, 2).dump(table)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", index.getvalue())
        archive.writestr("model/byteorder", "little")
        for key, array in enumerate(tensors.values()):
            archive.writestr(f"model/data/{key}", array.tobytes()[cut:])
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.delitem(sys.modules, "torch._utils")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"name": "system"}, "it names torch._utils.system"),
        ({"cut": 4}, "cut short"),
        ({}, "has no embeddings.game_state_embeddings.weight"),
    ],
)
def test_a_file_of_anything_else_is_refused(how, said, tmp_path, monkeypatch):
    file = tmp_path / "model_attention.pth"
    saved(file, {"weight": np.ones((2, 3), dtype=np.float32)}, monkeypatch, **how)
    monkeypatch.setenv(VARIABLE, str(file))
    with pytest.raises(InputError, match=said):
        evocoop.match("EvolvedAttention", "TitForTat", turns=1)
    file.write_text("nothing")
    with pytest.raises(InputError, match="no tensors"):
        read_tensors(file)


def small_weights():
    """Return weights drawn at random, under the names that the library's network has."""
    dice = np.random.Generator(np.random.Philox(5))
    parts = [("embeddings.game_state_embeddings", 6, WIDTH), ("embeddings.position_embeddings", MEMORY + 1, WIDTH)]
    names = [(f"{name}.weight", (out, width)) for name, out, width in parts]
    rest = [("embeddings.LayerNorm", WIDTH, 0)]
    rest += [(f"encoder.layer.{k}.{name}", *size) for k in range(LAYERS) for name, *size in attention_weights.LAYER]
    for name, out, width in [*rest, ("pooler.dense", WIDTH, WIDTH), ("action", 1, WIDTH)]:
        names += [(f"{name}.weight", (out, width) if width else (out,)), (f"{name}.bias", (out,))]
    centre = {name: float(name.endswith("LayerNorm.weight")) for name, _ in names}
    return {name: dice.normal(centre[name], 0.08, shape).astype(np.float32) for name, shape in names}


def straightforward(tensors, tokens):
    """Return the network's output, in double precision, written down as the papers do."""

    def normal(x, name):
        mean, spread = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        return (x - mean) / np.sqrt(spread + 1e-12) * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def linear(x, name):
        return x @ tensors[f"{name}.weight"].astype(np.float64).T + tensors[f"{name}.bias"]

    def gelu(x):
        from scipy.special import ndtr

        return x * ndtr(x)

    x = tensors["embeddings.game_state_embeddings.weight"][tokens].astype(np.float64)
    x = normal(x + tensors["embeddings.position_embeddings.weight"][: len(tokens)], "embeddings.LayerNorm")
    for k in range(LAYERS):
        name = f"encoder.layer.{k}"
        q, key, value = (
            linear(x, f"{name}.attention.self.{part}").reshape(len(x), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = np.exp(q @ key.transpose(0, 2, 1) / np.sqrt(WIDTH / HEADS))
        heads = (scores / scores.sum(axis=2, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(x), WIDTH)
        x = normal(x + linear(heads, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = linear(gelu(linear(x, f"{name}.intermediate.dense")), f"{name}.output.dense")
        x = normal(x + inner, f"{name}.output.LayerNorm")
    return linear(np.tanh(linear(x[:1], "pooler.dense")), "action").item()


def test_the_transformer_computes_what_the_papers_say_and_plays_by_it(tmp_path, monkeypatch):
    """Random weights of the right shapes, saved as torch saves them, in a file and in a wheel."""
    tensors = small_weights()
    dice = np.random.Generator(np.random.Philox(3))
    rows = [np.concatenate([[0], dice.integers(2, 6, length)]) for length in range(12)]
    tensors["action.bias"] -= np.float32(np.median([straightforward(tensors, row) for row in rows]) - 0.001)
    saved(tmp_path / "model_attention.pth", tensors, monkeypatch)
    with zipfile.ZipFile(tmp_path / "axelrod.whl", "w") as wheel:
        wheel.write(tmp_path / "model_attention.pth", "axelrod/data/model_attention.pth")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "axelrod.whl"))
    flat = attention_weights.weights()
    assert np.array_equal(read_tensors(tmp_path / "model_attention.pth")["action.weight"], tensors["action.weight"])
    for row in (*rows, np.concatenate([[0], dice.integers(2, 6, MEMORY)])):
        assert output(flat.ctypes.data, row) == pytest.approx(straightforward(tensors, row), abs=2e-5)
    played = evocoop.match("EvolvedAttention", "Random(0.5)", turns=15, seed=2).sequences
    codes = {"CC": 4, "CD": 2, "DC": 3, "DD": 5}
    for turn in range(15):
        tokens = [0, *(codes[a + b] for a, b in zip(played[0][:turn][::-1], played[1][:turn][::-1], strict=True))]
        assert played[0][turn] == ("C" if straightforward(tensors, np.array(tokens)) < 0 else "D")
    assert set(played[0]) == {"C", "D"}
    assert automaton_of("EvolvedAttention") is None
    assert weights_file()[1].endswith("model_attention.pth")


ATTENTION = {
    ("Random", 40, 3, 0.05): "CCCCDDCDDCDCDCCDCCDDDDDCCDCCDCDCDCDCDDDD",
    ("Random", 60, 4, 0.0): "CCDCCDCDCDDCDDCDCDCCDDDDDDDCCDCCDCDDDDDDDDDCDCCDCCDDDDDCDDDD",
    ("WorseAndWorse", 40, 3, 0.05): "CCCCDDDDDDDDDDDCDDDCDDDDDDDDDDDDDDDCDCDD",
    ("EvolvedAttention", 40, 3, 0.05): "CCCCCDCCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDC",
}


@pytest.mark.skipif(weights_file() is None, reason="the weights of EvolvedAttention are not installed")
@pytest.mark.parametrize(("opponent", "turns", "seed", "noise"), ATTENTION)
def test_the_trained_transformer_plays_as_recorded(opponent, turns, seed, noise):
    found = evocoop.match("EvolvedAttention", opponent, turns=turns, seed=seed, noise=noise)
    assert found.sequences[0] == ATTENTION[opponent, turns, seed, noise]
