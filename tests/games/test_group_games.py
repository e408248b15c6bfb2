"""N-person games against their papers' closed forms (roots and critical values computed independently at 40 digits)."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core.errors import InputError
from evocoop.games import CollectiveRiskDilemma, GroupGame, NPersonSnowdrift, NPersonStagHunt, PublicGoods
from evocoop.games.group_game import binomial_weights


def stag(n, m, f, c=1.0):
    return NPersonStagHunt(group_size=n, threshold=m, multiplier=f, cost=c)


@pytest.mark.parametrize(
    ("n", "m", "critical"),
    [
        (3, 2, 2.25),
        (4, 2, 3.2),
        (5, 3, 3.30687830688),
        (6, 3, 4.17391304348),
        (9, 5, 5.0255),
        (10, 5, 5.77878103837),
        (10, 7, 4.2907),
        (20, 5, 12.9346740147),
        (20, 10, 8.84184821287),
        (20, 15, 5.71364649054),
    ],
)
def test_critical_multiplier_of_the_n_person_stag_hunt(n, m, critical):
    """Pacheco, Santos, Souza & Skyrms 2009: lambda* = 1/R(M/N)."""
    game = stag(n, m, 1.0)
    assert game.critical_multiplier == pytest.approx(critical, abs=5e-5 if critical in (5.0255, 4.2907) else 1e-10)
    assert game.success(np.linspace(0, 1, 2001)).max() <= game.success(m / n) + 1e-12
    assert stag(n, m, game.critical_multiplier * 0.999).roots() == ()
    assert len(stag(n, m, game.critical_multiplier * 1.001).roots()) == 2


@pytest.mark.parametrize(
    ("n", "m", "f", "roots"),
    [
        (4, 2, 2, ()),
        (4, 2, 3, ()),
        (5, 3, 4, (0.412116223447, 0.81550624422)),
        (5, 3, 6, (0.288406,)),
        (6, 3, 4.5, (0.388605597213, 0.632057890873)),
        (6, 3, 5, (0.334168761795, 0.722520144049)),
        (10, 5, 6, (0.444550313937, 0.559983861062)),
        (10, 5, 8, (0.346798022721, 0.706795369432)),
        (10, 5, 10, (0.306681,)),
        (10, 5, 12, (0.281208918663,)),
        (10, 10, 8, (0.793700525984,)),
        (20, 10, 12, (0.401490359029, 0.616876455161)),
        (3, 2, 2.5, (0.455848, 0.877485)),
        (2, 2, 3, (1 / 3,)),
    ],
)
def test_roots_of_the_n_person_stag_hunt(n, m, f, roots):
    assert stag(n, m, f, c=0.7).roots() == pytest.approx(roots, abs=1e-6)


def test_everybody_needed_has_a_closed_root():
    assert stag(7, 7, 3).roots() == pytest.approx([(1 / 3) ** (1 / 6)], abs=1e-12)


@given(st.integers(2, 12), st.data(), st.floats(0, 20), st.floats(0, 5), st.floats(0, 1))
def test_the_gain_of_the_stag_hunt_is_its_closed_form(n, data, f, c, x):
    m = data.draw(st.integers(1, n))
    game = stag(n, m, f, c)
    assert game.gain(x) == pytest.approx(c * (f / n * game.success(x) - 1), abs=1e-9)
    by_hand = sum(
        math.comb(n - 1, j) * x**j * (1 - x) ** (n - 1 - j) * (game.payoffs(j + 1)[0] - game.payoffs(j)[1])
        for j in range(n)
    )
    assert game.gain(x) == pytest.approx(by_hand, abs=1e-9)


def test_threshold_one_is_the_linear_public_good():
    one, linear = stag(6, 1, 4, 0.5), PublicGoods(group_size=6, multiplier=4, cost=0.5)
    counts = np.array([[k, 6 - k] for k in range(1, 7)])
    assert np.array_equal(one.group_payoffs(counts), linear.group_payoffs(counts))
    assert one.success([0.1, 0.5, 1.0]) == pytest.approx([1, 1, 1])
    assert linear.roots() == ()


def hypergeometric_gain(game, population_size, cooperators):
    """Return f_C - f_D among Z by listing whole groups: the definition, with exact binomials."""
    z, n, k = population_size, game.group_size, cooperators
    table = game.payoff_table().values

    def mean(row, others_c, others_d):
        return sum(
            math.comb(others_c, n - 1 - j) * math.comb(others_d, j) / math.comb(z - 1, n - 1) * table[row, j]
            for j in range(n)
        )

    return mean(0, k - 1, z - k), mean(1, k, z - k - 1)


@pytest.mark.parametrize(
    ("z", "k", "f_c", "f_d"),
    [
        (20, 5, -0.559339525, 0.0908152735),
        (20, 10, 0.826625387, 0.842105263),
        (20, 15, 2.09907121, 2.25386997),
        (100, 25, -0.371363541, 0.119265451),
        (100, 50, 0.926689576, 0.808080808),
        (100, 75, 2.11688949, 2.06644607),
    ],
)
def test_finite_population_payoffs_of_the_stag_hunt(z, k, f_c, f_d):
    assert hypergeometric_gain(stag(5, 3, 4), z, k) == pytest.approx((f_c, f_d), abs=5e-9)


def test_when_everybody_is_in_my_group_hunting_only_costs():
    for k in range(1, 6):
        f_c, f_d = hypergeometric_gain(stag(6, 3, 5, 0.8), 6, k)
        assert f_c - f_d == pytest.approx(-0.8)


def test_finite_gain_of_the_linear_public_good():
    game = PublicGoods(group_size=5, multiplier=8, cost=2)
    for k in (1, 9, 19):
        f_c, f_d = hypergeometric_gain(game, 20, k)
        assert f_c - f_d == pytest.approx(game.finite_gain(20))


@pytest.mark.parametrize(
    ("n", "ratio_to_root"),
    [
        (2, {0.1: 0.9474, 0.3: 0.8235, 0.5: 0.6667, 0.8: 0.3333}),
        (5, {0.1: 0.5686, 0.3: 0.3864, 0.5: 0.2606, 0.8: 0.1005}),
        (10, {0.1: 0.3215, 0.3: 0.2003, 0.5: 0.1281, 0.8: 0.0464}),
    ],
)
def test_roots_of_the_n_person_snowdrift(n, ratio_to_root):
    """Souza, Pacheco & Santos 2009; for M = 1 f_C - f_D = b (1-x)^(N-1) - (c/(N x)) (1 - (1-x)^N)."""
    for ratio, root in ratio_to_root.items():
        game = NPersonSnowdrift(group_size=n, threshold=1, benefit=2, cost=2 * ratio)
        (found,) = game.roots()
        assert found == pytest.approx(root, abs=5e-5)
        closed = 2 * (1 - found) ** (n - 1) - 2 * ratio / (n * found) * (1 - (1 - found) ** n)
        assert closed == pytest.approx(0, abs=1e-10)


def test_snowdrift_thresholds_above_one_have_two_roots():
    five = NPersonSnowdrift(group_size=5, threshold=3, benefit=1, cost=0.5)
    assert five.roots() == pytest.approx((0.210154, 0.830627), abs=1e-6)
    two = NPersonSnowdrift(group_size=5, threshold=2, benefit=1, cost=0.3)
    assert two.roots() == pytest.approx((0.042581, 0.684656), abs=1e-6)
    assert five.payoffs([1, 2, 3, 5])[0] == pytest.approx([-1 / 6, -1 / 6, 1 - 1 / 6, 0.9])
    assert five.payoffs([0, 2, 3, 4])[1].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("n", "m", "critical"),
    [(4, 2, 4 / 9), (6, 3, 0.3456), (10, 5, 0.260182419005), (20, 10, 0.180897565542), (6, 6, 1.0)],
)
def test_critical_ratio_of_the_collective_risk_dilemma(n, m, critical):
    """Santos & Pacheco 2011."""
    game = CollectiveRiskDilemma(group_size=n, threshold=m, risk=1, contribution=0.1)
    assert game.critical_ratio == pytest.approx(critical, abs=1e-11)


@pytest.mark.parametrize(
    ("n", "m", "risk", "roots"),
    [
        (6, 3, 0.2, ()),
        (6, 3, 0.3, (0.342266628076, 0.459652398828)),
        (6, 3, 0.7, (0.153452507047, 0.688937726727)),
        (6, 3, 0.9, (0.129867569277, 0.722988124522)),
        (6, 3, 1.0, (0.121433333578, 0.735618092318)),
        (4, 2, 0.5, (0.078510547023, 0.688921957892)),
    ],
)
def test_roots_of_the_collective_risk_dilemma(n, m, risk, roots):
    game = CollectiveRiskDilemma(group_size=n, threshold=m, risk=risk, contribution=0.1)
    assert game.roots() == pytest.approx(roots, abs=1e-10)


def test_payoffs_of_the_collective_risk_dilemma():
    game = CollectiveRiskDilemma(group_size=4, threshold=2, risk=0.25, contribution=0.5, endowment=2)
    assert game.payoffs([1, 2])[0].tolist() == [1.0, 1.5]
    assert game.payoffs([1, 2])[1].tolist() == [1.5, 2.0]


GAMES = [
    PublicGoods(group_size=4, multiplier=2.5, cost=1.5),
    stag(5, 2, 4),
    NPersonSnowdrift(group_size=6, threshold=2, benefit=3, cost=1),
    CollectiveRiskDilemma(group_size=3, threshold=3, risk=0.4, contribution=0.2),
]


@pytest.mark.parametrize("game", GAMES, ids=lambda game: type(game).__name__)
def test_tables_hold_the_payoffs_and_relabelling_permutes_them(game):
    n = game.group_size
    table = game.payoff_table()
    for column, (c, d) in enumerate(table.compositions):
        assert table.values[0, column] == game.payoffs(c + 1)[0]
        assert table.values[1, column] == game.payoffs(c)[1]
        assert c + d == n - 1
    assert np.array_equal(game.payoff_table(["D", "C"]).values, table.values[::-1, ::-1])
    assert game.self_cooperation().tolist() == [1, 0]
    assert game.gain(0.0) == pytest.approx(game.payoffs(1)[0] - game.payoffs(0)[1])
    assert game.gain(1.0) == pytest.approx(game.payoffs(n)[0] - game.payoffs(n - 1)[1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: stag(4, 5, 3), "threshold 5 is above the group size 4"),
        (lambda: stag(4, 0, 3), "threshold must be a whole number of at least 1, not 0"),
        (lambda: stag(4, 2.5, 3), "threshold must be a whole number"),
        (lambda: stag(1, 1, 3), "group_size must be a whole number of at least 2, not 1"),
        (lambda: stag(4, 2, math.nan), "multiplier must be a finite number of at least 0, not nan"),
        (lambda: stag(4, 2, 3, -1), "cost must be a finite number of at least 0, not -1"),
        (lambda: PublicGoods(multiplier=-1), "multiplier"),
        (lambda: NPersonSnowdrift(group_size=3, threshold=4), "above the group size 3"),
        (lambda: NPersonSnowdrift(benefit=math.inf), "benefit"),
        (lambda: CollectiveRiskDilemma(risk=1.2), r"risk must be a finite number in \[0, 1\], not 1.2"),
        (lambda: CollectiveRiskDilemma(contribution=2), r"contribution must be a finite number in \[0, 1\]"),
        (lambda: stag(5, 3, 4).gain(1.5), r"share must lie in \[0, 1\]"),
        (lambda: stag(5, 3, 4).gain(math.nan), r"share must lie in \[0, 1\]"),
        (lambda: PublicGoods().finite_gain(3), "population_size must be a whole number of at least 5"),
    ],
)
def test_bad_parameters_are_refused_with_the_reason(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_binomial_weights_of_large_groups_sum_to_one():
    weights = binomial_weights(1500, [0.0, 1e-9, 0.3, 1.0])
    assert weights.sum(axis=1) == pytest.approx([1, 1, 1, 1])
    assert weights[0, 0] == 1
    assert weights[3, 1500] == 1
    assert binomial_weights(61, 0.3) @ np.arange(62) == pytest.approx(61 * 0.3)


class AnyGains(GroupGame):
    """A group game whose cooperators gain whatever is given."""

    def __init__(self, gains):
        self.group_size, self.gains = len(gains), np.array(gains)

    def payoffs(self, cooperators):
        k = np.asarray(cooperators)
        return np.append(0.0, self.gains)[k], np.zeros(k.shape)


@given(st.lists(st.integers(-5, 5).map(float), min_size=2, max_size=9))
def test_between_neighbouring_roots_the_gain_keeps_its_sign(gains):
    game = AnyGains(gains)
    edges = [0.0, *game.roots(), 1.0]
    assert edges == sorted(edges)
    signs = []
    for low, high in itertools.pairwise(edges):
        inside = game.gain(np.linspace(low, high, 203)[1:-1])
        clear = np.sign(inside[np.abs(inside) > 1e-9])
        assert len(set(clear)) <= 1
        signs += [clear[0]] if clear.size else []
    if len(signs) == len(edges) - 1:
        assert all(a != b for a, b in itertools.pairwise(signs))


def test_roots_of_a_thousand_hunters():
    """M = N: x_L = (1/F)^(1/(N-1)); and a root exactly in the middle is not lost."""
    assert stag(1000, 1000, 8).roots() == pytest.approx([(1 / 8) ** (1 / 999)], abs=1e-12)
    assert AnyGains([-1.0, -3.0, 3.0, 1.0]).roots() == pytest.approx([0.5])
