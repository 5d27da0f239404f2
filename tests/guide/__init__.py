"""The guide: its pages are consistent, and their examples work."""
