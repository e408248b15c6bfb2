"""Play: strategies in, payoffs out. Matches, tournaments, exact pairs and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evocoop.core.lazy import exports

if TYPE_CHECKING:
    from evocoop.play.automata import Automaton as Automaton
    from evocoop.play.automata import automaton_of as automaton_of
    from evocoop.play.compiling import compile_strategies as compile_strategies
    from evocoop.play.evolvable import Evolution as Evolution
    from evocoop.play.evolvable import Evolvable as Evolvable
    from evocoop.play.evolvable import evolvable_player as evolvable_player
    from evocoop.play.evolvable import evolve_strategies as evolve_strategies
    from evocoop.play.evolving_moran import Lineages as Lineages
    from evocoop.play.evolving_moran import evolving_moran_process as evolving_moran_process
    from evocoop.play.exact import ExactMatch as ExactMatch
    from evocoop.play.exact import exact_match as exact_match
    from evocoop.play.fingerprints import Fingerprint as Fingerprint
    from evocoop.play.fingerprints import TransitiveFingerprint as TransitiveFingerprint
    from evocoop.play.fingerprints import fingerprint as fingerprint
    from evocoop.play.fingerprints import transitive_fingerprint as transitive_fingerprint
    from evocoop.play.matches import BridgeWarning as BridgeWarning
    from evocoop.play.matches import MatchResult as MatchResult
    from evocoop.play.matches import match as match
    from evocoop.play.moran import MoranResult as MoranResult
    from evocoop.play.moran import ecosystem as ecosystem
    from evocoop.play.moran import moran_process as moran_process
    from evocoop.play.repeated_game import RepeatedGame as RepeatedGame
    from evocoop.play.results import Summary as Summary
    from evocoop.play.results import TournamentResult as TournamentResult
    from evocoop.play.tournaments import tournament as tournament

_HOMES = {
    "Automaton": "automata",
    "BridgeWarning": "matches",
    "Evolution": "evolvable",
    "Evolvable": "evolvable",
    "ExactMatch": "exact",
    "Fingerprint": "fingerprints",
    "Lineages": "evolving_moran",
    "MatchResult": "matches",
    "MoranResult": "moran",
    "RepeatedGame": "repeated_game",
    "Summary": "results",
    "TournamentResult": "results",
    "TransitiveFingerprint": "fingerprints",
    "automaton_of": "automata",
    "compile_strategies": "compiling",
    "ecosystem": "moran",
    "evolvable_player": "evolvable",
    "evolve_strategies": "evolvable",
    "evolving_moran_process": "evolving_moran",
    "exact_match": "exact",
    "fingerprint": "fingerprints",
    "match": "matches",
    "moran_process": "moran",
    "tournament": "tournaments",
    "transitive_fingerprint": "fingerprints",
}

__all__ = sorted(_HOMES)

__getattr__, __dir__ = exports(__name__, _HOMES)
