"""What is offered behind a command: ids with their text, conversations, models."""

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli.argument_completion import ArgumentCompleter, ModelCompleter
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.domain import INCOGNITO, Mode
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.document import Document

from tests.builders import add_note, add_turn
from tests.cli.screens import pipe


def a_chat(app: App, mode: Mode | None = None) -> Conversation:
    """A conversation that nothing was said in."""
    return Conversation(app, ChatRequest(mode=mode), pipe(), Interrupts())


def offered(completer: Completer, line: str) -> list[str]:
    """What the menu holds: what would be written, and what it is."""
    found = completer.get_completions(Document(line), CompleteEvent())
    return [f"{one.text} {one.display_meta_text}".strip() for one in found]


@pytest.mark.parametrize(
    ("line", "menu"),
    [
        ("/forget ", ["m2 location: Lisbon", "m1 allergic to peanuts"]),
        ("/for m1", ["m1 allergic to peanuts"]),
        ("／ｗｈｙ　PEAN", ["m1 allergic to peanuts"]),
        ("/without m2 lisb", ["m2 location: Lisbon"]),
        ("/undo x", []),
        ("/resume ", ["s1 We decided on a rate limit."]),
        ("/res rate", ["s1 We decided on a rate limit."]),
        ("/keys s", ["set PROVIDER", "list"]),
        ("/keys set ", []),
        ("/resume s1 ", []),
        ("/review ", []),
        ("/remember m", []),
        ("/nothing m", []),
        ("/forget", []),
        ("forget m", []),
        ("", []),
    ],
)
def test_ids_come_with_their_text(app: App, line: str, menu: list[str]) -> None:
    """By the beginning of the id, or by a word of the text; other commands take none."""
    add_note(app.store, "allergic to peanuts")
    add_note(app.store, "Lisbon", field="location")
    session = add_turn(app.store, "We decided on a rate limit.", "Noted.").session_id
    app.store.transcripts.rename(session, "We decided on a rate limit.")
    assert sorted(offered(ArgumentCompleter(a_chat(app)), line)) == sorted(menu)


def test_what_is_known_is_looked_up_once_a_line(app: App) -> None:
    """Keys do not wait for the database; the next line knows more."""
    completer = ArgumentCompleter(a_chat(app))
    assert offered(completer, "/pin ") == []
    add_note(app.store, "allergic to peanuts")
    assert offered(completer, "/pin ") == []
    completer.begin()
    assert offered(completer, "/pin ") == ["m1 allergic to peanuts"]


def test_a_chat_that_reads_no_memory_offers_none(app: App) -> None:
    """Incognito does not open it for a menu either."""
    add_note(app.store, "allergic to peanuts")
    assert offered(ArgumentCompleter(a_chat(app, INCOGNITO)), "/forget ") == []


def test_models_come_with_where_they_run(app: App) -> None:
    """The one that answers, and the built-in one; those of servers and with a key where there are any."""
    completer = ModelCompleter(a_chat(app))
    assert offered(completer, "/model ") == ["notebook answers now"]
    assert offered(completer, "/retry note") == ["notebook answers now"]
    assert offered(completer, "/model gpt") == []
    assert offered(completer, "/why note") == []
    app.keys.set("openai", "sk-test-key")
    found = offered(ModelCompleter(a_chat(app)), "/model openai")
    assert len(found) == 1
    assert "api.openai.com" in found[0]
