"""Results of state exams and all-Russian checks: how many got which mark, by organization, subject and grade; nobody named."""
