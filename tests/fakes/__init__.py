"""Fakes of the seams, tested like the product."""
