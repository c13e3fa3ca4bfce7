"""How memchat is put together: which mode, which model, which session."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NO_LEARN, NORMAL, STATELESS, Mode
from memchat.errors import ConfigError, KeyMissingError, NotFoundError, UsageError

from tests.builders import add_turn, typed

Opener = Callable[..., App]


@pytest.fixture
def opened(home: Path) -> Iterator[Opener]:
    """Opens apps with the given environment in the test's home, and closes them."""
    apps: list[App] = []

    def build(**settings: str) -> App:
        environ = {"MEMCHAT_HOME": str(home), "MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true"} | settings
        apps.append(open_app(environ))
        return apps[-1]

    yield build
    for app in apps:
        app.close()


@pytest.mark.parametrize(
    ("settings", "wanted", "mode"),
    [
        ({}, None, NORMAL),
        ({}, NO_LEARN, NO_LEARN),
        ({}, INCOGNITO, INCOGNITO),
        ({"MEMCHAT_MEMORY__ENABLED": "ask"}, None, INCOGNITO),
        ({"MEMCHAT_MEMORY__ENABLED": "ask"}, NO_LEARN, INCOGNITO),
        ({"MEMCHAT_MEMORY__ENABLED": "false"}, None, CONVERSATIONS_ONLY),
        ({"MEMCHAT_MEMORY__ENABLED": "false"}, NO_LEARN, CONVERSATIONS_ONLY),
        ({"MEMCHAT_MEMORY__ENABLED": "false"}, STATELESS, STATELESS),
        ({"MEMCHAT_PRIVACY__SAVE_TRANSCRIPTS": "false"}, None, INCOGNITO),
        ({"MEMCHAT_PRIVACY__SAVE_TRANSCRIPTS": "false"}, NO_LEARN, INCOGNITO),
    ],
)
def test_the_stricter_of_wish_and_agreement_decides_what_is_kept(
    settings: dict[str, str], wanted: Mode | None, mode: Mode, opened: Opener
) -> None:
    """A flag can keep less than was agreed at setup, never more; before anyone agreed nothing is kept."""
    assert opened(**settings).mode(wanted) == mode


def test_what_keeps_nothing_opens_no_file(opened: Opener, home: Path) -> None:
    """An incognito turn runs in memory: no folder, no database."""
    app = opened()
    engine = app.open_chat(ChatRequest(mode=INCOGNITO))
    for _ in engine.run_turn(typed("My name is Alice.")):
        pass
    engine.close()
    app.close()
    assert not home.exists()


def test_incognito_cannot_continue_a_session(opened: Opener) -> None:
    """There is nothing it could write to: exit 2."""
    with pytest.raises(UsageError, match="keeps nothing"):
        opened().open_chat(ChatRequest(mode=INCOGNITO, resume=""))


def test_continuing_without_a_conversation_says_so(opened: Opener) -> None:
    """Exit 6, and what to do."""
    with pytest.raises(NotFoundError, match="no conversation to continue"):
        opened().open_chat(ChatRequest(resume=""))


def test_continue_takes_the_newest_session_that_is_not_open_elsewhere(opened: Opener) -> None:
    """Two terminals, two conversations."""
    app = opened()
    for text in ("first", "second"):
        add_turn(app.store, text, at=app.clock.now())
    mine = app.open_chat(ChatRequest(resume=""))
    assert mine.session is not None
    assert mine.session.ref == "s2"
    list(mine.run_turn(typed("go on")))  # claims it
    app.owner = "elsewhere:1"
    other = app.open_chat(ChatRequest(resume=""))
    assert other.session is not None
    mine.close()
    other.close()


@pytest.mark.parametrize("spelling", ["s1", "S1", "ｓ１", "Rates", "RATES"])
def test_a_session_is_found_by_id_or_name_in_any_width_and_case(spelling: str, opened: Opener) -> None:
    """`--session` takes `s17` or a name."""
    app = opened()
    first = app.open_chat(ChatRequest(resume="Rates"))
    list(first.run_turn(typed("hello")))
    first.close()
    again = app.open_chat(ChatRequest(resume=spelling))
    assert again.session is not None
    assert again.session.name == "Rates"
    again.close()


def test_an_unknown_session_id_is_not_found(opened: Opener) -> None:
    """`s99` is an id, never a new name."""
    with pytest.raises(NotFoundError):
        opened().open_chat(ChatRequest(resume="s99"))


def test_aliases_name_models(opened: Opener, home: Path) -> None:
    """`[aliases]` in the configuration."""
    home.mkdir(parents=True)
    (home / "config.toml").write_text('[aliases]\nnb = "notebook"\n', "utf-8")
    assert opened().model("nb").name == "notebook"


def test_before_setup_the_first_provider_with_a_key_answers(opened: Opener) -> None:
    """`model.name = ""`: OpenAI, Anthropic, Gemini, OpenRouter with a key, else the notebook."""
    assert opened(MEMCHAT_MODEL="").model().name == "notebook"
    assert opened(MEMCHAT_MODEL="", ANTHROPIC_API_KEY="sk-ant-x").model().host == "api.anthropic.com"


def test_a_named_model_without_its_key_is_an_error_never_a_fallback(opened: Opener) -> None:
    """Words never change destination by themselves."""
    with pytest.raises(KeyMissingError):
        opened(MEMCHAT_MODEL="openai/gpt-4o-mini").model()


def test_local_only_refuses_every_address_but_loopback(opened: Opener) -> None:
    """`privacy.local_only`, also as the flag --local."""
    app = opened(MEMCHAT_MODEL="openai/gpt-4o-mini", OPENAI_API_KEY="sk-x", MEMCHAT_PRIVACY__LOCAL_ONLY="true")
    with pytest.raises(ConfigError, match="local_only"):
        app.model()
    near = opened(
        MEMCHAT_MODEL="openai/any",
        OPENAI_API_KEY="sk-x",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        MEMCHAT_PRIVACY__LOCAL_ONLY="true",
    )
    assert near.model().local


def test_warming_the_notebook_loads_its_rules(opened: Opener) -> None:
    """And nothing of litellm's."""
    app = opened()
    app.warm(app.model())
    assert "memchat.llm.notebook.learn" in sys.modules
