"""Who may be shown what is kept on this computer: each host is asked about once, and the answer stands in the settings.

What was learned here goes to another computer only after a person said so. A host that was told all of it already, as
the one that has answered from the first day, needs no question; where nobody can be asked, memory stays here.
"""

import dataclasses
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from memchat import config
from memchat.domain import CONVERSATIONS_ONLY, WITHHELD, Mode, Session
from memchat.errors import ConfigError, RefusedError

if TYPE_CHECKING:
    from memchat.ports import Store

SETTING = "privacy.memory_hosts"
_NOT = "not "


class Place(Protocol):
    """A model or an embedder: where words go."""

    @property
    def host(self) -> str: ...
    @property
    def local(self) -> bool: ...


_Found = TypeVar("_Found", bound=Place)


class Hosts:
    """The answers. `ask` puts the question to a person, and raises RefusedError where he gives no answer; None where
    nobody is there. `told` are sentences for people about what was decided without them.
    """

    def __init__(self, paths: config.Paths, answers: Sequence[str]) -> None:
        self.ask: Callable[[str], bool] | None = None
        self.told: list[str] = []
        self._paths = paths
        self._answers = {_host(entry): not entry.startswith(_NOT) for entry in answers}

    def may_see(self, place: Place, store: "Store | None" = None) -> bool | None:
        """Whether it may be shown what is kept; None where nobody was asked yet. Without `store`: by answers alone."""
        if place.local or not place.host:
            return True
        answer = self._answers.get(place.host.casefold())
        if answer is None and store is not None and store.usages.only_at(place.host):
            return True
        return answer

    def settled(self, place: Place, store: "Store | None" = None) -> bool | None:
        """The same, after a person was asked where one can be. Raises RefusedError when he gives no answer."""
        answer = self.may_see(place, store)
        if answer is not None or self.ask is None or threading.current_thread() is not threading.main_thread():
            return answer
        answer = self.ask(place.host)
        self._keep(place.host, answer)
        return answer

    def mode(self, mode: Mode, place: Place, session: Session | None, store: "Store", *, looks: bool = False) -> Mode:
        """What a chat may do that is opened with this model: less, where it may not be shown what is kept.

        Raises RefusedError where it would go on with a conversation that went elsewhere. One that only `looks` asks
        nothing.
        """
        moves = _moves(session, place)
        if not mode.saves or not (mode.reads or moves):
            return mode
        answer = self.may_see(place, store) if looks else self.settled(place, store)
        if answer:
            return mode
        if looks and answer is None:
            self.told.append(
                f"Nothing goes to {place.host} before you were asked whether it may see what is kept here."
            )
            return mode
        if moves:
            raise _refused(place.host, answer, "This conversation went elsewhere so far, and")
        self.told.append(_withheld(place.host, answer))
        return CONVERSATIONS_ONLY if answer is False else dataclasses.replace(mode, name=WITHHELD.name, reads=False)

    def check(self, mode: Mode, place: Place, session: Session | None, store: "Store") -> None:
        """Raises RefusedError where another model may not take over the chat: it would be shown what is kept."""
        if mode.saves and (mode.reads or _moves(session, place)) and not (answer := self.settled(place, store)):
            raise _refused(place.host, answer, "Nothing has changed:")

    def check_upkeep(self, place: _Found, store: "Store") -> _Found:
        """The same, who may sum up and learn, for which it is shown what is known. Raises ConfigError where not."""
        if not (answer := self.may_see(place, store)):
            raise ConfigError(*_why(place.host, answer))
        return place

    def _keep(self, host: str, answer: bool) -> None:
        """Take the answer over, and write it down; where that cannot be it holds for this run."""
        self._answers[host.casefold()] = answer
        try:
            # Read anew: another terminal, or a hand, may have written there since, and the environment did not.
            others = [one for one in config.load(self._paths, {}).privacy.memory_hosts if _host(one) != host.casefold()]
            config.write_values(self._paths, {SETTING: [*others, host if answer else f"{_NOT}{host}"]})
        except ConfigError as error:
            self.told.append(f"The answer holds until you leave: {error.message}")


def _host(entry: str) -> str:
    """Whom an entry of the setting is about."""
    return entry.removeprefix(_NOT).strip().casefold()


def refusal(hosts: Hosts, place: Place) -> str:
    """Why it may not be sent what is kept, and what to do about it."""
    return " ".join(_why(place.host, hosts.may_see(place)))


def _moves(session: Session | None, place: Place) -> bool:
    """Whether a conversation so far went elsewhere than it would go now."""
    return session is not None and session.leaf is not None and not place.local and session.host != place.host


def _why(host: str, answer: bool | None) -> tuple[str, str]:
    """What stands in the way, and what to do about it."""
    if answer is None:
        return (
            f"{host} has not been allowed to see what is kept on this computer.",
            f'Answer that once at a terminal, or put "{host}" into {SETTING} (MEMCHAT_PRIVACY__MEMORY_HOSTS={host}).',
        )
    return (
        f"{host} may not see what is kept on this computer.",
        f'To let it: in {SETTING} of the configuration write "{host}" in place of "{_NOT}{host}".',
    )


def _refused(host: str, answer: bool | None, before: str) -> RefusedError:
    message, hint = _why(host, answer)
    return RefusedError(f"{before} {message}", hint)


def _withheld(host: str, answer: bool | None) -> str:
    """What is different in this chat."""
    less = "memory is left out" if answer is None else "memory is left out, and nothing is learned here"
    return f"{' '.join(_why(host, answer))} Until then {less}."
