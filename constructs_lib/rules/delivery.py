"""What AWS accepts of an ``aws_kinesis_firehose_delivery_stream`` that delivers to a search domain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from constructs_lib import limits
from constructs_lib.limits import sources
from constructs_lib.limits.arns import FUNCTION
from constructs_lib.limits.quotas import LAMBDA_BUFFER_DEFAULTS, LAMBDA_BUFFER_SAFE_MIB
from constructs_lib.rules.arns import complaint, context_of
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem, Rulebook, did_you_mean

BOOK = Rulebook(limits.DELIVERY)
check = BOOK.check

_ERROR_TYPE = "!{firehose:error-output-type}"
_EXPRESSION = re.compile(r"!\{([^{}]*)\}")
_FIREHOSE_VALUES = ("error-output-type", "random-string")
_FORBIDDEN_IN_INDEX = re.compile(r'[A-Z\\/*?"<>|\s,#:]')


def literal_prefix(prefix: str) -> str:
    """The fixed beginning of every key under a prefix, up to its first expression."""
    return prefix.partition("!{")[0]


def destinations(delivery: Arguments) -> Iterator[str]:
    """The blocks that describe a search domain as destination; a delivery stream has one of them."""
    for block in limits.DESTINATIONS:
        if delivery.present(block):
            yield block


@BOOK.error(sources.DELIVERY_PROVIDER)
def destination_is_described(delivery: Arguments) -> Iterator[Problem]:
    """The destination `opensearch` needs `opensearch_configuration`, `elasticsearch` needs its own block."""
    destination = delivery.text("destination")
    if destination in ("opensearch", "elasticsearch"):
        block = f"{destination}_configuration"
        if delivery.present(block) is False:
            yield Problem(block, f"is required by the destination {destination}", None, "")


@BOOK.error(sources.FIREHOSE_MODEL)
def destination_is_one_domain(delivery: Arguments) -> Iterator[Problem]:
    """The domain is named by `domain_arn` or by `cluster_endpoint`, not by both."""
    for block in destinations(delivery):
        arn, endpoint = (delivery.present(f"{block}.{key}") for key in ("domain_arn", "cluster_endpoint"))
        if arn and endpoint:
            given = delivery.get(f"{block}.cluster_endpoint")
            message = "cannot be combined with domain_arn"
            yield Problem(f"{block}.cluster_endpoint", message, given, "one of the two")
        if arn is False and endpoint is False:
            yield Problem(f"{block}.domain_arn", "is required", None, "a domain's ARN, or a cluster_endpoint instead")


@BOOK.error(sources.DELIVERY_PROVIDER)
def source_is_one(delivery: Arguments) -> Iterator[Problem]:
    """A delivery stream reads from one Kinesis stream or one MSK topic."""
    if delivery.present("kinesis_source_configuration") and delivery.present("msk_source_configuration"):
        yield Problem("msk_source_configuration", "cannot be combined with a Kinesis source", None, "one source")


@BOOK.error(sources.DELIVERY_PROVIDER)
def source_has_its_own_encryption(delivery: Arguments) -> Iterator[Problem]:
    """With a Kinesis source, set encryption on the stream; AWS refuses it on the delivery stream."""
    path = "server_side_encryption"
    if delivery.present("kinesis_source_configuration") and delivery.present(path):
        given = delivery.get(f"{path}.enabled")
        yield Problem(path, "is not possible with a Kinesis source", given, "encryption_type KMS on the stream")


@BOOK.error(sources.FIREHOSE_MODEL)
def customer_key_is_named(delivery: Arguments) -> Iterator[Problem]:
    """Encryption with a customer-managed key needs the key's ARN."""
    encryption = delivery.at("server_side_encryption")
    if (
        encryption.text("key_type") == "CUSTOMER_MANAGED_CMK"
        and encryption.flag("enabled")
        and encryption.present("key_arn") is False
    ):
        path = "server_side_encryption.key_arn"
        yield Problem(path, "is required by key_type CUSTOMER_MANAGED_CMK", None, "the ARN of a KMS key")


@BOOK.error(sources.INDEX_NAMES)
def index_name_is_possible(delivery: Arguments) -> Iterator[Problem]:
    """An index name is lower-case, has no space and none of \\ / * ? " < > | , # : and does not begin with - _ +."""
    for block in destinations(delivery):
        name = delivery.text(f"{block}.index_name")
        if name and (_FORBIDDEN_IN_INDEX.search(name) or name[0] in "-_+" or name in (".", "..")):
            allowed = "lower-case letters, digits, and - _ . after the first character"
            yield Problem(f"{block}.index_name", "is not a possible index name", name, allowed)


