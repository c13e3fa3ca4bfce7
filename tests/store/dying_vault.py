"""Encryptions that are killed at one line: each is a process that ends itself by SIGKILL there, as a power cut would.

    python -m tests.store.dying_vault PATH encrypt|change|decrypt

Reads `LINE DELAY` from standard input, again and again; for each a fork of this process does the act and dies, and the
code it ended with is told: the negative of the signal, 0 when the line is never reached.

LINE counts the lines that run in `store/rewriting.py` and `store/vault.py`. With a DELAY (seconds) it is the system's
alarm that ends the process, so long after the new file is begun, wherever SQLite is then.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from memchat.bootstrap.unlocking import Unlocking
from memchat.store import encryption, rewriting, vault
from memchat.store.encryption import is_encrypted

ROUNDS = 100  # of what makes a key; its time is no part of what is tried out
WATCHED = {rewriting.__file__, vault.__file__}
WANTED = {"encrypt": "correct horse battery", "change": "another passphrase", "decrypt": None}


def main(path: Path, act: str) -> None:
    """One life after the other."""
    encryption.ROUNDS = ROUNDS
    unlock = Unlocking({"MEMCHAT_PASSPHRASE": "correct horse battery"})
    for asked in sys.stdin:
        line, delay = asked.split()
        if is_encrypted(path):
            unlock(path)  # the key takes its time: each life inherits it
        child = os.fork()
        if not child:
            live(vault.Vault(path, unlock), act, int(line), float(delay))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def live(one: vault.Vault, act: str, line: int, delay: float) -> None:
    """Do it, and die; this function never comes back."""
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

    code = 1
    try:
        sys.settrace(watch)
        one.rewrite(WANTED[act])
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was is told, and must not go on in the parent's loop
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
