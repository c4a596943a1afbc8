"""A plan: what a batch would do, signed, and looked at again before it is believed."""