@BOOK.warning(sources.DELIVERY_PROVIDER)
def type_name_is_empty(delivery: Arguments) -> Iterator[Problem]:
    """Document types ended with Elasticsearch 7; later domains refuse a type name."""
    for block in destinations(delivery):
        given = delivery.text(f"{block}.type_name")
        if given:
            yield Problem(f"{block}.type_name", "is for Elasticsearch 6 and earlier", given, "no type_name")


@BOOK.error(sources.FIREHOSE_MODEL)
def logging_names_its_stream(delivery: Arguments) -> Iterator[Problem]:
    """Enabled CloudWatch logging needs a log group and a log stream."""
    for block in destinations(delivery):
        for options in (f"{block}.cloudwatch_logging_options", f"{block}.s3_configuration.cloudwatch_logging_options"):
            if not delivery.flag(f"{options}.enabled"):
                continue
            for key in ("log_group_name", "log_stream_name"):
                if delivery.present(f"{options}.{key}") is False:
                    yield Problem(f"{options}.{key}", "is required while logging is enabled", None, "a name")


@BOOK.error(sources.FIREHOSE_PREFIXES)
def prefixes_have_the_error_type(delivery: Arguments) -> Iterator[Problem]:
    """A prefix with expressions needs an `error_output_prefix`, which contains the error type."""
    for block in destinations(delivery):
        prefix_path, error_path = (f"{block}.s3_configuration.{key}" for key in ("prefix", "error_output_prefix"))
        prefix, error = delivery.text(prefix_path, ""), delivery.text(error_path, "")
        if prefix is not None and "!{firehose:error-output-type}" in prefix:
            yield Problem(prefix_path, "contains the error type", prefix, f"{_ERROR_TYPE} in error_output_prefix only")
        if prefix is not None and "!{" in prefix and error == "":
            yield Problem(error_path, "is required by a prefix with expressions", None, f"a prefix with {_ERROR_TYPE}")
        if error is not None and "!{" in error and _ERROR_TYPE not in error:
            yield Problem(error_path, "has expressions, but not the error type", error, f"a prefix with {_ERROR_TYPE}")


@BOOK.error(sources.FIREHOSE_PREFIXES)
def prefixes_have_known_expressions(delivery: Arguments) -> Iterator[Problem]:
    """Expressions of a prefix are `!{timestamp:...}`, `!{firehose:random-string}` and the error type, nothing else."""
    for block in destinations(delivery):
        for key in ("prefix", "error_output_prefix"):
            path = f"{block}.s3_configuration.{key}"
            said = _wrong_expression(delivery.text(path) or "")
            if said is not None:
                allowed = f"!{{timestamp:yyyy/MM/dd}}, !{{firehose:random-string}}, {_ERROR_TYPE}"
                yield Problem(path, said, delivery.text(path), allowed)


def _wrong_expression(prefix: str) -> str | None:
    """What is wrong with the expressions of a prefix; None if nothing is."""
    if "!{" in _EXPRESSION.sub("", prefix):
        return "has an expression that is not closed with }"
    said = (_wrong_in(expression) for expression in _EXPRESSION.findall(prefix))
    return next((text for text in said if text is not None), None)


def _wrong_in(expression: str) -> str | None:
    namespace, colon, value = expression.partition(":")
    shown = f"!{{{expression}}}"
    if namespace in ("partitionKeyFromQuery", "partitionKeyFromLambda"):
        return "uses dynamic partitioning, which a search destination does not have"
    if namespace not in ("firehose", "timestamp"):
        return f"has the unknown expression {shown}{did_you_mean(namespace, ('firehose', 'timestamp'))}"
    if not colon:
        return f"has an expression without a colon, {shown}"
    if namespace == "firehose" and value not in _FIREHOSE_VALUES:
        return f"has the unknown expression {shown}{did_you_mean(value, _FIREHOSE_VALUES)}"
    if namespace == "timestamp" and not _is_date_format(value):
        return f"has a wrong date format, {shown}"
    return None


def _is_date_format(text: str) -> bool:
    """Whether Java's DateTimeFormatter takes a text: letters of it, other signs, and literals in single quotes."""
    letters = re.sub(r"'[^']*'", "", text)
    return bool(text) and "'" not in letters and not re.search(r"[^GuyDMLdQqYwWEecFaBhKkHmsSAnNVvzOXxZp\W\d_]", letters)


