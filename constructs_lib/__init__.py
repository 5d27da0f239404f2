"""Constructs for a user behaviour analytics pipeline on AWS, synthesized to Terraform JSON."""
