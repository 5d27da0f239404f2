"""Behaviour that the emulator adds to moto and that Terraform or the pipeline needs."""

from __future__ import annotations

import io
import json
import ssl
import textwrap
import urllib.error
import urllib.request
import zipfile
from typing import Any

import pytest

from constructs_lib.collector.runtime.aggregate import aggregated
from constructs_lib.limits.engines import VERSIONS
from rehearsal.delivery import DeliverySettings
from rehearsal.delivery.aws import StreamSource, front_door
from rehearsal.emulator import ACCOUNT_ID, Emulator

pytestmark = pytest.mark.rehearsal

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)


def archive(source: str) -> bytes:
    """A function's archive with one module."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("code.py", textwrap.dedent(source))
    return packed.getvalue()


def function(aws: Emulator, name: str, source: str, **settings: Any) -> Any:
    """A function with one module; the answer of CreateFunction."""
    role = aws.client("iam").create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    return aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="code.handler",
        Role=role,
        Code={"ZipFile": archive(source)},
        **settings,
    )


def call(aws: Emulator, name: str, event: Any = None, qualifier: str = "$LATEST") -> tuple[Any, str | None]:
    """The function's answer, and the kind of its error."""
    answer = aws.client("lambda").invoke(
        FunctionName=name, Qualifier=qualifier, Payload=json.dumps(event or {}).encode()
    )
    return json.loads(answer["Payload"].read()), answer.get("FunctionError")


def test_a_function_runs_the_uploaded_code_with_its_environment(aws: Emulator) -> None:
    source = "import os\ndef handler(event, context): return [os.environ['COLOUR'], event['n'] + 1]"
    function(aws, "uploaded", source, Environment={"Variables": {"COLOUR": "blue"}})
    assert call(aws, "uploaded", {"n": 1}) == (["blue", 2], None)


def test_a_function_sees_only_what_lambda_provides(aws: Emulator) -> None:
    source = """
        import importlib.util
        def handler(event, context):
            return [name for name in event if importlib.util.find_spec(name)]
    """
    function(aws, "isolated", source)
    assert call(aws, "isolated", ["boto3", "pydantic", "rehearsal", "constructs_lib"])[0] == ["boto3"]


def test_a_function_stays_warm(aws: Emulator) -> None:
    function(aws, "warm", "seen = []\ndef handler(event, context):\n    seen.append(1)\n    return len(seen)")
    assert [call(aws, "warm")[0] for _ in range(3)] == [1, 2, 3]


def test_an_exception_is_reported_and_the_function_stays_usable(aws: Emulator) -> None:
    function(aws, "raising", "def handler(event, context): return 1 / event['by']")
    answer, error = call(aws, "raising", {"by": 0})
    assert (answer["errorType"], error) == ("ZeroDivisionError", "Unhandled")
    assert call(aws, "raising", {"by": 1}) == (1.0, None)


def test_a_function_over_its_timeout_is_stopped(aws: Emulator) -> None:
    source = "import time\ndef handler(event, context): return time.sleep(event['s'])"
    function(aws, "slow", source, Timeout=1)
    assert call(aws, "slow", {"s": 0}) == (None, None)
    answer, error = call(aws, "slow", {"s": 30})
    assert "timed out after 1 seconds" in answer["errorMessage"]
    assert error == "Unhandled"


def test_an_alias_leads_to_its_version(aws: Emulator) -> None:
    client = aws.client("lambda")
    function(aws, "versioned", "def handler(event, context): return 'old'", Publish=True)
    client.create_alias(FunctionName="versioned", Name="live", FunctionVersion="1")
    client.update_function_code(FunctionName="versioned", ZipFile=archive("def handler(e, c): return 'new'"))
    assert call(aws, "versioned", qualifier="live")[0] == "old"
    assert call(aws, "versioned")[0] == "new"


def test_output_goes_to_the_functions_log_group(aws: Emulator) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/talking")
    function(aws, "talking", "def handler(event, context): print('said', context.function_name)")
    call(aws, "talking")
    (event,) = logs.filter_log_events(logGroupName="/aws/lambda/talking")["events"]
    assert event["message"] == "said talking"


def test_a_function_keeps_its_dead_letter_setting(aws: Emulator) -> None:
    target = f"arn:aws:sqs:eu-west-1:{ACCOUNT_ID}:dead"
    function(aws, "dead-letters", "", DeadLetterConfig={"TargetArn": target})
    known = aws.client("lambda").get_function_configuration(FunctionName="dead-letters")
    assert known["DeadLetterConfig"] == {"TargetArn": target}


