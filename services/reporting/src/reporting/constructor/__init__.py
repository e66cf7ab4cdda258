"""The report constructor: tables, pivots and charts that a user puts together over facts, saved, exported, published."""
