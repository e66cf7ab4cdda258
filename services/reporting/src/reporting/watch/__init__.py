"""Whether reporting keeps up: how far behind it hears of events, which it has not heard of for long, what is named and was never told."""
