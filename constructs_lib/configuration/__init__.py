"""The keys of an environment file: the provider's own argument names and nesting, and this project's own keys."""

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.load import load_environment

__all__ = ["ConfigurationError", "Environment", "Problem", "load_environment"]
