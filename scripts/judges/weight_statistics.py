"""NumPy's word on the numbers of a weight.

Usage: weight_statistics.py VALUES.f32 BINS; prints {"min", "max", "mean", "std", "zeros", "from", "to", "counts"}.
"""
import json
import sys

import numpy as np

values = np.fromfile(sys.argv[1], dtype=np.float32)
finite = values[np.isfinite(values)]
counts, edges = np.histogram(finite.astype(np.float64), bins=int(sys.argv[2]))
json.dump(
    {
        "min": float(finite.min()),
        "max": float(finite.max()),
        "mean": float(finite.mean(dtype=np.float64)),
        "std": float(finite.std(dtype=np.float64)),
        "zeros": int((finite == 0).sum()),
        "from": float(edges[0]),
        "to": float(edges[-1]),
        "counts": counts.tolist(),
    },
    sys.stdout,
)
