"""A forgetting that is killed at one line: the process ends itself by SIGKILL there, as a power cut would.

    python -m tests.e2e.dying_forget

Each line on stdin is `DATABASE LINE WORDS`: in a process of its own the database is opened and `forget --match WORDS`
done there, until so many lines have run in the modules that erase; LINE 0 is never reached. What came of it is told on
stdout: the exit code (-9 for one that was killed) and how many lines ran.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from memchat.actions import forgetting
from memchat.store import database, erase, erase_checks, erase_rows, erase_words, erasing
from memchat.store.connection import open_store
from memchat.store.encryption import from_passphrase, is_encrypted

from tests.chat.conftest import FIELDS
from tests.conftest import NOW

WATCHED = {one.__file__ for one in (database, erase, erase_checks, erase_rows, erase_words, erasing, forgetting)}
PASSPHRASE = "four words of mine"


def main() -> None:
    """One life after the other."""
    keys: dict[bytes, Any] = {}
    for asked in sys.stdin:
        name, line, words = asked.split(maxsplit=2)
        path = Path(name)
        if is_encrypted(path):
            salt = path.read_bytes()[:16]
            if salt not in keys:
                keys[salt] = from_passphrase(PASSPHRASE, salt)  # takes its time: each life inherits it
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            live(path, int(line), words.strip(), writing, lambda one: keys[one.read_bytes()[:16]])
        os.close(writing)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with os.fdopen(reading) as told:
            print(code, told.read() or 0, flush=True)


def live(path: Path, line: int, words: str, writing: int, unlock: Any) -> None:
    """Forget, and die; this function never comes back."""
    ran = 0

    def watch(frame: FrameType, event: str, _: object) -> Any:
        nonlocal ran
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            ran += 1
            if ran == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    code = 1
    try:
        store = open_store(path, unlock=unlock)
        sys.settrace(watch)
        plan = forgetting.plan(store, FIELDS, forgetting.Wanted(matches=(words,)), NOW)
        ran = 0
        forgetting.erase(store, plan, NOW)
        sys.settrace(None)
        os.write(writing, str(ran).encode())
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was is told, and must not go on in the parent's loop
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
