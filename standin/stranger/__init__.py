"""A Business Center that nobody wrote: words and looks drawn from a seed, and what they mean."""
