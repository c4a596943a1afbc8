"""Visiting every screen that can be reached without a write, to see how what the flows rely on stands there."""
