"""What leaves the kit: pages for people, spreadsheets, packages for other systems."""
