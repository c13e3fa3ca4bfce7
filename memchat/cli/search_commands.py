"""memchat search: memories and past conversations in one list, best first."""

from typing import TYPE_CHECKING, Annotated

import typer

from memchat.actions import searching
from memchat.cli import recall_json, search_view
from memchat.cli.app import State
from memchat.cli.ask_input import argument
from memchat.cli.profile_commands import local_now, print_lines
from memchat.cli.slash import need

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation

# In a chat the list shall not push the talk off the screen.
LISTED_IN_CHAT = 8


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="In your words; days and months count.")],
    kind: Annotated[str, typer.Option("--in", metavar="memories|sessions", help="Only there.")] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="DATE", help='On that day or later: 2026-03-03, "last month".')
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="To the end of that day or time.")] = "",
) -> None:
    """Search memories and past conversations, best first."""
    state: State = ctx.obj
    state.needs_db = True
    app, now = state.app, local_now(state)
    words = argument(" ".join(query), "The query")
    asked = searching.wanted(words, now, kind=kind, since=since, until=until)
    app.finding.warm()
    result = searching.search(app.store, app.recall(app.store), asked, now, app.counter.count)
    if state.json:
        state.screen.json([recall_json.hit_json(passage) for passage in result.found])
    else:
        print_lines(state, search_view.results(state.screen, result, words, now))
    for line in search_view.trouble(state.screen, result.trouble):
        state.screen.note(line)


def in_chat(chat: "Conversation", words: str) -> None:
    """`/search QUERY`."""
    need(words, "/search rate limit")
    now = chat.now()
    asked = searching.wanted(words, now)
    app, store = chat.app, chat.store
    result = searching.search(store, app.recall(store), asked, now, app.counter.count, LISTED_IN_CHAT)
    chat.print(search_view.results(chat.screen, result, words, now, in_chat=True))
    for line in search_view.trouble(chat.screen, result.trouble):
        chat.screen.note(line)


COMMANDS = {"search": search}
