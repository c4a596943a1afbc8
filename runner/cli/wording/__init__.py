"""What the commands are called and how they are told: panels, options, help pages, completion, repeated messages."""
