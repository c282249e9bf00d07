"""NumPy's word on how far layers went in an epoch, from a run's checkpoints.

Usage: layer_changes.py START BEFORE NOW (safetensors); prints {LAYER: {"norm": x, "change": x, "drift": x}}.
"""
import json
import sys

import numpy as np
from safetensors.numpy import load_file

start, before, now = (load_file(name) for name in sys.argv[1:])
layers = {}
for key in now:
    layer, weight = key.rsplit("/", 1)
    if not key.startswith("adam.") and not weight.startswith("moving_"):
        layers.setdefault(layer, []).append(key)


def norm(keys, other=None):
    parts = [now[key].astype(np.float64) - (0 if other is None else other[key]) for key in keys]
    return float(np.linalg.norm(np.concatenate([part.ravel() for part in parts])))


json.dump(
    {
        layer: {"norm": norm(keys), "change": norm(keys, before), "drift": norm(keys, start)}
        for layer, keys in layers.items()
    },
    sys.stdout,
)
