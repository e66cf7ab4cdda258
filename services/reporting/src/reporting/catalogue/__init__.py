"""The catalogue of all reports of all services: ``reports.json`` is made from their code by ``make generate``."""
