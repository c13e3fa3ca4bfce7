"""Who may be shown what is kept: answers of the settings, the question, and what a chat may do without one."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from memchat import config
from memchat.bootstrap.hosts import Hosts, refusal
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NO_LEARN, NORMAL, STATELESS, WITHHELD, Mode, Session
from memchat.errors import ConfigError, RefusedError
from memchat.ports import Store

from tests.builders import add_note, add_turn


@dataclass(frozen=True)
class Place:
    """Where words would go."""

    host: str = "api.example.test"
    local: bool = False


FAR, NEAR, NOTEBOOK = Place(), Place("127.0.0.1:1", local=True), Place("", local=True)


@pytest.fixture
def paths(home: Path) -> config.Paths:
    """Of the test's home."""
    return config.paths({"MEMCHAT_HOME": str(home)})


@pytest.fixture
def hosts(paths: config.Paths) -> Hosts:
    """Nobody was asked yet, and nobody can be."""
    return Hosts(paths, ())


@pytest.fixture
def talk(store: Store) -> Session:
    """A conversation with the notebook."""
    return store.transcripts.session(add_turn(store, "I live in Porto").session_id)


@pytest.mark.parametrize("place", [NEAR, NOTEBOOK])
def test_this_computer_is_never_asked_about(hosts: Hosts, store: Store, talk: Session, place: Place) -> None:
    """Whatever it is shown stays here."""
    hosts.ask = pytest.fail
    assert hosts.settled(place, store)
    assert hosts.mode(NORMAL, place, replace(talk, host="api.example.test"), store) == NORMAL
    hosts.check(NORMAL, place, talk, store)
    assert hosts.check_upkeep(place, store) is place


@pytest.mark.parametrize(
    ("entries", "answer"),
    [
        ((), None),
        (("api.example.test",), True),
        (("API.Example.Test",), True),
        (("not api.example.test",), False),
        (("example.test", "test", "evil-api.example.test"), None),
        (("not api.example.test", "api.example.test"), True),
    ],
)
def test_the_settings_answer(
    paths: config.Paths, store: Store, talk: Session, entries: tuple[str, ...], answer: bool | None
) -> None:
    """By the whole name of the host, in any case; the last word holds."""
    del talk
    assert Hosts(paths, entries).may_see(FAR, store) is answer


def test_who_was_told_all_of_it_anyway_needs_no_answer(hosts: Hosts, store: Store) -> None:
    """Where nothing is kept there is nothing to ask about; a no stays a no."""
    assert hosts.may_see(FAR, store)
    assert hosts.may_see(FAR) is None
    add_note(store, "likes tea")
    assert hosts.may_see(FAR, store) is None


@pytest.mark.parametrize("answer", [True, False])
def test_an_answer_is_written_beside_those_there_are(
    paths: config.Paths, talk: Session, store: Store, answer: bool
) -> None:
    """In the file, not in the settings of this run; and is not asked for again."""
    del talk
    hosts, asked = Hosts(paths, ("only.in.the.environment.test",)), []
    hosts.ask = lambda host: asked.append(host) or answer  # type: ignore[func-returns-value]  # - a list's append
    there = ["other.example.test", "not api.example.test", "API.example.test"]  # written meanwhile, elsewhere
    config.write_values(paths, {"privacy.memory_hosts": there})
    assert [hosts.settled(FAR, store), hosts.settled(FAR, store)] == [answer, answer]
    assert asked == ["api.example.test"]
    entry = "api.example.test" if answer else "not api.example.test"
    assert config.load(paths, {}).privacy.memory_hosts == ("other.example.test", entry)


def test_an_answer_that_cannot_be_written_holds_for_now(hosts: Hosts, paths: config.Paths) -> None:
    """And that is told."""
    paths.config.mkdir(parents=True)
    hosts.ask = lambda _: True
    assert hosts.settled(FAR)
    assert hosts.settled(FAR)
    assert hosts.told[0].startswith("The answer holds until you leave: ")


