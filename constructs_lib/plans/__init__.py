"""Terraform plans, read once for every command.

``plan_file`` reads a file in any encoding, ``document`` the plan in it, ``references`` and ``resources`` its
configuration and its resources. ``differences`` compares values before and after, ``redaction`` removes secrets from
both, ``drift`` finds changes made outside Terraform, ``judge`` applies the rules. ``terraform`` makes plans,
``simulated_state`` makes them without AWS, ``provider_lock`` fixes the provider's version for all of them.
"""
