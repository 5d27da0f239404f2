"""The transform: raw behaviour in, canonical documents out (``construct.py`` deploys what ``runtime/`` holds)."""
