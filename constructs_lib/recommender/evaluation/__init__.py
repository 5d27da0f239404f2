"""Evaluates recommendations: measures them on held-out sessions, compares and tunes parameters."""
