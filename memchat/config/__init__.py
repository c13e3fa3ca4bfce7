"""Settings and places: file < environment < flag. Reading and writing happen when called, nothing at import.

`settings.py` names every setting, `values.py` checks one, `reading.py` joins them, `writing.py` changes the file.
"""

from memchat.config.places import Paths, paths
from memchat.config.reading import load
from memchat.config.settings import (
    ContextSettings,
    MemorySettings,
    ModelSettings,
    PrivacySettings,
    ProviderSettings,
    RecallSettings,
    Settings,
    UiSettings,
)
from memchat.config.writing import write_values

__all__ = [
    "ContextSettings",
    "MemorySettings",
    "ModelSettings",
    "Paths",
    "PrivacySettings",
    "ProviderSettings",
    "RecallSettings",
    "Settings",
    "UiSettings",
    "load",
    "paths",
    "write_values",
]
