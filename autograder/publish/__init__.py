"""What people are given: pages, spreadsheets, packages for other systems."""
