"""The synth program: reads the environments, builds a stack for each, writes the Terraform JSON."""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from constructs_lib.configuration import ConfigurationError, Environment, Problem
from constructs_lib.configuration.form import placed
from constructs_lib.configuration.load import parse_environment, shared_problems
from constructs_lib.configuration.yaml_file import Document, read_yaml
from constructs_lib.lambda_archive import PackagingError
from constructs_lib.plans import provider_lock
from constructs_lib.rules.finding import sentence
from constructs_lib.synth import bindings_cache, jsii_kernel
from constructs_lib.synth.node import NodeError, use_packaged_node

OUTPUT = "cdktf.out"
STACK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""Names that cdktf accepts for a stack and that need no quoting in a path, in JSON or in a shell."""


def main(arguments: Sequence[str], *, root: Path) -> int:
    """Synthesize environments into ``cdktf.out``; the official CLI may set another folder in ``CDKTF_OUTDIR``.

    Returns:
        0 if everything is written, 1 if an environment file has errors (then nothing is written), 2 for usage.
    """
    parser = argparse.ArgumentParser(prog="main.py", description="Environment files in, Terraform JSON out.")
    parser.add_argument(
        "environment",
        nargs="*",
        help="an environment file, or the name of one in environments/: prod, examples/NAME, ../shop.yaml; default:"
        " all of environments/ but the examples",
    )
    given = parser.parse_args(arguments)
    folder = root / "environments"
    files = _files(folder)
    known = files | {f"examples/{name}": file for name, file in _files(folder / "examples").items()}
    named = [name if name in known else _name_of(name, known, root) for name in given.environment]
    # Files outside environments/ are named by their paths.
    known |= {name: Path(name).resolve() for name in named if name not in known and Path(name).is_file()}
    unknown = [name for name in named if name not in known]
    if unknown or not (files or named):
        for name in unknown:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            if (folder / f"{name}.yml").is_file():
                hint = f"; environments/{name}.yml is not read: rename it to {name}.yaml"
            _say(sentence(f"no environment {name}{hint}", None, ", ".join(files)))
        if not (files or named):
            _say(f"{_shown(folder, root)}/: has no .yaml file")
        return 2
    chosen = list(dict.fromkeys(named)) or list(files)
    environments, documents, problems = _load([known[name] for name in chosen], root)
    others = [] if given.environment else sorted(folder.glob("*"))
    problems = [
        *_misnamed([*others, *(known[name] for name in chosen)], root),
        *_twins(chosen, known, files, root),
        *problems,
    ]
    allowed = {name.strip() for name in os.environ.get("ALLOW_DESTROY", "").split(",")} - {""}
    problems += _switches(environments, allowed, {path.stem: path for path in known.values()})
    for problem in problems:
        _say(str(problem))
    if any(problem.severity == "error" for problem in problems):
        return 1
    output = Path(os.environ.get("CDKTF_OUTDIR") or root / OUTPUT)
    try:
        written = _write(environments, allowed, output)
        provider_lock.lay(root, [path.parent for path in written])
    except (ConfigurationError, PackagingError, NodeError, OSError) as error:
        for line in _reasons(error, documents, output, root):
            _say(line)
        return 1
    for left in sorted({path.parent.name for path in output.glob("stacks/*/cdk.tf.json")} - _stems(known)):
        _say(f"{_shown(output / 'stacks' / left, root)}: warning: no longer has a file in environments/")
    for path in written:
        print(_shown(path, root))
    return 0


def _reasons(
    error: Exception, documents: Mapping[str, tuple[str, Document]], output: Path, root: Path
) -> Iterator[str]:
    """Why nothing could be written, line by line."""
    if isinstance(error, ConfigurationError):
        yield from (str(_in_file(problem, documents)) for problem in error.problems)
    elif isinstance(error, PackagingError):
        yield f"the functions' archives: {error}"
    elif isinstance(error, OSError):
        place = Path(error.filename or output)
        what = "cannot be written" if place.is_relative_to(output) else "cannot be used"
        yield f"{_shown(place, root)}: {what}: {error.strerror or error}"
    else:
        yield str(error)


def _files(folder: Path) -> dict[str, Path]:
    """Environment files by name, without hidden files."""
    return {file.stem: file for file in sorted(folder.glob("*.yaml")) if not file.name.startswith(".")}


def _name_of(given: str, known: Mapping[str, Path], root: Path) -> str:
    """The environment of a path (absolute, or relative to the project or the working folder); else the text itself."""
    for place in (root / given, Path(given)):
        resolved = place.resolve()
        for name, file in known.items():
            if file.resolve() == resolved:
                return name
    return given


def _stems(files: Mapping[str, Path]) -> set[str]:
    return {file.stem for file in files.values()}


def _shown(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path


def _misnamed(files: Sequence[Path], root: Path) -> list[Problem]:
    """Files whose name or ending is not that of an environment file."""
    problems = []
    for file in dict.fromkeys(files):
        shown = _shown(file, root).as_posix()
        if file.suffix == ".yaml" and not file.name.startswith(".") and not STACK.fullmatch(file.stem):
            allowed = "letters, digits, - _ and ., beginning with a letter or digit"
            problems.append(Problem(shown, "", sentence("cannot name a stack", file.stem, allowed)))
        elif file.suffix != ".yaml" and file.suffix.lower() in (".yaml", ".yml"):
            problems.append(Problem(shown, "", sentence("is not read: its ending is wrong", file.suffix, ".yaml")))
    return problems


def _twins(chosen: Sequence[str], known: Mapping[str, Path], files: Mapping[str, Path], root: Path) -> list[Problem]:
    """Files whose stack would overwrite another one, and its state."""
    problems = []
    taken = dict(files)
    for name in chosen:
        file = known[name]
        other = taken.setdefault(file.stem, file)
        if other != file:
            message = f"has the same name as {_shown(other, root).as_posix()}; rename one of them"
            problems.append(Problem(_shown(file, root).as_posix(), "", message))
    return problems


def _load(
    files: Sequence[Path], root: Path
) -> tuple[dict[str, Environment], dict[str, tuple[str, Document]], list[Problem]]:
    """The environments by name, those with their files' names in messages and contents, and all problems."""
    environments: dict[str, Environment] = {}
    documents: dict[str, tuple[str, Document]] = {}
    problems: list[Problem] = []
    named: dict[str, tuple[Environment, Document]] = {}
    for file in files:
        shown = _shown(file, root).as_posix()
        try:
            document = read_yaml(file, shown)
            environments[file.stem], found = parse_environment(document, shown)
            named[shown] = environments[file.stem], document
            documents[file.stem] = shown, document
        except ConfigurationError as error:
            found = error.problems
        problems += found
    return environments, documents, problems + shared_problems(named)


