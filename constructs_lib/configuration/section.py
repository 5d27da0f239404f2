"""What all sections of an environment file have in common."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One mapping of an environment file.

    Unknown keys are mistakes, values are not converted between types (a number in quotes is a mistake), and a section
    does not change once it is read. Fields with a provider argument have its name.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def arguments(self, *ours: str) -> dict[str, Any]:
        """The section in the provider's argument shape, without keys that are not set and without the keys in
        ``ours``."""
        return self.model_dump(exclude_none=True, exclude=set(ours))


class Timeouts(Section):
    """How long Terraform waits for AWS, as Go durations (``90m``); default: the provider's own."""

    create: str | None = None
    """How long Terraform waits for AWS to create it."""
    update: str | None = None
    """How long Terraform waits for AWS to change it."""
    delete: str | None = None
    """How long Terraform waits for AWS to delete it."""


def section_of(annotation: Any) -> type[Section] | None:
    """The section inside an annotation such as ``Section | None`` or ``list[Section]``."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    for argument in get_args(annotation):
        found = section_of(argument)
        if found is not None:
            return found
    return None