def test_a_function_reaches_the_emulator_without_settings(aws: Emulator) -> None:
    source = """
        import boto3
        def handler(event, context):
            return boto3.client('sts').get_caller_identity()['Account']
    """
    function(aws, "caller", source, Timeout=30)
    assert call(aws, "caller") == (ACCOUNT_ID, None)


def test_a_stream_keeps_its_tags(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="tagged", ShardCount=1, Tags={"team": "search"})
    assert kinesis.list_tags_for_stream(StreamName="tagged")["Tags"] == [{"Key": "team", "Value": "search"}]


def test_no_two_records_of_a_stream_have_the_same_number(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="numbered", ShardCount=4)
    records = [{"Data": b"x", "PartitionKey": str(number)} for number in range(100)]
    numbers = [
        each["SequenceNumber"] for each in kinesis.put_records(StreamName="numbered", Records=records)["Records"]
    ]
    assert len(set(numbers)) == len(numbers)
    assert {len(number) for number in numbers} == {56}


def shard_ids(answer: dict[str, Any]) -> list[str]:
    """Shards of a page, by the last digit of their ids."""
    return [shard["ShardId"][-1] for shard in answer["Shards"]]


def test_a_split_shard_keeps_its_records_and_closes(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="split", ShardCount=1)
    kinesis.put_record(StreamName="split", Data=b"before", PartitionKey="a")
    kinesis.update_shard_count(StreamName="split", TargetShardCount=2, ScalingType="UNIFORM_SCALING")
    assert kinesis.put_record(StreamName="split", Data=b"after", PartitionKey="a")["ShardId"] != "shardId-000000000000"
    place = {"ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}
    answer = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(StreamName="split", **place)["ShardIterator"])
    assert [record["Data"] for record in answer["Records"]] == [b"before"]
    assert "NextShardIterator" not in answer


def test_merged_shards_keep_their_records(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="merged", ShardCount=2)
    kinesis.put_records(StreamName="merged", Records=[{"Data": b"x", "PartitionKey": str(n)} for n in range(20)])
    kinesis.update_shard_count(StreamName="merged", TargetShardCount=1, ScalingType="UNIFORM_SCALING")
    arn = f"arn:aws:kinesis:eu-west-1:{ACCOUNT_ID}:stream/merged"
    read = StreamSource(kinesis, arn, None).read()
    assert sorted({record.shard[-1] for record in read}) == ["0", "1"]
    assert len(read) == 20


def test_aggregated_records_are_split(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="aggregated", ShardCount=1)
    ((together, _),) = aggregated([b"one", b"two"], "key")
    entries = [{"Data": data, "PartitionKey": "key"} for data in (b"alone", together)]
    kinesis.put_records(StreamName="aggregated", Records=entries)
    read = StreamSource(kinesis, f"arn:aws:kinesis:eu-west-1:{ACCOUNT_ID}:stream/aggregated", None).read()
    assert [record.data for record in read] == [b"alone", b"one", b"two"]
    assert [record.event()["kinesisRecordMetadata"]["subsequenceNumber"] for record in read] == ["", 0, 1]
    assert len({record.record_id for record in read}) == 3
    assert read[1].sequence == read[2].sequence


def test_a_fault_refuses_every_record_of_a_request(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="busy", ShardCount=1)
    entries = [{"Data": b"x", "PartitionKey": "key"}] * 2
    aws.fail(stream=1)
    assert [kinesis.put_records(StreamName="busy", Records=entries)["FailedRecordCount"] for _ in range(2)] == [2, 0]


def test_the_next_page_of_shards_needs_only_its_token(aws: Emulator) -> None:
    kinesis = aws.client("kinesis")
    kinesis.create_stream(StreamName="paged", ShardCount=3)
    first = kinesis.list_shards(StreamName="paged", MaxResults=2)
    assert (shard_ids(first), shard_ids(kinesis.list_shards(NextToken=first["NextToken"]))) == (["0", "1"], ["2"])
    with pytest.raises(kinesis.exceptions.InvalidArgumentException):
        kinesis.list_shards(StreamName="paged", NextToken=first["NextToken"])


