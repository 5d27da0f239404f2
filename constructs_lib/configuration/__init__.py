"""What an environment file may say: the provider's own argument names and nesting, plus what is ours."""

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.loading import load_environment
from constructs_lib.configuration.problems import ConfigurationError, Problem

__all__ = ["ConfigurationError", "Environment", "Problem", "load_environment"]
