"""The file of exceptions: what may fail, for which resource, why."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import Field, ValidationError

from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.form import form_problems
from constructs_lib.configuration.section import Section
from constructs_lib.configuration.yaml_file import read_yaml

FILE = "exceptions.yaml"
REGO = "exceptions.rego"


class ExceptionsError(Exception):
    """The file cannot be used; one line a mistake."""


class Allowed(Section):
    """One policy that one resource does not keep."""

    id: str = Field(pattern=r"^[A-Za-z0-9_.]+$")
    resource: str = Field(pattern=r"^[^`\s]+$")
    """Address; ``*`` stands for anything."""
    reason: str = Field(min_length=20)
    statement: str | None = None
    """Where AWS says that it cannot be otherwise."""

    def matches(self, check: str, address: str) -> bool:
        """Whether it is about this check of this resource."""
        return self.id == check and fnmatchcase(address, self.resource)

    def __str__(self) -> str:
        return f"{self.id} for {self.resource}"


class Waiver(Section):
    """One resource that holds data and may be destroyed or replaced once."""

    resource: str = Field(pattern=r"^[^*`\s]+$")
    reason: str = Field(min_length=20)
    approved_by: str = Field(min_length=1)


class Exceptions(Section):
    """The whole file."""

    production: list[str] = Field(min_length=1)
    """Environments that claim production shape."""
    exceptions: list[Allowed] = Field(default_factory=list)
    waivers: list[Waiver] = Field(default_factory=list)

    def rego(self) -> str:
        """The same for the Rego pack: HCP Terraform takes policies and no data beside them."""
        ours = [{"id": each.id, "resource": each.resource} for each in self.exceptions if not each.id.startswith("CKV")]
        waived = [{"resource": each.resource} for each in self.waivers]
        return (
            f"# Written from {FILE} (make policy-exceptions): change that one.\n"
            "package behaviour.exceptions\n\nimport rego.v1\n\n"
            "# As texts: OPA's compiler refuses to look into a list that it knows to be empty.\n"
            f"exceptions := json.unmarshal(`{json.dumps(ours)}`)\n\nwaivers := json.unmarshal(`{json.dumps(waived)}`)\n"
        )


def load(folder: Path) -> Exceptions:
    """Read the file of a policy folder.

    Raises:
        ExceptionsError: it is not there, not YAML, or says something that it may not.
    """
    path = folder / FILE
    try:
        document = read_yaml(path, str(path))
        return Exceptions.model_validate(document)
    except ConfigurationError as error:
        raise ExceptionsError(str(error)) from None
    except ValidationError as error:
        lines = form_problems(error, Exceptions, document, str(path))
        raise ExceptionsError("\n".join(map(str, lines))) from None
