"""Group hunts: the chase on a plane, hunters' minds, pictures of a hunt. The models are our hypotheses.

Names are loaded when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evocoop.core.lazy import exports

if TYPE_CHECKING:
    from evocoop.hunt.chase import Chase as Chase
    from evocoop.hunt.chase import ChaseSuccess as ChaseSuccess
    from evocoop.hunt.chase import chase_success as chase_success
    from evocoop.hunt.chase import hunt_once as hunt_once
    from evocoop.hunt.chase import match_probability as match_probability
    from evocoop.hunt.chase_game import ChaseGame as ChaseGame
    from evocoop.hunt.evolution import Evolution as Evolution
    from evocoop.hunt.evolution import evolve as evolve
    from evocoop.hunt.ground import MINDS as MINDS
    from evocoop.hunt.ground import Ground as Ground
    from evocoop.hunt.knockouts import Ablation as Ablation
    from evocoop.hunt.knockouts import Effect as Effect
    from evocoop.hunt.knockouts import Measure as Measure
    from evocoop.hunt.knockouts import ablation as ablation
    from evocoop.hunt.payoff_level import HuntSample as HuntSample
    from evocoop.hunt.payoff_level import sample_hunts as sample_hunts
    from evocoop.hunt.payoff_level import sampled_table as sampled_table
    from evocoop.hunt.pictures import animation as animation
    from evocoop.hunt.pictures import strip as strip

_HOME = {
    "Ablation": "knockouts",
    "Effect": "knockouts",
    "Measure": "knockouts",
    "ablation": "knockouts",
    "MINDS": "ground",
    "Chase": "chase",
    "ChaseGame": "chase_game",
    "ChaseSuccess": "chase",
    "Ground": "ground",
    "animation": "pictures",
    "Evolution": "evolution",
    "HuntSample": "payoff_level",
    "chase_success": "chase",
    "evolve": "evolution",
    "sample_hunts": "payoff_level",
    "sampled_table": "payoff_level",
    "hunt_once": "chase",
    "match_probability": "chase",
    "strip": "pictures",
}

__all__ = sorted(_HOME)

__getattr__, __dir__ = exports(__name__, _HOME)
