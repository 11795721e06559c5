"""Labelled data: guidelines, our own gold, loaders, encoding and splits."""
