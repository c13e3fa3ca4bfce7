"""What takes longer than a key press is done in one thread beside the screen, with a store of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from memchat.bootstrap.app import App
from memchat.bootstrap.beside import store_beside

if TYPE_CHECKING:
    from memchat.ports import Store

Result = TypeVar("Result")


class Errands:
    """Runs one after the other. Who no longer waits for one that has not begun cancels it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browse")

    @cached_property
    def _store(self) -> "Store":
        """Opened in the thread, by the first that needs it."""
        return store_beside(self._app)

    async def run(self, errand: "Callable[[Store], Result]") -> Result:
        """Do it with the thread's store; raises what it raises."""
        return await asyncio.wrap_future(self._thread.submit(lambda: errand(self._store)))

    def close(self) -> None:
        """Wait for what has begun, and close the store where it was opened."""
        self._thread.submit(lambda: self.__dict__["_store"].close() if "_store" in self.__dict__ else None)
        self._thread.shutdown(wait=True)
