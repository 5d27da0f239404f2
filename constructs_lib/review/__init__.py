"""What a reviewer is told about a Terraform plan: changes and their effects, policies, capacity, a drawing.

``risk`` and ``domain_changes`` say what a change does, ``capacity`` holds it against the service limits, ``policies``
asks the Rego pack, ``flow`` draws, ``report`` puts it together, ``markdown`` and ``html`` write it down.
"""
