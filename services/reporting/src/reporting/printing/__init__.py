"""Documents of this service as PDF: the templates beside this file, a name each."""

from importlib.resources import files

from reportkit.pdf import Printer

PRINTER = Printer(files("reporting.printing"), memory=512)
PDF = "application/pdf"
