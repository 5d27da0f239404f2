"""Environment files in, Terraform JSON out: ``python main.py [ENVIRONMENT ...]``."""

from constructs_lib.synth import synthesize

if __name__ == "__main__":
    synthesize(__file__)
