"""Keys and words go nowhere but where they were meant to: hostile folders, curious children, talkative libraries."""

import contextlib
import json
import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from memchat import config, private_file
from memchat.llm.keys import Keys
from memchat.store.connection import open_store

from tests.e2e.running import NOTEBOOK, PATIENCE, Done, environment, here, memchat, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import error

KEY = "sk-proj-Zq7T3BlbkFJw8nvK2mX4c"
OTHER = "sk-ant-api03-Jp4mK2nvXw8cZq7"
WORK = "wk.98-aa77bb66cc55"
PASSPHRASE = "correct horse battery"
SECRETS = (KEY, OTHER, WORK, PASSPHRASE)
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture
def evil() -> Iterator[Server]:
    """A server that nobody meant: it must see no connection."""
    with Server() as server:
        yield server


def keyed(server: Server, **more: str) -> dict[str, str]:
    """The environment of somebody with keys of all kinds."""
    return {
        **with_server(server),
        "OPENAI_API_KEY": KEY,
        "ANTHROPIC_API_KEY": OTHER,
        "WORK_KEY": WORK,
        "MEMCHAT_PASSPHRASE": PASSPHRASE,
        **more,
    }


def clean(*texts: str) -> bool:
    """Whether no secret stands in any of them."""
    return not [secret for secret in SECRETS for text in texts if secret in text]


def at(folder: Path, *words: str, env: dict[str, str]) -> Done:
    """memchat in that folder, as somebody who has just cloned it runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "memchat", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(env),
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def hostile(folder: Path, evil: Server) -> None:
    """Everything by which a folder might steer a program that is started in it."""
    folder.mkdir()
    settings = (
        f'[model]\nname = "openai/evil"\n[providers.openai]\napi_base = "{evil.url}"\n[memory]\nenabled = false\n'
    )
    lines = {
        "OPENAI_BASE_URL": evil.url,
        "OPENAI_API_BASE": evil.url,
        "OPENAI_API_KEY": "sk-evil",
        "ANTHROPIC_BASE_URL": f"http://{evil.address}",
        "HTTP_PROXY": f"http://{evil.address}",
        "HTTPS_PROXY": f"http://{evil.address}",
        "ALL_PROXY": f"http://{evil.address}",
        "OLLAMA_HOST": f"http://{evil.address}",
        "LITELLM_PROXY_API_BASE": evil.url,
        "USE_LITELLM_PROXY": "True",
        "MEMCHAT_MODEL": "openai/evil",
        "MEMCHAT_PROVIDERS__OPENAI__API_BASE": evil.url,
        "MEMCHAT_HOME": str(folder / "home"),
        "MEMCHAT_DB": str(folder / "evil.db"),
    }
    for name in (".env", ".env.local", ".env.production", "env", ".envrc", ".flaskenv"):
        (folder / name).write_text("".join(f"{key}={value}\n" for key, value in lines.items()), "utf-8")
    for name in ("config.toml", "memchat.toml", ".memchat.toml", ".memchatrc", "pyproject.toml", "config.example.toml"):
        (folder / name).write_text(settings, "utf-8")
    listed = f"model_list:\n- model_name: test\n  litellm_params: {{model: openai/evil, api_base: '{evil.url}'}}\n"
    for name in ("config.yaml", "litellm_config.yaml", "litellm.yaml", "proxy_server_config.yaml"):
        (folder / name).write_text(listed, "utf-8")
    (folder / "model_prices_and_context_window.json").write_text("{}", "utf-8")
    (folder / "keys.json").write_text('{"keys": {"openai": "sk-evil"}, "keyring": []}', "utf-8")
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=evil.Keyring\n", "utf-8")
    (folder / ".netrc").write_text("machine 127.0.0.1 login evil password evil\n", "utf-8")
    (folder / "memchat.db").write_bytes(b"evil" * 100)
    (folder / "memchat").mkdir()
    for name in ("config.toml", "memchat.db"):
        (folder / "memchat" / name).write_text(settings, "utf-8")


def mark(folder: Path, witness: Path, *names: str) -> None:
    """Modules that write down that they were imported."""
    for name in names:
        path = folder / f"{name}.py"
        path.write_text(f"open({str(witness)!r}, 'a').write({name!r} + ' ')\nraise ImportError({name!r})\n", "utf-8")


def test_a_hostile_folder_changes_nothing_and_nothing_is_imported_from_it(
    openai_server: Server,
    evil: Server,
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Settings, addresses and keys that lie about: the one server is asked, the other hears nothing.

    `python -m` looks there first: a cloned folder may hold modules with the names of our libraries.
    """
    folder, witness = tmp_path / "cloned", tmp_path / "witness"
    hostile(folder, evil)
    mark(
        folder, witness, "sitecustomize", "usercustomize", "apsw", "typer", "litellm", "tomlkit", "tiktoken", "httpx",
        "openai", "random", "json", "platformdirs", "keyring", "numpy", "rich", "dotenv", "pydantic",
    )  # fmt: skip
    before = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    env = keyed(openai_server)
    done = at(folder, "ask", "hello", env=env)
    assert (done.code, done.out.strip() != "") == (0, True), done
    assert at(folder, "keys", "list", env=env).code == 0
    assert not witness.exists(), witness.read_text("utf-8")
    monkeypatch.chdir(folder)
    for words in (["doctor"], ["profile", "set", "plan", "pro"]):
        assert here(capsys, *words, env=env).code == 0
    assert (evil.requests, evil.consolidations, evil.others) == ([], [], [])
    assert [seen.headers["Authorization"] for seen in openai_server.requests] == [f"Bearer {KEY}"]
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} == before
    assert (home / "memchat.db").exists()


