"""The guide: its pages hold together, and what they show is what happens."""
