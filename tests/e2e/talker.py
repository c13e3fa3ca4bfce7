"""A scripted person that can be killed: says one message after the other and tells on stdout what was acknowledged.

    python -m tests.e2e.talker NAME COUNT

Goes on with the session NAME, or starts it. Each line is one fact: `ready`, then `sent TEXT` once the engine says that
the message is saved, `done TEXT` once the reply is. Uses what the environment configures; imports no litellm by itself.
"""

import os
import sys
from contextlib import closing

from memchat.bootstrap import ChatRequest, open_app
from memchat.chat.events import TurnFinished, TurnStarted

from tests.builders import typed

PLACES = ("Taipei", "Lisbon", "Lima", "Oslo")


def tell(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(name: str, count: int) -> None:
    """Talk. Every message teaches something, so that memory, index and transcript are written together."""
    app = open_app(os.environ)
    with closing(app), closing(app.open_chat(ChatRequest(resume=name))) as engine:
        tell("ready")
        for number in range(count):
            text = f"I live in {PLACES[number % len(PLACES)]}, says {os.getpid()}.{number}."
            with closing(engine.run_turn(typed(text))) as events:
                for event in events:
                    if isinstance(event, TurnStarted):
                        tell(f"sent {text}")
                    elif isinstance(event, TurnFinished):
                        tell(f"done {text}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
