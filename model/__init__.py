"""The network, its calibration and its export to a bundle."""
