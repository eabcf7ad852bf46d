"""The layers that the state of the receptive-field explorer stands for."""

from helpers.models.masked_convolution import GatedLayer, Layer

__all__ = ["layers_of"]


def layers_of(state):
    made = []
    for layer in range(1, state["depth"] + 1):
        name, size = state[f"mask_{layer}"], int(state[f"kernel_size_{layer}"])
        kind = None if name == "plain" else name
        if state["stacks"] == "two" and kind:
            made.append(GatedLayer(size, kind, state["orientation"]))
        else:
            flipped = state["stacks"] == "one" and state["flipped"] == "yes"
            made.append(Layer(size, kind, state["orientation"], flipped=flipped))
    return made
