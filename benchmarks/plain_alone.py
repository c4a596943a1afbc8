"""The five flows in plain Playwright and nothing else: what its memory is compared with.

`python -m benchmarks.plain_alone ADDRESSES`, the addresses of the running sites as JSON.
"""

import json
import sys

from benchmarks.duel import plain_side
from benchmarks.jobs import JOBS
from benchmarks.plain_playwright import FLOWS


def main() -> None:
    """Do each flow once."""
    with plain_side(json.loads(sys.argv[1])) as (script, _):
        for flow, job in JOBS.items():
            FLOWS[flow](script, job)


if __name__ == "__main__":
    main()
