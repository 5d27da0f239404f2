"""Terraform plans: making them (`terraform`), reading them (`document`, `references`), comparing what was with what
will be (`differences`), and judging them by the rules (`judge`).
"""
