"""Invented classes in the forms of learning management systems: downloads and class lists."""
