"""Stand-ins for AWS on one machine: emulated services, a real search engine behind a signed door, the delivery loop.

``make rehearse`` sends real input through the whole data path, ``make apply-test`` applies the environments with real
Terraform. Nothing here is deployed and nothing here talks to AWS: every address is a loopback one.
"""
