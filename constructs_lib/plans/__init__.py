"""Terraform plans, read once for every command.

``plan_file`` reads a file in any encoding, ``document`` the plan in it, ``references`` and ``resources`` what its
configuration and its resources say. ``differences`` compares what was with what will be, ``redaction`` keeps secrets
out of both, ``drift`` tells what changed outside Terraform, ``judge`` asks the rules. ``terraform`` makes plans,
``simulated_state`` makes them without AWS, ``provider_lock`` has everybody make them with the same provider.
"""
