"""From a command to a worker and back: submitting, being a worker, following a batch at the terminal."""
