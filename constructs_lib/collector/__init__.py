"""The collector: browsers and apps post their events to it (``construct.py`` deploys what ``runtime/`` holds)."""
