"""What the core asks of the world: protocols for models, storage, time and counting."""

from memchat.ports.erasure import Erasure
from memchat.ports.memories import Memories, Tombstones
from memchat.ports.pages import Pages
from memchat.ports.records import Records
from memchat.ports.storage import Index, Store, Transcripts, Typed, Usages
from memchat.ports.work import Jobs
from memchat.ports.world import ChatModel, Clock, Embedder, KeyStore, Lexicon, TokenCounter

__all__ = [
    "ChatModel",
    "Clock",
    "Embedder",
    "Erasure",
    "Index",
    "Jobs",
    "KeyStore",
    "Lexicon",
    "Memories",
    "Pages",
    "Records",
    "Store",
    "TokenCounter",
    "Tombstones",
    "Transcripts",
    "Typed",
    "Usages",
]
