"""Long tables in and out of Python: as arrays, as small frames, without an object a value."""
