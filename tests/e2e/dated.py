"""memchat with the clock of somebody else: the same program, at a moment that a file names.

python -m tests.e2e.dated [what memchat takes]

The file is named by `TEST_MOMENT` and holds an ISO date with time and zone. The clock stands there.
"""

import os
from datetime import datetime
from pathlib import Path

MOMENT = "TEST_MOMENT"


def main() -> None:
    """Put the clock to that moment, and run memchat."""
    from memchat.__main__ import main as memchat
    from memchat.bootstrap.request import SystemClock

    moment = datetime.fromisoformat(Path(os.environ[MOMENT]).read_text("utf-8").strip())
    SystemClock.now = lambda self: moment  # type: ignore[method-assign]  # - the one thing that is not real here
    memchat()


if __name__ == "__main__":
    main()
