"""What ends, suspends or restores an application: a refusal on a ground of the law, freezing, an unconfirmed need, the end of its term."""
