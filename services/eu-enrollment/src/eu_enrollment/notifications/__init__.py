"""Notifications: what a family is told of each step of its application, and by whom it has been told."""
