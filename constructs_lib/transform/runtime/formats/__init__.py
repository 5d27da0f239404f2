"""The formats that producers send, one module a format; `draft` says what a format hands to the writer."""

# The order says who is asked first: the last.
from . import access_log, application_log, segment, ubi
from .draft import Draft, recognise

__all__ = ["Draft", "access_log", "application_log", "recognise", "segment", "ubi"]
