"""Handing a form in: checked and approved by the unit, taken or returned above, consolidated level by level."""
