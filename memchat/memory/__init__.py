"""What is remembered, and what the model is shown: pure, no I/O of its own."""
