"""The formats' own loaders: reads a .npy with NumPy and a .safetensors with safetensors; prints what is in them."""
import json
import sys

import numpy as np
from safetensors import safe_open

array = np.load(sys.argv[1])
with safe_open(sys.argv[2], "np") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    metadata = file.metadata()
json.dump(
    {
        "npy": {"dtype": str(array.dtype), "shape": array.shape, "values": array.ravel().tolist()},
        "metadata": metadata,
        "tensors": {name: {"shape": t.shape, "values": t.ravel().tolist()} for name, t in tensors.items()},
    },
    sys.stdout,
)
