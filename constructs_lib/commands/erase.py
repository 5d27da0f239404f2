"""Delete one person's documents from the search domain, and list what remains and until when.

The deployment's bootstrap function deletes the documents, so this machine need not reach the domain: your credentials
need ``lambda:InvokeFunction`` on its alias ``erase``, and boto3 must be installed. Name signed-in people by user id or
by pseudonym (the function makes pseudonyms as the transform does), visitors by the client id of their browser or device
or by the session id of a visit. As in the transform, spaces around an id do not matter, but its case does.

    python -m constructs_lib erase --function behaviour-prod-bootstrap --user-id 4711 --client-id 5e1f... --dry-run
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

ALIAS = "erase"
"""Alias of the bootstrap function; the function erases only when called through it."""
READ_SECONDS = 900
"""Seconds that a Lambda function may run at most."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--function", required=True, metavar="NAME", help="the bootstrap function: <deployment>-bootstrap"
    )
    parser.add_argument("--user-id", action="append", default=[], metavar="ID", help="as your sites sent it")
    parser.add_argument("--pseudonym", action="append", default=[], metavar="ID", help="as documents hold it: u1_...")
    parser.add_argument("--client-id", action="append", default=[], metavar="ID", help="of a browser or a device")
    parser.add_argument("--session-id", action="append", default=[], metavar="ID", help="of a visit")
    parser.add_argument("--dry-run", action="store_true", help="count, delete nothing")
    parser.add_argument("--region", help="default: as your AWS configuration says")
    parser.add_argument("--profile", help="default: as your AWS configuration says")
    parser.add_argument("--endpoint-url", help="of Lambda's API, for emulated services")
    parser.add_argument("--json", action="store_true", help="print the function's answer as it is")


def run(arguments: argparse.Namespace) -> int:
    """Call the function. Returns 0, 1 if it failed, 2 if no id is given or boto3 is missing."""
    people = {
        "user_ids": arguments.user_id,
        "client_ids": arguments.client_id,
        "session_ids": arguments.session_id,
        "pseudonyms": arguments.pseudonym,
    }
    if not any(people.values()):
        print("erase: name a person: --user-id, --client-id, --session-id or --pseudonym", file=sys.stderr)
        return 2
    try:
        import boto3  # noqa: PLC0415 - synth does not need it
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError:
        print("erase: boto3 is needed: pip install boto3", file=sys.stderr)
        return 2
    event = {"action": "erase", "dry_run": arguments.dry_run, **people}
    try:
        session = boto3.Session(profile_name=arguments.profile, region_name=arguments.region)
        # No retries: a second call would find fewer documents and report the wrong count.
        config = Config(read_timeout=READ_SECONDS, retries={"total_max_attempts": 1})
        client = session.client("lambda", endpoint_url=arguments.endpoint_url, config=config)
        called = client.invoke(FunctionName=arguments.function, Qualifier=ALIAS, Payload=json.dumps(event).encode())
        answer = json.loads(called["Payload"].read())
    except (BotoCoreError, ClientError) as error:
        print(f"erase: {arguments.function}: {error}", file=sys.stderr)
        return 1
    if "FunctionError" in called:
        print(f"erase: {arguments.function}: {answer.get('errorMessage', answer)}", file=sys.stderr)
        return 1
    print(json.dumps(answer, indent=2) if arguments.json else told(answer, dry_run=arguments.dry_run))
    return 0


def told(answer: dict[str, Any], *, dry_run: bool) -> str:
    """The function's answer as text."""
    found, deleted = answer["found"], answer["deleted"]
    lines = [f"{found} documents found, {deleted} deleted" + (" (dry run)" if dry_run else "")]
    lines += [f"  {each['name']}: {each['reason']}" for each in answer["objects"] if each["kind"] == "index"]
    if not found or answer["searched"]["ignored"]:
        lines += _searched(answer["searched"])
    lines.append("what remains:")
    for place in answer["remaining"]:
        count = "an unknown number of" if place["documents"] is None else str(place["documents"])
        lines.append(f"  {place['place']}: {count} documents until {place['until']} ({place['why']})")
    return "\n".join(lines)


def _searched(searched: dict[str, Any]) -> list[str]:
    """The values and indices that were searched, so that a result of zero documents can be trusted."""
    values, indices = searched["values"], searched["indices"]
    counts = ", ".join(f"{field}: {count}" for field, count in values.items()) or "none"
    lines = [
        f"  searched for {sum(values.values())} values ({counts}; an id counts once as given and once as a pseudonym)",
        f"  in {len(indices)} indices: {', '.join(indices) or 'there are none'}",
    ]
    lines += [
        f"  {name}: {count} are placeholders (null, guest, zeros ...), which no document holds"
        for name, count in searched["ignored"].items()
    ]
    return lines
