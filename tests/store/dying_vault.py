"""An encryption that is killed at one line: the process ends itself by SIGKILL there, as a power cut would.

    python -m tests.store.dying_vault PATH encrypt|change|decrypt LINE DELAY

LINE counts the lines that run in `store/rewriting.py` and `store/vault.py`. With a DELAY (seconds) it is the system's
alarm that ends the process, so long after the new file is begun, wherever SQLite is then. Ends with code 0 when the
line is never reached.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from memchat.bootstrap.unlocking import Unlocking
from memchat.store import rewriting, vault

WATCHED = {rewriting.__file__, vault.__file__}
WANTED = {"encrypt": "correct horse battery", "change": "another passphrase", "decrypt": None}


def main(path: Path, act: str, line: int, delay: float) -> None:
    """Do it, and die."""
    left = line

    def watch(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in WATCHED:
            return None
        if delay:
            if frame.f_code is rewriting._copy.__code__:
                signal.setitimer(signal.ITIMER_REAL, delay)
                sys.settrace(None)
            return watch
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    one = vault.Vault(path, Unlocking({"MEMCHAT_PASSPHRASE": "correct horse battery"}))
    sys.settrace(watch)
    one.rewrite(WANTED[act])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