def delivery(name: str, **options: Any) -> dict[str, Any]:
    """A request for a delivery stream to an OpenSearch domain."""
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/delivery"
    return {
        "DeliveryStreamName": name,
        "DeliveryStreamType": "KinesisStreamAsSource",
        "KinesisStreamSourceConfiguration": {
            "KinesisStreamARN": f"arn:aws:kinesis:eu-west-1:{ACCOUNT_ID}:stream/events",
            "RoleARN": role,
        },
        "AmazonopensearchserviceDestinationConfiguration": {
            "RoleARN": role,
            "DomainARN": f"arn:aws:es:eu-west-1:{ACCOUNT_ID}:domain/behaviour",
            "IndexName": "events",
            "S3Configuration": {"RoleARN": role, "BucketARN": "arn:aws:s3:::archive"},
            **options,
        },
    }


def described(aws: Emulator, name: str) -> dict[str, Any]:
    """The destination as DescribeDeliveryStream shows it."""
    answer = aws.client("firehose").describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
    shown: dict[str, Any] = answer["Destinations"][0]["AmazonopensearchserviceDestinationDescription"]
    return shown | {"version": answer["VersionId"]}


def test_a_delivery_stream_shows_the_services_defaults(aws: Emulator) -> None:
    aws.client("firehose").create_delivery_stream(**delivery("defaults"))
    shown = described(aws, "defaults")
    assert shown["IndexRotationPeriod"] == "OneDay"
    assert shown["BufferingHints"] == {"IntervalInSeconds": 300, "SizeInMBs": 5}
    assert shown["S3DestinationDescription"]["CompressionFormat"] == "UNCOMPRESSED"


def test_a_delivery_stream_is_changed_in_place(aws: Emulator) -> None:
    firehose = aws.client("firehose")
    firehose.create_delivery_stream(**delivery("changed"))
    firehose.update_destination(
        DeliveryStreamName="changed",
        CurrentDeliveryStreamVersionId="1",
        DestinationId="destinationId-000000000001",
        AmazonopensearchserviceDestinationUpdate={"IndexName": "other", "S3Update": {"Prefix": "all/"}},
    )
    shown = described(aws, "changed")
    assert (shown["IndexName"], shown["version"]) == ("other", "2")
    assert shown["S3DestinationDescription"]["Prefix"] == "all/"
    assert shown["S3DestinationDescription"]["BucketARN"] == "arn:aws:s3:::archive"


def test_a_duplicate_delivery_stream_name_is_refused(aws: Emulator) -> None:
    firehose = aws.client("firehose")
    firehose.create_delivery_stream(**delivery("once"))
    with pytest.raises(firehose.exceptions.ResourceInUseException):
        firehose.create_delivery_stream(**delivery("once"))


@pytest.mark.parametrize(
    ("version", "target", "known"),
    [
        ("OpenSearch_2.19", "OpenSearch_3.5", True),
        ("OpenSearch_2.17", "OpenSearch_3.5", False),
        ("OpenSearch_2.17", "OpenSearch_2.19", True),
        ("Elasticsearch_7.10", "OpenSearch_1.3", True),
        ("OpenSearch_3.5", "OpenSearch_3.3", False),
    ],
)
def test_a_domain_is_upgraded_as_on_aws(aws: Emulator, version: str, target: str, known: bool) -> None:
    search = aws.client("opensearch")
    name = f"up-{version}-{target}".lower().translate(str.maketrans("_.", "--"))[:28].rstrip("-")
    search.create_domain(DomainName=name, EngineVersion=version)
    (found,) = search.get_compatible_versions(DomainName=name)["CompatibleVersions"]
    assert found["SourceVersion"] == version
    assert (target in found["TargetVersions"]) is known
    search.delete_domain(DomainName=name)


def test_every_version_has_its_upgrades(aws: Emulator) -> None:
    found = aws.client("opensearch").get_compatible_versions()["CompatibleVersions"]
    assert {each["SourceVersion"] for each in found} == set(map(str, VERSIONS))


def test_a_domain_shows_every_option_and_no_master_user(aws: Emulator) -> None:
    search = aws.client("opensearch")
    given = {
        "IPAddressType": "dualstack",
        "OffPeakWindowOptions": {"Enabled": True, "OffPeakWindow": {"WindowStartTime": {"Hours": 3, "Minutes": 30}}},
        "AdvancedSecurityOptions": {"Enabled": True, "MasterUserOptions": {"MasterUserARN": "arn:aws:iam::1:role/m"}},
    }
    search.create_domain(DomainName="options", EngineVersion="OpenSearch_3.1", **given)
    shown = search.describe_domain(DomainName="options")["DomainStatus"]
    assert shown["IPAddressType"] == "dualstack"
    assert shown["OffPeakWindowOptions"] == given["OffPeakWindowOptions"]
    assert "MasterUserOptions" not in shown["AdvancedSecurityOptions"]


