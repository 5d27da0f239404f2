"""What an environment file may say: the provider's own argument names and nesting, plus what is ours."""

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.errors import ConfigurationError, Problem
from constructs_lib.configuration.load import load_environment

__all__ = ["ConfigurationError", "Environment", "Problem", "load_environment"]
