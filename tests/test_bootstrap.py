"""How memchat is put together: which mode, which model, which session."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.chat.events import Assembled
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NO_LEARN, NORMAL, STATELESS, Mode, SessionKind
from memchat.errors import ConfigError, KeyMissingError, NotFoundError, UsageError
from memchat.store import claims

from tests.builders import add_turn, typed
from tests.servers.openai_server import Server

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


@pytest.mark.parametrize("mode", [INCOGNITO, STATELESS])
def test_warming_opens_no_database_for_what_reads_none(opened: Opener, mode: Mode) -> None:
    """A database whose journal is open would be written when the warm-up closes it: not a byte may change."""
    app = opened()
    app.paths.db.parent.mkdir(parents=True, exist_ok=True)
    app.paths.db.write_bytes(b"no database: whoever opened it would have to say so")
    app.warm(app.model(), mode)
    assert "embedder" not in vars(app.finding)
    assert app.paths.db.read_bytes() == b"no database: whoever opened it would have to say so"
    app.warm(app.model(), NORMAL)
    assert "embedder" in vars(app.finding)


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


def test_a_number_is_an_id_and_never_a_name(opened: Opener) -> None:
    """`--session 17`: session 17, or exit 6."""
    app = opened()
    add_turn(app.store, at=app.clock.now())
    engine = app.open_chat(ChatRequest(resume="1"))
    assert engine.session is not None
    assert engine.session.ref == "s1"
    engine.close()
    with pytest.raises(NotFoundError):
        app.open_chat(ChatRequest(resume="17"))


def test_a_one_shot_goes_on_with_one_shots_and_a_chat_with_chats(opened: Opener) -> None:
    """`memchat ask a; memchat ask -c b` goes on; `memchat -c` does not enter what was only asked."""
    app = opened()
    add_turn(app.store, at=app.clock.now(), kind=SessionKind.ONESHOT)
    engine = app.open_chat(ChatRequest(resume="", kind=SessionKind.ONESHOT))
    assert engine.session is not None
    assert engine.session.ref == "s1"
    engine.close()
    with pytest.raises(NotFoundError):
        app.open_chat(ChatRequest(resume=""))


def test_the_owner_of_a_session_is_this_process_and_no_later_one(opened: Opener) -> None:
    """Host, number, and when it started where the system tells."""
    owner = opened().owner
    assert owner.startswith(f"{socket.gethostname()}:{os.getpid()}")
    assert owner.split(":")[2:] == [start for start in [claims.started(os.getpid())] if start]


SECRET = "password=Tr0ub4dor&3"


def head_of(app: App, request: ChatRequest) -> str:
    """What the first request of a conversation begins with."""
    engine = app.open_chat(request)
    heads = [event.context.head for event in engine.run_turn(typed("Hi")) if isinstance(event, Assembled)]
    engine.close()
    return heads[0]


def test_secrets_in_the_system_text_and_the_name_are_masked(opened: Opener) -> None:
    """What `-s` says goes over the wire, a name is stored: both as a message is."""
    app = opened()
    assert f"\n{SECRET.replace('Tr0ub4dor&3', '[secret:password]')}" in head_of(
        app, ChatRequest(system=SECRET, resume=SECRET)
    )
    (session,) = app.store.transcripts.sessions()
    assert session.name == "password=[secret:password]"


def test_where_nothing_is_kept_or_masked_the_system_text_is_sent_as_it_is(opened: Opener) -> None:
    """Incognito is how a secret is sent on purpose; `privacy.mask_secrets` is the user's to switch off."""
    assert SECRET in head_of(opened(), ChatRequest(system=SECRET, mode=INCOGNITO))
    app = opened(MEMCHAT_PRIVACY__MASK_SECRETS="false")
    assert SECRET in head_of(app, ChatRequest(system=SECRET, resume=SECRET))
    assert app.store.transcripts.session_named(SECRET) is not None


