"""Conversations: a tree of messages, and the active path through it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Message, MessageStatus, Origin, Part, PartKind, Role, Search, SessionKind
from memchat.errors import NotFoundError, SessionBusyError
from memchat.ports import Store
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_turn, found, spoken, typed
from tests.conftest import NOW
from tests.store.conftest import behind, leased, take_in, vocabulary


def new_session(store: Store, *, name: str = "", kind: SessionKind = SessionKind.CHAT) -> int:
    """An empty session."""
    return store.transcripts.create_session(kind, at=NOW, model="notebook", host="", learn=True, name=name).id


def say(store: Store, session_id: int, text: str, *, parent: int | None, turn: int = 1) -> Message:
    """One message of the user's."""
    return store.transcripts.add_message(session_id, turn, Role.USER, typed(text), parent=parent, at=NOW)


def test_a_session_begins_empty(store: Store) -> None:
    """Without turns, title or summary."""
    made = store.transcripts.create_session(
        SessionKind.ONESHOT, at=NOW, model="openai/x", host="api.openai.com", learn=False, name="Work"
    )
    assert (made.turns, made.title, made.summary, made.topics, made.leaf) == (0, "", "", (), None)
    assert (made.kind, made.name, made.learn, made.host) == (SessionKind.ONESHOT, "Work", False, "api.openai.com")
    assert made.created_at == made.last_at == NOW
    assert store.transcripts.session(made.id) == made
    assert store.transcripts.path(made.id) == []
    assert store.transcripts.turns(made.id) == []
    assert store.transcripts.last_turn(made.id) is None


def test_a_message_comes_back_as_it_was_saved(store: Store) -> None:
    """Every part with its origin, in order."""
    parts = (
        Part(PartKind.TEXT, Origin.TYPED, "Look at this: \0 花生"),
        Part(PartKind.FILE, Origin.FILE, "a,b\n1,2\n", name="table.csv", mime="text/csv"),
        Part(PartKind.TOOL_CALL, Origin.MODEL, '{"arguments": "{}"}', name="recall", call_id="c1"),
        Part(PartKind.TEXT, Origin.PASTE, "kept from recall", barred=True),
    )
    session_id = new_session(store)
    saved = store.transcripts.add_message(
        session_id,
        1,
        Role.ASSISTANT,
        parts,
        parent=None,
        at=NOW.replace(microsecond=123_456),
        status=MessageStatus.INTERRUPTED,
        model="openai/x",
        host="api.openai.com",
    )
    assert store.transcripts.message(saved.id) == saved
    assert [(p.kind, p.origin, p.content, p.name, p.mime, p.call_id, p.barred) for p in saved.parts] == [
        (p.kind, p.origin, p.content, p.name, p.mime, p.call_id, p.barred) for p in parts
    ]
    assert all(part.id for part in saved.parts)
    assert saved.created_at == NOW.replace(microsecond=123_000)


def test_a_message_may_have_no_parts(store: Store) -> None:
    """A reply that was stopped before its first word."""
    session_id = new_session(store)
    saved = store.transcripts.add_message(session_id, 1, Role.ASSISTANT, (), parent=None, at=NOW)
    assert store.transcripts.path(session_id) == [saved]


def test_broken_text_is_mended_before_it_is_saved(store: Store) -> None:
    """What is saved is what is sent, so the caller gets the mended text back."""
    session_id = new_session(store)
    saved = say(store, session_id, "half \ud83d and whole \ud83d\ude00", parent=None)
    assert saved.parts[0].content == "half \ufffd and whole 😀"
    assert store.transcripts.message(saved.id) == saved


def test_turns_group_the_active_path(store: Store) -> None:
    """A user message and what answered it."""
    first = add_turn(store, "One?", "1.")
    second = add_turn(store, "Two?", "2.", session_id=first.session_id)
    turns = store.transcripts.turns(first.session_id)
    assert [(turn.number, turn.user.text, turn.reply) for turn in turns] == [(1, "One?", "1."), (2, "Two?", "2.")]
    assert store.transcripts.last_turn(first.session_id) == turns[-1]
    assert turns[-1].messages == second.messages
    assert store.transcripts.session(first.session_id).turns == 2


def test_a_retry_is_a_sibling_and_takes_over_the_path(store: Store) -> None:
    """The first answer stays in the database, and leaves the path and the index."""
    turn = add_turn(store, "Which city?", "Lisbon, perhaps.")
    user, first = turn.messages
    store.transcripts.set_leaf(turn.session_id, user.id)
    again = store.transcripts.add_message(
        turn.session_id, 1, Role.ASSISTANT, spoken("Porto, surely."), parent=user.id, at=NOW
    )
    assert store.transcripts.path(turn.session_id) == [user, again]
    assert store.transcripts.message(first.id).text == "Lisbon, perhaps."
    assert found(store, "Lisbon") == []
    assert {one.message_id for one in found(store, "Porto")} == {user.id, again.id}
    assert store.transcripts.session(turn.session_id).turns == 1


