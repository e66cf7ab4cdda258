"""Documents that people print and tables that people download, one look and one footer for all services."""
