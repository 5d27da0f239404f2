"""What an environment file may say: the provider's own argument names and nesting, plus what is ours."""
