"""The toolkit's own report card: laws and reference numbers of the field, each with its source and our figure."""

from evocoop.bench.laws.record import Law, Verdict, all_laws, check_laws

__all__ = ["Law", "Verdict", "all_laws", "check_laws"]
