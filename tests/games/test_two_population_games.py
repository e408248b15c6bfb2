"""Games of two populations: published equilibria, names, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core.errors import InputError
from evocoop.dynamics import nash_equilibria_two_populations, replicator, rest_points_two_populations
from evocoop.games import (
    TwoPopulationGame,
    battle_of_the_sexes,
    courtship,
    inspection_game,
    owner_intruder,
    ultimatum_game,
)


def inside(game):
    return [
        (point.row[0], point.column[0], point.stability)
        for point in rest_points_two_populations(*game.matrices).points
        if 0 < point.row[0] < 1 and 0 < point.column[0] < 1
    ]


def pure(game):
    return {
        (game.names[0][int(np.argmax(point.row))], game.names[1][int(np.argmax(point.column))])
        for point in nash_equilibria_two_populations(*game.matrices).points
        if point.row.max() == point.column.max() == 1.0
    }


def test_courtship_turns_around_the_published_point():
    """Dawkins 1976: 5/8 of males faithful, 5/6 of females coy; a centre (Schuster & Sigmund 1981)."""
    ((faithful, coy, stability),) = inside(courtship())
    assert (faithful, coy) == pytest.approx((5 / 8, 5 / 6)) and stability == "neutral"
    assert pure(courtship()) == set()


@given(st.floats(0.2, 0.9), st.floats(0.1, 0.8), st.floats(2.0, 9.0))
def test_sellers_cheat_as_looking_is_dear_and_buyers_look_as_quality_is(quality, inspection, price):
    """Fudenberg & Tirole 1991, example 1.7: cheating h/w, inspecting g/w."""
    effort, looking = quality * price, inspection * quality * price
    game = inspection_game(price=price, quality=effort, inspection=looking, worth=2 * price)
    ((honest, inspects, _),) = inside(game)
    assert 1 - honest == pytest.approx(looking / price) and inspects == pytest.approx(effort / price)


def test_conventions_and_offers():
    assert pure(owner_intruder()) == {("Hawk", "Dove"), ("Dove", "Hawk")}
    assert inside(owner_intruder())[0][:2] == pytest.approx((0.5, 0.5))  # V / C, Maynard Smith & Parker 1976
    assert pure(ultimatum_game()) >= {("Greedy", "Accept"), ("Fair", "Refuse")}
    assert pure(battle_of_the_sexes()) == {("Opera", "Opera"), ("Football", "Football")}
    assert inside(battle_of_the_sexes())[0][:2] == pytest.approx((3 / 5, 2 / 5))
    strong = owner_intruder(advantage=0.9)
    assert strong.matrices[0][0, 0] == pytest.approx(0.9 * 2 - 0.1 * 4)
    assert pure(strong) == {("Hawk", "Dove")}, "an owner who nearly always wins does not yield"


def test_strategies_have_their_population_and_can_be_left_out():
    game = TwoPopulationGame(
        payoffs=[[1, 2, 3], [4, 5, 6]], other=[[6, 5, 4], [3, 2, 1]], second_strategies=("a", "b", "c"),
        populations=("buyer", "seller"),
    )  # fmt: skip
    assert game.strategies == ("buyer: 0", "buyer: 1", "seller: a", "seller: b", "seller: c")
    less = game.only(["buyer: 1", "seller: c", "seller: a"])
    assert less.payoffs == ((6, 4),) and less.other == ((1, 3),) and less.names == (("1",), ("c", "a"))
    assert less == less.only(less.strategies)


REFUSED = [
    (lambda: TwoPopulationGame(payoffs=[[1, 2]], other=[[1], [2]]), "one shape"),
    (lambda: TwoPopulationGame(payoffs=[[1, 2], [3]], other=[[1]]), "payoffs must be a matrix of numbers"),
    (lambda: TwoPopulationGame(payoffs=[[float("inf")]], other=[[1]]), "finite"),
    (lambda: TwoPopulationGame(payoffs=[[1]], other=[[1]], first_strategies=("a", "b")), "1 different names"),
    (lambda: TwoPopulationGame(payoffs=[[1]], other=[[1]], populations=("a", "a")), "2 different names"),
    (lambda: TwoPopulationGame(payoffs=[[1]], other=[[1]], populations="ab"), "list of names"),
    (lambda: owner_intruder(value=5.0), "0 < value < cost"),
    (lambda: courtship(courting=6.0), "courting < benefit"),
    (lambda: ultimatum_game(low=2.0), "low < high <= pie"),
    (lambda: inspection_game(quality=5.0), "quality < price"),
    (lambda: battle_of_the_sexes(other=4.0), "favourite > other > apart"),
    (lambda: owner_intruder().only(["owner: Hawk"]), "leave population 'intruder' at least one"),
    (lambda: owner_intruder().only(["owner: Hwak"]), "did you mean 'owner: Hawk'"),
    (lambda: replicator(owner_intruder()), "two populations"),
]


@pytest.mark.parametrize(("build", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_is_no_such_game_is_refused(build, reason):
    with pytest.raises(InputError, match=reason):
        build()