def _in_file(problem: Problem, documents: Mapping[str, tuple[str, Document]]) -> Problem:
    """A construct's problem, at the key and the line of the file that the construct is made of."""
    stack, _, steps = problem.file.partition("/")
    if stack not in documents:
        return problem
    shown, document = documents[stack]
    above = steps.removeprefix("pipeline").strip("/").replace("/", ".")
    path = ".".join(part for part in (above, problem.path) if part)
    return placed(document, shown, path, problem.message, problem.severity)


def _switches(environments: dict[str, Environment], allowed: set[str], files: dict[str, Path]) -> list[Problem]:
    """Check that ALLOW_DESTROY names existing stacks, and warn where ``removal_policy: destroy`` is missing."""
    problems = [
        Problem("ALLOW_DESTROY", name, sentence("is not an environment", None, ", ".join(files)))
        for name in sorted(allowed - set(files))
    ]
    problems += [
        Problem(
            f"environments/{name}.yaml",
            "removal_policy",
            sentence("keeps the data although ALLOW_DESTROY names the stack", "retain", "destroy", "recommended"),
            "warning",
        )
        for name in sorted(allowed & set(environments))
        if environments[name].removal_policy != "destroy"
    ]
    return problems


def _write(environments: dict[str, Environment], allowed: set[str], output: Path) -> list[Path]:
    """Synthesize beside the output and move the files in place, so that a failure leaves an earlier result untouched.

    Files are replaced one by one, and other files in a stack's folder are kept: Terraform's working data and, with the
    local backend, its state.
    """
    use_packaged_node()
    bindings_cache.use()
    from cdktf import App  # noqa: PLC0415 - after the bindings' fast path is laid

    from constructs_lib.reporting import problems_collected  # noqa: PLC0415
    from constructs_lib.stack import Stack  # noqa: PLC0415

    output.mkdir(parents=True, exist_ok=True)
    scratch = output / f".synth-{os.urandom(8).hex()}"
    try:
        scratch.mkdir()
        app = App(outdir=str(scratch))
        # The warnings of the files were printed when they were read.
        with problems_collected() as problems:
            for name, environment in environments.items():
                Stack(app, name, environment=environment, allow_destroy=name in allowed)
        if any(problem.severity == "error" for problem in problems):
            raise ConfigurationError([problem for problem in problems if problem.severity == "error"])
        app.synth()
        made = sorted(path for path in scratch.rglob("*") if path.is_file())
        targets = {file: output / file.relative_to(scratch) for file in made}
        for target in targets.values():
            target.parent.mkdir(parents=True, exist_ok=True)
        for file, target in targets.items():
            file.replace(target)
    except KeyboardInterrupt:
        jsii_kernel.stop()  # else Node might still write into the deleted folder
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return [output / "stacks" / name / "cdk.tf.json" for name in environments]


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
