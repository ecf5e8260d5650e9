"""Hostile inputs for the two readers that meet what students control, as many as are asked for."""
