"""Tests of memchat/llm/notebook: what it learns, and what it answers."""
