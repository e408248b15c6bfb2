"""evocoop: experiments in evolutionary game theory on how cooperation of the human kind emerged."""

__version__ = "0.1.0"
