"""Settings: flag before environment before file before default, and everything wrong is refused with its place."""

import errno
import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat import config, private_file
from memchat.config.values import Place, checked
from memchat.errors import ConfigError


@pytest.fixture
def places(home: Path) -> config.Paths:
    """Places under the test's own home, whose folder exists."""
    home.mkdir()
    return config.paths({"MEMCHAT_HOME": str(home)})


def refused(places: config.Paths, text: str, environ: dict[str, str] | None = None) -> ConfigError:
    """The error that a configuration of this text gives."""
    places.config.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(places, environ or {})
    assert "\n" not in caught.value.message + caught.value.hint
    assert caught.value.exit_code == 3
    return caught.value


# Places


def test_one_folder_holds_everything_when_home_is_named(tmp_path: Path) -> None:
    """MEMCHAT_HOME puts configuration, database, keys and state into one folder."""
    places = config.paths({"MEMCHAT_HOME": str(tmp_path / "all")})
    assert (places.config, places.db) == (tmp_path / "all/config.toml", tmp_path / "all/memchat.db")
    assert {places.state, places.keys} == {tmp_path / "all"}
    assert not (tmp_path / "all").exists()


def test_configuration_and_database_can_be_placed_one_by_one(tmp_path: Path) -> None:
    """MEMCHAT_CONFIG and MEMCHAT_DB move one file each, and a flag comes before both."""
    environ = {"MEMCHAT_HOME": str(tmp_path), "MEMCHAT_CONFIG": "/etc/m.toml", "MEMCHAT_DB": "/data/m.db"}
    places = config.paths(environ)
    assert (places.config, places.db, places.state) == (Path("/etc/m.toml"), Path("/data/m.db"), tmp_path)
    flagged = config.paths(environ, config=Path("/a.toml"), db=Path("/b.db"))
    assert (flagged.config, flagged.db) == (Path("/a.toml"), Path("/b.db"))


def test_keys_stay_where_they_are_whatever_configuration_is_named(tmp_path: Path) -> None:
    """A key was kept once: neither MEMCHAT_CONFIG nor --config makes memchat look for it elsewhere."""
    environ = {"MEMCHAT_HOME": str(tmp_path), "MEMCHAT_CONFIG": "/etc/m.toml"}
    assert config.paths(environ).keys == tmp_path
    assert config.paths(environ, config=Path("/a.toml")).keys == tmp_path
    elsewhere = config.paths({"MEMCHAT_CONFIG": "/etc/m.toml"})
    assert elsewhere.keys == config.paths({}).config.parent


def test_without_a_home_the_systems_own_folders_are_used(home: Path) -> None:
    """The folders of the system, each named memchat, under the user's home."""
    places = config.paths({})
    assert places.config.name == "config.toml"
    assert places.db.name == "memchat.db"
    for folder in (places.config.parent, places.db.parent, places.state, places.keys):
        assert folder.name == "memchat"
        assert folder.is_relative_to(home.parent)


