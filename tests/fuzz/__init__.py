"""The coverage-guided fuzzer (`make fuzz`)."""
