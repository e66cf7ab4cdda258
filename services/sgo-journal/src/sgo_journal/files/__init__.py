"""Files of homework, hand-ins and courses: taken in, attached to what they belong to, read by whoever reads that."""
