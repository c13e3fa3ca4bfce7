"""Setup's decisions: what is asked, what an answer means, what it changes."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat import config
from memchat.actions import setup
from memchat.actions.setup import Elsewhere, Questions
from memchat.domain import INCOGNITO, NO_LEARN, NORMAL, STATELESS, Mode


@dataclass(frozen=True)
class Found:
    """An answerer as llm/windows.py finds them."""

    name: str
    host: str
    local: bool
    why: str


OLLAMA = Found("ollama/qwen3:8b", "127.0.0.1:11434", local=True, why="on this computer")
REMOTE = Found("openai/gpt-4o-mini", "api.openai.com", local=False, why="key found in OPENAI_API_KEY")


def loaded(home: Path, **environ: str) -> config.Settings:
    """Settings of an environment without a file."""
    return config.load(config.paths({"MEMCHAT_HOME": str(home)}), environ)


@pytest.mark.parametrize(
    ("environ", "model", "mode", "expected"),
    [
        ({}, None, None, Questions(who=True, keep=True)),
        ({}, "notebook", None, Questions(who=False, keep=True)),
        ({"MEMCHAT_MODEL": "notebook"}, None, None, Questions(who=False, keep=True)),
        ({"MEMCHAT_MEMORY__ENABLED": "false"}, None, NORMAL, Questions(who=True, keep=False)),
        ({"MEMCHAT_MEMORY__ENABLED": "ask"}, None, NO_LEARN, Questions(who=True, keep=True)),
        ({}, None, INCOGNITO, Questions(who=False, keep=False)),
        ({}, None, STATELESS, Questions(who=False, keep=False)),
    ],
)
def test_only_what_is_open_is_asked(
    home: Path, environ: dict[str, str], model: str | None, mode: Mode | None, expected: Questions
) -> None:
    """Flag, environment and file each answer; a chat that keeps nothing asks nothing."""
    assert setup.open_questions(loaded(home, **environ), model=model, mode=mode) == expected


def test_an_answer_is_not_asked_for_again(home: Path) -> None:
    """What the first start wrote answers the second."""
    places = config.paths({"MEMCHAT_HOME": str(home)})
    config.write_values(places, {**setup.KEEP[2].values, "model.name": "notebook"})
    assert setup.open_questions(config.load(places, {})) == Questions(who=False, keep=False)


def test_choices_say_where_words_would_go() -> None:
    """Found ones first, then the notebook, then something else; a long list is cut."""
    choices = setup.who_choices([OLLAMA, REMOTE])
    assert [(choice.title, choice.about) for choice in choices[:2]] == [
        ("ollama/qwen3:8b", "127.0.0.1:11434, on this computer"),
        ("openai/gpt-4o-mini", "api.openai.com, key found in OPENAI_API_KEY"),
    ]
    assert [choice.title for choice in choices[2:]] == ["notebook", "something else"]
    assert len(setup.who_choices([OLLAMA] * 40)) == setup.MOST_LISTED + 2


def test_the_choice_in_force_is_known(home: Path) -> None:
    """Enter in `memchat setup` then changes nothing; without one the first is offered."""
    choices = setup.who_choices([OLLAMA, REMOTE])
    assert setup.current(choices, loaded(home)) == 0
    assert setup.current(choices, loaded(home, MEMCHAT_MODEL="notebook")) == 2
    assert setup.current(setup.KEEP, loaded(home)) == 0
    assert setup.current(setup.KEEP, loaded(home, MEMCHAT_MEMORY__ENABLED="false")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("  ", 1),
        ("1", 0),
        ("３", 2),
        (" 2 ", 1),
        ("Nothing", 2),
        ("ｎｏｔｈｉｎｇ", 2),
        ("0", None),
        ("4", None),
        ("²", 1),
        ("hello", None),
        ("1 please", None),
    ],
)
def test_an_answer_is_a_number_a_title_or_enter(text: str, expected: int | None) -> None:
    """In any width and case; everything else is none."""
    assert setup.chosen(text, ["remember me", "conversations only", "nothing"], default=1) == expected


@given(st.text(max_size=12))
@settings(max_examples=100, deadline=None)
def test_an_answer_is_in_the_list_or_none_and_what_is_none_is_not_lost(text: str) -> None:
    """What is no answer is carried to the prompt, unless it is only a number that is not in the list."""
    at = setup.chosen(text, ["a", "b"], default=0)
    assert at in {None, 0, 1}
    if at is None:
        assert setup.is_said(text) or text.strip().isdigit() or any(char.isdecimal() for char in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sk-ant-abcdefghij", Elsewhere(key="sk-ant-abcdefghij", provider="anthropic")),
        ("sk-or-v1-abcdefgh", Elsewhere(key="sk-or-v1-abcdefgh", provider="openrouter")),
        ("sk-abcdefghijklmn", Elsewhere(key="sk-abcdefghijklmn", provider="openai")),
        ("AIzaSyAbcdefghijk", Elsewhere(key="AIzaSyAbcdefghijk", provider="gemini")),
        (" 0123456789abcdef0123456789abcdef\n", Elsewhere(key="0123456789abcdef0123456789abcdef")),
        ("https://box.example/v1/", Elsewhere(address="https://box.example/v1")),
        ("localhost:8080", Elsewhere(address="http://localhost:8080")),
        ("192.168.1.2:8080/v1", Elsewhere(address="http://192.168.1.2:8080/v1")),
        ("[::1]:8080", Elsewhere(address="http://[::1]:8080")),
        ("openai/gpt-4o", Elsewhere(name="openai/gpt-4o")),
        ("qwen3:8b", Elsewhere(name="qwen3:8b")),
        ("claude-sonnet-4-5", Elsewhere(name="claude-sonnet-4-5")),
        ("what is this", None),
        ("我叫林美華", None),
        ("", None),
    ],
)
def test_something_else_is_a_key_an_address_or_a_name(text: str, expected: Elsewhere | None) -> None:
    """Told by how it looks; a key by how its provider's keys begin."""
    assert setup.elsewhere(text) == expected


