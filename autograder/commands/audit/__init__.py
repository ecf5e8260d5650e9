"""Measure how often the checks fail a right answer, and how often they catch a wrong one, over fresh seeds.

Right answers are the reference and the scripts of right students. A check fails only if two comparisons fail, so its
false-fail rate is the square of the rate counted here; the square is too small to count. Right answers without draws
are tried in float32 and in float64.
"""
