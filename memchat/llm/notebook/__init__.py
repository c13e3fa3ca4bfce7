"""The embedded model: needs no key and no network."""
