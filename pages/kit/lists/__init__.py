"""Lists and their rows, ad accounts to tick, and what is told of a whole screen: what stands on it, and its picture."""
