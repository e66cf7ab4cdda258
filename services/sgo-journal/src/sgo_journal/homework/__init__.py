"""Homework: given at a lesson, handed in by students, answered by the teacher."""
