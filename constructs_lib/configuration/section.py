"""What all sections of an environment file have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self


class Section(BaseModel):
    """One mapping of an environment file.

    Unknown keys are mistakes, values are not converted between types (a number in quotes is a mistake), and a section
    does not change once it is read. Fields with a provider argument have its name.

    Raises:
        ConfigurationError: unknown keys and wrong values, all of them.
    """

    # A copy with changed values (`model_copy`) is not checked when it is made, so it is where it is used.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, revalidate_instances="always")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _refusal(error, type(self), type(self).__name__) from None

    # Pydantic then reads the sections inside this one by itself, and all mistakes come at once.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """A section of a mapping of its keys; raises as the class itself does."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise _refusal(error, cls, cls.__name__) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """A section of the text of a JSON object of its keys; raises as the class itself does."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise _refusal(error, cls, cls.__name__) from None

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse the change of a key.

        Raises:
            ConfigurationError: always.
        """
        raise _unchangeable(type(self), name)

    def __delattr__(self, name: str) -> None:
        """Refuse the removal of a key, as its change."""
        raise _unchangeable(type(self), name)

    @classmethod
    def parsed(cls, document: Any) -> Self:
        """A section of a document; raises pydantic's own error, for a reader that knows the document's lines."""
        return super().model_validate(document)

    def read_again(self, where: str) -> Self:
        """The section, read once more, for one that is a copy with changed values.

        Args:
            where: what problems name as their place.

        Raises:
            ConfigurationError: unknown keys and wrong values, all of them.
        """
        try:
            return self.parsed(self)
        except ValidationError as error:
            raise _refusal(error, type(self), where) from None

    def arguments(self, *ours: str) -> dict[str, Any]:
        """The section in the provider's argument shape, without keys that are not set and without the keys in
        ``ours``."""
        return self.model_dump(exclude_none=True, exclude=set(ours))


def _refusal(error: ValidationError, model: type[Section], where: str) -> Exception:
    """The error for a section's users, in the words that a file's readers get."""
    from constructs_lib.configuration.errors import ConfigurationError  # noqa: PLC0415 - both know sections
    from constructs_lib.configuration.form import form_problems  # noqa: PLC0415

    return ConfigurationError(form_problems(error, model, {}, where))


def _unchangeable(model: type[Section], name: str) -> Exception:
    """The error for a change of a section that is read already."""
    from constructs_lib.configuration.errors import ConfigurationError, Problem  # noqa: PLC0415 - both know sections

    message = "cannot be changed once it is read; use a copy with another value: model_copy(update={...})"
    return ConfigurationError([Problem(model.__name__, name, message)])


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
