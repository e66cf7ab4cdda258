"""Registry of organizations, students, guardians; movement."""
