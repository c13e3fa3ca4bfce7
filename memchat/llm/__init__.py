"""The only house of litellm and tiktoken."""
