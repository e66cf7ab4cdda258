"""Monitoring of the quality of education: indicators by declarations, their history, similar organizations, alerts."""