def test_nobody_is_asked_from_behind_the_talk(hosts: Hosts) -> None:
    """A thread does not put questions."""
    hosts.ask = lambda _: True
    answers: list[bool | None] = []
    thread = threading.Thread(target=lambda: answers.append(hosts.settled(FAR)))
    thread.start()
    thread.join()
    assert answers == [None]


@pytest.mark.parametrize(
    ("mode", "entries", "allowed"),
    [
        (NORMAL, ("api.example.test",), NORMAL),
        (NO_LEARN, ("api.example.test",), NO_LEARN),
        (NORMAL, (), WITHHELD),
        (NO_LEARN, (), replace(WITHHELD, learns=False)),
        (NORMAL, ("not api.example.test",), CONVERSATIONS_ONLY),
        (NO_LEARN, ("not api.example.test",), CONVERSATIONS_ONLY),
        (CONVERSATIONS_ONLY, (), CONVERSATIONS_ONLY),
        (INCOGNITO, (), INCOGNITO),
        (STATELESS, (), STATELESS),
    ],
)
def test_a_chat_may_do_less_where_memory_may_not_go(
    paths: config.Paths, store: Store, talk: Session, mode: Mode, entries: tuple[str, ...], allowed: Mode
) -> None:
    """What reads nothing, or keeps nothing, is as it was; the rest says what is different."""
    del talk
    hosts = Hosts(paths, entries)
    assert hosts.mode(mode, FAR, None, store) == allowed
    assert bool(hosts.told) is (mode != allowed)


@pytest.mark.parametrize("mode", [NORMAL, NO_LEARN, CONVERSATIONS_ONLY])
@pytest.mark.parametrize("entries", [(), ("not api.example.test",)])
def test_a_conversation_that_went_elsewhere_does_not_move(
    paths: config.Paths, store: Store, talk: Session, mode: Mode, entries: tuple[str, ...]
) -> None:
    """Also where nothing else would be shown; one that went there before goes on."""
    hosts = Hosts(paths, entries)
    with pytest.raises(RefusedError, match="went elsewhere so far"):
        hosts.mode(mode, FAR, talk, store)
    with pytest.raises(RefusedError, match="Nothing has changed"):
        hosts.check(mode, FAR, talk, store)
    assert not hosts.mode(mode, FAR, replace(talk, host="api.example.test"), store).reads
    hosts.check(CONVERSATIONS_ONLY, FAR, replace(talk, host="api.example.test"), store)
    hosts.check(INCOGNITO, FAR, talk, store)


def test_who_only_looks_is_told_that_there_will_be_a_question(hosts: Hosts, store: Store, talk: Session) -> None:
    """Nothing is asked, nothing refused."""
    hosts.ask = pytest.fail
    assert hosts.mode(NORMAL, FAR, talk, store, looks=True) == NORMAL
    assert "before you were asked" in hosts.told[0]


def test_upkeep_waits_with_the_reason(hosts: Hosts, paths: config.Paths, store: Store, talk: Session) -> None:
    """As whatever has to wait for its model."""
    del talk
    with pytest.raises(ConfigError, match="has not been allowed") as caught:
        hosts.check_upkeep(FAR, store)
    assert "MEMCHAT_PRIVACY__MEMORY_HOSTS=api.example.test" in caught.value.hint
    assert "may not see" in refusal(Hosts(paths, ("not api.example.test",)), FAR)


@pytest.mark.parametrize(
    "entry", ["", "not ", "http://api.example.test", "a b", "api.example.test/v1", "me@api.test", 3]
)
def test_what_is_no_host_is_refused_in_the_settings(entry: object, paths: config.Paths) -> None:
    """It could never match, so it would be a promise to nobody."""
    with pytest.raises(ConfigError, match="memory_hosts"):
        config.write_values(paths, {"privacy.memory_hosts": [entry]})
