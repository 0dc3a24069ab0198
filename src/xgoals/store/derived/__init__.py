"""What is derived from the stored rows, and from which state of them."""
