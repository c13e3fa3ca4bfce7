"""The composition root: the only room that names concrete classes and puts them together."""

from memchat.bootstrap.app import App, open_app
from memchat.bootstrap.request import ChatRequest

__all__ = ["App", "ChatRequest", "open_app"]
