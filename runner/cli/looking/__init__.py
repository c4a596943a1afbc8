"""Commands that look at the site's screens themselves: what changed, and what they are made of."""