def test_keys_stay_in_one_place_whatever_the_configuration(home: Path, tmp_path: Path) -> None:
    """`--config ./x.toml keys set openai`: never into that folder, and found by the next start without it."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "x.toml").write_text("", "utf-8")
    open_app({"MEMCHAT_HOME": str(home)}, config_file=project / "x.toml").keys.set("openai", "sk-kept")
    assert [path.name for path in project.iterdir()] == ["x.toml"]
    assert open_app({"MEMCHAT_HOME": str(home)}).keys.get("openai") == "sk-kept"


def test_the_way_to_a_model_is_looked_for_once(opened: Opener, openai_server: Server) -> None:
    """`ask` makes its model early, to warm it; opening the chat asks the servers here no second time."""
    openai_server.models = ["qwen3:8b", "llama3:8b"]
    app = opened(MEMCHAT_MODEL="qwen3", OLLAMA_HOST=openai_server.address)
    model = app.model()
    asked = len(openai_server.others)
    engine = app.open_chat(ChatRequest())
    assert engine.model is model
    assert len(openai_server.others) == asked > 0
    assert app.open_chat(ChatRequest(model="llama3")).model.name == "llama3"
    made = app.model("llama3")
    assert app.open_chat(ChatRequest(model="llama3", options={"temperature": 0})).model is not made
    assert app.model() is not model  # asked for by itself it is looked for afresh: servers come and go


def test_setup_is_told_the_hosts_of_the_configuration(opened: Opener, home: Path) -> None:
    """`[providers.openai] api_base`, and the key's variable it names."""
    home.mkdir(parents=True)
    text = '[providers.openai]\napi_base = "https://proxy.example/v1"\nkey_env = "WORK_KEY"\n'
    (home / "config.toml").write_text(text, "utf-8")
    nobody = {"OLLAMA_HOST": "127.0.0.1:9", "LM_STUDIO_API_BASE": "http://127.0.0.1:9/v1"}
    app = opened(MEMCHAT_MODEL="", WORK_KEY="k", LLAMACPP_API_BASE="http://127.0.0.1:9/v1", **nobody)
    assert [(one.name, one.host) for one in app.answerers()] == [("openai/gpt-4o-mini", "proxy.example")]
    assert app.model().host == "proxy.example"


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
    app.warm(app.model(), NORMAL)
    assert "memchat.llm.notebook.learn" in sys.modules


def test_where_words_alone_are_searched_the_warm_up_loads_what_weighs_them(home: Path) -> None:
    """The first message waited a tenth of a second for numpy; and nothing else does load it."""
    script = (
        "import sys; from memchat.bootstrap import open_app; from memchat.domain import NORMAL\n"
        "app = open_app({'MEMCHAT_HOME': sys.argv[1], 'MEMCHAT_MODEL': 'notebook', 'MEMCHAT_MEMORY__ENABLED': 'true',"
        " 'MEMCHAT_RECALL__EMBEDDING': 'off'})\n"
        "before = 'numpy' in sys.modules; app.warm(app.model(), NORMAL); print(before, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"


@pytest.mark.parametrize(
    ("enabled", "words"),
    [("false", "The configuration keeps nothing"), ("ask", "Until it is set up memchat keeps nothing")],
)
def test_without_a_flag_no_flag_is_blamed(opened: Opener, enabled: str, words: str) -> None:
    """What keeps nothing is named: the settings, and how to change them."""
    settings = {"MEMCHAT_MEMORY__ENABLED": enabled, "MEMCHAT_PRIVACY__SAVE_TRANSCRIPTS": "false"}
    with pytest.raises(UsageError, match=words) as caught:
        opened(**settings).open_chat(ChatRequest(resume=""))
    assert "flag" not in caught.value.hint
    assert "memchat setup" in caught.value.hint


def test_the_flag_that_keeps_nothing_is_named(opened: Opener) -> None:
    """To leave it out, one must know which."""
    with pytest.raises(UsageError, match="--incognito keeps nothing") as caught:
        opened().open_chat(ChatRequest(mode=INCOGNITO, resume=""))
    assert "--incognito" in caught.value.hint


def local_model(server: Server) -> dict[str, str]:
    """The loopback server as the model of a conversation."""
    return {"MEMCHAT_MODEL": "openai/test-model", "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}


def test_a_conversation_is_summed_up_by_the_model_that_answered_in_it(opened: Opener, openai_server: Server) -> None:
    """Whatever is configured by now: words change no host unasked."""
    app = opened(**(local_model(openai_server) | {"MEMCHAT_MODEL": "openai/another"}))
    assert (
        app.memory_model("openai/test-model", "127.0.0.1:1").name == "openai/test-model"
    )  # never leaves this computer
    assert app.memory_model("notebook", "").name == "notebook"


def test_a_model_that_is_elsewhere_now_is_not_asked(opened: Opener) -> None:
    """The proxy it went to is gone from the environment: the same name would go somewhere else."""
    app = opened(OPENAI_API_KEY="sk-test")
    assert app.memory_model("openai/gpt-4o-mini", "api.openai.com").host == "api.openai.com"
    with pytest.raises(ConfigError, match=r"went to proxy\.example, and openai/gpt-4o-mini is at api\.openai\.com"):
        app.memory_model("openai/gpt-4o-mini", "proxy.example")
    with pytest.raises(KeyMissingError):
        app.memory_model("anthropic/claude-sonnet-4-5", "api.anthropic.com")


def test_a_model_for_memory_is_asked_wherever_the_conversation_was(opened: Opener) -> None:
    """`model.memory_name`, aliases resolved; `privacy.local_only` holds for it too."""
    remote = {"OPENAI_API_KEY": "sk-test", "MEMCHAT_MODEL__MEMORY_NAME": "openai/gpt-4o-mini"}
    assert opened(**remote).memory_model("notebook", "").host == "api.openai.com"
    assert opened(MEMCHAT_MODEL__MEMORY_NAME="notebook").memory_model("openai/x", "api.openai.com").name == "notebook"
    with pytest.raises(ConfigError, match="local_only"):
        opened(**remote, MEMCHAT_PRIVACY__LOCAL_ONLY="true").memory_model("notebook", "")
