"""What is said at the start because it may go wrong, or where nobody may have meant it: the disk, the address."""

from typing import TYPE_CHECKING

from memchat.bootstrap.models import address_from
from memchat.store.whereabouts import Whereabouts, whereabouts

if TYPE_CHECKING:
    from memchat.bootstrap import App
    from memchat.ports import ChatModel


def notes(app: "App", model: "ChatModel", *, saves: bool) -> list[str]:
    """A line each; none where the database lies on a disk of this computer and no variable sends words elsewhere."""
    found = []
    if (variable := address_from(model)) and not model.local:
        found.append(f"Your words go to {model.host}: {variable} says so.")
    if saves and (danger := in_danger(whereabouts(app.paths.db))):
        found.append(f"{danger} What to do: memchat doctor")
    return found


def in_danger(found: Whereabouts) -> str:
    """What can go wrong there, in a sentence for people; empty where nothing can."""
    if found.kind == "network":
        return f"The database lies on a network's disk ({found.name}): its journal may fail there, and damage it."
    if found.kind == "synced":
        return f"The database lies in a folder that {found.name} keeps in step: a copy taken meanwhile may be damaged."
    return ""
