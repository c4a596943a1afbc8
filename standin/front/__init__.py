"""What a browser is given: the HTML of both sites, their kits and scripts, signing in."""
