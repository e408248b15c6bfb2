"""Games: what is played. Matrix games, N-person games, games with a pre-play stage, and the payoff table.

Every game has ``strategies`` and exact payoffs, and stands wherever the dynamics take payoffs. Names are loaded when
first used, so that importing this package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evocoop.core.lazy import exports

if TYPE_CHECKING:
    from evocoop.games.commitment import Commitment as Commitment
    from evocoop.games.commitment import CommitmentThresholds as CommitmentThresholds
    from evocoop.games.commitment import RecognitionCommitment as RecognitionCommitment
    from evocoop.games.commitment import commitment_on as commitment_on
    from evocoop.games.coordinated_hunt import CoordinatedHunt as CoordinatedHunt
    from evocoop.games.coordinated_hunt import HuntRecord as HuntRecord
    from evocoop.games.group_commitment import GroupCommitment as GroupCommitment
    from evocoop.games.group_game import GroupGame as GroupGame
    from evocoop.games.groups import CollectiveRiskDilemma as CollectiveRiskDilemma
    from evocoop.games.groups import NPersonSnowdrift as NPersonSnowdrift
    from evocoop.games.groups import NPersonStagHunt as NPersonStagHunt
    from evocoop.games.groups import PublicGoods as PublicGoods
    from evocoop.games.hunt_rules import attunement as attunement
    from evocoop.games.hunt_rules import hunting_range as hunting_range
    from evocoop.games.hunt_rules import ranked_shares as ranked_shares
    from evocoop.games.hunt_rules import role_coverage as role_coverage
    from evocoop.games.joint_moves import JointMoves as JointMoves
    from evocoop.games.linking import ActiveLinking as ActiveLinking
    from evocoop.games.linking import active_linking as active_linking
    from evocoop.games.matrix import MatrixGame as MatrixGame
    from evocoop.games.matrix import PairwiseGame as PairwiseGame
    from evocoop.games.matrix import rstp as rstp
    from evocoop.games.mixed_hunt import MixedHunt as MixedHunt
    from evocoop.games.mixed_hunt import mixed_prisoners_dilemma as mixed_prisoners_dilemma
    from evocoop.games.mixed_hunt import mixed_stag_hunt as mixed_stag_hunt
    from evocoop.games.named import donation as donation
    from evocoop.games.named import harmony as harmony
    from evocoop.games.named import hawk_dove as hawk_dove
    from evocoop.games.named import prisoners_dilemma as prisoners_dilemma
    from evocoop.games.named import snowdrift as snowdrift
    from evocoop.games.named import stag_hunt as stag_hunt
    from evocoop.games.payoffs import Game as Game
    from evocoop.games.payoffs import PayoffTable as PayoffTable
    from evocoop.games.payoffs import as_payoffs as as_payoffs
    from evocoop.games.payoffs import compositions as compositions
    from evocoop.games.quorum import QuorumSignalling as QuorumSignalling
    from evocoop.games.registry import GAMES as GAMES
    from evocoop.games.shared_carcass import SharedCarcass as SharedCarcass
    from evocoop.games.signals import PrePlaySignals as PrePlaySignals
    from evocoop.games.taxonomy import Classification as Classification
    from evocoop.games.taxonomy import classify as classify
    from evocoop.games.taxonomy import risk_dominance as risk_dominance
    from evocoop.games.traits import ContinuousCommons as ContinuousCommons
    from evocoop.games.traits import ContinuousDonation as ContinuousDonation
    from evocoop.games.traits import ContinuousSnowdrift as ContinuousSnowdrift
    from evocoop.games.traits import JointEffort as JointEffort
    from evocoop.games.traits import MemoryOneDilemma as MemoryOneDilemma
    from evocoop.games.traits import ReactiveDilemma as ReactiveDilemma
    from evocoop.games.traits import TraitFunction as TraitFunction
    from evocoop.games.traits import TraitGame as TraitGame
    from evocoop.games.two_populations import TwoPopulationGame as TwoPopulationGame
    from evocoop.games.two_populations import battle_of_the_sexes as battle_of_the_sexes
    from evocoop.games.two_populations import courtship as courtship
    from evocoop.games.two_populations import inspection_game as inspection_game
    from evocoop.games.two_populations import owner_intruder as owner_intruder
    from evocoop.games.two_populations import ultimatum_game as ultimatum_game

_HOME = {
    "ContinuousCommons": "traits",
    "ContinuousDonation": "traits",
    "ContinuousSnowdrift": "traits",
    "JointEffort": "traits",
    "MemoryOneDilemma": "traits",
    "ReactiveDilemma": "traits",
    "TraitFunction": "traits",
    "TraitGame": "traits",
    "ActiveLinking": "linking",
    "Classification": "taxonomy",
    "CollectiveRiskDilemma": "groups",
    "Commitment": "commitment",
    "CommitmentThresholds": "commitment",
    "CoordinatedHunt": "coordinated_hunt",
    "GAMES": "registry",
    "Game": "payoffs",
    "GroupCommitment": "group_commitment",
    "GroupGame": "group_game",
    "HuntRecord": "coordinated_hunt",
    "JointMoves": "joint_moves",
    "MatrixGame": "matrix",
    "MixedHunt": "mixed_hunt",
    "NPersonSnowdrift": "groups",
    "NPersonStagHunt": "groups",
    "PairwiseGame": "matrix",
    "PayoffTable": "payoffs",
    "PrePlaySignals": "signals",
    "PublicGoods": "groups",
    "QuorumSignalling": "quorum",
    "RecognitionCommitment": "commitment",
    "SharedCarcass": "shared_carcass",
    "active_linking": "linking",
    "as_payoffs": "payoffs",
    "attunement": "hunt_rules",
    "classify": "taxonomy",
    "commitment_on": "commitment",
    "compositions": "payoffs",
    "donation": "named",
    "harmony": "named",
    "hawk_dove": "named",
    "hunting_range": "hunt_rules",
    "mixed_prisoners_dilemma": "mixed_hunt",
    "mixed_stag_hunt": "mixed_hunt",
    "prisoners_dilemma": "named",
    "ranked_shares": "hunt_rules",
    "risk_dominance": "taxonomy",
    "role_coverage": "hunt_rules",
    "rstp": "matrix",
    "snowdrift": "named",
    "stag_hunt": "named",
    "TwoPopulationGame": "two_populations",
    "battle_of_the_sexes": "two_populations",
    "courtship": "two_populations",
    "inspection_game": "two_populations",
    "owner_intruder": "two_populations",
    "ultimatum_game": "two_populations",
}

__all__ = sorted(_HOME)

__getattr__, __dir__ = exports(__name__, _HOME)
