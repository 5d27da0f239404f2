"""From the command line to written Terraform JSON, in about a second: `cli` reads the environments and writes the
stacks, `startup` and `exit` begin and end the process, `node`, `jsii_kernel` and `bindings_cache` load the framework.
"""
