"""What plain first-person sentences say of whoever wrote them, read by rule: English and Chinese, both scripts."""
