"""What people taught about a site's words: a YAML file of this home, or tables of PostgreSQL."""
