"""sgo-core: the registry of organizations, students and guardians, and the movement of students."""
