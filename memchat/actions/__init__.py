"""What a person can ask memchat to do; slash commands and Typer commands both call these."""
