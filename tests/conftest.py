"""How properties are tried: the same examples in every run; others with ``--hypothesis-profile=explore``."""

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("fixed")
