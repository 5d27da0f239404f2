"""What runs in the collector's function: the standard library alone, so that a cold start loads no SDK."""
