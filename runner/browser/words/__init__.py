"""Words of the site that nobody knows, met by an attempt: kept with a picture, and rehearsed past to find them all."""
