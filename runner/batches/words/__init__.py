"""Words of the site that nobody knows: asked about once, answered, and trusted when they have worked."""
