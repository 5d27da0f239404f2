"""Behaviour documents as training data for recommendations."""
