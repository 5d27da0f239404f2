"""From traffic to capacity, and the simulation that holds capacity against its promises.

`demand` is what comes, `shape` what a file or a plan provides, `formulae` every formula with its source, `hops` the
two held against each other, `proposal` the shape that would be right, `simulation` a day of it. These know numbers
only; `deployment` reads them from an environment file and writes the block to paste.
"""
