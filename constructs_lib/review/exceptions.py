"""The file of exceptions: the policies that a resource may fail, with reason and last day."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from constructs_lib.configuration.errors import ConfigurationError
from constructs_lib.configuration.form import form_problems
from constructs_lib.configuration.section import Section
from constructs_lib.configuration.yaml_file import read_yaml

FILE = "exceptions.yaml"
REGO = "exceptions.rego"


class ExceptionsError(Exception):
    """The file cannot be used; the text has one line for each mistake."""


def _date(text: str) -> str:
    try:
        date.fromisoformat(_DAY.check(text))
    except ValueError:
        raise ValueError(_DAY.wrong) from None
    return text


@dataclass(frozen=True)
class _Form:
    """The pattern that a text must match, and the message if it does not."""

    pattern: str
    wrong: str

    def check(self, text: str) -> str:
        """The text. Raises ValueError if it does not match."""
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.wrong)
        return text


_DAY = _Form(r"\d{4}-\d{2}-\d{2}", "is not a date such as 2027-03-31")
_CHECK = _Form(r"[A-Za-z0-9_.]+", "is not a check such as CKV_AWS_18 or a control such as S3.5")
_STACK = _Form(r"[A-Za-z0-9_.-]+", "is not the name of an environment's file, such as prod")
_STACKS = _Form(r"[A-Za-z0-9_.*-]+", "is not the name of an environment's file, such as prod, or *")
_ADDRESS = _Form(r"[^*`\s]+", "is not the address of one resource, such as aws_s3_bucket.archive")
_ADDRESSES = _Form(r"[^`\s]+", "is not an address such as aws_s3_bucket.archive, with * for anything")

Day = Annotated[str, AfterValidator(_date)]
"""A date; an entry is valid until the end of that day."""


class _Agreed(Section):
    """Fields of both kinds of entries."""

    reason: str = Field(min_length=20)
    expires: Day
    """Last day on which it is valid."""

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return date.fromisoformat(self.expires) < today

    def data(self, *names: str) -> dict[str, Any]:
        """For Rego: the fields named, and the end of the last day in nanoseconds since 1970."""
        end = datetime.combine(date.fromisoformat(self.expires), time.max, timezone.utc)
        return {name: getattr(self, name) for name in names} | {"expires_ns": int(end.timestamp()) * 10**9}


class Allowed(_Agreed):
    """One policy that one resource of one stack may fail."""

    id: Annotated[str, AfterValidator(_CHECK.check)]
    stack: Annotated[str, AfterValidator(_STACKS.check)]
    """Name of the environment's file; ``*`` stands for any."""
    resource: Annotated[str, AfterValidator(_ADDRESSES.check)]
    """Address; ``*`` stands for anything."""
    statement: str | None = None
    """AWS page that explains why the resource cannot comply."""

    def matches(self, check: str, address: str, stack: str) -> bool:
        """Whether it applies to this check of this resource."""
        return self.id == check and fnmatchcase(address, self.resource) and fnmatchcase(stack, self.stack)

    def __str__(self) -> str:
        return f"{self.id} for {self.resource} of {self.stack}"


class Waiver(_Agreed):
    """One resource whose destruction, replacement or interruption is approved, once."""

    stack: Annotated[str, AfterValidator(_STACK.check)]
    resource: Annotated[str, AfterValidator(_ADDRESS.check)]
    approved_by: str = Field(min_length=1)

    def __str__(self) -> str:
        return f"the waiver for {self.resource} of {self.stack}"


class Exceptions(Section):
    """The whole file."""

    production: list[str] = Field(min_length=1)
    """Environments that claim production shape, as ``make plan`` takes them: ``prod``, ``examples/browsers``."""
    exceptions: list[Allowed] = Field(default_factory=list)
    waivers: list[Waiver] = Field(default_factory=list)

    def allowed(self, check: str, address: str, stack: str, today: date) -> list[Allowed]:
        """The exceptions that apply to a failure."""
        return [each for each in self.exceptions if each.matches(check, address, stack) and not each.expired(today)]

    def waived(self, address: str, stack: str, today: date) -> Waiver | None:
        """The waiver that applies to a resource."""
        for each in self.waivers:
            if each.resource == address and each.stack == stack and not each.expired(today):
                return each
        return None

    def rego(self) -> str:
        """The file as a Rego module: HCP Terraform accepts policies but no data files."""
        ours = [each.data("id", "stack", "resource") for each in self.exceptions if not each.id.startswith("CKV")]
        waived = [each.data("stack", "resource") for each in self.waivers]
        return (
            f"# Written from {FILE} (make policy-exceptions); edit that file.\n"
            "package behaviour.exceptions\n\nimport rego.v1\n\n"
            "# JSON texts, because OPA's compiler refuses to iterate over a constant empty list.\n"
            f"exceptions := json.unmarshal(`{json.dumps(ours)}`)\n\nwaivers := json.unmarshal(`{json.dumps(waived)}`)\n"
        )


def parts(message: str) -> tuple[str, str]:
    """Control and address of a message of the pack: ``S3.5 aws_s3_bucket.archive: ...``."""
    control, _, rest = message.partition(" ")
    return control, rest.partition(": ")[0]


def load(folder: Path) -> Exceptions:
    """Read the file of a policy folder.

    Raises:
        ExceptionsError: it is missing, not YAML, or has invalid entries.
    """
    path = folder / FILE
    try:
        document = read_yaml(path, str(path))
        return Exceptions.parsed(document)
    except ConfigurationError as error:
        raise ExceptionsError(str(error)) from None
    except ValidationError as error:
        lines = form_problems(error, Exceptions, document, str(path))
        raise ExceptionsError("\n".join(map(str, sorted(lines, key=lambda each: each.line or 0)))) from None