def test_what_belongs_to_an_earlier_turn_is_put_between(store: Store) -> None:
    """Another process went on while a reply came: nothing leaves the path, and each turn stays whole."""
    first = add_turn(store, "First?", "1.")
    session_id, transcripts = first.session_id, store.transcripts
    asked = say(store, session_id, "Which city?", parent=first.messages[-1].id, turn=2)
    later = add_turn(store, "And then?", "Home.", session_id=session_id)
    one = transcripts.add_message(session_id, 2, Role.ASSISTANT, spoken("Lisbon."), parent=asked.id, at=NOW)
    two = transcripts.add_message(session_id, 2, Role.ASSISTANT, spoken("Or Porto."), parent=one.id, at=NOW)
    wanted = [*first.messages, asked, one, two, *later.messages]
    assert [message.id for message in transcripts.path(session_id)] == [message.id for message in wanted]
    assert [turn.number for turn in transcripts.turns(session_id)] == [1, 2, 3]
    session = transcripts.session(session_id)
    assert (session.leaf, session.turns) == (later.messages[-1].id, 3)
    assert {one.id, two.id} <= {piece.message_id for piece in found(store, "Lisbon Porto")}
    with pytest.raises(SessionBusyError, match=f"s{session_id} was changed elsewhere"):
        say(store, session_id, "Too late.", parent=first.messages[-1].id, turn=4)
    with pytest.raises(SessionBusyError):
        say(store, session_id, "Too late.", parent=None, turn=4)
    assert transcripts.session(session_id).leaf == session.leaf


def test_what_answers_a_withdrawn_message_is_kept_beside_the_path(store: Store) -> None:
    """It is in the database, not on the path and not in the index."""
    session_id = new_session(store)
    asked = say(store, session_id, "Which city?", parent=None)
    store.transcripts.set_leaf(session_id, None)
    reply = store.transcripts.add_message(session_id, 1, Role.ASSISTANT, spoken("Lisbon."), parent=asked.id, at=NOW)
    assert store.transcripts.message(reply.id).text == "Lisbon."
    assert store.transcripts.path(session_id) == []
    assert found(store, "Lisbon") == []


def test_the_number_of_a_turn_is_never_given_again(store: Store) -> None:
    """What was withdrawn is still named by it."""
    assert store.transcripts.next_turn(new_session(store)) == 1
    first = add_turn(store)
    second = add_turn(store, session_id=first.session_id)
    store.transcripts.set_leaf(second.session_id, None)
    assert store.transcripts.next_turn(second.session_id) == 3


def test_the_newest_turn_that_may_be_learned_from(store: Store) -> None:
    """What was said under --no-learn is passed over, whole turns and single replies."""
    transcripts, session_id = store.transcripts, new_session(store)

    def add(role: Role, text: str, turn: int, *, learn: bool) -> None:
        leaf = transcripts.session(session_id).leaf
        transcripts.add_message(session_id, turn, role, typed(text), parent=leaf, at=NOW, learn=learn)

    def newest() -> list[str] | None:
        turn = transcripts.last_turn(session_id, learned_only=True)
        return None if turn is None else [message.text for message in turn.messages]

    assert newest() is None
    add(Role.USER, "hidden", 1, learn=False)
    add(Role.ASSISTANT, "answered again, and learned from", 1, learn=True)
    assert newest() is None
    add(Role.USER, "a", 2, learn=True)
    add(Role.ASSISTANT, "b", 2, learn=True)
    assert newest() == ["a", "b"]
    add(Role.ASSISTANT, "hidden", 2, learn=False)
    add(Role.USER, "hidden", 3, learn=False)
    add(Role.ASSISTANT, "hidden", 3, learn=False)
    assert newest() == ["a", "b"]
    last = transcripts.last_turn(session_id)
    assert last is not None
    assert [message.text for message in last.messages] == ["hidden", "hidden"]


def test_undo_takes_a_turn_from_path_and_index_and_redo_brings_it_back(memory: SqliteStore) -> None:
    """The words are gone from the index's own vocabulary too."""
    first = add_turn(memory, "Peanuts are out.", "Noted.")
    second = add_turn(memory, "Walnuts as well.", "Noted too.", session_id=first.session_id)
    before = vocabulary(memory)
    memory.transcripts.set_leaf(first.session_id, first.messages[-1].id)
    assert vocabulary(memory) == before - {"walnut", "as", "well", "too"}
    assert memory.transcripts.session(first.session_id).turns == 1
    memory.transcripts.set_leaf(first.session_id, second.messages[-1].id)
    assert vocabulary(memory) == before
    memory.transcripts.set_leaf(first.session_id, None)
    assert vocabulary(memory) == set()
    assert memory.transcripts.session(first.session_id).turns == 0
    assert memory.transcripts.sessions() == []


