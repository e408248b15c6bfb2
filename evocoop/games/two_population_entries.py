"""The games of two populations an experiment file may name. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter
from evocoop.games.parameters import chance, number

TWO_POPULATIONS = "two populations"
"""The tag of games and dynamics of two populations."""
_TAGS = (TWO_POPULATIONS, "two players")
_HOME = "evocoop.games.two_populations"

TWO_POPULATION_GAMES = (
    Entry(
        TWO_POPULATIONS.replace(" ", "_"),
        f"{_HOME}:TwoPopulationGame",
        "any game of two roles, each played by a population of its own, by its two payoff matrices",
        "Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics, chapter 10",
        (
            Parameter(
                "payoffs", "matrix", "of the first population: a row for each strategy of its own", required=True
            ),
            Parameter(
                "other", "matrix", "of the second: a row for each strategy of the first, as in payoffs", required=True
            ),
            Parameter("first_strategies", "names", "names of the first population's strategies, one a row"),
            Parameter("second_strategies", "names", "names of the second population's, one a column"),
            Parameter("populations", "names", "what the two are called", default=("first", "second")),
        ),
        tags=_TAGS,
    ),
    Entry(
        "battle_of_the_sexes",
        f"{_HOME}:battle_of_the_sexes",
        "both want to meet, each rather at its own favourite place",
        "Luce & Raiffa 1957, Games and Decisions, section 5.3",
        (
            number("favourite", "what meeting at the own favourite place is worth", 3.0, None),
            number("other", "what meeting at the other's is worth; below the favourite", 2.0, None),
            number("apart", "what not meeting is worth; below both", 0.0, None),
        ),
        tags=_TAGS,
    ),
    Entry(
        "courtship",
        f"{_HOME}:courtship",
        "males are faithful or not, females coy or fast: an endless cycle",
        "Dawkins 1976, The Selfish Gene, chapter 9; Schuster & Sigmund 1981, Anim Behav 29:186",
        (
            number("benefit", "G, what a child is worth to each parent; below the cost of raising it", 15.0),
            number("raising", "C, the cost of raising it, shared by parents who stay", 20.0),
            number("courting", "E, the cost of a long courtship; below G - C/2", 3.0),
        ),
        tags=_TAGS,
    ),
    Entry(
        "ultimatum_game",
        f"{_HOME}:ultimatum_game",
        "a fair offer is accepted, a greedy one may be refused, and then nobody gets anything",
        "Gale, Binmore & Samuelson 1995, Games Econ Behav 8:56",
        (
            number("pie", "what there is to share", 4.0),
            number("low", "what a greedy offer leaves the responder", 1.0),
            number("high", "what a fair offer gives; above the low one, at most the pie", 2.0),
        ),
        tags=_TAGS,
    ),
    Entry(
        "owner_intruder",
        f"{_HOME}:owner_intruder",
        "hawk and dove with roles: an owner and an intruder contest a resource",
        "Maynard Smith & Parker 1976, Anim Behav 24:159",
        (
            number("value", "V, what the resource is worth", 2.0),
            number("cost", "C, what losing a fight costs; above the value", 4.0),
            chance("advantage", "the chance that the owner wins a fight", 0.5),
        ),
        tags=_TAGS,
    ),
    Entry(
        "inspection_game",
        f"{_HOME}:inspection_game",
        "sellers may cheat, buyers may look; who is caught is not paid",
        "Dresher 1962, RAND RM-2972; Fudenberg & Tirole 1991, Game Theory, example 1.7",
        (
            number("price", "what a seller is paid unless caught", 4.0),
            number("quality", "what good quality costs the seller; below the price", 2.0),
            number("inspection", "what looking costs the buyer; below the quality", 1.0),
            number("worth", "what good quality is worth to the buyer; above the price", 8.0),
        ),
        tags=_TAGS,
    ),
)
"""Entries of the table of games; see :mod:`evocoop.games.registry`."""