def test_a_folder_that_is_gone_is_no_hindrance(tmp_path: Path) -> None:
    """The current folder was removed by somebody: what needs none of it works."""
    folder = tmp_path / "gone"
    script = (
        f"import os, sys; os.mkdir({str(folder)!r}); os.chdir({str(folder)!r}); os.rmdir({str(folder)!r})\n"
        "from memchat.__main__ import main; sys.argv = ['memchat', '--version']; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment(NOTEBOOK), check=False)
    assert (done.returncode, done.stdout[:8]) == (0, b"memchat ")


TALKATIVE = {
    "LITELLM_LOG": "DEBUG",
    "OPENAI_LOG": "debug",
    "JSON_LOGS": "True",
    "HTTPX_LOG_LEVEL": "trace",
    "DEBUG": "1",
}


FAILURES: list[tuple[int, list[str]]] = [(400, []), (401, ["--debug"]), (429, ["--json"]), (500, ["--debug"])]


def test_what_a_provider_repeats_of_a_key_is_not_printed(openai_server: Server, home: Path) -> None:
    """Neither in the error, nor in a traceback, nor by libraries that were told to log; nor is it kept.

    One process that loads them asks once for each failure.
    """
    failures = iter(FAILURES)
    openai_server.answer = lambda _: error(
        next(failures)[0], f"Incorrect API key provided: {KEY}. You sent Bearer {KEY}"
    )
    script = (
        "import sys; from memchat.cli.app import run\n"
        f"for _, more in {FAILURES!r}:\n"
        "    code = run(['ask', 'hello', *more])\n"
        "    print(code, file=sys.stderr, end='\\0')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(keyed(openai_server, **TALKATIVE)),
        timeout=PATIENCE,
        check=True,
    )
    told = done.stderr.split("\0")[:-1]
    assert len(told) == len(FAILURES) == len(openai_server.requests)
    for (status, more), one in zip(FAILURES, told, strict=True):
        assert int(one[-1]) in {3, 4}, (status, one)
        assert ("Traceback" in one) is ("--debug" in more), (status, one)
    assert clean(done.stdout, done.stderr), done.stderr
    assert not [each for each in home.rglob("*") if each.is_file() and KEY.encode() in each.read_bytes()]


def test_a_key_that_looks_like_none_is_not_in_a_traceback(
    openai_server: Server, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rule knows it, but memchat does: it read it from the environment, or keeps it."""
    settings = f'[providers.lab]\napi_base = "http://127.0.0.1:{openai_server.port}/v1"\nkey_env = "WORK_KEY"\n'
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(settings, "utf-8")
    openai_server.answer = lambda _: error(400, f"what is {WORK} or {WORK!r}?")
    env = {**keyed(openai_server), "MEMCHAT_MODEL": "lab/m"}
    done = here(capsys, "ask", "hello", "--debug", env=env)
    assert ("Traceback" in done.err, "[key]" in done.err, WORK in done.err) == (True, True, False)
    del env["WORK_KEY"]
    assert Keys(home).set("lab", WORK) == str(home / "keys.json")
    done = here(capsys, "ask", "hello", "--debug", env=env)
    assert openai_server.requests[-1].headers["Authorization"] == f"Bearer {WORK}"
    assert ("Traceback" in done.err, WORK in done.err) == (True, False)


def test_nothing_that_shows_something_shows_a_key(
    openai_server: Server, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command that prints, with keys in the environment and in the file."""
    env = keyed(openai_server)
    assert memchat("keys", "set", "openai", stdin=KEY.encode(), env=env).code == 0
    assert here(capsys, "ask", "-o", "temperature=0.5", "hello", env=env).code == 0
    shown = [
        ["keys", "list"], ["config", "show"], ["config", "show", "--json"], ["config", "path", "--json"],
        ["doctor"], ["doctor", "--json"], ["context", "hello", "--raw"], ["context", "hello", "--json"],
        ["context", "--last", "--raw"], ["export"], ["sessions", "show", "s1", "--json"], ["usage", "--json"],
        ["memory", "list", "--json"], ["ask", "--json", "again"], ["-m", "openai/x", "--debug", "nonsense"],
    ]  # fmt: skip
    for words in shown:
        done = here(capsys, *words, env=env)
        assert clean(done.out, done.err), words
    kept = {each.name for each in home.rglob("*") if each.is_file() and KEY.encode() in each.read_bytes()}
    assert kept == {"keys.json"}
    assert stat.S_IMODE((home / "keys.json").stat().st_mode) == 0o600


def test_a_key_on_the_command_line_is_not_kept_nor_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """It stays in the shell's history, which is said, without saying it."""
    for words in (
        ["keys", "set", "openai", KEY],
        ["keys", "set", KEY],
        ["encrypt", PASSPHRASE],
        ["ask", "-m", "ollama/x", "-o", f"api_key={KEY}", "x"],
    ):
        done = here(capsys, *words)
        assert done.code == 2
        assert clean(done.out, done.err), done


@needs_linux
def test_an_editor_gets_no_key(openai_server: Server, tmp_path: Path) -> None:
    """Neither by its environment nor by its arguments; the rest of the environment it gets as ever."""
    seen = tmp_path / "seen.json"
    editor = tmp_path / "editor.py"
    editor.write_text(
        textwrap.dedent(f"""
            import json, os, sys
            told = {{"env": dict(os.environ), "argv": sys.argv, "cmd": open(f"/proc/{{os.getppid()}}/cmdline").read()}}
            open({str(seen)!r}, "w").write(json.dumps(told))
        """),
        "utf-8",
    )
    env = keyed(openai_server, EDITOR=f"{sys.executable} {editor}", MINE="kept")
    assert memchat("profile", "edit", env=env).code == 0
    told = json.loads(seen.read_text("utf-8"))
    assert clean(json.dumps({**told, "env": {k: v for k, v in told["env"].items() if k != "WORK_KEY"}}))
    assert told["env"]["MINE"] == "kept"
    assert not [name for name in told["env"] if name.endswith("_API_KEY")]


MASKS = [0o000, 0o022, 0o077, 0o777]


@pytest.fixture(params=MASKS, ids=lambda mask: f"{mask:04o}")
def masked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Such an umask, here and in what is started from here."""
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no umask to speak of")
@pytest.mark.usefixtures("masked")
def test_everything_is_the_owners_alone_under_any_umask(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Database and journals, settings, keys, exports, backups, files replaced or encrypted, drafts, and folders."""
    out, folder, drafts = tmp_path / "out", home / "deep" / "er", tmp_path / "drafts"
    private_file.make_folder(out)
    plain = {**NOTEBOOK, "MEMCHAT_HOME": str(folder)}
    sealed = {**plain, "MEMCHAT_PASSPHRASE": PASSPHRASE}
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import os, sys; path = sys.argv[1]\n"
        "told = [oct(os.stat(each).st_mode)[-3:] for each in (path, os.path.dirname(path))]\n"
        f"open({str(drafts)!r}, 'w').write(' '.join(told)); open(path, 'a').write('[['); sys.exit(1)\n",
        "utf-8",
    )

    def run(*words: str, env: dict[str, str] = plain, code: int = 0) -> None:
        done = here(capsys, *words, env=env)
        assert done.code == code, done

    run("ask", "My name is Alice.")
    config.write_values(config.paths(plain), {"model.name": "notebook"})
    assert Keys(folder).set("openai", KEY) == str(folder / "keys.json")
    run("export", str(out / "all.jsonl"))
    run("export", str(out / "all.md"), "--format", "md")
    run("backup", str(out / "copy.db"))
    run("restore", str(out / "copy.db"))
    with contextlib.closing(open_store(folder / "memchat.db")):
        assert modes(folder / "memchat.db-wal", folder / "memchat.db-shm") == {0o600}
    run("encrypt", env=sealed, code=1)  # the file that was replaced stays plain, which it says
    run("backup", str(out / "sealed.db"), env=sealed)
    run("export", str(out / "all.jsonl"), "--force", env=sealed)
    run("profile", "edit", env={**sealed, "EDITOR": f"{sys.executable} {editor}"}, code=1)
    files = [each for each in (*home.rglob("*"), *out.rglob("*")) if each.is_file()]
    assert len(files) >= 8
    assert [each for each in files if each.name.endswith(".toml") and each.parent != folder], "the draft is kept"
    assert modes(*files) == {0o600}
    assert modes(*(each for each in home.rglob("*") if each.is_dir())) == {0o700}
    assert drafts_of(drafts) == b"600 700"


def modes(*paths: Path) -> set[int]:
    """The rights of files or folders."""
    return {stat.S_IMODE(path.stat().st_mode) for path in paths}


def drafts_of(path: Path) -> bytes:
    """What the editor told, whose own file the umask took the rights of."""
    path.chmod(0o600)
    return path.read_bytes()
