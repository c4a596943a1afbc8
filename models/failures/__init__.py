"""What failed, and what it means."""
