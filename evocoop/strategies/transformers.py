"""The library's transformers as data: ``NoisyTransformer(TitForTat, noise=0.1)`` is a strategy made of another one."""

from __future__ import annotations

from typing import Any, NamedTuple


class Transformer(NamedTuple):
    """A transformer of the library.

    Args:
        prefix: what the library writes before the name of the transformed strategy.
        summary: one line that says what it does.
        parameters: names and default values; ``None`` where a value must be given.
    """

    prefix: str | None
    summary: str
    parameters: dict[str, Any] = {}  # noqa: RUF012


TRANSFORMERS: dict[str, Transformer] = {
    "IdentityTransformer": Transformer(None, "Change nothing."),
    "TrackHistoryTransformer": Transformer("HistoryTracking", "Change nothing, but remember what was intended."),
    "FlipTransformer": Transformer("Flipped", "Play the opposite."),
    "DualTransformer": Transformer("Dual", "Play the opposite of the strategy, which is told the opposite."),
    "NoisyTransformer": Transformer("Noisy", "Flip plays with a probability.", {"noise": None}),
    "ForgiverTransformer": Transformer("Forgiving", "Forgive with probability p.", {"p": None}),
    "NiceTransformer": Transformer("Nice", "Do not defect before the opponent has."),
    "InitialTransformer": Transformer("Initial", "Begin with given plays.", {"initial_seq": None}),
    "FinalTransformer": Transformer("Final", "End with given plays if the length is known.", {"seq": None}),
    "DeadlockBreakingTransformer": Transformer("DeadlockBreaking", "Cooperate when both take turns in defecting."),
    "GrudgeTransformer": Transformer("Grudging", "Defect for ever after some defections.", {"grudges": None}),
    "ApologyTransformer": Transformer(
        "Apologizing", "Cooperate after given plays of both.", {"myseq": None, "opseq": None}
    ),
    "JossAnnTransformer": Transformer(
        "Joss-Ann", "Cooperate or defect at random with given probabilities.", {"probability": None}
    ),
    "RetaliationTransformer": Transformer("Retaliating", "Answer a defection so many times.", {"retaliations": None}),
    "RetaliateUntilApologyTransformer": Transformer("RUA", "Answer every defection."),
    "MixedTransformer": Transformer(
        "Mutated", "Play as another strategy at random.", {"probability": None, "m_player": None}
    ),
}
