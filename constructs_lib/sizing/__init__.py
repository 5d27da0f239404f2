"""Capacity planning: from traffic to capacity, and a simulation that tests it.

`demand` is the traffic, `shape` the capacity of a file or a plan, `formulae` has every formula with its source, `hops`
compares demand and shape, `proposal` computes the shape that fits, `simulation` a day of it. These use numbers only;
`deployment` reads them from an environment file and writes the block to paste.
"""
