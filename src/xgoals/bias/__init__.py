"""Bias of labels and of predictions between a group and all others: the metrics that SageMaker Clarify reports.

Pure functions over arrays; what the facets of football are, and how sure a difference is, is `xgoals.analysis`'.
"""
