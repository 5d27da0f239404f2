"""The ground all sections of an environment file stand on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One mapping of an environment file.

    Unknown keys are mistakes, values are not converted between types (a number in quotes is a mistake), and a section
    does not change once it is read. Fields that the provider has a name for carry that name.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
