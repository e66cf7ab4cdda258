"""What the service counts: placements of learners, their statistics, statuses of applications, lessons."""
