"""Minds: capacities of shared intentionality and their chimpanzee-like counterparts, each as one model with its source.

Names are loaded when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evocoop.core.lazy import exports

if TYPE_CHECKING:
    from evocoop.minds.apology import Apology as Apology
    from evocoop.minds.attention import common_belief as common_belief
    from evocoop.minds.attention import last_message_lost as last_message_lost
    from evocoop.minds.attention import signal_depth as signal_depth
    from evocoop.minds.attention import stag_threshold as stag_threshold
    from evocoop.minds.attuned import critical_coupling as critical_coupling
    from evocoop.minds.attuned import synchrony as synchrony
    from evocoop.minds.capacities import CAPACITIES as CAPACITIES
    from evocoop.minds.capacities import Capacity as Capacity
    from evocoop.minds.capacities import capacity as capacity
    from evocoop.minds.chimps import SITES as SITES
    from evocoop.minds.chimps import Site as Site
    from evocoop.minds.chimps import calibrated_keenness as calibrated_keenness
    from evocoop.minds.chimps import dyad_stag_rate as dyad_stag_rate
    from evocoop.minds.chimps import impact_cascade as impact_cascade
    from evocoop.minds.chimps import independent_success as independent_success
    from evocoop.minds.chimps import party_odds as party_odds
    from evocoop.minds.chimps import scrap_range as scrap_range
    from evocoop.minds.chimps import stag_belief as stag_belief
    from evocoop.minds.intentions import IntentionRecognition as IntentionRecognition
    from evocoop.minds.intentions import plan_posterior as plan_posterior
    from evocoop.minds.partners import PartnerMarket as PartnerMarket
    from evocoop.minds.partners import link_share as link_share
    from evocoop.minds.roles import hunts_to_learn as hunts_to_learn
    from evocoop.minds.roles import mastery as mastery
    from evocoop.minds.technology import Technology as Technology
    from evocoop.minds.technology import technology_takeoff as technology_takeoff
    from evocoop.minds.verification import value_of_checking as value_of_checking
    from evocoop.minds.we_mode import Collaboration as Collaboration
    from evocoop.minds.we_mode import Reasoners as Reasoners
    from evocoop.minds.we_mode import coalition_gain as coalition_gain
    from evocoop.minds.we_mode import moral_threshold as moral_threshold
    from evocoop.minds.we_mode import pair_cooperation as pair_cooperation
    from evocoop.minds.we_mode import recognition_threshold as recognition_threshold

_NAMES = {
    "apology": ("Apology",),
    "attention": ("common_belief", "last_message_lost", "signal_depth", "stag_threshold"),
    "attuned": ("critical_coupling", "synchrony"),
    "capacities": ("CAPACITIES", "Capacity", "capacity"),
    "chimps": (
        *(
            "SITES",
            "Site",
            "calibrated_keenness",
            "dyad_stag_rate",
            "impact_cascade",
            "independent_success",
            "party_odds",
            "scrap_range",
        ),
        "stag_belief",
    ),
    "intentions": ("IntentionRecognition", "plan_posterior"),
    "partners": ("PartnerMarket", "link_share"),
    "roles": ("hunts_to_learn", "mastery"),
    "technology": ("Technology", "technology_takeoff"),
    "verification": ("value_of_checking",),
    "we_mode": (
        *("Collaboration", "Reasoners", "coalition_gain", "moral_threshold", "pair_cooperation"),
        "recognition_threshold",
    ),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_HOME)

__getattr__, __dir__ = exports(__name__, _HOME)
