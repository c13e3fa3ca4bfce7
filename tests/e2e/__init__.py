"""Promises, one file each."""