def test_a_domain_without_an_engine_answers_signed_requests_with_an_error(aws: Emulator) -> None:
    search = aws.client("opensearch")
    search.create_domain(DomainName="closed", EngineVersion="OpenSearch_3.1")
    endpoint = search.describe_domain(DomainName="closed")["DomainStatus"]["Endpoint"]
    context = ssl.create_default_context(cafile=str(aws.trusted))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"https://{endpoint}/", context=context)
    assert aws.requests()["closed"] == [{"method": "GET", "path": "/", "status": 403}]


def test_a_deleted_domain_has_no_endpoint(aws: Emulator) -> None:
    search = aws.client("opensearch")
    search.create_domain(DomainName="gone", EngineVersion="OpenSearch_3.1")
    endpoint = search.describe_domain(DomainName="gone")["DomainStatus"]["Endpoint"]
    search.delete_domain(DomainName="gone")
    with pytest.raises(search.exceptions.ResourceNotFoundException):
        search.describe_domain(DomainName="gone")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"https://{endpoint}/", timeout=5)


def test_a_rule_between_groups_keeps_its_description(aws: Emulator) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    groups = [ec2.create_security_group(GroupName=n, Description=n, VpcId=vpc)["GroupId"] for n in ("from", "to")]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "UserIdGroupPairs": [{"GroupId": groups[0], "Description": "HTTPS"}],
    }
    ec2.authorize_security_group_ingress(GroupId=groups[1], IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [groups[1]]}])
    assert [rule["Description"] for rule in rules["SecurityGroupRules"] if not rule["IsEgress"]] == ["HTTPS"]


@pytest.mark.parametrize(("size", "error"), [(6_291_554, None), (6_291_555, "Unhandled")])
def test_an_answer_may_be_as_large_as_lambda_allows(aws: Emulator, size: int, error: str | None) -> None:
    function(aws, f"answers-{size}", "def handler(event, context): return 'x' * event['n']")  # and two quotes
    assert call(aws, f"answers-{size}", {"n": size})[1] == error


def test_a_request_larger_than_lambda_allows_is_refused(aws: Emulator) -> None:
    function(aws, "takes", "def handler(event, context): return None")
    with pytest.raises(aws.client("lambda").exceptions.RequestTooLargeException):
        call(aws, "takes", "x" * 6_291_555)


def test_a_bucket_that_refuses_plain_http_accepts_objects(aws: Emulator) -> None:
    s3 = aws.client("s3", "us-east-1")
    s3.create_bucket(Bucket="encrypted-only")
    statement = {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::encrypted-only/*",
        "Principal": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(
        Bucket="encrypted-only", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    s3.put_object(Bucket="encrypted-only", Key="a", Body=b"a")
    assert s3.get_object(Bucket="encrypted-only", Key="a")["Body"].read() == b"a"


def test_a_topic_shows_its_signature_version(aws: Emulator) -> None:
    sns = aws.client("sns")
    topic = sns.create_topic(Name="signed", Attributes={"SignatureVersion": "2"})["TopicArn"]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SignatureVersion"] == "2"


def test_an_assumed_roles_keys_are_accepted(aws: Emulator) -> None:
    aws.client("opensearch").create_domain(DomainName="assumed", EngineVersion="OpenSearch_3.1")
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/delivery"
    settings = DeliverySettings.from_description(
        {
            "DeliveryStreamName": "assumed",
            "DeliveryStreamARN": f"arn:aws:firehose:eu-west-1:{ACCOUNT_ID}:deliverystream/assumed",
            "VersionId": "1",
            "Source": {"KinesisStreamSourceDescription": {"KinesisStreamARN": "stream", "RoleARN": role}},
            "Destinations": [
                {
                    "AmazonopensearchserviceDestinationDescription": {
                        "RoleARN": role,
                        "DomainARN": f"arn:aws:es:eu-west-1:{ACCOUNT_ID}:domain/assumed",
                        "IndexName": "events",
                        "IndexRotationPeriod": "OneDay",
                        "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 60},
                        "RetryOptions": {"DurationInSeconds": 60},
                        "S3BackupMode": "FailedDocumentsOnly",
                        "S3DestinationDescription": {
                            "BucketARN": "arn:aws:s3:::archive",
                            "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
                        },
                    }
                }
            ],
        }
    )
    status, _ = front_door(aws, settings, aws.trusted).request("GET", "/_cluster/health?level=indices")
    assert status == 503  # through the door, and no engine behind it
    assert aws.requests()["assumed"][0]["principal"] == role
