"""Capacity planning: from traffic to capacity, and a simulation that tests it.

`demand` is the traffic, `shape` the capacity of a file or a plan, `formulae` has every formula with its source, `hops`
compares demand and shape, `one_deployment` computes the shape that fits one deployment, `proposal` the number of
deployments and the headroom for growth, `simulation` a day of it. These use numbers only; `deployment` reads them from
an environment file and writes the block to paste.
"""
