"""`python -m bcflow.runner.cli` is `bcflow`."""

from bcflow.runner.cli import main

main()