def test_turns_are_counted_along_the_path(store: Store) -> None:
    """The number of a withdrawn turn is passed over; what counts is the path."""
    session_id = new_session(store)
    first = say(store, session_id, "a", parent=None)
    say(store, session_id, "b", parent=first.id, turn=2)
    store.transcripts.set_leaf(session_id, first.id)
    say(store, session_id, "c", parent=first.id, turn=5)
    assert store.transcripts.session(session_id).turns == 2
    last = store.transcripts.last_turn(session_id)
    assert last is not None
    assert (last.number, last.user.text) == (5, "c")


def test_a_leaf_belongs_to_its_session(store: Store) -> None:
    """Else one conversation would continue another."""
    here, there = add_turn(store, "here"), add_turn(store, "there")
    foreign = there.messages[-1].id
    with pytest.raises(NotFoundError, match=f"s{here.session_id} holds no message {foreign}"):
        store.transcripts.set_leaf(here.session_id, foreign)
    with pytest.raises(NotFoundError):
        say(store, here.session_id, "x", parent=foreign, turn=2)
    with pytest.raises(NotFoundError, match="no message 99"):
        store.transcripts.set_leaf(here.session_id, 99)
    assert store.transcripts.path(here.session_id) == list(here.messages)


def test_sessions_come_newest_activity_first(store: Store) -> None:
    """A resumed one moves up; one without a turn is none."""
    old = add_turn(store, "old", at=NOW)
    new = add_turn(store, "new", at=NOW + timedelta(hours=1))
    new_session(store)
    once = add_turn(store, "once", at=NOW + timedelta(hours=2), kind=SessionKind.ONESHOT)
    add_turn(store, "again", session_id=old.session_id, at=NOW + timedelta(hours=3))
    both = (SessionKind.CHAT, SessionKind.ONESHOT)
    listed = store.transcripts.sessions
    assert [s.id for s in listed()] == [old.session_id, new.session_id]
    assert [s.id for s in listed(kinds=both)] == [old.session_id, once.session_id, new.session_id]
    assert [s.id for s in listed(limit=1)] == [old.session_id]
    assert listed()[0].last_at == NOW + timedelta(hours=3)


def test_a_name_is_found_whatever_its_case_and_width(store: Store) -> None:
    """`--session work` and `--session Ｗork` are one."""
    session_id = new_session(store, name="Work Größe")
    found = store.transcripts.session_named("ｗork GRÖSSE")
    assert found is not None
    assert (found.id, found.name) == (session_id, "Work Größe")
    assert store.transcripts.session_named("other") is None
    assert new_session(store) != new_session(store)
    assert store.transcripts.session_named("") is None
    with pytest.raises(SessionBusyError, match="started in another terminal"):
        new_session(store, name="work größe")


def test_title_and_model_change(store: Store) -> None:
    """As /rename and /model do."""
    session_id = new_session(store)
    store.transcripts.rename(session_id, "Rate limits")
    store.transcripts.set_model(session_id, "openai/x", "api.openai.com")
    session = store.transcripts.session(session_id)
    assert (session.title, session.model, session.host) == ("Rate limits", "openai/x", "api.openai.com")


def test_a_title_by_hand_is_not_replaced_by_code(store: Store) -> None:
    """One made by code is; an empty one gives the title back to code."""
    session_id, transcripts = new_session(store), store.transcripts
    transcripts.entitle(session_id, "How do I set rate limits?")
    transcripts.entitle(session_id, "Rate limits in nginx")
    assert transcripts.session(session_id).title == "Rate limits in nginx"
    transcripts.rename(session_id, "Nginx")
    transcripts.entitle(session_id, "Something else")
    assert transcripts.session(session_id).title == "Nginx"
    transcripts.rename(session_id, "")
    transcripts.entitle(session_id, "Limits")
    assert transcripts.session(session_id).title == "Limits"


def summarised(store: Store, turns: int) -> list[Message]:
    """A session whose summary covers all of its turns; returns the path."""
    session_id = add_turn(store).session_id
    for _ in range(turns - 1):
        add_turn(store, session_id=session_id)
    assert store.jobs.enqueue_left(session_id, NOW)
    take_in(store, leased(store))
    store.transcripts.summarise(session_id, "Wanted: rate limits.\nPending: 測試", ["nginx", "限流"])
    return store.transcripts.path(session_id)


