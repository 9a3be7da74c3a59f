"""The pure core: values and rules.  Never reads a clock, disk, network or log."""