def test_a_tilde_and_a_relative_place_become_absolute(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` opens and a relative path means from here, so that changing the folder later changes nothing."""
    monkeypatch.chdir(home.parent)
    assert config.paths({"MEMCHAT_HOME": "~/m"}).state == home.parent / "m"
    assert config.paths({"MEMCHAT_HOME": "m"}).state == home.parent / "m"


def test_nothing_of_the_configuration_is_imported_that_costs_time() -> None:
    """tomlkit and platformdirs stay out until they are needed."""
    script = (
        "import sys, memchat.config as c; c.load(c.paths({'MEMCHAT_HOME': '/nowhere'}), {}); print(list(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"tomlkit", "platformdirs", "tempfile", "difflib"} & set(json.loads(done.stdout.replace("'", '"')))


# Reading


def test_without_a_file_all_is_default(places: config.Paths) -> None:
    """No file is no error, and each origin says default."""
    loaded = config.load(places, {})
    assert loaded.memory.enabled == "ask"
    assert loaded.context.max_tokens == 24_000
    assert set(loaded.origins.values()) == {"default"}
    assert "ui.vi" in loaded.origins


def test_flag_comes_before_environment_before_file_before_default(places: config.Paths) -> None:
    """The same setting in all places, taken away one by one; the origin says in words which one won."""
    places.config.write_text('[model]\nname = "from-file"\n', "utf-8")
    environ = {"MEMCHAT_MODEL": "from-short", "MEMCHAT_MODEL__NAME": "from-long"}
    flags = {"model.name": "from-flag"}
    seen = []
    for used_flags, used_environ in (
        (flags, environ),
        ({}, environ),
        ({}, {"MEMCHAT_MODEL__NAME": "from-long"}),
        ({}, {}),
    ):
        loaded = config.load(places, used_environ, used_flags)
        seen.append((loaded.model.name, loaded.origins["model.name"]))
    assert seen == [
        ("from-flag", "--model"),
        ("from-short", "MEMCHAT_MODEL"),
        ("from-long", "MEMCHAT_MODEL__NAME"),
        ("from-file", "config.toml"),
    ]


def test_an_empty_model_variable_says_nothing(places: config.Paths) -> None:
    """MEMCHAT_MODEL="" is how some shells unset a variable."""
    assert config.load(places, {"MEMCHAT_MODEL": ""}).origins["model.name"] == "default"


@pytest.mark.parametrize(
    ("name", "text", "section", "key", "value"),
    [
        ("MEMCHAT_MEMORY__ENABLED", "true", "memory", "enabled", True),
        ("MEMCHAT_MEMORY__ENABLED", "Off", "memory", "enabled", False),
        ("MEMCHAT_MEMORY__ENABLED", "ask", "memory", "enabled", "ask"),
        ("MEMCHAT_MEMORY__WRITE", "off", "memory", "write", "off"),
        ("MEMCHAT_MODEL__TIMEOUT", "0.5", "model", "timeout", 0.5),
        ("MEMCHAT_MODEL__TIMEOUT", "30", "model", "timeout", 30.0),
        ("MEMCHAT_MODEL__NAME", "1", "model", "name", "1"),
        ("MEMCHAT_CONTEXT__MAX_TURNS", "20", "context", "max_turns", 20),
        ("MEMCHAT_RECALL__THRESHOLD", "0.3", "recall", "threshold", 0.3),
        ("MEMCHAT_RECALL__THRESHOLD", "auto", "recall", "threshold", "auto"),
        ("MEMCHAT_UI__VI", "1", "ui", "vi", True),
        ("MEMCHAT_MEMORY__PROFILE_FIELDS", "name, 地點", "memory", "profile_fields", ("name", "地點")),
    ],
)
def test_the_environment_is_text_read_as_the_settings_type(
    places: config.Paths, name: str, text: str, section: str, key: str, value: object
) -> None:
    """Each kind of setting as a variable."""
    loaded = config.load(places, {name: text})
    got = getattr(getattr(loaded, section), key)
    assert got == value
    assert type(got) is type(value)
    assert loaded.origins[f"{section}.{key}"] == name


def test_providers_and_aliases_have_names_of_the_users_own(places: config.Paths) -> None:
    """Dots in such names are theirs; the environment reaches them too."""
    places.config.write_text(
        '[providers.openai]\nwindow = 4096\n[providers."my.box"]\napi_base = "http://10.0.0.2/v1"\n'
        '[providers.empty]\n[aliases]\nfast = "openai/gpt-4o-mini"\n"v1.5" = "ollama/qwen3"\n',
        "utf-8",
    )
    loaded = config.load(places, {"MEMCHAT_PROVIDERS__OPENAI__KEY_ENV": "WORK_KEY", "MEMCHAT_ALIASES__SLOW": "o1"})
    assert loaded.providers["openai"] == config.ProviderSettings(window=4096, key_env="WORK_KEY")
    assert loaded.providers["my.box"].api_base == "http://10.0.0.2/v1"
    assert loaded.aliases == {"fast": "openai/gpt-4o-mini", "v1.5": "ollama/qwen3", "slow": "o1"}
    assert loaded.origins["providers.openai.window"] == "config.toml"


def test_a_file_with_a_byte_order_mark_is_read(places: config.Paths) -> None:
    """Some editors put one there."""
    places.config.write_bytes(b"\xef\xbb\xbf[ui]\nvi = true\n")
    assert config.load(places, {}).ui.vi


# Refusing


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[memory]\nmax_note = 3", '[memory] has no setting "max_note"', "Did you mean max_notes?"),
        ("[memmory]\nmax_notes = 3", "no section [memmory]", "Did you mean memory?"),
        ("max_notes = 3", '"max_notes" stands in no section; it belongs under [memory]', "Mend it in"),
        ("max_nots = 3", '"max_nots" stands in no section', "Did you mean max_notes?"),
        ("memory = 3", "memory is a section: write [memory]", "Mend it in"),
        ("[providers]\napi_base = 'http://x'", '"api_base" stands in [providers]', "[providers.NAME]"),
        ("[providers.openai]\nbase = 'x'", '[providers.openai] has no setting "base"', "api_base"),
        ("[privacy]\nkeep_days = -1", "privacy.keep_days is -1, but must be a whole number from 0", "Mend it in"),
        ("[providers.openai]\napi_key = 'sk-1'", "keys are not kept in the configuration", "memchat keys set openai"),
        ("[providers.openai]\napi_base = 'ftp://x'", "must be an address", "Mend it in"),
        ("[memory]\nmax_notes = 'many'", 'memory.max_notes is "many", but must be a whole number from 1', "Mend it in"),
        ("[memory]\nmax_notes = 3.5", "must be a whole number", "Mend it in"),
        ("[memory]\nmax_notes = true", "memory.max_notes is true", "Mend it in"),
        ("[memory]\nmin_importance = 11", "must be a whole number from 1 to 10", "Mend it in"),
        ("[memory]\nenabled = 1", 'must be "ask" or true or false', "Mend it in"),
        ("[memory]\nwrite = 'auot'", 'must be "auto" or "ask" or "off"', "Mend it in"),
        ("[memory]\nprofile_fields = []", "must be a list of 1 to 10", "Mend it in"),
        ("[memory]\nprofile_fields = ['a', 'a']", "must be a list of 1 to 10 different names", "Mend it in"),
        ("[memory]\nprofile_fields = ['m12']", "none like m12", "Mend it in"),
        ("[memory]\nprofile_fields = ['note']", "note", "Mend it in"),
        ("[memory]\nprofile_fields = 'name'", "must be a list", "Mend it in"),
        ("[memory]\nprofile_fields = [1]", "must be a list", "Mend it in"),
        ("[model]\ntimeout = nan", "must be a number from 0.1 to 3600", "Mend it in"),
        ("[model]\nname = 3", "must be a text in quotes", "Mend it in"),
        ("[recall]\nthreshold = 2.0", 'must be "auto" or a number from 0 to 1', "Mend it in"),
        (
            "[recall]\nembedding = ''",
            'recall.embedding is "", but must be "bundled" or "off" or the litellm name of an embedding model',
            "Mend it in",
        ),
        ("[recall]\nembedding = ' '", 'must be "bundled" or "off"', "Mend it in"),
        ("[ui]\nvi = 'yes'", "must be true or false", "Mend it in"),
        ("[aliases]\nfast = 3", "must be the name of a model", "Mend it in"),
        (
            "[context]\nkeep_turns = 40",
            "keep_turns (40) must be below context.max_turns (30)",
            "config.toml and default",
        ),
        ("[model]\nname = ", "does not parse", "Mend it in"),
        ("[model]\n" + "x = " + "[" * 5000, "nested too deeply", "Mend it in"),
    ],
)
def test_what_is_wrong_is_refused_with_key_value_and_place(
    places: config.Paths, text: str, message: str, hint: str
) -> None:
    """Two lines: what is wrong in which file, and what to do."""
    error = refused(places, text)
    assert message in error.message
    assert hint in error.hint
    assert "config.toml" in error.message + error.hint
    assert len(error.message) < 240


def test_a_file_that_does_not_parse_names_its_line(places: config.Paths) -> None:
    """The line is what one looks for."""
    assert "line 3" in refused(places, "[model]\nretries = 2\nname = notebook\n").message


def test_a_wrong_variable_is_refused_by_its_name(places: config.Paths) -> None:
    """An unknown or wrong MEMCHAT_X__Y says which variable to mend, not which file."""
    for environ, message in (
        ({"MEMCHAT_MEMORY__MAX_NOTE": "3"}, '[memory] has no setting "max_note"'),
        ({"MEMCHAT_NOWHERE__Y": "3"}, "no section [nowhere]"),
        ({"MEMCHAT_MEMORY__MAX_NOTES": "many"}, 'memory.max_notes is "many"'),
        ({"MEMCHAT_MODEL__TIMEOUT": "soon"}, "must be a number"),
        ({"MEMCHAT_MEMORY__ENABLED": "maybe"}, 'must be "ask" or true or false'),
        ({"MEMCHAT_RECALL__EMBEDDING": ""}, 'recall.embedding is "", but must be "bundled" or "off"'),
        ({"MEMCHAT_PROVIDERS__X": "3"}, "has no setting"),
    ):
        error = refused(places, "", environ)
        name = next(iter(environ))
        assert error.message.startswith(name)
        assert message in error.message
        assert f"Change or unset {name}." in error.hint


def test_a_wrong_flag_is_refused(places: config.Paths) -> None:
    """A flag is checked like the rest."""
    with pytest.raises(ConfigError, match=r"--local: privacy\.local_only"):
        config.load(places, {}, {"privacy.local_only": "sure"})


def test_a_secret_pasted_as_a_value_is_not_repeated_at_length(places: config.Paths) -> None:
    """A message bears a line, not a page."""
    assert len(refused(places, f"[memory]\nwrite = '{'x' * 5000}'").message) < 160


def test_a_file_that_cannot_be_read_is_told(places: config.Paths) -> None:
    """A folder in its place, or bytes that are no text."""
    places.config.mkdir()
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        config.load(places, {})
    places.config.rmdir()
    places.config.write_bytes(b"[model]\nname = '\xff'")
    with pytest.raises(ConfigError, match="not UTF-8"):
        config.load(places, {})


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=4,
        ),
        max_size=3,
    ),
    st.sampled_from(["memory", "model", "ui", "zz"]),
)
@settings(max_examples=100, deadline=None)
def test_no_value_at_all_gets_past_as_another_type(content: dict[str, Any], section: str) -> None:
    """Whatever stands in a file, a value is accepted as what the setting is, or refused as ConfigError."""
    for key, value in content.items():
        with pytest.raises(ConfigError):
            checked(f"{section}.{key}x", value, Place("config.toml", "Mend it."))
    for value in content.values():
        try:
            kept = checked("context.max_turns", value, Place("config.toml", "Mend it."))
        except ConfigError:
            continue
        assert type(kept) is int
        assert 2 <= kept <= 10_000


# Writing


def test_writing_keeps_comments_and_what_else_is_there(places: config.Paths) -> None:
    """A person's own file stays theirs: only the value changes."""
    places.config.write_text("# mine\n[memory] # here\nmax_notes = 3 # few\n\n[ui]\nvi = true\n", "utf-8")
    config.write_values(places, {"memory.max_notes": 4, "model.name": "notebook"})
    text = places.config.read_text("utf-8")
    assert text.startswith("# mine\n[memory] # here\nmax_notes = 4 # few\n\n[ui]\nvi = true\n")
    assert tomllib.loads(text)["model"] == {"name": "notebook"}


def test_what_was_written_is_what_is_read(places: config.Paths) -> None:
    """Every kind of value goes to the file and comes back."""
    values = {
        "memory.enabled": True,
        "memory.profile_fields": ("name", "地點"),
        "model.timeout": 12.5,
        "providers.openai.api_base": "http://127.0.0.1:8080/v1",
        "providers.my.box.window": 4096,
        "aliases.v1.5": "ollama/qwen3",
        "recall.threshold": "auto",
    }
    config.write_values(places, values)
    loaded = config.load(places, {})
    assert loaded.memory.enabled is True
    assert loaded.memory.profile_fields == ("name", "地點")
    assert loaded.model.timeout == 12.5
    assert loaded.providers["openai"].api_base == "http://127.0.0.1:8080/v1"
    assert loaded.providers["my.box"].window == 4096
    assert loaded.aliases["v1.5"] == "ollama/qwen3"
    assert {key for key, origin in loaded.origins.items() if origin == "config.toml"} == set(values)


def test_a_new_file_says_what_it_is_and_is_the_owners_alone(home: Path) -> None:
    """The folder is made 0700, the file 0600, and its first line tells where to look further."""
    places = config.paths({"MEMCHAT_HOME": str(home / "deep")})
    config.write_values(places, {"model.name": "notebook"})
    assert stat.S_IMODE(places.config.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.config.parent.stat().st_mode) == 0o700
    assert places.config.read_text("utf-8").startswith("# memchat's settings")


@pytest.mark.skipif(os.name != "posix", reason="rights of folders are POSIX's")
def test_every_folder_made_on_the_way_is_the_owners_alone(tmp_path: Path) -> None:
    """Not only the innermost one: whoever may list the upper one learns what is below."""
    before = os.umask(0o022)
    try:
        private_file.replace(tmp_path / "one" / "two" / "file", "text")
    finally:
        os.umask(before)
    for folder in (tmp_path / "one", tmp_path / "one" / "two"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_to_a_file_kept_elsewhere_stays_a_link(places: config.Paths, tmp_path: Path) -> None:
    """Whoever keeps settings in a repository of their own finds the change there."""
    kept = tmp_path / "dotfiles" / "memchat.toml"
    kept.parent.mkdir()
    kept.write_text("[ui]\nvi = true\n", "utf-8")
    places.config.symlink_to(kept)
    config.write_values(places, {"model.name": "notebook"})
    assert places.config.is_symlink()
    assert "notebook" in kept.read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "values"),
    [
        ("[model]\nname = \n", {"model.name": "notebook"}),
        ("[model]\nretries = 1\n", {"model.nam": "notebook"}),
        ("[model]\nretries = 1\n", {"model.retries": 99}),
    ],
)
def test_what_is_refused_changes_nothing(places: config.Paths, before: str, values: dict[str, object]) -> None:
    """A file that does not parse, an unknown key, a wrong value: the file stays byte for byte."""
    places.config.write_text(before, "utf-8")
    with pytest.raises(ConfigError):
        config.write_values(places, values)
    assert places.config.read_text("utf-8") == before
    assert os.listdir(places.config.parent) == ["config.toml"]  # noqa: PTH208 - names are what is compared


def test_a_place_that_cannot_be_read_is_told(home: Path) -> None:
    """A file stands where the folder should be."""
    home.write_text("in the way", "utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(config.paths({"MEMCHAT_HOME": str(home)}), {})
    assert home.read_text("utf-8") == "in the way"


def test_a_place_that_cannot_be_written_is_told() -> None:
    """Exit 3, with the way out."""
    with pytest.raises(ConfigError, match="cannot be written") as caught:
        config.write_values(config.paths({"MEMCHAT_HOME": "/proc/nowhere"}), {"model.name": "notebook"})
    assert "MEMCHAT_HOME" in caught.value.hint


def test_a_write_that_breaks_off_leaves_the_old_file(places: config.Paths) -> None:
    """The target cannot be replaced: no half file and no temporary one is left."""
    places.config.mkdir()
    (places.config / "inside").write_text("x", "utf-8")
    with pytest.raises(OSError, match="irectory"):
        private_file.replace(places.config, "text")
    assert [path.name for path in places.config.parent.iterdir()] == ["config.toml"]


def test_a_home_that_is_a_file_is_told_by_its_name(tmp_path: Path) -> None:
    """Not the configuration is to blame, which may even lie elsewhere."""
    file = tmp_path / "file"
    file.write_text("", "utf-8")
    environ = {"MEMCHAT_HOME": str(file)}
    for chosen in (None, tmp_path / "config.toml"):
        with pytest.raises(ConfigError, match="MEMCHAT_HOME is a file, not a folder") as caught:
            config.load(config.paths(environ, config=chosen), environ)
        assert str(file) in caught.value.hint


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Make room"),
        (errno.EDQUOT, "Make room"),
        (errno.EROFS, "only be read"),
        (errno.EACCES, "writable"),
    ],
)
def test_the_way_out_fits_what_went_wrong(number: int, words: str) -> None:
    """Nobody is told to change rights on a full disk."""
    assert words in private_file.way_out(OSError(number, "x"), Path("/somewhere"))
