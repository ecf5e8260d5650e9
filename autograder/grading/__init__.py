"""From a submission to its verdict: run it, judge what came back, name the mistakes."""
