"""The demonstration: made-up councils with a year of history, told through the register's own acts."""

from registry.demo.story import load

__all__ = ["load"]
