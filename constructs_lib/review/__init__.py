"""The review of a Terraform plan: changes and their effects, policies, capacity, a drawing of the data flow.

``risk`` and ``domain_changes`` say what a change does, ``capacity`` compares sizes with service limits, ``policies``
evaluates the Rego pack, ``flow`` draws, ``report`` assembles the parts, ``markdown`` and ``html`` write them.
"""