def _parameters(delivery: Arguments) -> Iterator[tuple[str, str, str]]:
    """Path of the value, name, and value of each known parameter of the Lambda processors."""
    for block in destinations(delivery):
        for index, _ in enumerate(delivery.items(f"{block}.processing_configuration.processors") or []):
            processor = f"{block}.processing_configuration.processors[{index}]"
            if delivery.text(f"{processor}.type") != "Lambda":
                continue
            for number, _ in enumerate(delivery.items(f"{processor}.parameters") or []):
                parameter = f"{processor}.parameters[{number}]"
                name = delivery.text(f"{parameter}.parameter_name")
                value = delivery.text(f"{parameter}.parameter_value")
                if name and value:
                    yield f"{parameter}.parameter_value", name, value


@BOOK.error(sources.FIREHOSE_LAMBDA)
def processor_parameters_are_in_range(delivery: Arguments) -> Iterator[Problem]:
    """A Lambda processor buffers 0.2 to 3 MiB or up to 900 seconds, and retries up to 300 times."""
    for path, name, value in _parameters(delivery):
        limit = limits.PROCESSOR_PARAMETERS.get(name)
        number = _number(value)
        if limit is not None and "${" not in value and (number is None or not limit.accepts(number)):
            yield Problem(path, f"is out of range for {name}", value, str(limit))


@BOOK.error(sources.FIREHOSE_LAMBDA)
def lambda_processor_names_its_function(delivery: Arguments) -> Iterator[Problem]:
    """A Lambda processor needs the ARN of its function."""
    for block in destinations(delivery):
        for index, _ in enumerate(delivery.items(f"{block}.processing_configuration.processors") or []):
            processor = f"{block}.processing_configuration.processors[{index}]"
            parameters = delivery.items(f"{processor}.parameters")
            if delivery.text(f"{processor}.type") != "Lambda" or parameters is None:
                continue
            names = [delivery.get(f"{processor}.parameters[{n}].parameter_name") for n, _ in enumerate(parameters)]
            # A parameter name that is known only after an apply may be LambdaArn.
            if "LambdaArn" not in names and all(isinstance(name, str) for name in names):
                path = f"{processor}.parameters"
                yield Problem(
                    path, "has no LambdaArn parameter", ", ".join(names) or None, "a LambdaArn with the function's ARN"
                )


@BOOK.error(sources.FIREHOSE_LAMBDA)
def lambda_arn_is_a_function(delivery: Arguments) -> Iterator[Problem]:
    """`LambdaArn` is the ARN of a function, in the delivery stream's region."""
    context = context_of(delivery)
    for path, name, value in _parameters(delivery):
        said = complaint(value, FUNCTION, context) if name == "LambdaArn" and "${" not in value else None
        if said is not None:
            yield Problem(path, said[0], value, said[1])


@BOOK.error(sources.FIREHOSE_PARTITIONING)
def metadata_is_not_extracted(delivery: Arguments) -> Iterator[Problem]:
    """`MetadataExtraction` is for dynamic partitioning, which a search destination does not have."""
    for block in destinations(delivery):
        for path, kind in delivery.each(f"{block}.processing_configuration.processors[].type"):
            if kind == "MetadataExtraction":
                message = "is for dynamic partitioning, which a search destination does not have"
                yield Problem(path, message, kind, "another processor")


@BOOK.warning(sources.DELIVERY_PROVIDER)
def processor_defaults_are_left_out(delivery: Arguments) -> Iterator[Problem]:
    """A parameter equal to Firehose's default shows as a change in every plan."""
    for path, name, value in _parameters(delivery):
        if name in LAMBDA_BUFFER_DEFAULTS and _number(value) == LAMBDA_BUFFER_DEFAULTS[name]:
            yield Problem(path, f"is the default of {name}, so every plan shows a change", value, "no such parameter")


@BOOK.warning(sources.FIREHOSE_LAMBDA)
def lambda_batch_fits_its_answer(delivery: Arguments) -> Iterator[Problem]:
    """Lambda limits request and response to 6 MiB; after base64 and enrichment, more than 1 MiB may exceed that."""
    for path, name, value in _parameters(delivery):
        number = _number(value)
        most = limits.PROCESSOR_PARAMETERS["BufferSizeInMBs"].maximum or 0
        if name == "BufferSizeInMBs" and number is not None and LAMBDA_BUFFER_SAFE_MIB < number <= most:
            allowed = f"{LAMBDA_BUFFER_SAFE_MIB:g} MiB or less, unless the function limits its response"
            yield Problem(path, "may make a response larger than 6 MiB, which fails", value, allowed)


@BOOK.warning(sources.DELIVERY_PROVIDER)
def function_carries_its_version(delivery: Arguments) -> Iterator[Problem]:
    """The function's ARN ends with a version or an alias."""
    for path, name, value in _parameters(delivery):
        if name == "LambdaArn" and re.fullmatch(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+", value):
            yield Problem(
                path,
                "has no version or alias, so new function code takes effect at once",
                value,
                "the ARN with a version or an alias",
            )


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*", text) else None
