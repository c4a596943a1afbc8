"""The site's own calls: who asks, what is answered, what is logged, and how faults strike on the way."""
