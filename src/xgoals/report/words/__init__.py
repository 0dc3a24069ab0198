"""Shots in words, each sentence a rule on what is known of them."""
