"""Regional figures for public bodies: what is counted, what may be told of it, and what has been published."""
