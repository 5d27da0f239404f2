"""Commands of ``python -m constructs_lib``.

Each module is one command: its docstring's first line is the help text, ``configure(parser)`` adds arguments,
``run(arguments)`` does the work and returns the exit code.
"""
