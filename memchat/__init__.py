"""memchat: a terminal chat assistant that remembers you, in one SQLite file that you own."""

__version__ = "0.1.0"
