"""A chat on plain input: lines typed into it, what stood on the screen, and what was asked."""

import io

from memchat.bootstrap import App, ChatRequest
from memchat.cli.repl import run
from memchat.cli.terminal import Screen
from memchat.domain import Mode

from tests.cli.screens import Keys


def chatted(app: App, *lines: str, mode: Mode | None = None, resume: str | None = None) -> str:
    """A chat of these lines; all that stood on the screen, dim and not, in one text."""
    both = io.StringIO()
    typed = Keys("".join(f"{line}\n" for line in lines))
    screen = Screen({"TERM": "dumb"}, stdin=typed, stdout=both, stderr=both)
    run(app, ChatRequest(mode=mode, resume=resume), screen)
    return both.getvalue()


def asked(app: App) -> list[str]:
    """What was said in the first conversation, as far as it still stands."""
    return [turn.user.text for turn in app.store.transcripts.turns(1)]
