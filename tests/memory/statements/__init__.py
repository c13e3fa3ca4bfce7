"""Tests of what plain first-person sentences say."""
