"""A small OpenAI-compatible server on loopback, for tests."""
