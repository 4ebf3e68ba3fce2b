"""Measurements, as ratios taken within one run on this machine. They are looked at, not tested."""
