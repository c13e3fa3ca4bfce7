"""One turn, from text to saved."""
