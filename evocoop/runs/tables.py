"""The result tables: their kinds, columns and types, as data.

Every table is tidy: one observation a row. Every row starts with the columns of ``KEY_COLUMNS``, then its own columns,
then every parameter of its cell under a dotted name (``game.cost``, ``play.turns``, ``dynamics.selection_strength``;
null where a parameter does not apply), then the columns of ``ERROR_COLUMNS``.

Nothing in here imports polars: types are the words ``integer``, ``number``, ``text`` and ``boolean``.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Column:
    """One documented column.

    Args:
        name: the column's name.
        dtype: ``"integer"``, ``"number"``, ``"text"`` or ``"boolean"``.
        summary: what it holds.
        nullable: whether entries may be missing.
    """

    name: str
    dtype: str
    summary: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One kind of result table.

    Args:
        kind: its name; the file is ``results/<kind>.parquet``.
        summary: what one row says.
        value: the column that holds the measured value, to which ``standard_error`` belongs.
        columns: its own columns, between the key columns and the parameters.
        per_dynamics: whether rows belong to one of the dynamics (and carry a ``dynamics`` label and its parameters).
    """

    kind: str
    summary: str
    value: str
    columns: tuple[Column, ...]
    per_dynamics: bool = True


KEY_COLUMNS = (
    Column("cell", "integer", "number of the cell: one game at one point of the sweep, one replicate"),
    Column("replicate", "integer", "number of the replicate, from 0"),
    Column("game", "text", "label of the game"),
)
DYNAMICS_COLUMN = Column("dynamics", "text", "label of the dynamics")
ERROR_COLUMNS = (
    Column(
        "standard_error",
        "number",
        "standard error of the measured value: 0 where exact, null where it cannot be told",
        nullable=True,
    ),
    Column("exact", "boolean", "whether the value was computed: neither sampled nor approximated"),
)

_STRATEGY = Column("strategy", "text", "name of the strategy")
_POPULATION = Column("population", "text", "whose strategy, in games of two populations; else null", nullable=True)

