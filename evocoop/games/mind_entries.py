"""Games of single capacities of minds: rows of the table of games. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter
from evocoop.games.parameters import base_payoffs, chance, number, size

MIND_ENTRIES = (
    Entry(
        "apology",
        "evocoop.minds.apology:Apology",
        "partners in a long dilemma who make mistakes, apologise, forgive, take revenge or fake (a hypothesis)",
        "Martinez-Vaquero, Han, Pereira & Lenaerts 2015, Sci Rep 5:10639 (the question; the two-state form is ours)",
        (
            *base_payoffs(2.0, 1.0, 0.0, -1.0),
            number("apology_cost", "gamma, what an apology costs and brings the partner", 1.5),
            chance("mistakes", "alpha, probability to defect by mistake", 0.05),
            Parameter(
                "continuation",
                "number",
                "omega, probability of another round, below 1",
                default=0.9,
                minimum=0.0,
                maximum=1.0 - 1e-9,
            ),
        ),
        tags=("two players", "dilemma", "repeated", "agreement"),
    ),
    Entry(
        "intention_recognition",
        "evocoop.minds.intentions:IntentionRecognition",
        "a repeated dilemma in which one kind of player recognises the plan of the other (a hypothesis)",
        "Han, Pereira & Santos 2011, Adaptive Behavior 19:264 (the idea; exact inference is ours)",
        (
            Parameter(
                "plans",
                "names",
                "strategies that are finite automata: who else there is, and what is looked for",
                default=("Cooperator", "Defector", "TitForTat", "WinStayLoseShift"),
            ),
            Parameter("opening", "string", "the Recogniser's first plays, one to six of C and D", default="CDC"),
            *base_payoffs(2.0, 1.0, 0.0, -1.0),
            chance("error", "probability that a play is flipped", 0.01),
            Parameter(
                "continuation",
                "number",
                "w, probability of another turn, below 1",
                default=0.95,
                minimum=0.0,
                maximum=1.0 - 1e-6,
            ),
            number("mind_cost", "what recognising costs, per turn", 0.0),
        ),
        tags=("two players", "dilemma", "repeated", "recognition"),
    ),
    Entry(
        "collaboration",
        "evocoop.minds.we_mode:Collaboration",
        "collaborators who recognise one another with errors, among individualists, in a stag hunt",
        "Rusch 2019, Games Econ Behav 114:118; Newton 2017, Games Econ Behav 104:517",
        (
            number("benefit", "b, each hunter's part of the stag", 4.0),
            number("cost", "c, what hunting costs", 1.0),
            number("hare", "h, what living on hares yields", 1.0, None),
            chance("false_positive", "phi, taking an individualist for a collaborator", 0.1),
            chance("false_negative", "f, failing to recognise a collaborator", 0.0),
        ),
        tags=("two players", "hunt", "recognition"),
    ),
    Entry(
        "joint_moves",
        "evocoop.games.joint_moves:JointMoves",
        "neighbours on a network who move jointly when all of them gain, among those who only move alone",
        "Angus & Newton 2015, PLoS Comput Biol 11:e1004587; 2020, 16:e1007557 (the clique is ours)",
        (
            size(4),
            Parameter("degree", "integer", "k, neighbours of everybody, at least N-1", default=4, minimum=1),
            Parameter(
                "kind",
                "string",
                "donations, or an old and a new convention",
                default="dilemma",
                choices=("dilemma", "convention"),
            ),
            number("benefit", "b, of a donation or of a match on the new convention", 2.0),
            number("cost", "c, of a donation", 1.0),
            number("price", "what sharing intentions costs", 0.0),
        ),
        tags=("group", "we-mode"),
    ),
    Entry(
        "reasoners",
        "evocoop.minds.we_mode:Reasoners",
        "selfish players, team reasoners, homo moralis and altruists in one of three games that tell them apart",
        "Bacharach 2006, Beyond Individual Choice; Alger & Weibull 2013, Econometrica 81:2269 (the comparison is ours)",
        (
            Parameter(
                "base",
                "string",
                "the game they play",
                default="stag_hunt",
                choices=("stag_hunt", "donation", "hi_lo"),
            ),
            number("benefit", "b", 4.0),
            number("cost", "c", 1.0),
            number("hare", "h", 1.0),
            chance("team", "omega, share of those who team-reason, as a team reasoner sees it", 0.75),
            chance("morality", "kappa", 0.5),
            chance("belief", "p, that the other takes part", 0.4),
        ),
        tags=("two players", "we-mode"),
    ),
    Entry(
        "partner_market",
        "evocoop.minds.partners:PartnerMarket",
        "donors and defectors who choose their partners: links with defectors are broken sooner",
        "Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103",
        (
            number("benefit", "b, what the other gains", 2.0),
            number("cost", "c, what donating costs", 1.0),
            number("seeking", "a, the rate at which everybody seeks partners", 0.4),
            number("keep_partner", "the rate at which two donors part", 0.16),
            number("leave_defector", "the rate at which a link with a defector ends", 0.8),
            chance("choosy", "the share of donors' links with defectors that end at that rate", 1.0),
        ),
        tags=("two players", "dilemma", "partner choice"),
    ),
)
