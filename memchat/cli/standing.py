"""What doctor asks about settings, keys, models and the disk, of an app."""

from functools import partial
from typing import TYPE_CHECKING

from memchat.actions import answering
from memchat.cli import standing_view
from memchat.errors import ConfigError, MemchatError
from memchat.llm.reach import silent
from memchat.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from memchat.bootstrap import App
    from memchat.cli.json_view import Json
    from memchat.cli.terminal import Screen


def lines(app: "App", screen: "Screen") -> list[str]:
    """For people."""
    found = standing_view.settings(screen, app.paths, app.settings.origins, exists=app.paths.config.exists())
    found += standing_view.keys(screen, _keys(app))
    for one in _ways(app):
        found += standing_view.way(screen, one)
    return found + standing_view.disk(screen, whereabouts(app.paths.db))


def as_json(app: "App") -> "Json":
    """For scripts."""
    return standing_view.standing_json(
        app.paths,
        app.settings.origins,
        _keys(app),
        _ways(app),
        whereabouts(app.paths.db),
        exists=app.paths.config.exists(),
    )


def _keys(app: "App") -> list[tuple[str, str]] | MemchatError:
    try:
        return answering.keys(app.settings, app.environ, lambda: app.keys)
    except ConfigError as error:
        return error


def _ways(app: "App") -> list[answering.Way]:
    """Who answers, and who learns where that is another."""
    look = partial(answering.way, settings=app.settings, environ=app.environ, keys=lambda: app.keys, reach=silent)
    found = [look("chat", app.model_name)]
    other = app.settings.model.memory_name.strip()
    if other:
        found.append(look("memory", lambda: app.model_name(other)))
    return found
