"""Stand-ins for AWS on one machine: emulated services, a real search engine behind a signed endpoint, the delivery
loop.

``make rehearse`` sends real input through the whole data path, ``make apply-test`` applies the environments with real
Terraform. Nothing here is deployed or connects to AWS: every address is a loopback one.
"""
