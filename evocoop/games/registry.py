"""The table of games: every name an experiment file may use, its parameters and its source. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter, Registry
from evocoop.games.linking_entries import LINKING_ENTRIES
from evocoop.games.mind_entries import MIND_ENTRIES
from evocoop.games.parameters import base_payoffs, chance, number, size, threshold
from evocoop.games.trait_entries import TRAIT_GAMES
from evocoop.games.two_population_entries import TWO_POPULATION_GAMES


def _deal(*, base: tuple[Parameter, ...] = base_payoffs(2.0, 1.0, 0.0, -1.0)) -> tuple[Parameter, ...]:
    return (
        *base,
        number("proposal_cost", "eps, what arranging a deal costs its proposer", 0.25),
        number("compensation", "delta, what who breaks a deal pays the other", 2.0),
        number("no_deal", "what both get when a proposal is refused and nobody plays", 0.0, None),
    )


_SHARED_COST = (
    number("benefit", "b, what the other (or everybody) gains", 2.0),
    number("cost", "c, what cooperating costs; below the benefit", 1.0),
)

_MATRIX = (
    Entry(
        "matrix",
        "evocoop.games.matrix:MatrixGame",
        "any symmetric two-player game, by its payoffs",
        "Maynard Smith 1982, Evolution and the Theory of Games",
        (
            Parameter("payoffs", "matrix", "rows of payoffs, mine against the co-player's strategy", required=True),
            Parameter("strategies", "names", "names of the strategies, one a row"),
        ),
        tags=("two players",),
    ),
    Entry(
        "prisoners_dilemma",
        "evocoop.games.named:prisoners_dilemma",
        "defecting is always the better reply, yet both would gain from cooperating",
        "Axelrod & Hamilton 1981, Science 211:1390",
        base_payoffs(5.0, 3.0, 1.0, 0.0),
        tags=("two players", "dilemma"),
    ),
    Entry(
        "stag_hunt",
        "evocoop.games.named:stag_hunt",
        "hunting together is best, hunting alone is worst",
        "Skyrms 2004, The Stag Hunt and the Evolution of Social Structure, Cambridge University Press",
        base_payoffs(3.0, 4.0, 3.0, 0.0),
        tags=("two players", "dilemma"),
    ),
    Entry(
        "snowdrift",
        "evocoop.games.named:snowdrift",
        "the work is done by whoever cooperates, and shared when both do",
        "Hauert & Doebeli 2004, Nature 428:643",
        (
            number("benefit", "b, what both gain once the work is done", 1.0),
            number("cost", "c, the whole work; below the benefit", 0.5),
        ),
        tags=("two players", "dilemma"),
    ),
    Entry(
        "hawk_dove",
        "evocoop.games.named:hawk_dove",
        "two contest a resource; fighting costs more than it is worth",
        "Maynard Smith & Price 1973, Nature 246:15",
        (
            number("value", "V, what the resource is worth", 2.0),
            number("cost", "C, what losing a fight costs; above the value", 4.0),
        ),
        tags=("two players", "dilemma"),
    ),
    Entry(
        "harmony",
        "evocoop.games.named:harmony",
        "cooperating is always the better reply",
        "Santos, Pacheco & Lenaerts 2006, PNAS 103:3490",
        base_payoffs(2.0, 3.0, 0.0, 1.0),
        tags=("two players",),
    ),
    Entry(
        "donation",
        "evocoop.games.named:donation",
        "a cooperator pays c so that the other gets b",
        "Sigmund 2010, The Calculus of Selfishness, Princeton University Press",
        _SHARED_COST,
        tags=("two players", "dilemma"),
    ),
)

_GROUP = (
    Entry(
        "public_goods",
        "evocoop.games.groups:PublicGoods",
        "contributions grow by a factor and are shared by everybody",
        "Hauert, De Monte, Hofbauer & Sigmund 2002, J Theor Biol 218:187",
        (
            size(5),
            number("multiplier", "F, the factor by which contributions grow", 3.0),
            number("cost", "c, what a cooperator contributes", 1.0),
        ),
        tags=("group", "dilemma"),
    ),
    Entry(
        "n_person_stag_hunt",
        "evocoop.games.groups:NPersonStagHunt",
        "a public good that needs at least M hunters",
        "Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315",
        (
            size(5),
            threshold(3, "hunters"),
            number("multiplier", "F, the factor by which the hunters' efforts grow", 4.0),
            number("cost", "c, what a hunter pays", 1.0),
        ),
        tags=("group", "dilemma", "hunt"),
    ),
    Entry(
        "n_person_snowdrift",
        "evocoop.games.groups:NPersonSnowdrift",
        "everybody gains once at least M work, who share the work",
        "Souza, Pacheco & Santos 2009, J Theor Biol 260:581",
        (
            size(5),
            threshold(1, "workers"),
            number("benefit", "b, what everybody gets once the work is done", 1.0),
            number("cost", "c, the whole work", 0.5),
        ),
        tags=("group", "dilemma"),
    ),
    Entry(
        "collective_risk_dilemma",
        "evocoop.games.groups:CollectiveRiskDilemma",
        "unless M contribute, everybody risks losing everything",
        "Santos & Pacheco 2011, PNAS 108:10421",
        (
            size(6),
            threshold(3, "contributors"),
            chance("risk", "r, the probability of losing everything when the group fails", 0.7),
            number("contribution", "c, what a cooperator gives; at most the endowment", 0.1),
            number("endowment", "what everybody starts with", 1.0),
        ),
        tags=("group", "dilemma"),
    ),
)

_TALK = (
    Entry(
        "quorum_signalling",
        "evocoop.games.quorum:QuorumSignalling",
        "hunters may signal before a hunt that needs a quorum; sixteen strategies",
        "Pacheco, Vasconcelos, Santos & Skyrms 2015, PLoS Comput Biol 11:e1004101",
        (
            size(9),
            threshold(5, "hunters"),
            number("multiplier", "F, the factor by which the hunters' efforts grow", 10.0),
            number("cost", "c, what hunting costs", 0.5),
            number("signal_cost", "c_S, what a signal costs", 0.05),
            chance("state_probability", "lambda, the probability of big game", 0.5),
            Parameter("quorum", "integer", "Q, signals needed, 1 to N; the threshold when left out", minimum=1),
        ),
        tags=("group", "hunt", "communication"),
    ),
    Entry(
        "pre_play_signals",
        "evocoop.games.signals:PrePlaySignals",
        "meaningless signals shown before a 2×2 game; s 2^s strategies",
        "Santos, Pacheco & Skyrms 2011, J Theor Biol 274:30",
        (
            Parameter("signals", "integer", "s, how many signals there are", default=2, minimum=1, maximum=8),
            Parameter("payoffs", "matrix", "the 2×2 game, [[R, S], [T, P]]", default=((4.0, 0.0), (3.0, 3.0))),
        ),
        tags=("two players", "communication"),
    ),
    Entry(
        "commitment",
        "evocoop.games.commitment:Commitment",
        "a deal may be proposed before a 2×2 game; COMP, C, D, FAKE, FREE",
        "Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695",
        _deal(),
        tags=("two players", "agreement"),
    ),
    Entry(
        "recognition_commitment",
        "evocoop.games.commitment:RecognitionCommitment",
        "predict the other's intention, propose a deal only when in doubt; IRCOM, C, D, FAKE, FREE",
        "Han, Santos, Lenaerts & Pereira 2015, Sci Rep 5:9312",
        (
            *_deal(),
            chance("confidence", "theta, the confidence needed to act without a deal", 0.65),
            chance("accuracy", "r, how often full confidence is right", 1.0),
        ),
        tags=("two players", "agreement", "intention recognition"),
    ),
)

_MINDS = (
    chance("keenness", "kappa, the chance that a leader-follower goes first", 0.2),
    number("proposal_cost", "eps, what arranging a deal costs its proposers", 0.25),
    number("compensation", "delta, what who breaks a deal pays the proposers", 2.0),
    number("signal_cost", "c_S, what a signal costs", 0.1),
)

_HUNTS = (
    Entry(
        "mixed_hunt",
        "evocoop.games.mixed_hunt:MixedHunt",
        "one-shot hunt of N: agreement and signals, their cheats, and chimpanzee-like hunters (a hypothesis)",
        "Han et al. 2013, Sci Rep 3:2695; Pacheco et al. 2015, PLoS Comput Biol 11:e1004101; Bullinger et al. 2011, "
        "Int J Primatol 32:1296; Gilby et al. 2015, Phil Trans R Soc B 370:20150005; "
        "Packer & Ruttan 1988, Am Nat 132:159",
        (
            size(5),
            threshold(3, "hunters"),
            number("benefit", "b, prey per hunter", 4.0),
            number("cost", "c, what hunting costs", 1.0),
            number("hare", "h, what staying out yields", 1.0, None),
            chance("leak", "xi, the share of the spoils that the hunters cannot keep", 0.3),
            Parameter("reach", "string", "who eats of what leaks", default="near", choices=("near", "all")),
            Parameter(
                "prey", "string", "a herd (b k) or one carcass (b M)", default="herd", choices=("herd", "carcass")
            ),
            *_MINDS,
            Parameter("participation", "integer", "F, members a deal needs; the threshold when left out", minimum=1),
            Parameter("quorum", "integer", "Q, signals needed; the threshold when left out", minimum=1),
        ),
        tags=("group", "hunt", "agreement", "communication"),
    ),
    Entry(
        "mixed_stag_hunt",
        "evocoop.games.mixed_hunt:mixed_stag_hunt",
        "the mixed hunt of two: a stag hunt of all minds",
        "Skyrms 2004; Han et al. 2013, Sci Rep 3:2695; Bullinger et al. 2011, Int J Primatol 32:1296",
        (
            number("benefit", "b, each hunter's part of the stag", 4.0),
            number("cost", "c, what hunting costs", 1.0),
            number("hare", "h, what a hare yields", 1.0, None),
            *_MINDS,
        ),
        tags=("two players", "hunt", "agreement", "communication"),
    ),
    Entry(
        "mixed_prisoners_dilemma",
        "evocoop.games.mixed_hunt:mixed_prisoners_dilemma",
        "the mixed hunt of two in which everything is shared: a prisoner's dilemma of all minds",
        "Han et al. 2013, Sci Rep 3:2695; Packer & Ruttan 1988, Am Nat 132:159",
        (*_SHARED_COST, *_MINDS),
        tags=("two players", "dilemma", "agreement", "communication"),
    ),
    Entry(
        "shared_carcass",
        "evocoop.games.shared_carcass:SharedCarcass",
        "cooperator, cheater, scavenger and solitary hunter at one prey",
        "Packer & Ruttan 1988, Am Nat 132:159",
        (
            chance("alone", "q1, the chance that a lone hunt kills", 0.2),
            chance("together", "q2, the chance that a hunt of two kills", 0.8),
            number("prey", "V, what the prey is worth", 10.0),
            number("cost", "c, what hunting costs", 1.0),
            chance("scavenged", "s, the share of a lone partner's kill that who held back takes", 0.5),
        ),
        tags=("two players", "hunt"),
    ),
)

_GROUP_DEAL = Entry(
    "group_commitment",
    "evocoop.games.group_commitment:GroupCommitment",
    "a deal to contribute may be proposed before a public goods game; COMP, C, D, FAKE, FREE",
    "Han, Pereira & Lenaerts 2017, Auton Agent Multi-Agent Syst 31:561; 2015, J R Soc Interface 12:20141203",
    (
        size(5),
        number("multiplier", "the factor by which contributions grow", 3.0),
        number("cost", "c, what a contributor gives", 1.0),
        number("proposal_cost", "eps, shared by the proposers of a deal that stands", 0.25),
        number("compensation", "delta, what who breaks a deal pays the proposers", 2.0),
        Parameter("participation", "integer", "F, members a deal needs; everybody when left out", minimum=1),
        chance("access", "psi, the share of the good that who refused can still use", 1.0),
        number("restriction_cost", "what keeping them off costs the proposers", 0.0),
    ),
    tags=("group", "agreement"),
)

_COORDINATED = Entry(
    "coordinated_hunt",
    "evocoop.games.coordinated_hunt:CoordinatedHunt",
    "hunters, roles and stages: minds that are genotypes of capacities hunt together (a hypothesis)",
    "Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315; Pacheco et al. 2015, PLoS Comput Biol 11:e1004101; "
    "Newton 2017, Games Econ Behav 104:517; Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695; "
    "Boesch 2002, Human Nature 13:27",
    (
        size(5),
        threshold(3, "hunters"),
        Parameter("roles", "integer", "K, roles to fill, 1 to N", default=1, minimum=1),
        Parameter("stages", "integer", "L, stages of the pursuit", default=1, minimum=1),
        Parameter("prey_value", "number", "V, what one prey is worth", minimum=0.0),
        Parameter("prey_per_hunter", "number", "b, prey per hunter; 4 when prey_value is left out too", minimum=0.0),
        number("hare", "h, what staying out yields", 1.0, None),
        number("cost", "c, what hunting costs", 1.0),
        chance("leakage", "xi, the share of the spoils that the hunters cannot keep", 0.0),
        chance("success", "s0, the chance of a kill without attunement", 1.0),
        Parameter("reach", "string", "who eats of what leaks", default="all", choices=("all", "near")),
        number("cost_sharing", "sigma; 1 splits the work among the hunters", 0.0),
        number("injury", "rho, expected harm to a lone hunter", 0.0),
        number("dilution", "tau, how harm falls with the number of hunters", 0.0),
        number("dominance", "kappa_d, how steeply Takers take", 0.0),
        chance("harassment", "w, what a Harasser gets for each portion of a hunter", 0.5),
        chance("big_game", "lambda, the chance that there is big game", 1.0),
        chance("noise", "nu, the chance that a message is lost", 0.0),
        number("signal_cost", "c_S, what a signal costs", 0.1),
        Parameter("quorum", "integer", "Q, signals needed; max(2, M) when left out", minimum=1),
        number("proposal_cost", "eps, what arranging a deal costs its proposers", 0.25),
        number("compensation", "delta, what who breaks a deal pays the proposers", 2.0),
        Parameter("participation", "integer", "F, members a deal needs; max(2, M) when left out", minimum=1),
        chance("keenness", "kappa, the chance that a leader-follower goes first", 0.2),
        chance("visibility", "the chance to see what others did", 1.0),
        chance("belief", "p, the share of the others that the Myopic believe to hunt", 0.5),
        number("impact_cost", "c_i, what hunting costs an ImpactHunter", 0.0),
        chance("false_positive", "the chance that 'we' takes another for a fellow", 0.0),
        chance("false_negative", "the chance that 'we' misses a fellow", 0.0),
        chance("acuity", "by how much 'recognise' lowers both errors", 1.0),
        chance("practice", "the chance that who does not generalise can fill the role it is told", 1.0),
        Parameter("horizon", "integer", "stages seen ahead without 'foresight'; all when left out", minimum=1),
        chance("discount", "gamma, what a stage of waiting leaves of the prey's worth", 1.0),
        chance("desertion", "the chance to leave at a stage", 0.0),
        number("coupling", "K of the attunement, in units of the spread of the hunters' rhythms", 4.0),
        number("verification_cost", "what finding out costs", 0.1),
        number("upkeep", "what every capacity costs its bearer, whatever happens", 0.0),
        Parameter("capacities", "names", "what HumanLike has; ['none'] for none", default=("signal", "commit")),
        Parameter("disposition", "string", "what HumanLike does without them", default="Hare"),
        Parameter(
            "minds",
            "names",
            "who there is: dispositions, with '+capacity', HumanLike, with '-capacity', or '*capacity' for both",
            default=("HumanLike", "Hunter", "Hare", "LeaderFollower", "Joiner", "Scavenger", "Faker"),
        ),
    ),
    tags=("group", "hunt", "agreement", "communication"),
)

_CHASE = Entry(
    "chase",
    "evocoop.hunt.chase_game:ChaseGame",
    "a hunt on a plane, simulated: planners, followers and opportunists after prey, or living on hares (a hypothesis)",
    "Tang, Gong, Zhao, Zhou, Shen & Gao 2025, Proc R Soc B 292:20243070; Boesch 2002, Human Nature 13:27",
    (
        Parameter("group_size", "integer", "N, players in a group", default=4, minimum=2, maximum=12),
        Parameter("prey", "integer", "prey to choose from", default=2, minimum=1, maximum=50),
        threshold(2, "hunters"),
        number("prey_value", "V, what the prey is worth", 16.0),
        number("hare", "h, what living on hares yields", 1.0, None),
        number("cost", "c, what hunting costs", 0.25),
        number("plan_cost", "p, what planning and calling cost", 0.1),
        chance("leak", "xi, the share of the spoils that goes to all who hunted", 0.3),
        number("prey_speed", "in units of a hunter's speed, above 0", 1.1),
        Parameter("horizon", "integer", "steps a hunter looks ahead", default=3, minimum=0, maximum=1000),
        chance("noise", "probability that a call is misheard", 0.1),
        Parameter("hunts", "integer", "simulated hunts of each composition", default=200, minimum=2, maximum=1_000_000),
        Parameter("seed", "integer", "seed; the cell's own when left out", minimum=0),
    ),
    tags=("group", "hunt", "communication", "simulated"),
)

_REPEATED = Entry(
    "repeated_game",
    "evocoop.play.repeated_game:RepeatedGame",
    "two meet again and again, by strategies that are finite automata; payoffs per turn, expected without sampling",
    "Nowak & Sigmund 1993, Nature 364:56",
    (
        Parameter(
            "players",
            "names",
            "strategies of the catalogue, such as TitForTat or GTFT(p=0.2)",
            default=("Cooperator", "Defector", "TitForTat", "GTFT", "WinStayLoseShift", "Grudger"),
        ),
        *base_payoffs(5.0, 3.0, 1.0, 0.0),
        chance("noise", "probability that a play is flipped", 0.01),
        chance("prob_end", "w, probability that the match ends after a turn; 0 for matches without end", 0.0),
    ),
    tags=("two players", "dilemma", "repeated"),
)

GAMES = Registry(
    "game",
    (
        *(*_MATRIX, *LINKING_ENTRIES, _REPEATED, *_GROUP, *_TALK, _GROUP_DEAL, *_HUNTS, _COORDINATED, _CHASE),
        *(*MIND_ENTRIES, *TWO_POPULATION_GAMES, *TRAIT_GAMES),
    ),
)