def test_a_summary_comes_back_as_it_was_written(store: Store) -> None:
    """With its topics; what is said after it changes nothing of it."""
    path = summarised(store, 2)
    session_id = path[0].session_id
    add_turn(store, session_id=session_id)
    session = store.transcripts.session(session_id)
    assert (session.summary, session.topics) == ("Wanted: rate limits.\nPending: 測試", ("nginx", "限流"))
    assert session.mark == path[-1].id
    store.transcripts.set_leaf(session_id, path[-1].id)
    assert store.transcripts.session(session_id).mark == path[-1].id


@pytest.mark.parametrize("place", [None, 0, 1, 2])
def test_a_summary_does_not_outlive_the_turns_it_rests_on(store: Store, place: int | None) -> None:
    """Whatever of them is withdrawn or answered again: all that is left is learned from anew."""
    path = summarised(store, 2)
    session_id = path[0].session_id
    add_turn(store, session_id=session_id)
    store.transcripts.set_leaf(session_id, None if place is None else path[place].id)
    session = store.transcripts.session(session_id)
    assert (session.summary, session.topics, session.mark) == ("", (), None)
    store.transcripts.set_leaf(session_id, path[-1].id)
    assert store.transcripts.session(session_id).mark is None


def test_what_is_not_there_is_not_found(store: Store) -> None:
    """Each method that takes an id says so."""
    transcripts = store.transcripts
    for act in (
        lambda: transcripts.session(7),
        lambda: transcripts.rename(7, "x"),
        lambda: transcripts.entitle(7, "x"),
        lambda: transcripts.summarise(7, "x", []),
        lambda: transcripts.set_model(7, "x", ""),
        lambda: transcripts.claim(7, "here:1"),
        lambda: transcripts.free(7, "here:1"),
        lambda: transcripts.set_leaf(7, None),
        lambda: say(store, 7, "x", parent=None),
    ):
        with pytest.raises(NotFoundError, match="no session s7"):
            act()
    with pytest.raises(NotFoundError, match="no message 7"):
        transcripts.message(7)
    assert transcripts.path(7) == []


WORDS = ("walnut", "peanut", "almond", "cashew", "花生", "台北")
ACTS = st.lists(st.tuples(st.sampled_from(("say", "move")), st.integers(0, 30), st.sampled_from(WORDS)), max_size=25)


@given(ACTS)
@settings(max_examples=60, deadline=None)
def test_the_index_holds_exactly_the_active_path(acts: list[tuple[str, int, str]]) -> None:
    """Whatever is said, retried and undone, in whatever order."""
    store = open_store(None)
    session_id = new_session(store)
    made: list[Message] = []
    for act, pick, word in acts:
        # Among all messages so far, and the empty path.
        chosen = ([None, *made])[pick % (len(made) + 1)]
        place = chosen.id if chosen else None
        if act == "say":
            turn = chosen.turn + 1 if chosen else 1
            store.transcripts.set_leaf(session_id, place)
            made.append(say(store, session_id, f"{word} {pick}", parent=place, turn=turn))
        else:
            store.transcripts.set_leaf(session_id, place)
    path = store.transcripts.path(session_id)
    for word in WORDS:
        wanted = {message.id for message in path if word in message.text}
        known = store.index.candidates(Search((word,)))
        assert {one.message_id for one in known.candidates if word in one.text} == wanted
        assert known.frequency == {word: len(wanted)}
    assert store.transcripts.session(session_id).turns == len(path)
    database = behind(store)
    assert set(database.column("SELECT id FROM messages WHERE indexed")) == {message.id for message in path}
    store.close()


def test_a_title_is_made_of_what_may_be_shown_again(store: Store) -> None:
    """The user's messages of the active path; not those of `--no-learn`, but where all of the session is so."""
    transcripts, kept_out = (
        store.transcripts,
        store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="notebook", host="", learn=False),
    )
    for session_id in (new_session(store), kept_out.id):
        assert transcripts.titling(session_id) == []
        for turn, (text, learn) in enumerate((("hidden", False), ("told", True), ("withdrawn", True)), 1):
            leaf = transcripts.session(session_id).leaf
            user = transcripts.add_message(session_id, turn, Role.USER, typed(text), parent=leaf, at=NOW, learn=learn)
            if text == "withdrawn":
                transcripts.set_leaf(session_id, leaf)
            else:
                said = spoken("Noted.")
                transcripts.add_message(session_id, turn, Role.ASSISTANT, said, parent=user.id, at=NOW, learn=learn)
        wanted = ["hidden", "told"] if session_id == kept_out.id else ["told"]
        assert [message.text for message in transcripts.titling(session_id)] == wanted
