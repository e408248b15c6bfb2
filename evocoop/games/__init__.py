"""Games: what is played. Matrix games, N-person games, games with a pre-play stage, and the payoff table."""
