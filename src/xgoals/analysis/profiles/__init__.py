"""What a model would say, were one thing about shots different: curves of all shots, of single ones, of any group."""
