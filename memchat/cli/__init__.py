"""The only house of typer, rich and prompt-toolkit."""
