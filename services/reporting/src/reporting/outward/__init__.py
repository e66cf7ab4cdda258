"""The registry of outward exchanges (regulation 3.2): which bytes left, to whom, when, by whom, and whether they can be made again."""
