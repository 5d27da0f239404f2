"""Names of environments that a rehearsal accepts."""

from __future__ import annotations

import pytest

from rehearsal.definition import DefinitionError, synthesize


def test_an_environment_may_be_named_by_its_file() -> None:
    assert synthesize("environments/dev.yaml") == synthesize("dev")


def test_an_example_has_its_folder_in_its_name() -> None:
    assert "aws_opensearch_domain_saml_options" in synthesize("examples/saml")["resource"]


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DefinitionError, match="no environment devv; did you mean dev"):
        synthesize("devv")
