"""scikit-learn's word on metrics: {probabilities: [[...]], labels: [...]} to accuracy, per class, confusion, loss."""
import json
import sys

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss, precision_recall_fscore_support
from sklearn.utils.class_weight import compute_class_weight

with open(sys.argv[1]) as file:
    case = json.load(file)
probabilities = np.array(case["probabilities"])
labels = np.array(case["labels"])
names = np.arange(probabilities.shape[1])
predicted = probabilities.argmax(1)
precision, recall, f1, support = precision_recall_fscore_support(labels, predicted, labels=names, zero_division=0)
json.dump(
    {
        "accuracy": accuracy_score(labels, predicted),
        "loss": log_loss(labels, probabilities, labels=names),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "confusion": confusion_matrix(labels, predicted, labels=names).tolist(),
        "balanced": compute_class_weight("balanced", classes=np.unique(labels), y=labels).tolist(),
    },
    sys.stdout,
)
