"""``python -m evocoop`` is the command ``evocoop``."""

from evocoop.cli import main

if __name__ == "__main__":
    main()
