"""Courses and materials: sections with texts, links, files and tasks, published to classes, gone through by students."""
