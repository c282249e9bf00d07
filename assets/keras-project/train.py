"""Repeats this training with Keras, on one device, several GPUs, or several machines.

    python train.py --data FOLDER                        one device
    python train.py --data FOLDER --strategy mirrored    all GPUs of this machine
    python train.py --data FOLDER --strategy workers     several machines; each has TF_CONFIG set, see README.md

Everything that decides the result is in config.json (settings), split.json (images) and start.keras (weights).
"""
import argparse
import importlib.util
import json
import os
import tempfile

# The files are read by Keras 2 and 3. The distribution strategies are Keras 2's, which TensorFlow from 2.16 on has in the
# package tf-keras.
if importlib.util.find_spec("tf_keras"):
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")

import tensorflow as tf

from data import CONFIG, HERE, batches

keras = tf.keras


class KeepBest(keras.callbacks.Callback):
    """Keeps the weights of the best epoch, by validation accuracy and then loss; ends a phase without progress."""

    def __init__(self, patience):
        super().__init__()
        self.patience = patience
        self.score = None
        self.weights = None

    def on_train_begin(self, logs=None):
        self.waited, self.accuracy, self.loss = 0, float("-inf"), float("inf")

    def on_epoch_end(self, epoch, logs):
        accuracy, loss = logs["val_accuracy"], logs["val_loss"]
        if self.score is None or (accuracy, -loss) > self.score:
            self.score, self.weights = (accuracy, -loss), self.model.get_weights()
        better = accuracy > self.accuracy or loss < self.loss
        self.waited = 0 if better else self.waited + 1
        self.accuracy, self.loss = max(accuracy, self.accuracy), min(loss, self.loss)
        if 0 < self.patience <= self.waited:
            self.model.stop_training = True


def learning_rate(phase, steps):
    """Constant, or falling to 0 along half a cosine."""
    if CONFIG["schedule"] == "cosine":
        return keras.optimizers.schedules.CosineDecay(phase["learningRate"], phase["epochs"] * steps)
    return phase["learningRate"]


def optimizer(rate):
    clip = {"global_clipnorm": CONFIG["clipNorm"]} if CONFIG["clipNorm"] else {}
    if CONFIG["optimizer"] == "sgd":
        return keras.optimizers.SGD(rate, momentum=CONFIG["momentum"], **clip)
    if CONFIG["optimizer"] == "adamw":
        made = keras.optimizers.AdamW(rate, weight_decay=CONFIG["weightDecay"], **clip)
        made.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        return made
    return keras.optimizers.Adam(rate, **clip)


def loss():
    if CONFIG["labelSmoothing"]:
        smooth, count = CONFIG["labelSmoothing"], len(CONFIG["classes"])
        entropy = keras.losses.CategoricalCrossentropy(label_smoothing=smooth)
        return lambda labels, values: entropy(tf.one_hot(tf.cast(tf.reshape(labels, [-1]), tf.int32), count), values)
    return "sparse_categorical_crossentropy"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="the dataset's folder (unpack a zip first)")
    parser.add_argument("--validation-data", help="where the validation images lie, if elsewhere")
    parser.add_argument("--strategy", choices=["single", "mirrored", "workers"], default="single")
    parser.add_argument("--out", default=str(HERE / "result.keras"))
    parser.add_argument("--history", help="write losses and accuracies to this JSON file")
    options = parser.parse_args()

    tf.keras.utils.set_random_seed(CONFIG["seed"])
    strategy = {
        "single": tf.distribute.get_strategy,
        "mirrored": tf.distribute.MirroredStrategy,
        "workers": tf.distribute.MultiWorkerMirroredStrategy,
    }[options.strategy]()
    cluster = json.loads(os.environ.get("TF_CONFIG", "{}")) if options.strategy == "workers" else {}
    worker, workers = 0, 1
    if cluster:
        worker, workers = cluster["task"]["index"], len(cluster["cluster"]["worker"])

    def data(side, folder):
        # Epochs are counted in steps, so that the data must not end; every strategy then sees the same order.
        make = lambda _: batches(folder, side, CONFIG["batchSize"], worker, workers).repeat()
        if options.strategy == "workers":
            return strategy.distribute_datasets_from_function(make)
        return strategy.experimental_distribute_dataset(make(None))

    train = data("train", options.data)
    validation = data("validation", options.validation_data or options.data)
    steps = -(-CONFIG["images"]["train"] // CONFIG["batchSize"])
    validation_steps = -(-CONFIG["images"]["validation"] // CONFIG["batchSize"])

    with strategy.scope():
        model = keras.models.load_model(str(HERE / "start.keras"), compile=False)
    best, history = KeepBest(CONFIG["earlyStop"]), []
    for phase in CONFIG["phases"]:
        trainable = set(phase["trainable"])
        with strategy.scope():
            for layer in model.layers:
                layer.trainable = layer.name in trainable
            model.compile(optimizer(learning_rate(phase, steps)), loss(), metrics=["accuracy"])
        print(f"Phase {phase['name']}: {sum(int(tf.size(w)) for w in model.trainable_weights)} parameters train")
        fitted = model.fit(
            train,
            epochs=phase["epochs"],
            steps_per_epoch=steps,
            validation_data=validation,
            validation_steps=validation_steps,
            class_weight={int(key): value for key, value in CONFIG["classWeights"].items()} or None,
            callbacks=[best],
            verbose=2,
        ).history
        history += [
            {"phase": phase["name"], **{key: float(values[epoch]) for key, values in fitted.items()}}
            for epoch in range(len(fitted["loss"]))
        ]
    model.set_weights(best.weights)
    # Saving gathers from all workers, so that each must do it; only the first one's file is kept.
    model.save(options.out if worker == 0 else os.path.join(tempfile.mkdtemp(), "copy.keras"))
    if worker == 0:
        if options.history:
            with open(options.history, "w", encoding="utf-8") as file:
                json.dump(history, file)
        print(f"Best validation accuracy {best.score[0]:.4f}; the model is in {options.out}")


if __name__ == "__main__":
    main()
