"""Exchange with Rosstat's format: electronic templates of forms and files of reports (order of 28.10.2010 № 372).

The order was read in retelling; attributes are those of templates Rosstat and its bodies published in 2022–2025 (format-version
1.3), each named where it is written. What was found nowhere is said to be assumed.
"""
