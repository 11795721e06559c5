"""Recipes, the training loop and the tracking of runs."""
