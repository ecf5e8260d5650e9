"""From a submission to its verdict: run the notebook, judge its outcomes, name the mistakes."""
