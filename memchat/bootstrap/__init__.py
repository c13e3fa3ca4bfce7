"""The composition root: the only room that names concrete classes and puts them together."""

from memchat.bootstrap.app import App, ChatRequest, open_app

__all__ = ["App", "ChatRequest", "open_app"]
