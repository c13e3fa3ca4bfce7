"""Tests; the tree mirrors memchat's."""
