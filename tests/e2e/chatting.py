"""A chat without a screen in a process of its own: says each line of stdin, and tells on stdout that it was answered.

    python -m tests.e2e.chatting

Each answer is `done REPLY`, or `failed WHY`; the first line is `ready`. Uses what the environment configures.
"""

import os
import sys
from contextlib import closing

from memchat.bootstrap import ChatRequest, open_app
from memchat.chat.events import TurnFinished
from memchat.errors import MemchatError

from tests.builders import typed
from tests.e2e.talker import tell


def main() -> None:
    """Talk until stdin ends."""
    app = open_app(os.environ)
    with closing(app), closing(app.open_chat(ChatRequest())) as engine:
        tell("ready")
        for line in sys.stdin:
            try:
                with closing(engine.run_turn(typed(line.strip()))) as events:
                    replies = [event.reply for event in events if isinstance(event, TurnFinished)]
                tell(f"done {' '.join(replies)}")
            except MemchatError as error:
                tell(f"failed {error.message}")


if __name__ == "__main__":
    main()