TABLES: dict[str, Table] = {
    table.kind: table
    for table in (
        Table(
            "payoffs",
            "payoff of a strategy against an opponent or a group of co-players; written once per game, play and "
            "replicate, with the first cell that needs it",
            "payoff",
            (
                _STRATEGY,
                Column("opponent", "text", "co-player's strategy, or the co-players as text, such as '3 C + 1 D'"),
                Column("payoff", "number", "expected payoff (per turn where the game is repeated)"),
                _POPULATION,
            ),
            per_dynamics=False,
        ),
        Table(
            "rankings",
            "standing of a strategy in the tournament; written like payoffs, with the first cell that needs it",
            "score",
            (
                _STRATEGY,
                Column("rank", "integer", "place in the ranking, from 1, by median normalised score"),
                Column("score", "number", "mean payoff per turn over all opponents"),
                Column("wins", "number", "median number of opponents outscored per repetition", nullable=True),
                Column("cooperation", "number", "share of turns on which it cooperated", nullable=True),
            ),
            per_dynamics=False,
        ),
        Table(
            "prevalence",
            "long-run share of a strategy under one of the dynamics: who emerges",
            "share",
            (
                _STRATEGY,
                Column("share", "number", "long-run share of the population (or of time), in [0, 1]"),
                Column("self_cooperation", "number", "share of cooperation when it meets its own kind", nullable=True),
                _POPULATION,
                Column(
                    "mutation_bound",
                    "number",
                    "of the limit of rare mutations: mutation below this suffices for it to hold (0 where it "
                    "underflows); else null",
                    nullable=True,
                ),
            ),
        ),
        Table(
            "trajectories",
            "share of a strategy at one time on one path",
            "share",
            (
                Column("start", "integer", "number of the starting point, from 0"),
                Column("time", "number", "time, in the units of the dynamics"),
                _STRATEGY,
                Column("share", "number", "share of the population, in [0, 1]"),
                _POPULATION,
            ),
        ),
        Table(
            "sizes",
            "size of a population at one time on one path, or on average over runs, where size changes",
            "size",
            (
                Column("start", "integer", "number of the starting point, from 0"),
                Column("time", "number", "time, in the units of the dynamics"),
                Column("size", "number", "individuals, or density; 0 where the population has died out"),
                Column("extinct", "number", "share of the runs that have died out by then"),
            ),
        ),
        Table(
            "fields",
            "share of a strategy at one place of a line or plane at one time; kept for some places and times",
            "share",
            (
                Column("time", "number", "time, in the units of the dynamics"),
                Column("x", "number", "distance along the line, or across the plane"),
                Column("y", "number", "distance down the plane; null on a line", nullable=True),
                _STRATEGY,
                Column("share", "number", "share of the population of that place, in [0, 1]"),
            ),
        ),
        Table(
            "traits",
            "mean value of a continuous trait in a population at one time",
            "value",
            (
                Column("start", "integer", "number of the path, or of the simulated run, from 0"),
                Column("time", "number", "time, or generation"),
                Column("trait", "text", "name of the trait"),
                Column("value", "number", "its value, or its mean over the population"),
                Column("variance", "number", "of the trait in a simulated population; null for paths", nullable=True),
                Column("groups", "integer", "into how many the first trait has split; null for paths", nullable=True),
            ),
        ),
        Table(
            "histograms",
            "share of a simulated population whose trait lies between two values; none where nobody's does",
            "share",
            (
                Column("start", "integer", "number of the run, from 0"),
                Column("time", "number", "generation"),
                Column("trait", "text", "name of the trait"),
                Column("low", "number", "lower end of the bin"),
                Column("high", "number", "upper end of it"),
                Column("share", "number", "of the population, above 0"),
            ),
        ),
        Table(
            "singular",
            "a value of a trait at which selection ceases to push, or an end of the trait",
            "value",
            (
                Column("trait", "text", "name of the trait"),
                Column("value", "number", "the value"),
                Column(
                    "kind",
                    "text",
                    "'continuously stable', 'branching point', 'Garden of Eden', 'repeller' or 'degenerate'; "
                    "'attracting end' or 'repelling end'",
                ),
                Column("attracts", "boolean", "whether small steps lead there"),
                Column("curvature", "number", "second derivative of payoff by the mutant; null at ends", nullable=True),
                Column("cross", "number", "by mutant and resident; null at ends", nullable=True),
                Column("complete", "boolean", "whether it is proved that there are no other values"),
            ),
        ),
        Table(
            "invasibility",
            "how a rare mutant fares among residents of another trait",
            "fitness",
            (
                Column("trait", "text", "name of the trait"),
                Column("mutant", "number", "value of the mutant"),
                Column("resident", "number", "value of everybody else"),
                Column("fitness", "number", "payoff of the mutant minus that of residents; above 0 it invades"),
            ),
        ),
        Table(
            "rest_points",
            "share of a strategy at a rest point",
            "share",
            (
                Column("point", "integer", "number of the rest point, from 0"),
                _STRATEGY,
                Column("share", "number", "share of the population at the rest point, in [0, 1]"),
                Column("stability", "text", "'stable', 'unstable', 'saddle' or 'neutral'"),
                _POPULATION,
            ),
        ),
        Table(
            "basins",
            "share of all starting points that end at an attractor",
            "share",
            (
                Column("attractor", "text", "the attractor in words: a strategy, or a mix such as '40 % C + 60 % D'"),
                Column("strategy", "text", "the strategy that holds it, where one does", nullable=True),
                Column("share", "number", "share of the starting points, in [0, 1]"),
            ),
        ),
        Table(
            "fixation",
            "probability that one mutant takes over a population of residents",
            "probability",
            (
                Column("mutant", "text", "strategy of the single mutant"),
                Column("resident", "text", "strategy of all others"),
                Column(
                    "log_probability", "number", "natural logarithm of it; null where no run took over", nullable=True
                ),
                Column("probability", "number", "fixation probability (0 where it underflows)"),
                Column("neutral", "number", "1/Z, what a neutral mutant has"),
                Column(
                    "coexist",
                    "boolean",
                    "of the limit of rare mutations: whether both can coexist, so that it asks for very small "
                    "mutation; else null",
                    nullable=True,
                ),
            ),
        ),
        Table(
            "times",
            "mean number of steps (or time, where it is continuous) until one mutant among residents has taken over or "
            "vanished, or a population has died out",
            "steps",
            (
                Column("mutant", "text", "strategy of the single mutant"),
                Column("resident", "text", "strategy of all others"),
                Column(
                    "outcome",
                    "text",
                    "runs that count: 'either', 'fixation' of the mutant, its 'loss', or 'extinction'",
                ),
                Column("steps", "number", "mean steps; null where too large for a number or never seen", nullable=True),
                Column("log_steps", "number", "natural logarithm of it; null where never seen", nullable=True),
                Column("finished", "number", "share of the runs that were over in time; less than 1 bounds from below"),
            ),
        ),
        Table(
            "gradient",
            "drift of selection at one state of a population of two strategies",
            "gradient",
            (
                Column("count", "integer", "individuals of the first strategy, 0 to Z"),
                Column("fraction", "number", "count / Z"),
                Column("gradient", "number", "expected gain minus expected loss, T+ - T-"),
            ),
        ),
        Table(
            "stationary",
            "long-run probability of one state of a finite population, with the counts of each strategy",
            "probability",
            (
                Column("state", "integer", "number of the state; one row for each strategy in it"),
                _STRATEGY,
                Column("count", "integer", "individuals of that strategy in the state"),
                Column("probability", "number", "long-run share of time spent in the state"),
                _POPULATION,
            ),
        ),
        Table(
            "sensitivities",
            "what a small change of one payoff or parameter does to a long-run measure, as its exact derivative",
            "derivative",
            (
                Column(
                    "measure",
                    "text",
                    "'share' of a strategy, 'cooperation' of the population, 'log_fixation' (natural logarithm of a "
                    "mutant's fixation probability) or 'probability' of a state",
                ),
                Column("strategy", "text", "the strategy whose share it is, or the mutant", nullable=True),
                Column("resident", "text", "the strategy of all others, for a mutant", nullable=True),
                Column("state", "integer", "number of the state, as in the table stationary", nullable=True),
                Column("value", "number", "the measure itself"),
                Column(
                    "parameter",
                    "text",
                    "what is changed: 'payoff', or a parameter under the key that a sweep would use, such as game.cost",
                ),
                Column("earner", "text", "for a payoff: the strategy that earns it", nullable=True),
                Column("opponent", "text", "for a payoff: against whom, as in the table payoffs", nullable=True),
                Column("at", "number", "the payoff or the parameter's value, at which the derivative is taken"),
                Column("derivative", "number", "d measure / d parameter"),
                Column(
                    "elasticity",
                    "number",
                    "d ln measure / d ln parameter: per cent for each per cent; null where either is 0",
                    nullable=True,
                ),
            ),
        ),
        Table(
            "ablation",
            "what a capacity, or a pair of them, carries: a long-run measure with all capacities minus without these",
            "effect",
            (
                Column("capacities", "text", "the capacity taken away, or two: 'signal + commit'"),
                Column("taken", "integer", "how many were taken away: 1 or 2"),
                Column(
                    "measure",
                    "text",
                    "'cooperation' (share of hunters), 'success' (of hunts), 'prevalence' (share of the bearers), or, "
                    "for two, 'interaction': Y - Y(-i) - Y(-j) + Y(-i-j) of cooperation",
                ),
                Column("effect", "number", "the difference, in [-1, 1]; an interaction is in [-2, 2]"),
                Column("low", "number", "lower end of its 95 % interval; the effect itself where exact"),
                Column("high", "number", "upper end of it"),
                Column("whole", "number", "the measure with all capacities; null for an interaction", nullable=True),
                Column(
                    "relation",
                    "text",
                    "of two, with their interaction: 'complements', 'substitutes' or 'independent'",
                    nullable=True,
                ),
                Column(
                    "break_even",
                    "number",
                    "the price at which one stops paying: 0 where it does not pay even for free, infinite where it "
                    "still pays at the highest price tried, null where it was not looked for",
                    nullable=True,
                ),
            ),
        ),
        Table(
            "capacities",
            "share of a population that bears an evolving capacity or has a disposition, or how it hunts",
            "share",
            (
                Column("trait", "text", "name of the capacity or disposition, 'cooperation' or 'success'"),
                Column("kind", "text", "'capacity', 'disposition' or 'outcome'"),
                Column(
                    "generation",
                    "integer",
                    "the last generation that is averaged over; null for the long run after the burn-in",
                    nullable=True,
                ),
                Column("share", "number", "mean over populations, in [0, 1]"),
                Column("low", "number", "lower end of its 95 % interval; null with one population", nullable=True),
                Column("high", "number", "upper end of it", nullable=True),
            ),
        ),
        Table(
            "chases",
            "where everybody was at one step of a hunt on the plane; kept as an example at three points of a sweep",
            "x",
            (
                Column("hunters", "text", "the strategy of all hunters of this hunt"),
                Column("step", "integer", "step of the hunt, from 0"),
                Column("animal", "text", "'hunter' or 'prey'"),
                Column("number", "integer", "which of the hunters, or of the prey, from 0"),
                Column("x", "number", "place, in [0, size)"),
                Column("y", "number", "place, in [0, size)"),
                Column("size", "number", "side of the torus"),
                Column("quarry", "integer", "number of the prey it is after; null for prey", nullable=True),
                Column("taken", "integer", "number of the prey that was caught in the end, if any", nullable=True),
            ),
            per_dynamics=False,
        ),
    )
}


def own_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns of a table without the parameters: keys, dynamics if any, own, errors.

    >>> [column.name for column in own_columns("payoffs")][:4]
    ['cell', 'replicate', 'game', 'strategy']
    """
    table = TABLES[kind]
    label = (DYNAMICS_COLUMN,) if table.per_dynamics else ()
    return (*KEY_COLUMNS, *label, *table.columns, *ERROR_COLUMNS)
