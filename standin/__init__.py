"""A local, deterministic fake of TikTok Business Center for tests, the demo and the benchmark."""
