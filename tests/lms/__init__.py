"""Invented classes in the forms of learning management systems: their downloads and their lists."""
