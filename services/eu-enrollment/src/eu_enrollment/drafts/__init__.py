"""Drafts of applications: filled in, judged and made ready before the campaign opens, so that sending is one short act."""
