"""What runs in the transform's function: standard library, ua-parser and crawler-user-agents; nothing of the
constructs.
"""