@pytest.mark.parametrize(
    ("text", "taken", "carried"),
    [
        ("sk-ant-abcdefghij", True, False),
        ("localhost:8080", True, True),
        ("openai/gpt-4o", True, True),
        ("hello", False, True),
        ("what is this", False, True),
        ("12", False, False),
        ("", False, False),
    ],
)
def test_what_is_typed_instead_of_a_number_is_taken_or_carried(text: str, taken: bool, carried: bool) -> None:
    """A key, an address, a full name answer the question "who"; a key is never carried into the chat."""
    assert (setup.given_at_once(text) is not None) is taken
    assert setup.is_said(text) is carried


def test_what_was_chosen_holds_at_once_and_in_the_file(home: Path) -> None:
    """The run that asked goes on with the answers; reading the file gives the same."""
    places = config.paths({"MEMCHAT_HOME": str(home)})
    values = {**setup.server_values("http://127.0.0.1:9/v1", "tiny"), **setup.KEEP[1].values}
    now = setup.applied(config.load(places, {}), values)
    config.write_values(places, values)
    later = config.load(places, {})
    for name in ("model", "providers", "memory", "privacy"):
        assert getattr(now, name) == getattr(later, name)
    assert now.model.name == "server/tiny"
    assert (now.memory.enabled, now.privacy.save_transcripts) == (False, True)
    assert now.origins["model.name"] == "setup"
    assert now.origins["ui.vi"] == "default"


def test_a_provider_behind_an_address_of_ones_own_shows_it() -> None:
    """`openai` may be a server on loopback: where words go stands beside the name, always."""
    found = Found("openai/gpt-4o-mini", "127.0.0.1:8080", local=True, why="key found in OPENAI_API_KEY")
    assert setup.who_choices([found])[0].about == "127.0.0.1:8080, key found in OPENAI_API_KEY"
