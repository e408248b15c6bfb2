"""The table of capacities: what each kind of mind may have, what it costs, where its model comes from. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from evocoop.core.errors import UnknownNameError


@dataclass(frozen=True)
class Capacity:
    """One capacity, or one chimpanzee-like way of hunting.

    Args:
        name: as in the minds of a coordinated hunt; for those that live outside it, the module that models them.
        kind: ``"human-like"`` or ``"chimp-like"``: a region of parameters, not a verdict on a species.
        cost: the parameter of the coordinated hunt, or of its own model, that makes it costly.
        source: where its model comes from.
        summary: what it does.
        ours: what in the model is our hypothesis.
        model: ``"module:attribute"`` of the model of its own, if there is one beside the hunt.
    """

    name: str
    kind: str
    cost: str
    source: str
    summary: str
    ours: str
    model: str = ""


_HUMAN = "human-like"
_CHIMP = "chimp-like"

CAPACITIES: tuple[Capacity, ...] = (
    Capacity(
        "attend", _HUMAN, "upkeep",
        "Rubinstein 1989, Am Econ Rev 79:385; Monderer & Samet 1989, Games Econ Behav 1:170",
        "joint attention: a call is heard by all who attend or by none, so that knowing it is common",
        "that attention makes one public event of many private ones", "evocoop.minds.attention:signal_depth",
    ),
    Capacity(
        "signal", _HUMAN, "signal_cost", "Pacheco, Vasconcelos, Santos & Skyrms 2015, PLoS Comput Biol 11:e1004101",
        "calls when there is big game, and goes when a quorum calls", "that calls are lost on single listeners",
    ),
    Capacity(
        "we", _HUMAN, "upkeep", "Newton 2017, Games Econ Behav 104:517; Rusch 2019, Games Econ Behav 114:118",
        "goes when it sees that enough others share the intention", "independent errors about each of the others",
        "evocoop.minds.we_mode:recognition_threshold",
    ),
    Capacity(
        "recognise", _HUMAN, "upkeep", "Han, Pereira & Santos 2011, Adaptive Behavior 19:264",
        "recognises intentions: fewer errors about who shares ours", "that acuity lowers both errors alike",
        "evocoop.minds.intentions:plan_posterior",
    ),
    Capacity(
        "commit", _HUMAN, "proposal_cost", "Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695",
        "proposes a joint commitment, keeps it, and is paid compensation when it is broken",
        "that whoever is committed does not desert", "evocoop.minds.apology:Apology",
    ),
    Capacity(
        "choose", _HUMAN, "upkeep", "Tomasello, Melis, Tennie, Wyman & Herrmann 2012, Curr Anthropol 53:673",
        "partner choice: lets no known cheat into a deal", "that cheats are known",
        "evocoop.minds.partners:PartnerMarket",
    ),
    Capacity(
        "plan", _HUMAN, "upkeep", "Boesch 2002, Human Nature 13:27",
        "a communicated plan: takes the role it is told", "roles in turn; a lost message is a role at random",
    ),
    Capacity(
        "generalise", _HUMAN, "upkeep", "Boesch 2002, Human Nature 13:27",
        "represents the plan from above: one experience teaches all roles", "the equation",
        "evocoop.minds.roles:hunts_to_learn",
    ),
    Capacity(
        "foresight", _HUMAN, "upkeep", "Tomasello 2014, A Natural History of Human Thinking, Harvard University Press",
        "sees the kill however many stages ahead", "the horizon as a number of stages",
    ),
    Capacity(
        "verify", _HUMAN, "verification_cost", "Howard 1966, IEEE Trans Syst Sci Cybern 2:22 (value of information)",
        "checks what the others will do before it acts", "that a check is perfect",
        "evocoop.minds.verification:value_of_checking",
    ),
    Capacity(
        "attune", _HUMAN, "upkeep", "Bruggeman 2015, arXiv 1312.6809; Kuramoto 1984",
        "emotional attunement: hunters in step kill more surely", "that coupling grows with the share of the attuned",
        "evocoop.minds.attuned:synchrony",
    ),
    Capacity(
        "merit", _HUMAN, "upkeep", "Hamann, Warneken, Greenberg & Tomasello 2011, Nature 476:328; "
        "Alvard & Nolin 2002, Curr Anthropol 43:533",
        "shares among those who hunted: bystanders, beggars and despots get less", "that it works in proportion",
    ),
    Capacity(
        "apology", _HUMAN, "apology_cost", "Martinez-Vaquero, Han, Pereira & Lenaerts 2015, Sci Rep 5:10639",
        "apologises for mistakes, and forgives who apologises", "the two-state form of the repeated game",
        "evocoop.minds.apology:Apology",
    ),
    Capacity(
        "Myopic", _CHIMP, "cost", "Skyrms 2004, The Stag Hunt and the Evolution of Social Structure",
        "best reply to a fixed belief about the others", "one belief about all", "evocoop.minds.chimps:stag_belief",
    ),
    Capacity(
        "LeaderFollower", _CHIMP, "cost", "Bullinger, Wyman, Melis & Tomasello 2011, Int J Primatol 32:1296",
        "goes first when keen, follows when it sees somebody gone", "keenness and visibility as two chances",
        "evocoop.minds.chimps:dyad_stag_rate",
    ),
    Capacity(
        "Joiner", _CHIMP, "cost", "Packer & Ruttan 1988, Am Nat 132:159",
        "joins once enough others hunt", "that it waits for M",
    ),
    Capacity(
        "Scavenger", _CHIMP, "hare", "Packer & Ruttan 1988, Am Nat 132:159", "waits near by for what leaks",
        "that it forgoes the hare",
    ),
    Capacity(
        "Taker", _CHIMP, "dominance", "Boesch 2002, Human Nature 13:27 (shares by rank and role)",
        "takes more than its share at the carcass", "exponential weights", "evocoop.games.hunt_rules:ranked_shares",
    ),
    Capacity(
        "Harasser", _CHIMP, "harassment", "Gilby 2006, Anim Behav 71:953",
        "begs until it is given a share", "a portion of fixed size",
    ),
    Capacity(
        "ImpactHunter", _CHIMP, "impact_cost", "Gilby et al. 2015, Phil Trans R Soc B 370:20150005",
        "hunts first, at a low cost of its own, and so starts others", "the cost as the only difference",
        "evocoop.minds.chimps:impact_cascade",
    ),
)  # fmt: skip
"""Every capacity and its counterparts; all of the first kind can be switched on and off, one by one."""


def capacity(name: str) -> Capacity:
    """Return the entry of a name.

    Raises:
        UnknownNameError: when it is in no row of the table.

    >>> capacity("commit").cost
    'proposal_cost'
    """
    for entry in CAPACITIES:
        if entry.name == name:
            return entry
    raise UnknownNameError("capacity", name, [entry.name for entry in CAPACITIES])
