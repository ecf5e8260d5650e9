"""What the kit publishes: pages for people, spreadsheets, packages for other systems."""
