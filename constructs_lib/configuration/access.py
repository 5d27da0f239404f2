"""``access``: who may use the domain."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class AccessSettings(Section):
    """Who may use the domain besides the deployment's own roles: ARNs of IAM roles or users."""

    administrators: list[str] = []
    analysts: list[str] = []
    """May read the behaviour indices and the dashboards."""
    personalization: list[str] = []
    """May read the behaviour indices, for what trains and serves recommendations."""
    administrator_groups: list[str] = []
    """Groups that the identity provider of ``domain.saml_options`` or ``jwt_options`` names in ``roles_key``, whose
    members may do everything."""
    analyst_groups: list[str] = []
    """Such groups, whose members may read the behaviour indices and the dashboards."""
