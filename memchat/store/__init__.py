"""The only house of SQL."""
