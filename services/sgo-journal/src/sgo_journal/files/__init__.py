"""Files of homework, hand-ins, courses and statements: taken in, attached to what they belong to, read by whoever reads that."""
