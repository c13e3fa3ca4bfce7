"""What is measured; not timed tests."""
