"""What a regional portal follows its applications by: statuses of many at once, and a feed of changes."""
