"""memchat memory review: on a terminal one question after the other; in scripts a list, or a decision by flag."""

from collections import Counter
from collections.abc import Sequence

from memchat.actions import inbox
from memchat.cli import json_view, receipts
from memchat.cli import review as view
from memchat.cli.app import State
from memchat.cli.layout import MARGIN
from memchat.cli.profile_commands import local_now, print_lines
from memchat.domain import Learned
from memchat.errors import RefusedError, UsageError


def review(state: State, refs: Sequence[str], decisions: Sequence[str]) -> None:
    """Decide as a flag says (`accept`, `reject`, `never`; one at most), ask on a terminal, else list what waits."""
    if len(decisions) > 1:
        raise UsageError(f"--{decisions[0]} and --{decisions[1]} are two decisions.", "Give one, and the rest apart.")
    if decisions:
        _decide(state, refs, decisions[0])
        return
    app, now = state.app, local_now(state)
    found = inbox.named(app.store, app.fields, refs, now) if refs else inbox.waiting(app.store, now)
    if state.json:
        state.screen.json([json_view.waiting_json(one, now) for one in found])
    elif not found:
        print_lines(state, ["", f"{MARGIN}{view.NOTHING}"])
    elif state.screen.can_ask:
        print_lines(state, ["", *view.walk(_desk(state), found)])
    else:
        print_lines(state, view.listing(state.screen, found, now))


def _decide(state: State, refs: Sequence[str], word: str) -> None:
    if not refs:
        raise UsageError(
            f"--{word} needs the ids that it is meant for.", f"Like this: memchat memory review m14 --{word}"
        )
    app, screen, now = state.app, state.screen, local_now(state)
    done = view.decide(app.store, app.fields, refs, word, now)
    left = len(inbox.waiting(app.store, now))
    if state.json:
        memories = [one.memory if isinstance(one, Learned) else one for one in done]
        decided = [json_view.memory_json(memory, now) for memory in memories]
        replaced = [one.replaced.ref for one in done if isinstance(one, Learned) and one.replaced]
        screen.json({"decision": word, "memories": decided, "replaced": replaced, "waits": left})
        return
    for one in done:
        lines = receipts.learned(screen, one, now) if isinstance(one, Learned) else view.rejected(screen, one)
        print_lines(state, lines)
    print_lines(state, ["", *view.summary(screen, Counter({view.DONE[word]: len(done)}), left)])


def _desk(state: State) -> view.Desk:
    app, screen = state.app, state.screen

    def ask(question: str) -> str | None:
        try:
            return screen.ask(MARGIN + question)
        except (KeyboardInterrupt, RefusedError):
            screen.prompt()
            return None

    def show(lines: Sequence[str]) -> None:
        print_lines(state, ["", *lines])
        screen.flush()

    masks = app.settings.privacy.mask_secrets
    return view.Desk(
        app.store, app.fields, lambda: local_now(state), screen, ask, show, screen.error, mask_secrets=masks
    )
