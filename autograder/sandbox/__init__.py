"""The trusted side of a student's process: what it may see, what it is sent, what of its replies is believed."""
