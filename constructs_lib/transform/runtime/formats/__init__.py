"""The formats that producers send, one module a format; ``catalogue`` lists them, ``draft`` says what a format hands to
the writer.
"""
