"""Questions on their way to a person and back: how they are shown, how they are asked for at a terminal."""
