"""``access``: roles and groups that may use the domain."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class AccessSettings(Section):
    """Roles and groups that may use the domain, besides the deployment's own roles."""

    administrators: list[str] = []
    """ARNs of IAM roles that may do everything in the domain."""
    analysts: list[str] = []
    """ARNs of IAM roles that may read the behaviour indices and the dashboards."""
    personalization: list[str] = []
    """ARNs of IAM roles that may read the behaviour indices, to train and serve recommendations."""
    administrator_groups: list[str] = []
    """Groups, as SAML or JWT sign-in sends them in ``roles_key``, whose members may do everything in the domain."""
    analyst_groups: list[str] = []
    """Groups, as SAML or JWT sign-in sends them, whose members may read the behaviour indices and the
    dashboards."""
