"""Controls of a form (ФЛК): the language of Rosstat's electronic templates, read, printed and judged.

``{[section][rows][columns]}`` names cells: codes are a list with ranges, ``1,4-7``, or ``*``. A fourth to sixth bracket names
the keys of rows that are repeated by them (специфика). ``{{[section][rows][columns]}}`` names the same cells of the previous
period's report. ``sum`` of cells or of an expression, ``abs``, ``coalesce``, ``floor``, ``isnull``, ``nullif``, ``round``;
``+ - * /``; ``< <= = >= > <>``; ``and``, ``or``. Source: Rosstat order of 28.10.2010 № 372, whose text we know in retelling
only: where it leaves a choice, the choice is said in ``evaluation`` and ``parser``.
"""
