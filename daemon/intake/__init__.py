"""From the bytes of a mail to what a quality clerk would read in it.  No I/O."""
