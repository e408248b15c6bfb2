"""The toolkit's own report card: laws and reference numbers of the field, each with its source and our figure."""

from evocoop.bench.laws.record import TOPICS, Law, Verdict, all_laws, check_laws

__all__ = ["TOPICS", "Law", "Verdict", "all_laws", "check_laws"]
