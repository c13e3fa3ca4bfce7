"""memchat usage: tokens and money by day and model, what memory cost and saved, what was learned; and /usage."""

from typing import TYPE_CHECKING

import typer

from memchat.actions import usage as spending
from memchat.cli import usage_json, usage_view
from memchat.cli.app import State
from memchat.cli.profile_commands import local_now, print_lines

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation


def usage(ctx: typer.Context) -> None:
    """Tokens, cached share and cost by day and model; what memory cost and saved; what was learned by week."""
    state: State = ctx.obj
    state.needs_db = True
    now = local_now(state)
    told = spending.report(state.app.store, state.app.counter.count, _prices(), now)
    if state.json:
        state.screen.json(usage_json.report_json(told))
    else:
        print_lines(state, usage_view.report(state.screen, told, now))


def in_chat(chat: "Conversation", _: str) -> None:
    """`/usage`: this conversation first, then all of it."""
    now, session = chat.now(), chat.engine.session
    told = spending.report(chat.store, chat.app.counter.count, _prices(), now)
    here = spending.here(chat.store, session.id, _prices()) if session is not None else None
    turns = chat.store.usages.answered_here(session.id) if session is not None else 0
    chat.print(usage_view.report(chat.screen, told, now, here, turns))


def _prices() -> spending.Prices:
    """litellm's bundled prices; the list is read only where a cost was not booked."""
    from memchat.llm.addresses import is_loopback
    from memchat.llm.prices import price

    return spending.Prices(price, is_loopback)


COMMANDS = {"usage": usage}
