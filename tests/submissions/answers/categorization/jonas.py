# %% cut-off
